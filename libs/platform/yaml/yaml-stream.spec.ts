import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { parseYaml, writeYaml } from './yaml-value.js';
import { parseYamlStream } from './yaml-stream.js';

function refusalOf(text: string): object {
  try {
    parseYamlStream(text);
  } catch (error) {
    if (error instanceof InvalidInput) return error.violations[0] ?? {};
    throw error;
  }
  return {};
}

it('reads each document by itself, and leaves out those that hold nothing', () => {
  const documents = parseYamlStream('# before\n---\na: 1\n---\n---\n~\n---\n- b\n- {c: [d]}\n...\n');
  expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, ['b', { c: ['d'] }]]);
  expect(parseYamlStream('')).toEqual([]);
});

it('knows in which line something stands, or what is around it', () => {
  const [first, second] = parseYamlStream('a: 1\n---\nb:\n  c~/d:\n    - x\n    -   e: 1\n');
  expect(first?.lineOf('/a')).toBe(1);
  const lines = ['', '/b', '/b/c~0~1d', '/b/c~0~1d/1', '/b/c~0~1d/1/e', '/b/c~0~1d/1/f', '/b/z', '/q/0'];
  expect(lines.map((pointer) => second?.lineOf(pointer))).toEqual([3, 3, 4, 6, 6, 6, 3, 3]);
});

it('tells what one document may not hold beside it, and reads the others', () => {
  const [first, second, third] = parseYamlStream('a: .inf\n---\nb: 1\n---\n__proto__: {}\n');
  expect(first).toMatchObject({
    value: null,
    violations: [{ code: 'inexact_number', pointer: '/a', line: 1 }],
  });
  expect(second).toMatchObject({ value: { b: 1 }, violations: [] });
  expect(third).toMatchObject({
    value: null,
    violations: [{ code: 'forbidden_key', pointer: '/__proto__' }],
  });
});

it('refuses what is no YAML, with its line', () => {
  expect(refusalOf('a: 1\n---\nb: [\n')).toMatchObject({ pointer: '', code: 'malformed_yaml', line: 4 });
  expect(refusalOf('a: 1\n---\nb: 1\nb: 2\n')).toMatchObject({ code: 'malformed_yaml', line: 4 });
});

it('refuses aliases that make too much of all documents together', () => {
  const bomb = ['a: &a [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]'];
  for (let level = 0; level < 3; level += 1) bomb.push(`b${level}: &b${level} [${'*a, '.repeat(20)}*a]`);
  bomb.push(`c: [${'*b0, '.repeat(50)}*b1]`);
  const text = Array.from({ length: 60 }, () => bomb.join('\n')).join('\n---\n');
  expect(refusalOf(bomb.join('\n'))).toEqual({});
  expect(refusalOf(text)).toMatchObject({ code: 'malformed_yaml' });
});

it('reads what is written, however many', () => {
  const value = fc.dictionary(fc.constantFrom('a', 'b', '---', '...', '~'), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(fc.array(value), (values) => {
      const text = values.map((one) => `---\n${writeYaml(one)}`).join('');
      expect(parseYamlStream(text).map((document) => document.value)).toEqual(values);
      for (const one of values) expect(parseYaml(writeYaml(one))).toEqual(one);
    }),
  );
});
