import type { EventPage } from '#platform/change-log';

/** So many pages are kept for those who come a little later. */
const KEPT_MAX = 8;

/**
 * Reads of the log that several have in common: whoever asks for what comes after the same revision of the same stream gets
 * the same page, read once. One that has nothing is not kept, since something may come at any time.
 */
export class SharedReads {
  readonly #pages = new Map<string, Promise<EventPage>>();

  constructor(private readonly read: (stream: string, after: number) => Promise<EventPage>) {}

  page(stream: string, after: number): Promise<EventPage> {
    const key = `${stream} ${after}`;
    const known = this.#pages.get(key);
    if (known) return known;
    const page = this.read(stream, after);
    this.#pages.set(key, page);
    page.then(
      ({ events }) => events.length === 0 && this.#forget(key, page),
      () => this.#forget(key, page),
    );
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= KEPT_MAX) break;
      this.#pages.delete(oldest);
    }
    return page;
  }

  /** What is kept takes memory; nobody is late by more than the time between two calls of this. */
  clear(): void {
    this.#pages.clear();
  }

  #forget(key: string, page: Promise<EventPage>): void {
    if (this.#pages.get(key) === page) this.#pages.delete(key);
  }
}
