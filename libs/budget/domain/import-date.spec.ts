import fc from 'fast-check';
import { dateOf, partsOf } from './calendar.js';
import { formatOf, readDay } from './import-date.js';

const date = fc.integer({ min: -100, max: 36_000 }).map((day) => dateOf(day) ?? '');

it('reads a day in the order in which it was written', () => {
  fc.assert(
    fc.property(date, fc.constantFrom('/', '-', '.'), (written, by) => {
      const { year, month, day } = partsOf(written);
      expect(readDay([month, day, year].join(by), 'MM/DD/YYYY')).toBe(written);
      expect(readDay([day, month, year].join(by), 'DD/MM/YYYY')).toBe(written);
      expect(readDay(written, 'DD/MM/YYYY')).toBe(written);
    }),
  );
});

it('finds the order where the days allow one alone', () => {
  fc.assert(
    fc.property(fc.array(date, { minLength: 1, maxLength: 20 }), (dates) => {
      const texts = dates.map((one) => {
        const { year, month, day } = partsOf(one);
        return `${day}/${month}/${year}`;
      });
      const found = formatOf(texts);
      const isTold = dates.some((one) => partsOf(one).day > 12);
      if (isTold) expect(found).toBe('DD/MM/YYYY');
      if (found) expect(texts.map((text) => readDay(text, found))).toEqual(dates);
    }),
  );
});

it.each([
  ["5/ 1'26", '2026-05-01'],
  ['5/1/69', '2069-05-01'],
  ['5/1/70', '1970-05-01'],
  ["5/1'70", '2070-05-01'],
  ['2/30/2026', null],
  ['13/1/2026', null],
  ['soon', null],
  ['', null],
])('%j is %s', (text, expected) => {
  expect(readDay(text, 'MM/DD/YYYY')).toBe(expected);
});
