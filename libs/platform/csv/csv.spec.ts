import fc from 'fast-check';
import { plainCell, readCsv, writeCsvRow } from './csv.js';

const MANY = 1_000;

const cellsOf = (text: string): (readonly string[])[] => readCsv(text, MANY).rows.map(({ cells }) => cells);

it.each([
  [
    'a,b\r\n1,2\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\r1,2\r',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    '\uFEFFa,b\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a;b\n1,5;2',
    [
      ['a', 'b'],
      ['1,5', '2'],
    ],
  ],
  [
    'a,b;c\n1;2,3',
    [
      ['a', 'b;c'],
      ['1;2', '3'],
    ],
  ],
  [
    'a,b\n"x ""y""\r\nz, ",""',
    [
      ['a', 'b'],
      ['x "y"\r\nz, ', ''],
    ],
  ],
  [
    'a,b\n\n,\n',
    [
      ['a', 'b'],
      ['', ''],
    ],
  ],
  ['', []],
  ['"a"', [['a']]],
])('%j', (text, rows) => {
  expect(cellsOf(text)).toEqual(rows);
});

it('knows where lines begin', () => {
  expect(readCsv('a\n"x\r\ny\n"\n\nb', MANY).rows.map(({ line }) => line)).toEqual([1, 2, 6]);
});

it.each([
  ['a\n"x', 2],
  ['a\nx"y', 2],
  ['a\n"x"y', 2],
  ['a\nb\n"x\n\n', 3],
  ['\n\na\r\n\r\n"b\r\nc"\r\n\r\n"x"y', 8],
])('%j cannot be read from line %d on', (text, line) => {
  expect(readCsv(text, MANY).mistake).toMatchObject({ code: 'malformed_csv', line });
});

it('reads no more than it is asked for', () => {
  expect(readCsv('a\n\n""\nb\n"c', 2)).toEqual({
    rows: [
      { line: 1, cells: ['a'] },
      { line: 4, cells: ['b'] },
    ],
    mistake: null,
  });
});

it('what a spreadsheet would calculate is a text, and comes back', () => {
  expect(writeCsvRow(['=1+1', '+1', '-1', '@x', "'=1", "'a", '\tx', 'a=1'])).toBe(
    `'=1+1,'+1,'-1,'@x,''=1,'a,'\tx,a=1\r\n`,
  );
  expect(["'=1+1", "''=1", "'a", 'a=1', '=1'].map(plainCell)).toEqual(['=1+1', "'=1", "'a", 'a=1', '=1']);
});

it('what was written is read', () => {
  const cell = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom(`"`, ',', ';', '\r', '\n', `'`, '=', '-', ' ', '\t', 'ä', '\uFEFF'))
      .map((all) => all.join('')),
  );
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 6 }));
  fc.assert(
    fc.property(table, (rows) => {
      const header = rows[0]?.map((_, index) => `c${index}`) ?? ['a', 'b'];
      const text = [header, ...rows].map(writeCsvRow).join('');
      const [, ...read] = cellsOf(text).map((cells) => cells.map(plainCell));
      expect(read).toEqual(rows);
    }),
  );
});
