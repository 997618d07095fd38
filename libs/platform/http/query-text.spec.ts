import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { checkQueryText } from './query-text.js';

function mistakesIn(url: string): [string, string][] {
  try {
    checkQueryText(url);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return (error as InvalidInput).violations.map(({ pointer, code }) => [pointer, code]);
  }
}

it.each(['/a', '/a?', '/a?b', '/a?b=c&d=', '/a?b=%C3%BC&c=%F0%9F%98%80', '/a?b=x=%20y', '/a%2Fb'])(
  'takes %s',
  (url) => {
    expect(mistakesIn(url)).toEqual([]);
  },
);

it('tells each mistake with the name of its parameter', () => {
  expect(mistakesIn('/a?q=%00&tags=a%ff&ok=1&b%2Fc=%zz&%80=1')).toEqual([
    ['/q', 'nul_character'],
    ['/tags', 'invalid_utf8'],
    ['/b~1c', 'invalid_utf8'],
    ['', 'invalid_utf8'],
  ]);
});

it('finds a mistake wherever it stands in a value, after whatever signs', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '=', '+', '%20', '?', '/') });
  const mistake = fc.constantFrom<[string, string]>(
    ['%00', 'nul_character'],
    ['%ff', 'invalid_utf8'],
    ['%', 'invalid_utf8'],
  );
  fc.assert(
    fc.property(text, mistake, text, (before, [sign, code], after) => {
      expect(mistakesIn(`/a?ok=1&q=${before}${sign}=${after}`)).toEqual([['/q', code]]);
    }),
  );
});
