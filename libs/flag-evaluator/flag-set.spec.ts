import type { FlagInput } from './definition.js';
import type { FlagSet } from './evaluation.js';
import { compileFlagSet } from './compile-flag-set.js';
import { aFlag, aRule, aSegment, setOf, SOME_TIME } from './testing/builders.js';

const texts = (name: string, value: string): FlagInput =>
  aFlag(name, { type: 'string', defaultValue: value, rolloutValue: value });
const valueOf = (set: FlagSet, name: string) => set.evaluate(name, {}, SOME_TIME)?.value;
const namesOf = (set: FlagSet) => set.flags.map(({ name }) => name);

describe('a set of flags', () => {
  it('lists its flags by name, without the archived', () => {
    const set = setOf([
      aFlag('b'),
      { ...aFlag('d'), isArchived: true },
      aFlag('a-b'),
      aFlag('a'),
      aFlag('a_b'),
      aFlag('c1'),
    ]);
    expect(namesOf(set)).toEqual(['a', 'a-b', 'a_b', 'b', 'c1']);
    expect(set.flags).toBe(set.flags);
  });

  it('tells what a flag is', () => {
    const input = { ...texts('a', 'x'), version: 7, isClientVisible: true };
    const { name, version, type, isClientVisible, definition } = setOf([input]).flag('a') ?? {};
    expect({ name, version, type, isClientVisible }).toEqual({
      name: 'a',
      version: 7,
      type: 'string',
      isClientVisible: true,
    });
    expect(definition).toBe(input.definition);
    expect(setOf([input]).flag('b')).toBeUndefined();
  });

  it('gives the same frozen evaluation to everyone whom it tells the same', () => {
    const set = setOf([aFlag('a')]);
    const evaluation = set.evaluate('a', { targetingKey: '1' }, SOME_TIME);
    expect(set.evaluate('a', { targetingKey: '2' }, SOME_TIME)).toBe(evaluation);
    expect(Object.isFrozen(evaluation)).toBe(true);
  });
});

describe('a changed set', () => {
  it('has what was put in, and not what was taken out; the set before stays as it was', () => {
    const before = setOf([texts('a', '1'), texts('b', '1'), texts('c', '1')]);
    expect(namesOf(before)).toEqual(['a', 'b', 'c']);
    const after = before.with({
      flags: new Map([
        ['b', texts('b', '2')],
        ['a', null],
        ['aa', texts('aa', '2')],
        ['c', { ...texts('c', '2'), isArchived: true }],
        ['nobody', null],
      ]),
    });
    expect(namesOf(after)).toEqual(['aa', 'b']);
    expect([valueOf(after, 'a'), valueOf(after, 'aa'), valueOf(after, 'b'), valueOf(after, 'c')]).toEqual([
      undefined,
      '2',
      '2',
      undefined,
    ]);
    expect(namesOf(before)).toEqual(['a', 'b', 'c']);
    expect(valueOf(before, 'b')).toBe('1');
  });

  it('stays sorted through few and many changes', () => {
    const many = Array.from({ length: 300 }, (_, index) => `f${index * 7}`);
    const sorted = [...many, 'f50x'].sort();
    let set = setOf([]).with({ flags: new Map(many.map((name) => [name, texts(name, '1')])) });
    expect(namesOf(set)).toEqual([...many].sort());
    set = set.with({
      flags: new Map([
        ['f50x', texts('f50x', '2')],
        ['f7', texts('f7', '2')],
      ]),
    });
    expect(namesOf(set)).toEqual(sorted);
    expect([valueOf(set, 'f7'), valueOf(set, 'f14')]).toEqual(['2', '1']);
  });

  it('lets flags that did not change see the flags and segments that did', () => {
    const asked = aFlag('asked', {
      rolloutPercentage: 0,
      prerequisites: [{ flag: 'other', equals: true }],
      targetingRules: [aRule({ conditions: [{ segment: 'all' }] })],
    });
    const everyone = aSegment('all', { conditions: [{ all: [] }] });
    const before = setOf([asked, aFlag('other', { enabled: false })]);
    expect(before.evaluate('asked', {}, SOME_TIME)).toMatchObject({ prerequisiteFailed: 'other' });
    const met = before.with({ flags: new Map([['other', aFlag('other')]]) });
    expect(met.evaluate('asked', {}, SOME_TIME)).toMatchObject({ value: false, prerequisiteFailed: null });
    const both = met.with({ segments: new Map([['all', everyone]]) });
    expect(valueOf(both, 'asked')).toBe(true);
    expect(valueOf(both.with({ segments: new Map([['all', null]]) }), 'asked')).toBe(false);
    expect(met.flag('asked')).toBe(before.flag('asked'));
  });

  it('knows its own next boundary', () => {
    const expiring = (expiresAt: number) => new Map([['a', aFlag('a', { expiresAt })]]);
    const set = setOf([aFlag('a'), aFlag('b', { expiresAt: 50 })]);
    expect([set.nextBoundary(0), set.nextBoundary(49), set.nextBoundary(50), set.nextBoundary(10)]).toEqual([
      50,
      50,
      Infinity,
      50,
    ]);
    const sooner = set.with({ flags: expiring(20) });
    expect([
      sooner.nextBoundary(0),
      sooner.nextBoundary(20),
      sooner.nextBoundary(50),
      sooner.nextBoundary(0),
    ]).toEqual([20, 50, Infinity, 20]);
  });
});

describe('a set on another one', () => {
  const shared = setOf(
    [
      texts('a', 'shared'),
      texts('b', 'shared'),
      aFlag('on-a', { prerequisites: [{ flag: 'a', equals: 'shared' }] }),
    ],
    [aSegment('all', { conditions: [{ all: [] }] })],
  );
  const own = (flags: readonly FlagInput[], below = shared) => compileFlagSet({ flags, segments: [] }, below);

  it('hides the flags of its names and answers the others', () => {
    const set = own([texts('a', 'own'), texts('c', 'own')]);
    expect([valueOf(set, 'a'), valueOf(set, 'b'), valueOf(set, 'c')]).toEqual(['own', 'shared', 'own']);
    expect(namesOf(set)).toEqual(['a', 'b', 'c', 'on-a']);
    expect(set.flags[0]?.definition.defaultValue).toBe('own');
    expect(valueOf(shared, 'a')).toBe('shared');
  });

  it('does not hide with what is archived or taken out', () => {
    const set = own([{ ...texts('a', 'own'), isArchived: true }]);
    expect(valueOf(set, 'a')).toBe('shared');
    expect(valueOf(own([texts('a', 'own')]).with({ flags: new Map([['a', null]]) }), 'a')).toBe('shared');
  });

  it('leaves to the flags below what their author saw', () => {
    const set = own([texts('a', 'own')]);
    expect(set.evaluate('on-a', {}, SOME_TIME)).toMatchObject({ value: true, prerequisiteFailed: null });
  });

  it('finds for its own flags the own ones first, then those below', () => {
    const onA = aFlag('mine', {
      prerequisites: [
        { flag: 'a', equals: 'own' },
        { flag: 'b', equals: 'shared' },
      ],
      rolloutPercentage: 0,
      targetingRules: [aRule({ conditions: [{ segment: 'all' }] })],
    });
    expect(own([texts('a', 'own'), onA]).evaluate('mine', {}, SOME_TIME)).toMatchObject({
      value: true,
      ruleId: 'rule',
    });
    expect(own([onA]).evaluate('mine', {}, SOME_TIME)).toMatchObject({ prerequisiteFailed: 'a' });
  });

  it('makes no circle with a flag below of the same name', () => {
    const set = own([aFlag('a', { prerequisites: [{ flag: 'on-a', equals: true }] })]);
    expect(valueOf(set, 'a')).toBe(true);
  });

  it('can be put on another one', () => {
    const set = own([texts('a', 'own')]).over(setOf([texts('a', 'new'), texts('z', 'new')]));
    expect([valueOf(set, 'a'), valueOf(set, 'b'), valueOf(set, 'z')]).toEqual(['own', undefined, 'new']);
    expect(namesOf(set)).toEqual(['a', 'z']);
  });

  it('has the sooner of both boundaries', () => {
    const below = setOf([aFlag('x', { expiresAt: 10 })]);
    const set = own([aFlag('y', { expiresAt: 20 })], below);
    expect([set.nextBoundary(0), set.nextBoundary(10), set.nextBoundary(20)]).toEqual([10, 20, Infinity]);
  });

  it('is refused on what this library did not make', () => {
    expect(() => compileFlagSet({ flags: [], segments: [] }, { ...shared })).toThrow(TypeError);
  });
});
