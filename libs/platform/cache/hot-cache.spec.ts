import { HotCache } from './hot-cache.js';
import type { HotSource, Stamped } from './hot-cache.js';
import type { RemoteTier } from './remote-tier.js';

const LIMITS = { entriesMax: 100, bytesMax: 10_000 };

/** A source whose answers are let out by hand, in whatever order. */
class HeldSource implements HotSource<string> {
  readonly asked: {
    stream: string;
    name: string;
    answer: (stamped: Stamped<string>) => void;
    fail: (error: Error) => void;
  }[] = [];

  load(stream: string, name: string): Promise<Stamped<string>> {
    return new Promise((answer, fail) => this.asked.push({ stream, name, answer, fail }));
  }

  sizeOf(value: string): number {
    return value.length;
  }

  answer(at: number, value: string, revision: number): void {
    this.asked[at]?.answer({ value, revision });
  }
}

/** As much of Redis as the cache sees of it. */
class FakeTier {
  readonly kept = new Map<string, unknown>();

  get<T>(key: string): Promise<T | undefined> {
    return Promise.resolve(this.kept.get(key) as T | undefined);
  }

  set(key: string, value: unknown): Promise<void> {
    this.kept.set(key, value);
    return Promise.resolve();
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('HotCache', () => {
  let source: HeldSource;
  let tier: FakeTier;
  let cache: HotCache<string>;

  beforeEach(() => {
    source = new HeldSource();
    tier = new FakeTier();
    cache = new HotCache(source, LIMITS, null);
  });

  const loaded = async (value: string, revision: number): Promise<string> => {
    const reading = cache.get('acme', 'k');
    await settle();
    source.answer(source.asked.length - 1, value, revision);
    return reading;
  };

  it('reads once for two hundred who ask at the same time', async () => {
    const readings = Array.from({ length: 200 }, () => cache.get('acme', 'k'));
    await settle();
    expect(source.asked).toHaveLength(1);
    source.answer(0, 'one', 1);
    expect(new Set(await Promise.all(readings))).toEqual(new Set(['one']));
    expect(cache.counts).toEqual({ hits: 0, misses: 200 });
  });

  it('answers from memory afterwards', async () => {
    await loaded('one', 1);
    expect(await cache.get('acme', 'k')).toBe('one');
    expect([source.asked.length, cache.counts.hits]).toEqual([1, 1]);
  });

  it('keeps what was read after the change of which it hears', async () => {
    await loaded('two', 2);
    cache.changed('acme', 'k', 2);
    expect([cache.peek('acme', 'k'), source.asked.length]).toEqual(['two', 1]);
    cache.changed('acme', 'k', 3);
    expect(cache.peek('acme', 'k')).toBeUndefined();
  });

  it('keeps streams and names apart', async () => {
    await loaded('one', 1);
    const others = [cache.get('globex', 'k'), cache.get('acme', 'other')];
    await settle();
    expect(source.asked.slice(1).map(({ stream, name }) => [stream, name])).toEqual([
      ['globex', 'k'],
      ['acme', 'other'],
    ]);
    source.answer(1, 'two', 1);
    source.answer(2, 'three', 1);
    expect(await Promise.all(others)).toEqual(['two', 'three']);
  });

  it('reads again after a change, at once', async () => {
    await loaded('one', 1);
    cache.changed('acme', 'k', 2);
    expect(await loaded('two', 2)).toBe('two');
    expect(await cache.get('acme', 'k')).toBe('two');
  });

  it('keeps what is there when it hears once more of a change, or late of an older one', async () => {
    cache.changed('acme', 'k', 3);
    await loaded('three', 3);
    for (const revision of [3, 2]) cache.changed('acme', 'k', revision);
    expect(await cache.get('acme', 'k')).toBe('three');
    expect(source.asked).toHaveLength(1);
  });

  it('keeps what is there when another name changes', async () => {
    await loaded('one', 1);
    cache.changed('acme', 'other', 2);
    cache.changed('globex', 'k', 9);
    expect(await cache.get('acme', 'k')).toBe('one');
  });

  it('never takes what was read before a change for new, however late it comes', async () => {
    const early = cache.get('acme', 'k');
    await settle();
    cache.changed('acme', 'k', 2);
    const late = cache.get('acme', 'k');
    await settle();
    source.answer(0, 'old', 1);
    await settle();
    source.answer(1, 'new', 2);
    expect(await Promise.all([early, late])).toEqual(['new', 'new']);
    expect(await cache.get('acme', 'k')).toBe('new');
  });

  it('counts nothing that was read before the stream’s start', async () => {
    await loaded('one', 4);
    cache.startAt('acme', 5);
    expect(await loaded('two', 5)).toBe('two');
  });

  it('fails as the source fails, and asks it again the next time', async () => {
    const reading = cache.get('acme', 'k');
    await settle();
    source.asked[0]?.fail(new Error('away'));
    await expect(reading).rejects.toThrow('away');
    expect(await loaded('one', 1)).toBe('one');
  });

  it('does not wait for ever behind a name that changes all the time', async () => {
    const reading = cache.get('acme', 'k');
    for (let revision = 1; revision <= 10; revision += 1) {
      await settle();
      cache.changed('acme', 'k', revision + 1);
      source.answer(revision - 1, `at ${revision}`, revision);
    }
    expect(await reading).toBe('at 5');
  });

  it('keeps no more than it may, in values and in bytes', async () => {
    const small = new HotCache(
      { load: async (_, name) => ({ value: name, revision: 1 }), sizeOf: () => 10 },
      { entriesMax: 100, bytesMax: 35 },
      null,
    );
    for (const name of ['a', 'b', 'c', 'd']) await small.get('acme', name);
    for (const name of ['d', 'c', 'b']) await small.get('acme', name);
    expect(small.counts).toEqual({ hits: 3, misses: 4 });
    await small.get('acme', 'a');
    expect(small.counts).toEqual({ hits: 3, misses: 5 });
  });

  describe('in front of Redis', () => {
    beforeEach(() => {
      cache = new HotCache(source, LIMITS, tier as unknown as RemoteTier);
    });

    it('shares what it read', async () => {
      await loaded('one', 1);
      const other = new HotCache(source, LIMITS, tier as unknown as RemoteTier);
      expect(await other.get('acme', 'k')).toBe('one');
      expect(source.asked).toHaveLength(1);
    });

    it('never believes what another one put there before a change that is known here', async () => {
      cache.changed('acme', 'k', 2);
      tier.kept.set('acme\nk', { value: 'old', revision: 1 });
      expect(await loaded('new', 2)).toBe('new');
      expect(tier.kept.get('acme\nk')).toEqual({ value: 'new', revision: 2 });
    });

    it('believes what another one read after it', async () => {
      cache.changed('acme', 'k', 2);
      tier.kept.set('acme\nk', { value: 'newer', revision: 3 });
      expect(await cache.get('acme', 'k')).toBe('newer');
      expect(source.asked).toHaveLength(0);
    });
  });
});
