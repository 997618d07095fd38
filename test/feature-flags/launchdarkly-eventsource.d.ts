/** The package has no types; it is an EventSource as browsers have it. */
declare module 'launchdarkly-eventsource' {
  export class EventSource {
    constructor(url: string);
    addEventListener(
      type: 'open' | 'message' | 'error',
      listener: (event: { readonly data: string }) => void,
    ): void;
    close(): void;
  }
}
