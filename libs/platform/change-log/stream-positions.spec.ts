import fc from 'fast-check';
import { StreamPositions } from './stream-positions.js';

/** The numbers 1..n in any order, some of them more than once. */
const arrivals = fc
  .integer({ min: 1, max: 30 })
  .chain((length) => fc.shuffledSubarray(Array.from({ length }, (_, index) => index + 1)))
  .chain((order) =>
    fc.array(fc.nat(29), { maxLength: 10 }).map((again) => [...order, ...again.map((n) => n + 1)]),
  );

/** The end of the unbroken row that begins after `from`. */
function unbroken(seen: ReadonlySet<number>, from: number): number {
  let last = from;
  while (seen.has(last + 1)) last += 1;
  return last;
}

describe('StreamPositions', () => {
  it('knows nothing of a stream that was never seen', () => {
    expect(new StreamPositions().of('acme')).toBe(0);
  });

  it('stands at the end of the unbroken row, in whatever order revisions arrive', () => {
    fc.assert(
      fc.property(arrivals, (revisions) => {
        const positions = new StreamPositions();
        const seen = new Set<number>();
        for (const revision of revisions) {
          expect(positions.announce('acme', revision)).toBe(!seen.has(revision));
          seen.add(revision);
          expect(positions.of('acme')).toBe(unbroken(seen, 0));
        }
      }),
    );
  });

  it('counts each stream by itself', () => {
    const positions = new StreamPositions();
    positions.announce('acme', 1);
    positions.announce('globex', 2);
    expect([positions.of('acme'), positions.of('globex')]).toEqual([1, 0]);
  });

  it('takes what is older than its start for announced', () => {
    const positions = new StreamPositions();
    positions.startAt('acme', 41);
    expect(positions.of('acme')).toBe(41);
    expect(positions.announce('acme', 41)).toBe(false);
    expect(positions.announce('acme', 42)).toBe(true);
    expect(positions.of('acme')).toBe(42);
  });

  it('never goes back to an earlier start', () => {
    const positions = new StreamPositions();
    positions.startAt('acme', 41);
    positions.startAt('acme', 7);
    expect(positions.of('acme')).toBe(41);
  });

  it('joins its start with what was announced beyond it, so that a reader never waits for what came already', () => {
    fc.assert(
      fc.property(arrivals, fc.nat(20), (revisions, start) => {
        const positions = new StreamPositions();
        const seen = new Set(revisions);
        for (const revision of revisions) positions.announce('acme', revision);
        positions.startAt('acme', start);
        expect(positions.of('acme')).toBe(unbroken(seen, Math.max(start, unbroken(seen, 0))));
      }),
    );
  });
});
