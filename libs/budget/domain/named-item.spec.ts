import fc from 'fast-check';
import { pathNames, pathText } from './named-item.js';

it('reads the path of a category as it was written, whatever its names have in them', () => {
  expect(pathText(['Food: fresh', 'a\\b', 'c'])).toBe('Food\\: fresh:a\\\\b:c');
  expect([pathNames('Food:Groceries'), pathNames('a\\b: c')]).toEqual([
    ['Food', 'Groceries'],
    ['a\\b', ' c'],
  ]);
  const name = fc.string({ unit: fc.constantFrom('a', ':', '\\', ' '), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
      expect(pathNames(pathText(names))).toEqual(names);
    }),
  );
});
