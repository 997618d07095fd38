// What is used here of packages that bring no types.

declare module 'openapi-to-postmanv2' {
  interface Conversion {
    readonly result: boolean;
    readonly reason?: string;
    readonly output?: readonly { readonly type: string; readonly data: object }[];
  }
  export function convertV2(
    input: { readonly type: 'json'; readonly data: object },
    options: Readonly<Record<string, unknown>>,
    done: (error: Error | null, conversion: Conversion) => void,
  ): void;
}

declare module 'newman' {
  interface Count {
    readonly total: number;
    readonly failed: number;
  }
  export interface Failure {
    readonly error: { readonly name: string; readonly message: string; readonly test?: string };
    readonly source?: { readonly name?: string };
    readonly parent?: { readonly name?: string };
  }
  export interface Summary {
    readonly run: {
      readonly stats: { readonly requests: Count; readonly assertions: Count; readonly testScripts: Count };
      readonly failures: readonly Failure[];
      readonly error?: Error;
    };
  }
  export function run(
    options: Readonly<Record<string, unknown>>,
    done: (error: Error | null, summary: Summary) => void,
  ): unknown;
}
