import type { JsonObject, JsonValue } from './json.js';
import {
  placeSecrets,
  readSecretReference,
  secretsIn,
  secretViolations,
  writeSecretReference,
} from './secret-reference.js';
import type { SecretReference } from './secret-reference.js';

const reference = (more: Partial<SecretReference> = {}): SecretReference => ({
  provider: null,
  path: 'app/database',
  field: null,
  version: null,
  onError: 'fail',
  ...more,
});

const FULL = reference({ provider: 'prod-vault', field: 'password', version: '3', onError: 'stale' });

describe('reading a reference', () => {
  it.each([reference(), FULL])('gives again what was written', (written) => {
    expect(readSecretReference(writeSecretReference(written), '')).toEqual({
      reference: written,
      violations: [],
    });
  });

  it('takes a version that is a whole number, and null for what is not said', () => {
    const value = { $secret_ref: { path: 'a', version: 3, provider: null, field: null } };
    expect(readSecretReference(value, '').reference).toEqual(reference({ path: 'a', version: '3' }));
  });

  it.each<[string, JsonValue, string, string]>([
    ['no object', 'app', '/p/$secret_ref', 'type'],
    ['no path', {}, '/p/$secret_ref/path', 'required'],
    ['an empty path', { path: '' }, '/p/$secret_ref/path', 'length'],
    ['a path that is too long', { path: 'a'.repeat(1025) }, '/p/$secret_ref/path', 'length'],
    ['a path that is no text', { path: 1 }, '/p/$secret_ref/path', 'type'],
    ['a field that is no text', { path: 'a', field: [] }, '/p/$secret_ref/field', 'type'],
    ['a field that is too long', { path: 'a', field: 'f'.repeat(256) }, '/p/$secret_ref/field', 'length'],
    ['a version that is no whole number', { path: 'a', version: 1.5 }, '/p/$secret_ref/version', 'type'],
    ['a host for a provider', { path: 'a', provider: 'https://v' }, '/p/$secret_ref/provider', 'pattern'],
    ['an unknown way out', { path: 'a', on_error: 'retry' }, '/p/$secret_ref/on_error', 'choice'],
    ['an unknown property', { path: 'a', host: 'v' }, '/p/$secret_ref/host', 'unknown_property'],
  ])('refuses %s', (_, inner, pointer, code) => {
    const { reference: read, violations } = readSecretReference({ $secret_ref: inner }, '/p');
    expect(read).toBeNull();
    expect(violations).toMatchObject([{ pointer, code }]);
  });

  it('tells every mistake at once', () => {
    const value = { $secret_ref: { path: '', field: 1 }, other: 1 };
    expect(readSecretReference(value, '').violations.map(({ pointer }) => pointer)).toEqual([
      '/other',
      '/$secret_ref/path',
      '/$secret_ref/field',
    ]);
  });
});

describe('looking for secrets', () => {
  const values: JsonObject = {
    'a/b': { $secret_ref: { path: 'one' } },
    list: [1, { deep: { $secret_ref: { path: 'two' } } }],
    broken: { $secret_ref: 1 },
  };

  it('finds each that is well-formed, in lists as well', () => {
    expect(secretsIn(values)).toEqual([
      { pointer: '/a~1b', reference: reference({ path: 'one' }) },
      { pointer: '/list/1/deep', reference: reference({ path: 'two' }) },
    ]);
  });

  it('tells what is wrong with the others', () => {
    expect(secretViolations(values, '/values')).toMatchObject([{ pointer: '/values/broken/$secret_ref' }]);
  });

  it('lets no secret stand for all values', () => {
    expect(secretViolations({ $secret_ref: { path: 'one' } }, '/values')).toMatchObject([
      { pointer: '/values', code: 'type' },
    ]);
  });
});

describe('placing secrets', () => {
  const placed = (values: JsonObject, key: string): JsonObject =>
    placeSecrets(values, [{ key, ...reference({ path: 's' }) }]);
  const leaf = { $secret_ref: { path: 's' } };

  it.each<[string, JsonObject, JsonObject]>([
    ['a.b', {}, { a: { b: leaf } }],
    ['a.b', { a: { b: 'text', c: 1 } }, { a: { b: leaf, c: 1 } }],
    ['a', { a: { b: 1 } }, { a: leaf }],
    ['a.b', { a: 1 }, { a: { b: leaf } }],
    ['a.b', { a: { $secret_ref: { path: 'old' } } }, { a: { b: leaf } }],
    ['a.1.b', { a: [0, { c: 1 }] }, { a: [0, { c: 1, b: leaf }] }],
    ['a.1', { a: [0, 1] }, { a: [0, leaf] }],
    ['a.2', { a: [0, 1] }, { a: { 2: leaf } }],
    [String.raw`a\.b`, {}, { 'a.b': leaf }],
  ])('puts one at %s of %j', (key, values, result) => {
    const before = JSON.stringify(values);
    expect(placed(values, key)).toEqual(result);
    expect(JSON.stringify(values)).toBe(before);
  });

  it('makes a member of whatever name', () => {
    const values = placed({}, '__proto__.x');
    expect(JSON.stringify(values)).toBe('{"__proto__":{"x":{"$secret_ref":{"path":"s"}}}}');
    expect('x' in {}).toBe(false);
  });
});
