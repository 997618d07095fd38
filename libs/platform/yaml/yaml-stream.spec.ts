import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { parseYaml, writeYaml } from './yaml-value.js';
import { parseYamlStream } from './yaml-stream.js';

const DOCUMENTS_MAX = 5_000;
const read = (text: string) => parseYamlStream(text, DOCUMENTS_MAX);

async function refusalOf(text: string): Promise<object> {
  try {
    await read(text);
  } catch (error) {
    if (error instanceof InvalidInput) return error.violations[0] ?? {};
    throw error;
  }
  return {};
}

it('reads each document by itself, and leaves out those that hold nothing', async () => {
  const documents = await read('# before\n---\na: 1\n---\n---\n~\n---\n- b\n- {c: [d]}\n...\n');
  expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, ['b', { c: ['d'] }]]);
  expect(await read('')).toEqual([]);
});

it('knows in which line something stands, or what is around it', async () => {
  const [first, second] = await read('a: 1\n---\nb:\n  c~/d:\n    - x\n    -   e: 1\n');
  expect(first?.lineOf('/a')).toBe(1);
  const lines = ['', '/b', '/b/c~0~1d', '/b/c~0~1d/1', '/b/c~0~1d/1/e', '/b/c~0~1d/1/f', '/b/z', '/q/0'];
  expect(lines.map((pointer) => second?.lineOf(pointer))).toEqual([3, 3, 4, 6, 6, 6, 3, 3]);
});

it('tells what one document may not hold beside it, and reads the others', async () => {
  const [first, second, third] = await read('a: .inf\n---\nb: 1\n---\n__proto__: {}\n');
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

it('refuses what is no YAML, with its line', async () => {
  expect(await refusalOf('a: 1\n---\nb: [\n')).toMatchObject({
    pointer: '',
    code: 'malformed_yaml',
    line: 4,
  });
  expect(await refusalOf('a: 1\n---\nb: 1\nb: 2\n')).toMatchObject({ code: 'malformed_yaml', line: 4 });
});

it('refuses aliases that make too much of all documents together', async () => {
  const bomb = ['a: &a [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]'];
  for (let level = 0; level < 3; level += 1) bomb.push(`b${level}: &b${level} [${'*a, '.repeat(20)}*a]`);
  bomb.push(`c: [${'*b0, '.repeat(50)}*b1]`);
  const text = Array.from({ length: 60 }, () => bomb.join('\n')).join('\n---\n');
  expect(await refusalOf(bomb.join('\n'))).toEqual({});
  expect(await refusalOf(text)).toMatchObject({ code: 'malformed_yaml' });
});

it('reads what is written, however many', async () => {
  const value = fc.dictionary(fc.constantFrom('a', 'b', '---', '...', '~'), fc.string({ unit: 'grapheme' }));
  await fc.assert(
    fc.asyncProperty(fc.array(value), async (values) => {
      const text = values.map((one) => `---\n${writeYaml(one)}`).join('');
      expect((await read(text)).map((document) => document.value)).toEqual(values);
      for (const one of values) expect(parseYaml(writeYaml(one))).toEqual(one);
    }),
  );
});

it('lets others go on meanwhile, also within a document', async () => {
  const many = '---\n{a: [b, c, {d: e}]}\n'.repeat(DOCUMENTS_MAX);
  const one = `- [${'x, '.repeat(10_000)}]\n`;
  for (const text of [many, one]) {
    let turns = 0;
    const others = setInterval(() => (turns += 1), 0);
    await read(text);
    clearInterval(others);
    expect(turns).toBeGreaterThan(0);
  }
});

it('refuses more documents than are taken, and a document that takes too long', async () => {
  const documents = (count: number): string => '---\n'.repeat(count);
  expect(await read(documents(DOCUMENTS_MAX))).toEqual([]);
  expect(await refusalOf(documents(DOCUMENTS_MAX + 1))).toMatchObject({ pointer: '', code: 'too_many' });
  const long = `a: 1\n---\n- b\n- [${'x, '.repeat(30_000)}]\n`;
  expect(await refusalOf(long)).toMatchObject({ code: 'malformed_yaml', line: 4 });
});
