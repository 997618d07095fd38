import { createCache } from 'cache-manager';
import type { Cache } from 'cache-manager';
import { Keyv } from 'keyv';
import { LRUCache } from 'lru-cache';
import { Floors } from './floors.js';
import type { RemoteTier } from './remote-tier.js';

/** A value together with the revision of its stream at which it was read, in one statement. */
export interface Stamped<T> {
  readonly value: T;
  readonly revision: number;
}

/** Where a value comes from when it is not in memory. */
export interface HotSource<T> {
  /** Reads the value and the head of its stream in one statement, so that they fit together. */
  load(stream: string, name: string): Promise<Stamped<T>>;
  /** About how much memory it takes, in bytes. */
  sizeOf(value: T): number;
}

/** How much is kept. */
export interface HotCacheLimits {
  readonly entriesMax: number;
  readonly bytesMax: number;
}

/** What it did since it was made. */
export interface HotCacheCounts {
  hits: number;
  misses: number;
}

const LOAD_ATTEMPTS_MAX = 5;

/**
 * Values by name, kept in memory and, where there is one, in Redis. Kept right by the change log: each value carries the
 * revision at which it was read, each change raises the floor of its name, and what is below the floor is read again.
 * So a value that was read just before a change can come from anywhere, at any time, and is never taken for new.
 */
export class HotCache<T> {
  readonly counts: HotCacheCounts = { hits: 0, misses: 0 };
  readonly #store: LRUCache<string, { value: Stamped<T> }>;
  readonly #memory: Cache;
  readonly #floors: Floors;
  readonly #loading = new Map<string, Promise<Stamped<T>>>();

  constructor(
    private readonly source: HotSource<T>,
    limits: HotCacheLimits,
    private readonly remote: RemoteTier | null,
  ) {
    this.#floors = new Floors(limits.entriesMax * 2);
    this.#store = new LRUCache({
      max: limits.entriesMax,
      maxSize: limits.bytesMax,
      sizeCalculation: ({ value }) => 1 + source.sizeOf(value.value),
    });
    // Not serialised: what is in memory is handed out as it is, and nobody changes it.
    const keyv = new Keyv({
      store: this.#store,
      serialize: undefined,
      deserialize: undefined,
      useKeyPrefix: false,
    });
    this.#memory = createCache({ stores: [keyv] });
  }

  /** What is in memory, at once: the hot path costs no promise. Undefined when it has to be got. */
  peek(stream: string, name: string): T | undefined {
    const key = keyOf(stream, name);
    const kept = this.#store.get(key)?.value;
    if (!kept || !this.#floors.allows(stream, key, kept.revision)) return undefined;
    this.counts.hits += 1;
    return kept.value;
  }

  /** @throws whatever the source throws when the value is not in memory */
  async get(stream: string, name: string): Promise<T> {
    const key = keyOf(stream, name);
    const kept = await this.#memory.get<Stamped<T>>(key);
    if (kept && this.#floors.allows(stream, key, kept.revision)) {
      this.counts.hits += 1;
      return kept.value;
    }
    this.counts.misses += 1;
    for (let attempt = 1; ; attempt += 1) {
      const loaded = await this.#loadOnce(stream, name, key);
      // It may have been read before a change that this caller has seen already: then it is read again.
      if (this.#floors.allows(stream, key, loaded.revision) || attempt === LOAD_ATTEMPTS_MAX)
        return loaded.value;
    }
  }

  /** A change of this name is known: nothing read before it counts any more. Takes effect at once. What was read after it stays. */
  changed(stream: string, name: string, revision: number): void {
    const key = keyOf(stream, name);
    if (!this.#floors.raise(stream, key, revision)) return;
    const kept = this.#store.peek(key)?.value;
    if (kept && kept.revision < revision) void this.#memory.del(key);
  }

  /** Nothing read before this revision of the stream counts. */
  startAt(stream: string, revision: number): void {
    this.#floors.raiseStream(stream, revision);
  }

  /** One read for all who ask at the same time. */
  #loadOnce(stream: string, name: string, key: string): Promise<Stamped<T>> {
    const running = this.#loading.get(key);
    if (running) return running;
    const loading = this.#load(stream, name, key).finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }

  async #load(stream: string, name: string, key: string): Promise<Stamped<T>> {
    const far = await this.remote?.get<Stamped<T>>(key);
    if (far && this.#floors.allows(stream, key, far.revision)) {
      await this.#memory.set(key, far);
      return far;
    }
    const loaded = await this.source.load(stream, name);
    await this.#memory.set(key, loaded);
    void this.remote?.set(key, loaded);
    return loaded;
  }
}

/** Tenants are slugs, so that the line break parts them from whatever follows. */
const keyOf = (stream: string, name: string): string => `${stream}\n${name}`;
