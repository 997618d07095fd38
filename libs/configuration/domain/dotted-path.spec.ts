import fc from 'fast-check';
import {
  dottedPathViolations,
  formatDottedPath,
  fromPointer,
  parseDottedPath,
  STEPS_MAX,
  toPointer,
} from './dotted-path.js';

const name = fc.oneof(
  fc.constantFrom('a', 'a.b', '.', '\\', '\\.', 'a/b', '~', '~1', '__proto__', ' '),
  fc.string({ minLength: 1 }),
);
const steps = fc.array(name, { minLength: 1, maxLength: STEPS_MAX });

it('reads back every path that it writes', () => {
  fc.assert(
    fc.property(steps, (path) => {
      expect(parseDottedPath(formatDottedPath(path))).toEqual(path);
    }),
  );
});

it('reads back every JSON Pointer that it writes, empty names as well', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(name, fc.constant(''))), (path) => {
      expect(fromPointer(toPointer(path))).toEqual(path);
    }),
  );
});

it.each([
  ['credentials.password', ['credentials', 'password']],
  [String.raw`hosts.db\.example\.com.port`, ['hosts', 'db.example.com', 'port']],
  [String.raw`a\\.b`, ['a\\', 'b']],
])('reads %s', (text, path) => {
  expect(parseDottedPath(text)).toEqual(path);
});

it.each(['', '.', 'a.', '.a', 'a..b', 'a\\', String.raw`a\b`, Array(65).fill('a').join('.')])(
  'refuses "%s" at its place',
  (text) => {
    expect(parseDottedPath(text)).toBeNull();
    expect(dottedPathViolations(text, '/final_keys/0')).toMatchObject([
      { pointer: '/final_keys/0', code: 'dotted_path' },
    ]);
  },
);

it('takes 64 steps, and finds nothing wrong with them', () => {
  expect(dottedPathViolations(Array(64).fill('a').join('.'), '')).toEqual([]);
});
