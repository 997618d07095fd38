import fc from 'fast-check';
import { compileFlagSet } from '#flag-evaluator';
import type { FlagDefinition, FlagInput, FlagSet } from '#flag-evaluator';
import { FlagLayer } from './flag-layer.js';
import type { FlagNews, Live } from './flag-layer.js';

const NAMES = ['a', 'b', 'c'];
const NOBODY = { tenant: null, environment: null, now: 0 };

const definition = (value: string): FlagDefinition => ({
  type: 'string',
  enabled: true,
  defaultValue: value,
  rolloutValue: value,
  rolloutPercentage: 100,
  bucketBy: null,
  variants: [],
  salt: 'salt',
  targetingRules: [],
  tenantOverrides: {},
  environmentOverrides: {},
  prerequisites: [],
  expiresAt: null,
  schedule: [],
  ramp: null,
});

const aFlag = (name: string, version: number, value = `${name}${version}`): Live<FlagInput> => ({
  id: `id-of-${name}`,
  version,
  input: { name, version, isArchived: false, isClientVisible: false, definition: definition(value) },
});

const news = (revision: number, rows: Readonly<Record<string, Live<FlagInput> | null>>): FlagNews => ({
  revision,
  flags: new Map(Object.entries(rows)),
  segments: new Map(),
});

const valueOf = (set: FlagSet, name: string): unknown => set.evaluate(name, {}, NOBODY)?.value;

const valuesOf = (set: FlagSet): unknown[] => NAMES.map((name) => valueOf(set, name));

describe('a layer', () => {
  it('holds what it was read with, and then what is newer', () => {
    const layer = FlagLayer.of(news(5, { a: aFlag('a', 1), b: aFlag('b', 1) }));
    expect(valuesOf(layer.over(undefined))).toEqual(['a1', 'b1', undefined]);
    expect(layer.apply(news(6, { a: aFlag('a', 2), b: null, c: aFlag('c', 1) }))).toBe(true);
    expect(valuesOf(layer.over(undefined))).toEqual(['a2', undefined, 'c1']);
    expect(layer.flagId('c')).toBe('id-of-c');
    expect(layer.flagId('b')).toBeUndefined();
  });

  it('takes nothing from before the revision at which it was read', () => {
    const layer = FlagLayer.of(news(5, { a: aFlag('a', 2) }));
    expect(layer.apply(news(4, { a: aFlag('a', 1), b: aFlag('b', 1) }))).toBe(false);
    expect(valuesOf(layer.over(undefined))).toEqual(['a2', undefined, undefined]);
  });

  it('is not changed by what it has already', () => {
    const layer = FlagLayer.of(news(5, { a: aFlag('a', 2) }));
    const set = layer.over(undefined);
    expect(layer.apply(news(6, { a: aFlag('a', 2), b: null }))).toBe(false);
    expect(layer.over(undefined)).toBe(set);
  });

  it('does not bring back what is gone, when a read from before comes late', () => {
    const layer = FlagLayer.of(news(1, { a: aFlag('a', 1) }));
    layer.apply(news(9, { a: null }));
    expect(layer.apply(news(8, { a: aFlag('a', 7) }))).toBe(false);
    expect(valueOf(layer.over(undefined), 'a')).toBeUndefined();
  });

  it('is the same set until something changes, and what lies below when it holds nothing', () => {
    const below = compileFlagSet({ flags: [aFlag('b', 1).input], segments: [] });
    const layer = FlagLayer.of(news(1, {}));
    expect(layer.over(below)).toBe(below);
    layer.apply(news(2, { a: aFlag('a', 1) }));
    const over = layer.over(below);
    expect(valuesOf(over)).toEqual(['a1', 'b1', undefined]);
    expect(layer.over(below)).toBe(over);
    const moved = compileFlagSet({ flags: [aFlag('b', 2).input], segments: [] });
    expect(valuesOf(layer.over(moved))).toEqual(['a1', 'b2', undefined]);
    layer.apply(news(3, { a: null }));
    expect(layer.over(moved)).toBe(moved);
  });

  it('has another state after each change, and the same one for the same rows', () => {
    const layer = FlagLayer.of(news(1, { a: aFlag('a', 1), b: aFlag('b', 1) }));
    const first = layer.state;
    layer.apply(news(2, { a: aFlag('a', 2) }));
    expect(layer.state).not.toBe(first);
    const elsewhere = FlagLayer.of(news(7, { b: aFlag('b', 1), a: aFlag('a', 2) }));
    expect(elsewhere.state).toBe(layer.state);
    expect(FlagLayer.of(news(1, {})).state).not.toBe(layer.state);
  });

  it('ends as the database does, in whatever order changes and reads arrive', () => {
    // A history of changes; each is told with its content (its own commit), or read later at some revision (another's).
    const change = fc.record({ name: fc.constantFrom(...NAMES), isGone: fc.boolean(), isOwn: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.infiniteStream(fc.nat()),
        (history, start, delays) => {
          const rows: Record<string, Live<FlagInput> | null>[] = [{}];
          for (const [index, { name, isGone }] of history.entries())
            rows.push({ ...rows[index], [name]: isGone ? null : aFlag(name, index + 1) });
          const last = history.length;
          const readAt = start % (last + 1);
          const told = history.flatMap(({ name, isOwn }, index) => {
            const revision = index + 1;
            const [delay = 0] = delays.take(1);
            const at = isOwn ? revision : revision + (delay % (last - index));
            return at < revision ? [] : [news(at, { [name]: rows[at]?.[name] ?? null })];
          });
          const layer = FlagLayer.of(news(readAt, rows[readAt] ?? {}));
          const order = told.map((each) => ({ each, rank: [...delays.take(1)][0] ?? 0 }));
          for (const { each } of order.sort((one, other) => one.rank - other.rank)) layer.apply(each);
          const end = FlagLayer.of(news(last, rows[last] ?? {}));
          expect(valuesOf(layer.over(undefined))).toEqual(valuesOf(end.over(undefined)));
          expect(layer.state).toBe(end.state);
        },
      ),
    );
  });
});
