import { createKeyvNonBlocking } from '@keyv/redis';
import { createCache } from 'cache-manager';
import type { Cache } from 'cache-manager';

/** Longer than this is slower than asking the database. */
const ANSWER_MS_MAX = 100;
/** After a failure Redis is left alone for this long. */
const REST_MS = 1_000;
const CONNECT_MS_MAX = 1_000;
const LIFETIME_MS = 60 * 60 * 1_000;

/**
 * The Redis tier. Never an error and never waited for longer than 100 ms: when Redis is away there is simply nothing in
 * it.
 */
export class RemoteTier {
  readonly #cache: Cache;
  #restUntilMs = 0;

  /** `prefix` parts the keys from whatever else lies in the same Redis. */
  constructor(
    url: string,
    private readonly prefix: () => string,
  ) {
    const store = createKeyvNonBlocking({ url, socket: { connectTimeout: CONNECT_MS_MAX } });
    store.on('error', () => this.#rest());
    this.#cache = createCache({ stores: [store], ttl: LIFETIME_MS });
  }

  async get<T>(key: string): Promise<T | undefined> {
    return this.#within((cache) => cache.get<T>(this.#name(key)));
  }

  async set<T>(key: string, value: T): Promise<void> {
    await this.#within((cache) => cache.set(this.#name(key), value));
  }

  async close(): Promise<void> {
    await Promise.race([this.#cache.disconnect().catch(() => undefined), after(ANSWER_MS_MAX)]);
  }

  async #within<T>(work: (cache: Cache) => Promise<T>): Promise<T | undefined> {
    if (Date.now() < this.#restUntilMs) return undefined;
    const late = Symbol('late');
    const result = await Promise.race([
      work(this.#cache).catch(() => late),
      after(ANSWER_MS_MAX).then(() => late),
    ]);
    if (result !== late) return result as T;
    this.#rest();
    return undefined;
  }

  #name(key: string): string {
    return `${this.prefix()}:${key}`;
  }

  #rest(): void {
    this.#restUntilMs = Date.now() + REST_MS;
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
