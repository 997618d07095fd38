import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { JsonText, parseJson, stringifyExact } from './json-text.js';

const VALUE = ['/value'];

/** JSON values without the keys that are refused, and without -0, which JSON.stringify writes as 0. */
const harmless = fc
  .jsonValue({ maxDepth: 5, stringUnit: 'grapheme' })
  .filter((value) => !/__proto__|constructor|\\u0000/.test(JSON.stringify(value)))
  .map((value): unknown => JSON.parse(JSON.stringify(value)));

/** The same text with white space wherever it is allowed to stand, and numbers written in a longer way. */
const written = harmless.chain((value) =>
  fc.constantFrom('', ' ', '\n\t', '\r\n  ').map((indent) =>
    JSON.stringify(value, null, 1)
      .replaceAll('\n', `\n${indent}`)
      .replace(/^(\s*)(-?\d+)(,?)$/gm, '$1$2.00e+00$3'),
  ),
);

describe('parseJson', () => {
  it('gives back every value that JSON.stringify wrote', () => {
    fc.assert(fc.property(harmless, (value) => expect(parseJson(JSON.stringify(value))).toEqual(value)));
  });

  it('throws everything that is wrong at once', () => {
    const parse = (): unknown => parseJson('{"a": 1e400, "b": ["\\u0000", {"c": 1, "c": 2}]}');
    expect(parse).toThrow(InvalidInput);
    expect(parse).toThrow(
      expect.objectContaining({
        violations: [
          expect.objectContaining({ pointer: '/a', code: 'inexact_number' }),
          expect.objectContaining({ pointer: '/b/0', code: 'nul_character' }),
          expect.objectContaining({ pointer: '/b/1/c', code: 'duplicate_key' }),
        ],
      }),
    );
  });

  it('passes on how deep a text may go', () => {
    expect(parseJson('[[[]]]', { maxDepth: 3 })).toEqual([[[]]]);
    expect(() => parseJson('[[[]]]', { maxDepth: 2 })).toThrow(InvalidInput);
  });

  it('makes plain objects, whose prototype cannot be changed by what was sent', () => {
    const parsed = parseJson('{"toString": 1, "hasOwnProperty": 2, "value": {}}', { exact: VALUE });
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(() => parseJson('{"__proto__": {"admin": true}}')).toThrow(InvalidInput);
    expect(() => parseJson('{"value": {"\\u005f_proto__": 1}}', { exact: VALUE })).toThrow(InvalidInput);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('keeps the whole document when asked for the empty pointer', () => {
    expect(parseJson(' {"b": 1.0, "a": 1e400}\n', { exact: [''] })).toEqual(
      JsonText.restore('{"b": 1.0, "a": 1e400}'),
    );
  });

  it('keeps members of objects and elements of arrays, wherever the patterns meet', () => {
    const text = '{"operations": [{"value": 1.0, "n": 1.0}, {"n": 2}, {"value" : [1e999] }], "value": null}';
    expect(parseJson(text, { exact: ['/operations/*/value', '/value'] })).toEqual({
      operations: [
        { value: JsonText.restore('1.0'), n: 1 },
        { n: 2 },
        { value: JsonText.restore('[1e999]') },
      ],
      value: JsonText.restore('null'),
    });
  });

  it('leaves everything as it is where a pattern does not lead', () => {
    const text = '{"value": {"value": 1}, "values": 4, "valu": 5, "operations": {"0": {"value": 2}}, "*": 3}';
    expect(
      parseJson(text, { exact: ['/operations/*/value', '/other', '/value/*', '/*', '/val', '/valuesX'] }),
    ).toEqual(JSON.parse(text));
  });

  it('finds an exact member by its name, however that is written', () => {
    const reading = { exact: ['/a~1b/c~0d'] };
    expect(parseJson('{"a/b": {"c~d": 1.0}}', reading)).toEqual({
      'a/b': { 'c~d': JsonText.restore('1.0') },
    });
    expect(parseJson('{"~1": 1.0, "/": 1.0}', { exact: ['/~01'] })).toEqual({
      '~1': JsonText.restore('1.0'),
      '/': 1,
    });
    expect(parseJson('{"\\u0061/b": {"c\\u007ed": 1.0}}', reading)).toEqual({
      'a/b': { 'c~d': JsonText.restore('1.0') },
    });
  });

  it('refuses a pattern that is no pointer', () => {
    expect(() => parseJson('{}', { exact: ['value'] })).toThrow('Not a JSON Pointer');
  });
});

describe('stringifyExact', () => {
  it('writes what JSON.stringify does when nothing is exact', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => expect(stringifyExact(value)).toBe(JSON.stringify(value))),
    );
    const odd = {
      a: undefined,
      b: [undefined, () => 1],
      c: new Date(0),
      d: NaN,
      e: { toJSON: () => 'f' },
      '\0': '\0',
    };
    expect(stringifyExact(odd)).toBe(JSON.stringify(odd));
  });

  it('keeps the text of an exact member byte for byte', () => {
    fc.assert(
      fc.property(written, harmless, (text, other) => {
        const parsed = parseJson(`{"before": 1, "value":\t${text}\n, "after": ${JSON.stringify(other)}}`, {
          exact: VALUE,
        });
        expect(stringifyExact(parsed)).toBe(`{"before":1,"value":${text},"after":${JSON.stringify(other)}}`);
      }),
    );
  });

  // prettier-ignore
  it.each([
    '1.0', '1E400', '12345678901234567890123', '-0', '{ "z" : 1 , "a" : [ ] }', '"\\u0041$&$1"', 'null',
  ])('keeps %s', (text) => {
    expect(stringifyExact(parseJson(`[${text}]`, { exact: ['/*'] }))).toBe(`[${text}]`);
    expect(stringifyExact(JsonText.restore(text))).toBe(text);
  });

  it('is not misled by strings and keys that look like its own', () => {
    const exact = JsonText.restore('1.0');
    const token = tokenOf(exact);
    const payload = { [`\0${'x'.repeat(36)}`]: '\0', quoted: `"${token.slice(1)}"`, exact, again: [exact] };
    expect(stringifyExact(payload)).toBe(
      `{"\\u0000${'x'.repeat(36)}":"\\u0000","quoted":"\\"${token.slice(1)}\\"","exact":1.0,"again":[1.0]}`,
    );
  });

  it('can be called while it is running', () => {
    const inner = { toJSON: () => stringifyExact({ n: JsonText.restore('2.0') }) };
    const payload = [JsonText.restore('1.0'), inner, JsonText.restore('3.0')];
    expect(stringifyExact(payload)).toBe('[1.0,"{\\"n\\":2.0}",3.0]');
  });

  it('works again after a payload that could not be written', () => {
    const circular: unknown[] = [JsonText.restore('1.0')];
    circular.push(circular);
    expect(() => stringifyExact(circular)).toThrow(TypeError);
    expect(JSON.stringify(JsonText.restore('1.0'))).toBe('1');
    expect(stringifyExact([JsonText.restore('1.0')])).toBe('[1.0]');
  });

  it('fails rather than write a text that lost an exact part of it', () => {
    const swallows = { toJSON: () => JSON.stringify(JsonText.restore('1.0')) };
    expect(() => stringifyExact({ swallows })).toThrow(
      'An exact text was written where it cannot be put in.',
    );
  });

  it('refuses what has no JSON text', () => {
    expect(() => stringifyExact(undefined)).toThrow(TypeError);
  });
});

/** What an exact value is while it is being written. */
function tokenOf(exact: JsonText): string {
  let token = '';
  stringifyExact([{ toJSON: () => (token = String(exact.toJSON())) }]);
  return token;
}

describe('JsonText', () => {
  it('is made of any value that has a JSON text', () => {
    expect(JsonText.of({ a: [1, 'b', null] }).text).toBe('{"a":[1,"b",null]}');
    expect(JsonText.of({ a: JsonText.restore('1.0') }).text).toBe('{"a":1.0}');
    expect(() => JsonText.of(undefined)).toThrow(TypeError);
  });

  it('gives its value, as near as doubles come', () => {
    expect(JsonText.restore('{"a": 9007199254740993}').value()).toEqual({ a: 9007199254740992 });
  });

  it('equals what is written alike', () => {
    expect(JsonText.restore('1.0').equals(JsonText.restore('1.0'))).toBe(true);
    expect(JsonText.restore('1.0').equals(JsonText.restore('1'))).toBe(false);
  });

  it('is its value to whoever writes JSON by other means', () => {
    expect(JSON.stringify({ a: JsonText.restore('[1.0]') })).toBe('{"a":[1]}');
  });
});
