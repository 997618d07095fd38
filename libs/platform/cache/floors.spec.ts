import fc from 'fast-check';
import { Floors } from './floors.js';

describe('Floors', () => {
  it('lets everything through while nothing is known', () => {
    expect(new Floors(10).allows('acme', 'a', 0)).toBe(true);
  });

  it('refuses what was read before the newest change, and takes what was read with it', () => {
    const floors = new Floors(10);
    floors.raise('acme', 'acme/a', 5);
    expect([4, 5, 6].map((revision) => floors.allows('acme', 'acme/a', revision))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('never lowers a floor', () => {
    const floors = new Floors(10);
    floors.raise('acme', 'acme/a', 5);
    floors.raise('acme', 'acme/a', 3);
    floors.raiseStream('acme', 9);
    floors.raiseStream('acme', 2);
    expect(floors.allows('acme', 'acme/a', 8)).toBe(false);
    expect(floors.allows('acme', 'acme/a', 9)).toBe(true);
  });

  it('leaves other keys and other streams alone', () => {
    const floors = new Floors(10);
    floors.raise('acme', 'acme/a', 5);
    floors.raiseStream('globex', 7);
    expect(floors.allows('acme', 'acme/b', 0)).toBe(true);
    expect(floors.allows('initech', 'initech/a', 0)).toBe(true);
    expect(floors.allows('globex', 'globex/a', 6)).toBe(false);
  });

  it('forgets the key that changed longest ago first, and raises the floor of its stream instead', () => {
    const floors = new Floors(2);
    floors.raise('acme', 'acme/a', 1);
    floors.raise('acme', 'acme/b', 2);
    floors.raise('acme', 'acme/a', 3);
    floors.raise('acme', 'acme/c', 4); // Forgets b, at 2.
    expect(floors.allows('acme', 'acme/b', 1)).toBe(false);
    expect(floors.allows('acme', 'acme/b', 2)).toBe(true);
    expect(floors.allows('acme', 'acme/a', 2)).toBe(false);
    expect(floors.allows('acme', 'acme/never-seen', 2)).toBe(true);
  });

  it('never lets through what is out of date, however much it had to forget', () => {
    const change = fc.record({
      stream: fc.constantFrom('acme', 'globex'),
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      revision: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(change), (keysMax, changes) => {
        const floors = new Floors(keysMax);
        const newest = new Map<string, number>();
        for (const { stream, name, revision } of changes) {
          const key = `${stream}/${name}`;
          floors.raise(stream, key, revision);
          newest.set(key, Math.max(newest.get(key) ?? 0, revision));
        }
        for (const [key, revision] of newest) {
          const stream = key.split('/')[0] ?? '';
          expect(floors.allows(stream, key, revision - 1)).toBe(false);
          // What was read when the stream was at its newest is never refused: forgetting costs no more than a read.
          expect(floors.allows(stream, key, 50)).toBe(true);
        }
      }),
    );
  });
});
