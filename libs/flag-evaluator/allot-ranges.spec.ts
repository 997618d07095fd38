import fc from 'fast-check';
import { allotRanges } from './allot-ranges.js';
import type { Share } from './allot-ranges.js';
import type { BucketRange, Variant } from './definition.js';

type Allotted = ReadonlyMap<string, readonly BucketRange[]>;

const BUCKETS = 100_000;

const asVariants = (allotted: Allotted): Variant[] =>
  [...allotted].map(([name, ranges]) => ({ name, ranges, value: name, weight: 0 }));

const sizeOf = (ranges: readonly BucketRange[] = []): number =>
  ranges.reduce((size, { from, until }) => size + until - from, 0);

const sizesOf = (allotted: Allotted): Record<string, number> =>
  Object.fromEntries([...allotted].map(([name, ranges]) => [name, sizeOf(ranges)]));

/** Who has each bucket; a bucket that two have is an error. */
function ownersOf(allotted: Allotted): (string | null)[] {
  const owners = Array.from({ length: BUCKETS }, (): string | null => null);
  for (const [name, ranges] of allotted)
    for (const { from, until } of ranges) {
      if (owners.slice(from, until).some((owner) => owner !== null))
        throw new Error(`${from} is given twice`);
      owners.fill(name, from, until);
    }
  return owners;
}

const shares = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    weight: fc.oneof(
      fc.nat(5),
      fc.nat(100_000).map((weight) => weight / 1000),
      fc.double({ min: 0, noNaN: true }),
    ),
  }),
  { selector: ({ name }) => name, minLength: 1 },
);
const someShares = shares.filter((list) => list.some(({ weight }) => weight > 0 && Number.isFinite(weight)));
const RUNS = { numRuns: 20 };

it('divides all buckets by weight, in the order of the list', () => {
  const allotted = allotRanges(
    [
      { name: 'control', weight: 1 },
      { name: 'red', weight: 1 },
      { name: 'blue', weight: 2 },
    ],
    [],
  );
  expect([...allotted]).toEqual([
    ['control', [{ from: 0, until: 25_000 }]],
    ['red', [{ from: 25_000, until: 50_000 }]],
    ['blue', [{ from: 50_000, until: 100_000 }]],
  ]);
});

it('gives the odd bucket to the first of equals, and leaves it there when the list is put in another order', () => {
  const thirds = ['a', 'b', 'c'].map((name) => ({ name, weight: 1 }));
  const first = allotRanges(thirds, []);
  expect(sizesOf(first)).toEqual({ a: 33_334, b: 33_333, c: 33_333 });
  const again = allotRanges([...thirds].reverse(), asVariants(first));
  expect(Object.fromEntries(again)).toEqual(Object.fromEntries(first));
});

it('takes weights as they are written: 0.1 and 0.2 are exactly one to two', () => {
  const allotted = allotRanges(
    [
      { name: 'a', weight: 0.1 },
      { name: 'b', weight: 0.2 },
      { name: 'c', weight: 0.7 },
    ],
    [],
  );
  expect(sizesOf(allotted)).toEqual({ a: 10_000, b: 20_000, c: 70_000 });
});

it('moves only those that the new weights take from who shrinks', () => {
  const half = [
    { name: 'control', weight: 50 },
    { name: 'red', weight: 50 },
  ];
  const allotted = allotRanges([...half, { name: 'blue', weight: 25 }], asVariants(allotRanges(half, [])));
  expect(Object.fromEntries(allotted)).toEqual({
    control: [{ from: 0, until: 40_000 }],
    red: [{ from: 50_000, until: 90_000 }],
    blue: [
      { from: 40_000, until: 50_000 },
      { from: 90_000, until: 100_000 },
    ],
  });
});

it('gives nobody anything when there is nothing to go by', () => {
  expect([...allotRanges([], [])]).toEqual([]);
  expect([...allotRanges([{ name: 'a', weight: 0 }], [])]).toEqual([['a', []]]);
});

it('copes with ranges before that overlap or lie outside', () => {
  const before = asVariants(
    new Map([
      ['a', [{ from: -5, until: 60_000 }]],
      ['b', [{ from: 50_000, until: 1e12 }]],
    ]),
  );
  const allotted = allotRanges(
    [
      { name: 'a', weight: 1 },
      { name: 'b', weight: 1 },
    ],
    before,
  );
  expect(Object.fromEntries(allotted)).toEqual({
    a: [{ from: 0, until: 50_000 }],
    b: [{ from: 50_000, until: 100_000 }],
  });
});

it('law: every bucket belongs to exactly one, from whatever was there before', () => {
  fc.assert(
    fc.property(shares, someShares, (earlier, wanted) => {
      const owners = ownersOf(allotRanges(wanted, asVariants(allotRanges(earlier, []))));
      expect(owners.includes(null)).toBe(false);
    }),
    RUNS,
  );
});

it('law: whole weights get their exact share, rounded down or up, and the greatest remainders are those rounded up', () => {
  const wholeShares = fc.uniqueArray(fc.record({ name: fc.string(), weight: fc.nat(1000) }), {
    selector: ({ name }) => name,
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(wholeShares, (wanted) => {
      const sum = wanted.reduce((total, { weight }) => total + weight, 0);
      fc.pre(sum > 0);
      const allotted = allotRanges(wanted, []);
      const rounded = wanted.map(({ name, weight }) => ({
        isUp: sizeOf(allotted.get(name)) - Math.floor((weight * BUCKETS) / sum),
        remainder: (weight * BUCKETS) % sum,
      }));
      expect(rounded.every(({ isUp }) => isUp === 0 || isUp === 1)).toBe(true);
      const least = Math.min(
        Infinity,
        ...rounded.filter(({ isUp }) => isUp === 1).map((share) => share.remainder),
      );
      const greatest = Math.max(
        0,
        ...rounded.filter(({ isUp }) => isUp === 0).map((share) => share.remainder),
      );
      expect(least).toBeGreaterThanOrEqual(greatest);
      expect(least).toBeGreaterThan(0);
    }),
  );
});

it('law: exactly as many buckets change hands as those that shrink have too many', () => {
  fc.assert(
    fc.property(someShares, someShares, (earlier, wanted) => {
      const before = allotRanges(earlier, []);
      const after = allotRanges(wanted, asVariants(before));
      const ownersAfter = ownersOf(after);
      const moved = ownersOf(before).filter((owner, bucket) => owner !== ownersAfter[bucket]).length;
      const shrunk = [...before].map(([name, ranges]) => sizeOf(ranges) - sizeOf(after.get(name)));
      expect(moved).toBe(shrunk.reduce((sum, size) => sum + Math.max(0, size), 0));
    }),
    RUNS,
  );
});

it('law: the same weights keep every range, however it came about', () => {
  fc.assert(
    fc.property(someShares, someShares, (earlier, wanted) => {
      const once: Allotted = allotRanges(wanted, asVariants(allotRanges(earlier, [])));
      const scaled: Share[] = wanted.filter(({ weight }) => weight > 0);
      expect(allotRanges(wanted, asVariants(once))).toEqual(once);
      expect(allotRanges([...scaled].reverse(), asVariants(once)).get(scaled[0]?.name ?? '')).toEqual(
        once.get(scaled[0]?.name ?? ''),
      );
    }),
    RUNS,
  );
});
