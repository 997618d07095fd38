import type { EventPage, LoggedEvent } from '#platform/change-log';

/** As many are read at once; a page that has fewer is the last one for now. */
export const PAGE_EVENTS = 200;
/** After this long a look that failed is tried again. */
const RETRY_MS = 1_000;

/** Hears what comes, in its order and in whole revisions: also of what it knows already. */
export type Hears = (events: readonly LoggedEvent[]) => void;

/**
 * One stream that many follow: however many they are, what is new is read once. Who joins has read for itself what came
 * before.
 */
export class EventHub {
  readonly #followers = new Set<Hears>();
  #position = 0;
  /** Undefined while nobody looks; true when it has to be looked at once more. */
  #isNewsToLookAt: boolean | undefined;

  constructor(private readonly read: (after: number) => Promise<EventPage>) {}

  get size(): number {
    return this.#followers.size;
  }

  /** Everything up to here was told to those who follow. */
  get position(): number {
    return this.#position;
  }

  /** False when something was told that came after what this one knows: it has to read once more. */
  join(hears: Hears, known: number): boolean {
    if (this.size === 0) this.#position = known;
    else if (known < this.#position) return false;
    this.#followers.add(hears);
    if (this.size === 1) this.look(); // Something may have come while nobody listened.
    return true;
  }

  leave(hears: Hears): void {
    this.#followers.delete(hears);
  }

  /** There may be something new. One look at a time; whatever comes meanwhile is looked at after it. */
  look(): void {
    if (this.#isNewsToLookAt === undefined) void this.#lookUntilDone();
    else this.#isNewsToLookAt = true;
  }

  async #lookUntilDone(): Promise<void> {
    do {
      this.#isNewsToLookAt = false;
      try {
        await this.#readOn();
      } catch {
        setTimeout(() => this.look(), RETRY_MS).unref(); // The database is away.
      }
    } while (this.#isNewsToLookAt);
    this.#isNewsToLookAt = undefined;
  }

  async #readOn(): Promise<void> {
    if (this.size === 0) return;
    const from = this.#position;
    const { events, next } = await this.read(from);
    if (this.#position !== from) {
      this.#isNewsToLookAt = true; // All left meanwhile, and others came who know more.
      return;
    }
    this.#position = next;
    for (const hears of this.#followers) if (events.length > 0) hears(events);
    if (events.length >= PAGE_EVENTS) this.#isNewsToLookAt = true;
  }
}
