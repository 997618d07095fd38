import type { BucketRange, Variant } from './definition.js';

/** A name, and its share of the sum of all weights. */
export interface Share {
  readonly name: string;
  readonly weight: number;
}

const BUCKETS = 100_000;
const NOBODY = -1;

/** A weight as it is written in decimals, as digits and the power of ten that they are to be multiplied with. */
function decimalOf(weight: number): readonly [digits: bigint, exponent: number] {
  const [mantissa = '0', exponent = '0'] = weight.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}

/** The weights as whole numbers of the same proportions, so that no rounding decides who gets a bucket. */
function wholeWeights(shares: readonly Share[]): bigint[] {
  const decimals = shares.map(({ weight }) => decimalOf(weight > 0 && Number.isFinite(weight) ? weight : 0));
  const present = decimals.filter(([digits]) => digits > 0n);
  const least = Math.min(...present.map(([, exponent]) => exponent));
  return decimals.map(([digits, exponent]) => (digits > 0n ? digits * 10n ** BigInt(exponent - least) : 0n));
}

/**
 * How many buckets each share gets, by largest remainder (Hamilton's method). Of equal remainders the one comes first that
 * has more buckets now, then the one that is named first.
 */
function sizesOf(shares: readonly Share[], sizesBefore: readonly number[]): number[] {
  const weights = wholeWeights(shares);
  const sum = weights.reduce((total, weight) => total + weight, 0n);
  if (sum === 0n) return shares.map(() => 0);
  const quotas = weights.map((weight, index) => {
    const scaled = weight * BigInt(BUCKETS);
    return { index, size: Number(scaled / sum), remainder: scaled % sum };
  });
  const sizes = quotas.map(({ size }) => size);
  const left = BUCKETS - sizes.reduce((total, size) => total + size, 0);
  quotas.sort((a, b) => {
    if (a.remainder !== b.remainder) return a.remainder > b.remainder ? -1 : 1;
    return (sizesBefore[b.index] ?? 0) - (sizesBefore[a.index] ?? 0) || a.index - b.index;
  });
  for (const { index } of quotas.slice(0, left)) sizes[index] = (sizes[index] ?? 0) + 1;
  return sizes;
}

/** Who has which bucket, by index into the shares. What overlaps or lies outside belongs to whom it was given first. */
function ownersOf(shares: readonly Share[], before: readonly Variant[]): Int32Array {
  const owners = new Int32Array(BUCKETS).fill(NOBODY);
  const indexes = new Map(shares.map(({ name }, index) => [name, index]));
  for (const { name, ranges } of before) {
    const owner = indexes.get(name);
    if (owner === undefined) continue;
    for (const { from, until } of ranges)
      for (let bucket = Math.max(0, Math.ceil(from)); bucket < Math.min(BUCKETS, until); bucket++)
        if (owners[bucket] === NOBODY) owners[bucket] = owner;
  }
  return owners;
}

function countsOf(owners: Int32Array, count: number): number[] {
  const counts = Array.from({ length: count }, () => 0);
  for (const owner of owners) if (owner !== NOBODY) counts[owner] = (counts[owner] ?? 0) + 1;
  return counts;
}

/** Takes from those that have too many, their last buckets first, and gives to those that have too few. */
function settle(owners: Int32Array, sizes: readonly number[]): void {
  const wanting = countsOf(owners, sizes.length).map((count, index) => (sizes[index] ?? 0) - count);
  for (let bucket = BUCKETS - 1; bucket >= 0; bucket--) {
    const owner = owners[bucket] ?? NOBODY;
    if (owner === NOBODY) continue; // What lies outside of a list is slow to ask for.
    const excess = -(wanting[owner] ?? 0);
    if (excess <= 0) continue;
    owners[bucket] = NOBODY;
    wanting[owner] = 1 - excess;
  }
  let next = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    if (owners[bucket] !== NOBODY) continue;
    while (next < wanting.length && (wanting[next] ?? 0) <= 0) next++;
    if (next === wanting.length) return;
    owners[bucket] = next;
    wanting[next] = (wanting[next] ?? 0) - 1;
  }
}

function rangesIn(owners: Int32Array, shares: readonly Share[]): Map<string, BucketRange[]> {
  const ranges = shares.map((): BucketRange[] => []);
  let from = 0;
  for (let until = 1; until <= BUCKETS; until++) {
    if (until < BUCKETS && owners[until] === owners[from]) continue;
    ranges[owners[from] ?? NOBODY]?.push({ from, until });
    from = until;
  }
  return new Map(shares.map(({ name }, index) => [name, ranges[index] ?? []]));
}

/**
 * Divides all 100,000 buckets by weight, by name. Of those who have some already, `before`, no more are moved than the
 * sizes demand: who grows keeps all of its own, and who shrinks gives up what is too much. The same weights over the
 * ranges that came of them give the same ranges. Nobody gets anything when all weights are 0.
 */
export function allotRanges(
  wanted: readonly Share[],
  before: readonly Variant[],
): ReadonlyMap<string, readonly BucketRange[]> {
  if (wanted.length === 0) return new Map();
  const owners = ownersOf(wanted, before);
  settle(owners, sizesOf(wanted, countsOf(owners, wanted.length)));
  return rangesIn(owners, wanted);
}
