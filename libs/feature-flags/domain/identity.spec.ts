import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { flagId, flagName, isName, segmentId, segmentName } from './identity.js';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const names = fc
  .tuple(
    fc.constantFrom(...LETTERS),
    fc.string({ unit: fc.constantFrom(...LETTERS, ...'0123456789_-'), maxLength: 254 }),
  )
  .map(([first, rest]) => first + rest);

const violationsOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as InvalidInput).violations.map(({ pointer, code }) => ({ pointer, code }));
  }
};

describe.each([
  ['a flag', flagId, flagName],
  ['a segment', segmentId, segmentName],
])('%s', (_, id, name) => {
  it('has a UUID of any version for an id, in lower case', () => {
    fc.assert(
      fc.property(fc.uuid({ version: [1, 2, 3, 4, 5, 6, 7, 8] }), (uuid) => {
        expect(id(uuid.toUpperCase())).toBe(uuid);
      }),
    );
  });

  it.each(['', 'x', '01937b2e-7c41-9bd4-a1a5-0f6a8d7c9e10', '00000000-0000-0000-0000-000000000000'])(
    'has no id %j',
    (text) => {
      expect(violationsOf(() => id(text))).toEqual([{ pointer: '/id', code: 'pattern' }]);
    },
  );

  it('has a name that stays as it was written', () => {
    fc.assert(fc.property(names, (text) => expect([name(text), isName(text)]).toEqual([text, true])));
  });

  it.each(['', '1a', '-a', '_a', 'A', 'aB', 'a b', 'a.b', 'a/b', 'ä', 'a\n', ' a', 'a'.repeat(256)])(
    'has no name %j',
    (text) => {
      expect(isName(text)).toBe(false);
      expect(violationsOf(() => name(text))).toEqual([{ pointer: '/name', code: 'pattern' }]);
    },
  );
});
