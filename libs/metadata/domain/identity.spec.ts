import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { DEFAULT_NAMESPACE, entryId, entryKey, namespace } from './identity.js';

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const names = fc
  .tuple(
    fc.constantFrom(...LETTERS),
    fc.string({ unit: fc.constantFrom(...LETTERS, ...'0123456789._-'), maxLength: 254 }),
  )
  .map(([first, rest]) => first + rest);

const violationsOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as InvalidInput).violations.map(({ pointer, code }) => ({ pointer, code }));
  }
};

describe('an id', () => {
  it('is a UUID of any version, in lower case', () => {
    expect(entryId('01937B2E-7C41-7BD4-A1A5-0F6A8D7C9E10')).toBe('01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10');
    fc.assert(
      fc.property(fc.uuid({ version: [1, 2, 3, 4, 5, 6, 7, 8] }), (uuid) => {
        expect(entryId(uuid.toUpperCase())).toBe(uuid);
      }),
    );
  });

  it.each(['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'])(
    'may be %j, which RFC 9562 has for nothing and for all',
    (text) => {
      expect(entryId(text.toUpperCase())).toBe(text);
    },
  );

  it.each([
    '',
    '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e1',
    '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e100',
    '01937b2e-7c41-9bd4-a1a5-0f6a8d7c9e10',
    '01937b2e-7c41-7bd4-71a5-0f6a8d7c9e10',
    '01937b2e7c417bd4a1a50f6a8d7c9e10',
    '00000000-0000-0000-0000-000000000001',
    'ffffffff-ffff-ffff-ffff-fffffffffff0',
    ' 01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10',
    '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10\n',
  ])('is not %j', (text) => {
    expect(violationsOf(() => entryId(text))).toEqual([{ pointer: '/id', code: 'pattern' }]);
  });
});

describe.each([
  ['a key', entryKey, '/key'],
  ['a namespace', namespace, '/namespace'],
])('%s', (_, make, pointer) => {
  it('stays as it was written', () => {
    fc.assert(fc.property(names, (name) => expect(make(name)).toBe(name)));
  });

  it('has 255 characters at most', () => {
    expect(make('k'.repeat(255))).toHaveLength(255);
    expect(violationsOf(() => make('k'.repeat(256)))).toEqual([{ pointer, code: 'pattern' }]);
  });

  it.each(['', '1a', '.a', '_a', '-a', 'a b', 'a/b', 'ä', 'aä', 'a\n', ' a', 'a:b'])('is not %j', (text) => {
    expect(violationsOf(() => make(text))).toEqual([{ pointer, code: 'pattern' }]);
  });
});

it('calls the namespace of those who name none "default"', () => {
  expect(namespace(DEFAULT_NAMESPACE)).toBe('default');
});
