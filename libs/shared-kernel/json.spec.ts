import fc from 'fast-check';
import { pointerToken, sameJson, tokenName } from './json.js';

/** The same value, each of its objects with its names the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, turned(member)]),
  );
}

/** Canonical (RFC 8785) as far as the order of names goes. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { members: members.map(([name, member]) => [name, sorted(member)]) }; // Never what a list becomes.
}

describe('two values of JSON', () => {
  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

  it('are the same where only the order of names differs', () => {
    fc.assert(fc.property(json, (value) => expect(sameJson(value, turned(value))).toBe(true)));
  });

  it('are the same where they are the same text once names are sorted', () => {
    const few = fc.jsonValue({ maxDepth: 2, stringUnit: fc.constantFrom('a', 'b') });
    fc.assert(
      fc.property(few, few, (a, b) => {
        const [x, y] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))] as [unknown, unknown];
        expect(sameJson(x, y)).toBe(JSON.stringify(sorted(x)) === JSON.stringify(sorted(y)));
      }),
    );
  });

  it.each([
    [[], {}],
    [{ 0: 1 }, [1]],
    [{ a: undefined }, { b: undefined }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [
      [1, 2],
      [2, 1],
    ],
    [null, {}],
    [{}, JSON.parse('{"__proto__":{}}')],
    [{ constructor: 1 }, {}],
    ['1', 1],
  ])('%j is not %j', (a, b) => {
    expect([sameJson(a, b), sameJson(b, a)]).toEqual([false, false]);
  });
});

describe('a step of a JSON Pointer', () => {
  it.each([
    ['a/b', 'a~1b'],
    ['m~n', 'm~0n'],
    ['~1', '~01'],
    ['', ''],
    [7, '7'],
  ])('%j is %s', (name, token) => {
    expect(pointerToken(name)).toBe(token);
  });

  it('names what it was made of', () => {
    const name = fc.string({ unit: fc.constantFrom('~', '/', '0', '1', 'a') });
    fc.assert(fc.property(name, (text) => expect(tokenName(pointerToken(text))).toBe(text)));
  });
});
