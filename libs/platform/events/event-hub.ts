import type { LoggedEvent, ReadPage } from '#platform/change-log';
import { DomainError } from '#shared-kernel';
import { EventBatch } from './event-batch.js';
import type { ShownEvent } from './shown-events.js';
import type { Wanted } from './wanted.js';

/** As many are read at once; a page that has fewer is the last one for now. */
export const PAGE_EVENTS = 200;
/** After this long a look that failed is tried again. */
const RETRY_MS = 1_000;

/** One who follows a stream. */
export interface Listener {
  readonly wanted: Wanted;
  /** Hears what comes, in its order and in whole revisions: also of what it knows already. Must not throw. */
  hears(batch: EventBatch): void;
  /** What comes cannot be told: it has to begin anew. */
  lost(): void;
}

/** How a hub reads its stream, and shows what it read. */
export interface HubReader {
  /** With null, what is of any kind of aggregate. */
  page(after: number, aggregateTypes: readonly string[] | null): Promise<ReadPage>;
  show(event: LoggedEvent): ShownEvent;
}

/**
 * One stream that many follow: however many they are, what is new is read once, and only when something is that one of
 * them may want. Who joins has read for itself what came before.
 */
export class EventHub {
  readonly #listeners = new Set<Listener>();
  /** How many want something of this kind of aggregate; of `null`, of any kind. */
  readonly #wanted = new Map<string | null, number>();
  #position = 0;
  /** Counts the times at which more was wanted than before: what was read for less is read once more. */
  #generation = 0;
  /** Undefined while nobody looks; true when it has to be looked at once more. */
  #isNewsToLookAt: boolean | undefined;
  #retry: NodeJS.Timeout | null = null;

  constructor(private readonly reader: HubReader) {}

  get size(): number {
    return this.#listeners.size;
  }

  /** Everything up to here was told to those who follow. */
  get position(): number {
    return this.#position;
  }

  /** False when something was told that came after what this one knows: it has to read once more. */
  join(listener: Listener, known: number): boolean {
    if (this.size === 0) this.#position = known;
    else if (known < this.#position) return false;
    const isMore = this.#want(listener.wanted) || this.size === 0;
    this.#listeners.add(listener);
    if (isMore) {
      this.#generation += 1;
      this.look(); // Something may have come while nobody listened for it.
    }
    return true;
  }

  leave(listener: Listener): void {
    if (!this.#listeners.delete(listener)) return;
    for (const type of kindsOf(listener.wanted)) {
      const left = (this.#wanted.get(type) ?? 0) - 1;
      if (left > 0) this.#wanted.set(type, left);
      else this.#wanted.delete(type);
    }
    if (this.size === 0) this.#forgetRetry();
  }

  /** A change of this kind was committed. */
  changed(aggregateType: string): void {
    if (this.#wanted.has(null) || this.#wanted.has(aggregateType)) this.look();
  }

  /** There may be something new. One look at a time; whatever comes meanwhile is looked at after it. */
  look(): void {
    if (this.#isNewsToLookAt === undefined) void this.#lookUntilDone();
    else this.#isNewsToLookAt = true;
  }

  /** Every change up to here was announced: whatever of it anybody wants was looked at, or is being looked at now. */
  advance(revision: number): void {
    if (this.#isNewsToLookAt === undefined && this.#retry === null)
      this.#position = Math.max(this.#position, revision);
  }

  /** Gives true when nothing of some kind was wanted before. */
  #want(wanted: Wanted): boolean {
    const isCovered = this.#wanted.has(null);
    let isMore = false;
    for (const type of kindsOf(wanted)) {
      const count = this.#wanted.get(type) ?? 0;
      isMore ||= count === 0 && !isCovered;
      this.#wanted.set(type, count + 1);
    }
    return isMore;
  }

  async #lookUntilDone(): Promise<void> {
    this.#forgetRetry();
    do {
      this.#isNewsToLookAt = false;
      try {
        await this.#readOn();
      } catch (error) {
        this.#fail(error);
      }
    } while (this.#isNewsToLookAt);
    this.#isNewsToLookAt = undefined;
  }

  /** A refusal stays one, however often it is asked again; else the database is away. */
  #fail(error: unknown): void {
    if (error instanceof DomainError && error.kind !== 'unavailable') {
      for (const listener of [...this.#listeners]) listener.lost();
      return;
    }
    if (this.size === 0) return;
    this.#retry = setTimeout(() => this.look(), RETRY_MS);
    this.#retry.unref();
  }

  #forgetRetry(): void {
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = null;
  }

  async #readOn(): Promise<void> {
    if (this.size === 0) return;
    const generation = this.#generation;
    const types = this.#wanted.has(null) ? null : [...this.#wanted.keys()].filter((type) => type !== null);
    const page = await this.reader.page(this.#position, types);
    if (this.#generation !== generation) {
      this.#isNewsToLookAt = true; // Others came meanwhile, who want more or know more.
      return;
    }
    this.#position = page.next;
    if (page.events.length > 0) this.#tell(new EventBatch(page, (event) => this.reader.show(event)));
    if (page.hasMore) this.#isNewsToLookAt = true;
  }

  #tell(batch: EventBatch): void {
    for (const listener of [...this.#listeners]) listener.hears(batch);
  }
}

const kindsOf = ({ aggregateTypes }: Wanted): Set<string | null> => new Set(aggregateTypes ?? [null]);
