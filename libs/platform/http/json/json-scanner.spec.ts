import { scanJson, type JsonReading } from './json-scanner.js';

/** What is wrong with a text: each place and its code. */
function wrongs(text: string, reading?: JsonReading): readonly (readonly [string, string])[] {
  return scanJson(text, reading).violations.map(({ pointer, code }) => [pointer, code]);
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('Depth', () => {
  it('ends at 64 unless said otherwise', () => {
    expect(wrongs(nested(64))).toEqual([]);
    expect(wrongs(nested(65))).toEqual([['/0'.repeat(64), 'too_deep']]);
    expect(wrongs('{"a":{"b":[]}}', { maxDepth: 2 })).toEqual([['/a/b', 'too_deep']]);
    expect(wrongs('{"a":{"b":1}}', { maxDepth: 2 })).toEqual([]);
    expect(wrongs('[]', { maxDepth: 0 })).toEqual([['', 'too_deep']]);
  });

  it('is told once for each place where it ends, and the scan goes on after it', () => {
    expect(wrongs('[[[[1]],{}],[1e400,[]],{"a":1e400,"a":[[]]}]', { maxDepth: 2 })).toEqual([
      ['/0/0', 'too_deep'],
      ['/0/1', 'too_deep'],
      ['/1/0', 'inexact_number'],
      ['/1/1', 'too_deep'],
      ['/2/a', 'inexact_number'],
      ['/2/a', 'duplicate_key'],
      ['/2/a', 'too_deep'],
    ]);
  });

  it('is no reason to look further down, but for syntax', () => {
    expect(wrongs('[{"a":1e400,"a":["\\u0000",{"constructor":[]}]}]', { maxDepth: 1 })).toEqual([
      ['/0', 'too_deep'],
    ]);
    expect(wrongs('{"a":{"b":[],"a":1},"b":1,"a":1}', { maxDepth: 1 })).toEqual([
      ['/a', 'too_deep'],
      ['/a', 'duplicate_key'],
    ]);
    for (const deep of ['{"b":{"c":1},"d":[1}', '{"b":oops', '[0,1,oops', '[[0,1],"\\x"]']) {
      expect(wrongs(`{"a":[1,${deep}`, { maxDepth: 2 })).toEqual([
        ['/a/1', 'too_deep'],
        ['/a/1', 'malformed_json'],
      ]);
    }
  });

  it.each([
    ['arrays', nested(500_000), ['too_deep']],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, ['too_deep']],
    ['arrays that are never closed', '['.repeat(1_000_000), ['too_deep', 'malformed_json']],
    [
      'both, closed in the wrong order',
      `${'[{"a":'.repeat(50_000)}1${']}'.repeat(50_000)}`,
      ['too_deep', 'malformed_json'],
    ],
  ])('is no danger: %s', (_, text, codes) => {
    expect(wrongs(text).map(([, code]) => code)).toEqual(codes);
  });
});

describe('Keys', () => {
  it.each([
    ['{"a":1,"a":1}', '/a'],
    ['{"":1,"":1}', '/'],
    ['{"a":1,"\\u0061":1}', '/a'],
    ['{"\\u0061":1,"a":1}', '/a'],
    ['{"\\/":1,"/":1}', '/~1'],
    ['[{"b":{"c~":1,"d":[{"c~":1}],"c~":1}}]', '/0/b/c~0'],
  ])('are not repeated in %s', (text, pointer) => {
    expect(wrongs(text)).toEqual([[pointer, 'duplicate_key']]);
  });

  it('are told at every repetition', () => {
    expect(wrongs('{"a":1,"b":1,"a":2,"a":3}')).toEqual([
      ['/a', 'duplicate_key'],
      ['/a', 'duplicate_key'],
    ]);
  });

  it('are told apart when they are alike at first sight', () => {
    expect(wrongs('{"axbxc":1,"ayb_c":1,"axb_c":1,"azb_c":1}')).toEqual([]);
    expect(wrongs('{"a":1,"ab":1,"":1,"a ":1," a":1}')).toEqual([]);
    expect(wrongs(`{"${'b'.repeat(10 + 2 ** 14)}":1,"${'b'.repeat(10)}":1}`)).toEqual([]);
  });

  it.each(['__proto__', 'constructor', '\\u005f_proto__', '__proto_\\u005F', '\\u0063onstructor'])(
    'do not reach for a prototype: %s',
    (key) => {
      const pointer = `/0/${JSON.parse(`"${key}"`)}`;
      expect(wrongs(`[{"${key}":{}}]`)).toEqual([[pointer, 'forbidden_key']]);
      expect(wrongs(`[{"${key}":{}}]`, { exact: ['/*'] })).toEqual([[pointer, 'forbidden_key']]);
    },
  );

  it('are a hundred thousand without harm, and the one that repeats is found', () => {
    const members = Array.from({ length: 100_000 }, (_, index) => `"k${index}":1`);
    expect(wrongs(`{${members.join()}}`)).toEqual([]);
    expect(wrongs(`{${members.join()},"k5":2}`)).toEqual([['/k5', 'duplicate_key']]);
    expect(wrongs(`{${members.join()},"\\u006b99999":2}`)).toEqual([['/k99999', 'duplicate_key']]);
  });

  it('of an object are forgotten at its end, however many they were', () => {
    const members = Array.from({ length: 50 }, (_, index) => `"k${index}":1`).join();
    expect(wrongs(`[{${members}},{${members}},{"k0":{${members}}}]`)).toEqual([]);
  });
});

describe('Strings', () => {
  it.each([
    ['["\\u0000"]', '/0', 'nul_character'],
    ['{"a":"b\\u0000c\\u0000"}', '/a', 'nul_character'],
    ['["\\ud800"]', '/0', 'lone_surrogate'],
    ['["\\udc00"]', '/0', 'lone_surrogate'],
    ['["\\udc00\\ud800"]', '/0', 'lone_surrogate'],
    ['["\\ud800\\ud800\\udc00"]', '/0', 'lone_surrogate'],
    ['["\\ud800\\n\\udc00"]', '/0', 'lone_surrogate'],
    ['["\\uD83Dx"]', '/0', 'lone_surrogate'],
    ['["\ud800"]', '/0', 'lone_surrogate'],
    ['["\udc00"]', '/0', 'lone_surrogate'],
    ['["\ud83d\ude00\ud83d"]', '/0', 'lone_surrogate'],
    ['["\ud83d\\ude00"]', '/0', 'lone_surrogate'],
    ['["\\ud83d\ude00"]', '/0', 'lone_surrogate'],
  ])('are text: not %j', (text, pointer, code) => {
    expect(wrongs(text)).toEqual([[pointer, code]]);
    expect(wrongs(`{"value":${text}}`, { exact: ['/value'] })).toEqual([[`/value${pointer}`, code]]);
  });

  it('are judged for each fault once', () => {
    expect(wrongs('"\\u0000\\ud800\\u0000\\ud800"')).toEqual([
      ['', 'nul_character'],
      ['', 'lone_surrogate'],
    ]);
  });

  it('as keys are told at their object, because no pointer can name them', () => {
    expect(wrongs('{"a":{"b\\u0000":1e400}}')).toEqual([
      ['/a', 'nul_character'],
      ['/a', 'inexact_number'],
    ]);
    expect(wrongs('{"a":{"\\ud800":["\ud800"],"\udc00":1}}')).toEqual([
      ['/a', 'lone_surrogate'],
      ['/a', 'lone_surrogate'],
      ['/a', 'lone_surrogate'],
    ]);
  });
});

describe('Numbers', () => {
  it('survive as they are, or are told', () => {
    expect(
      wrongs('[9007199254740993, {"a": 1e400}, [-1e-400], 0.1000000000000000055511151231257827]'),
    ).toEqual([
      ['/0', 'inexact_number'],
      ['/1/a', 'inexact_number'],
      ['/2/0', 'inexact_number'],
      ['/3', 'inexact_number'],
    ]);
    expect(
      wrongs('[0.1, 1.10, 1e2, 1.0E+2, -0, 9007199254740992, 0.30000000000000004, 123e-99, 1e300]'),
    ).toEqual([]);
  });

  it('are free inside exact values, and only there', () => {
    const text = '{"value": [1e400, {"n": 9007199254740993}], "n": 1e400}';
    expect(wrongs(text, { exact: ['/value'] })).toEqual([['/n', 'inexact_number']]);
    expect(wrongs(text, { exact: ['/value/*/n'] })).toEqual([
      ['/value/0', 'inexact_number'],
      ['/n', 'inexact_number'],
    ]);
  });
});

describe('Exact values', () => {
  it('are cut out without the space around them, with the way to each', () => {
    const text =
      '{"operations":[{"value": {"a" : 1} },\n{"value":\t"b" , "c":1},{"value":[ ]\n}],"value" : -1.0 }';
    const { exact, violations } = scanJson(text, { exact: ['/value', '/operations/*/value'] });
    expect(violations).toEqual([]);
    expect(exact.map(({ start, end, path }) => [path.join('.'), text.slice(start, end)])).toEqual([
      ['operations.0.value', '{"a" : 1}'],
      ['operations.1.value', '"b"'],
      ['operations.2.value', '[ ]'],
      ['value', '-1.0'],
    ]);
  });

  it('are the outermost where patterns lead into each other', () => {
    const { exact } = scanJson('{"a":{"b":1.0}}', { exact: ['/a/b', '/a'] });
    expect(exact.map(({ path }) => path)).toEqual([['a']]);
  });

  it('obey every other rule', () => {
    expect(wrongs('{"value":{"a":1,"a":[[["\\u0000"]]]}}', { exact: ['/value'], maxDepth: 4 })).toEqual([
      ['/value/a', 'duplicate_key'],
      ['/value/a/0/0', 'too_deep'],
    ]);
  });
});

describe('Reports', () => {
  it('end with the hundredth violation', () => {
    expect(wrongs(`[${'1e400,'.repeat(5000)}`)).toHaveLength(100);
    expect(wrongs(`{${'"":1,'.repeat(5000)}`)).toHaveLength(100);
  });

  it('name the nearest enclosing place when a pointer would pass 1000 characters', () => {
    const long = 'k'.repeat(999);
    expect(wrongs(`{"${long}":[1e400],"a":{"${long}":1e400},"${long}k":1e400,"${long}kk":[1e400]}`)).toEqual([
      [`/${long}`, 'inexact_number'],
      [`/a`, 'inexact_number'],
      ['', 'inexact_number'],
      ['', 'inexact_number'],
    ]);
  });

  it('never quote what was sent beyond its keys', () => {
    const { violations } = scanJson(
      '{"secret": 123456789012345678901, "token": "hunter2\\u0000", "key": hunter2}',
    );
    expect(violations).toHaveLength(3);
    expect(JSON.stringify(violations)).not.toMatch(/hunter2|1234567/);
  });
});
