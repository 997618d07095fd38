import type { FastifyRequest } from 'fastify';
import { InvalidInput } from '#shared-kernel';
import { ifMatchOf, noneMatchHits, PreconditionRequired } from './if-match.js';

const asked = (header: string | undefined, server: 'lenient' | 'strict' = 'lenient'): unknown =>
  ifMatchOf({
    headers: header === undefined ? {} : { 'if-match': header },
    server: { requireIfMatch: server === 'strict' },
  } as unknown as FastifyRequest);

describe('If-Match', () => {
  it.each([
    ['"1"', 1],
    [' "42" ', 42],
    ['"999999999"', 999_999_999],
  ])('%j asks for version %d', (header, version) => {
    expect(asked(header)).toBe(version);
  });

  it('takes any version for *', () => {
    expect(asked('*')).toBe('any');
    expect(asked('*', 'strict')).toBe('any');
  });

  it.each([
    ['"1", "2"', [1, 2]],
    [' "1","x,y" ,\tW/"3" ', [1, -1, -1]],
  ])('takes any of several: %j', (header, versions) => {
    expect(asked(header)).toEqual(versions);
  });

  it.each(['"0"', '"01"', '"1234567890"', '"abc"', '""', 'W/"1"', '"-1"', '"1.0"'])(
    'takes %j for a tag that is none of ours: it matches no version',
    (header) => {
      expect(asked(header)).toBe(-1);
    },
  );

  it.each(['1', '', '"1', '1"', '"1" "2"', '"1",', ',"1"', '*, "1"', '"a b"', 'w/"1"'])(
    'refuses %j, which is no tag',
    (header) => {
      expect(() => asked(header)).toThrow(InvalidInput);
    },
  );

  it('may be left out, unless the installation requires it', () => {
    expect(asked(undefined)).toBeNull();
    expect(() => asked(undefined, 'strict')).toThrow(PreconditionRequired);
  });
});

describe('If-None-Match', () => {
  it.each([['"7"'], ['*'], ['"6", "7"'], ['W/"7"'], [' "5" , W/"7" ']])('%j hits version 7', (header) => {
    expect(noneMatchHits(header, '"7"')).toBe(true);
  });

  it.each([[undefined], ['"6"'], ['7'], ['"77"'], ['"6", "8"'], ['']])(
    '%j does not hit version 7',
    (header) => {
      expect(noneMatchHits(header, '"7"')).toBe(false);
    },
  );
});
