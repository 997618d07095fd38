import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { parseYaml, writeYaml } from './yaml-value.js';

function mistakesIn(text: string): string[] {
  try {
    parseYaml(text);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.violations.map(({ code, pointer, line }) => [code, pointer, line ?? ''].join(' ').trim());
  }
  return [];
}

const jsonOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const hostile = fc.constantFrom(
  '',
  ' ',
  '<<',
  '~',
  'null',
  'yes',
  '1',
  '0x1F',
  '1e3',
  '---',
  '...',
  '# x',
  '- a',
);
const more = fc.constantFrom(
  ': ',
  'a: b',
  '\n',
  '\r\n',
  '\t',
  ' \n a\n',
  '"',
  "'",
  '\\',
  '|',
  '>',
  '&a',
  '*a',
  '!x',
  '%',
);
const text = fc.oneof(
  hostile,
  more,
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.oneof(hostile, more) }),
);

it('reads back what it writes, whatever the value', () => {
  const isPlain = (name: string): boolean => name !== '__proto__' && name !== 'constructor';
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text.filter(isPlain), tie('value'), { maxKeys: 4 }),
    ),
  }));
  const law = fc.property(value, (any) => {
    const json = jsonOf(any);
    expect(parseYaml(writeYaml(json))).toEqual(json);
  });
  fc.assert(law, { numRuns: 1000 });
});

it.each([
  ['nothing', '', null],
  [
    'numbers and words of YAML 1.2',
    '[1, +2, 0x1F, 0o17, 1e3, ~, True, no, 2020-01-01]',
    [1, 2, 31, 15, 1000, null, true, 'no', '2020-01-01'],
  ],
  ['aliases, each as what it stands for', 'a: &a {x: [1]}\nb: *a\n', { a: { x: [1] }, b: { x: [1] } }],
  ['an anchor given anew', '[&a 1, *a, &a 2, *a]', [1, 1, 2, 2]],
  ['an alias for a key', '- &a x\n- {*a : 1}', ['x', { x: 1 }]],
  ['types that JSON has', 'a: !!str 5\nb: !!int "5"', { a: '5', b: 5 }],
])('reads %s', (_, yaml, value) => {
  expect(parseYaml(yaml)).toEqual(value);
});

it.each([
  ['more than one document', 'a: 1\n---\nb: 2', ['malformed_yaml']],
  ['a key twice', 'a: 1\na: 2', ['malformed_yaml']],
  ['keys that are no texts', 'a:\n  1: x\n? {b: c}\n: x', ['key_type /a 2', 'key_type  3']],
  [
    'numbers that no double carries',
    'a: 9007199254740993\nb: [0.1, .inf]\nc: 0xFFFFFFFFFFFFFFFF',
    ['inexact_number /a 1', 'inexact_number /b/1 2', 'inexact_number /c 3'],
  ],
  ['types that JSON has not', 'a: !!binary aGk=\nb: !mine {c: d}', ['unknown_tag  1', 'unknown_tag  2']],
  ['merge keys', 'a: &a {x: 1}\nb:\n  <<: *a\n', ['merge_key /b 3']],
  [
    'names that reach for a prototype',
    '__proto__: {a: 1}\nb: {constructor: 1}',
    ['forbidden_key /__proto__', 'forbidden_key /b/constructor'],
  ],
  ['the character NUL', 'a: "\\0"', ['nul_character /a']],
  ['half of a surrogate pair', 'a: "\\ud800"', ['lone_surrogate /a']],
])('refuses %s', (_, yaml, mistakes) => {
  expect(mistakesIn(yaml)).toEqual(mistakes);
});

it('refuses aliases that make too much of it, or too many levels', () => {
  const bomb = [
    'a0: &a0 [x, x]',
    ...Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`),
  ];
  expect(mistakesIn(bomb.join('\n'))).toEqual(['malformed_yaml']);
  const tower = [
    'a0: &a0 [x]',
    ...Array.from({ length: 300 }, (_, n) => `a${n + 1}: &a${n + 1} [[[[*a${n}]]]]`),
  ];
  expect(mistakesIn(tower.join('\n'))).toEqual(['malformed_yaml']);
});
