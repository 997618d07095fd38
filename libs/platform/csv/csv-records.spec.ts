import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { readCsvRecords, readManyCsvRecords } from './csv-records.js';
import type { CsvRecord } from './csv-records.js';

const COLUMNS = ['id', 'name', 'note'];
const MANY = 1_000;

const read = (text: string, recordsMax = MANY): CsvRecord[] => readCsvRecords(text, COLUMNS, recordsMax);
const members = ({ cells }: CsvRecord): object => Object.fromEntries(cells);

function refusal(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.violations.map(({ line, pointer, code }) => `${line} ${pointer} ${code}`);
  }
  return [];
}

it('names the cells by the header, in any order and case, each record with its line', () => {
  const records = read('\uFEFF\r\nName ; ID\r\nAda;1\r\n\r\n"a\r\nb";\r\nEve;2');
  expect(records.map(members)).toEqual([
    { name: 'Ada', id: '1' },
    { name: 'a\r\nb', id: '' },
    { name: 'Eve', id: '2' },
  ]);
  expect(records.map(({ line, mistakes }) => [line, mistakes.length])).toEqual([
    [3, 0],
    [5, 0],
    [7, 0],
  ]);
});

it('gives cells as they were before an export made them safe', () => {
  expect(read("note,name\n'=1+1,'a").map(members)).toEqual([{ note: '=1+1', name: "'a" }]);
});

it('refuses a text without a header', () => {
  expect([refusal(''), refusal('\n\n'), refusal('"id')]).toEqual([
    ['1  required'],
    ['1  required'],
    ['1  malformed_csv'],
  ]);
});

it('refuses all columns that there are not, or twice, at once', () => {
  expect(refusal('\nid,nobody,name,ID,x\n1')).toEqual([
    '2 /1 unknown_property',
    '2 /3 duplicate',
    '2 /4 unknown_property',
  ]);
});

it('tells a line of another width as its own mistake, and goes on', () => {
  const records = read('id,name\n1\n1,2,3\n1,2');
  expect(records.map(({ line, mistakes }) => [line, ...mistakes.map(({ code }) => code)])).toEqual([
    [2, 'malformed_csv'],
    [3, 'malformed_csv'],
    [4],
  ]);
  expect(records.map(members)).toEqual([{}, {}, { id: '1', name: '2' }]);
});

it('tells what cannot be read as the last record', () => {
  const records = read('id\n1\n\n2"\n3');
  expect(records.map(({ line, mistakes }) => [line, ...mistakes.map(({ code }) => code)])).toEqual([
    [2],
    [4, 'malformed_csv'],
  ]);
});

it('reads one record too many, so that whoever has a limit can tell', () => {
  expect(read('id\n1\n2\n3\n4\n5"', 2).map(members)).toEqual([{ id: '1' }, { id: '2' }, { id: '3' }]);
});

it('reads a long table piece by piece as it would at once, broken ones too', async () => {
  const cell = fc.constantFrom('1', '', '"x"', '"a\n\r\nb"', '"q""q"', 'ä', 'x"', '"y', '\r');
  const line = fc.array(cell, { minLength: 2, maxLength: 3 }).map((cells) => cells.join(';'));
  const long = `1;"${'long\n'.repeat(15_000)}"`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(line, fc.constant(long), fc.constant('')), { maxLength: 8 }),
      async (all) => {
        const text = ['id;name', ...all].join('\n');
        const max = MANY;
        expect(await readManyCsvRecords(text, COLUMNS, max)).toEqual(readCsvRecords(text, COLUMNS, max));
      },
    ),
    { numRuns: 60 },
  );
  await expect(readManyCsvRecords('\n', COLUMNS, MANY)).rejects.toThrow('The first line names the columns');
  const many = `id\n${'1\n'.repeat(90_000)}`;
  expect((await readManyCsvRecords(many, COLUMNS, 80_000)).length).toBe(80_001);
});
