import type { EffectiveDocuments, PlacedSecret } from '../domain/effective/effective-documents.js';
import type { JsonObject } from '../domain/json.js';
import { SecretUnresolvable } from '../domain/secret-errors.js';
import { resolvedValues, SECRETS_LENGTH_MAX } from './resolved-values.js';

const REFERENCE = { provider: 'vault', path: 'app', field: 'x', version: null, onError: 'omit' } as const;
const SHOWN = { $secret_ref: { provider: 'vault', path: 'app', field: 'x' } };

/** Documents with secrets at these places, as `name pointer`. */
function documents(
  values: Record<string, JsonObject>,
  places: readonly string[],
  secretTexts: EffectiveDocuments['secretTexts'] = [],
): EffectiveDocuments {
  const secrets = places.map((place): PlacedSecret => {
    const [name = '', pointer = ''] = place.split(' ');
    return { name, pointer, reference: REFERENCE, layer: {} as PlacedSecret['layer'] };
  });
  return { values, layers: [], problems: [], secrets, secretTexts };
}

const got = (value: string): { value: string; version: null } => ({ value, version: null });

it('puts each secret in the place of its reference and leaves the rest as it is', () => {
  const values = { db: { user: 'app', password: SHOWN, nested: { list: ['a', SHOWN] } } };
  const resolved = resolvedValues(documents(values, ['db /password', 'db /nested/list/1']), [
    got('one'),
    got('two'),
  ]);
  expect(resolved).toEqual({ db: { user: 'app', password: 'one', nested: { list: ['a', 'two'] } } });
  expect(values.db.password).toBe(SHOWN);
});

it('leaves a key out that may be left out, and an item of a list, too', () => {
  const values = { db: { password: SHOWN, list: [SHOWN, 'b', SHOWN] } };
  const places = ['db /password', 'db /list/0', 'db /list/2'];
  expect(resolvedValues(documents(values, places), [null, null, got('c')])).toEqual({
    db: { list: ['b', 'c'] },
  });
});

it('puts texts together that secrets are part of, and leaves one out whose secret is', () => {
  const values = {
    db: { password: SHOWN, url: '${config:db.password}', other: '${config:db.token}', token: SHOWN },
  };
  const texts = [
    { name: 'db', pointer: '/url', parts: ['postgres://app:', 0, '@db'] },
    { name: 'db', pointer: '/other', parts: ['Bearer ', 1] },
  ];
  const resolved = resolvedValues(documents(values, ['db /password', 'db /token'], texts), [got('p'), null]);
  expect(resolved).toEqual({ db: { password: 'p', url: 'postgres://app:p@db' } });
});

it('takes a secret of a document that is not shown for a text that is', () => {
  const values = { app: { url: '${config:db.password}!' } };
  const texts = [{ name: 'app', pointer: '/url', parts: [0, '!'] }];
  expect(resolvedValues(documents(values, ['db /password'], texts), [got('p')])).toEqual({
    app: { url: 'p!' },
  });
});

it('finds keys that have to be escaped, and takes none for more than a name', () => {
  const values = JSON.parse('{"db": {"a/b": {"~": 1}, "__proto__": {"x": 2}}}');
  values.db['a/b']['~'] = SHOWN;
  values.db['__proto__'].x = SHOWN;
  const resolved = resolvedValues(documents(values, ['db /a~1b/~0', 'db /__proto__/x']), [
    got('1'),
    got('2'),
  ]);
  expect(JSON.stringify(resolved)).toBe('{"db":{"a/b":{"~":"1"},"__proto__":{"x":"2"}}}');
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});

it('takes what looks like a reference in a secret for its text', () => {
  const resolved = resolvedValues(documents({ db: { password: SHOWN } }, ['db /password']), [
    got('${config:db.user}'),
  ]);
  expect(resolved).toEqual({ db: { password: '${config:db.user}' } });
});

it('refuses more than an answer may hold: one secret may stand in thousands of places, and in texts', () => {
  const half = got('x'.repeat(SECRETS_LENGTH_MAX / 2));
  const text = { name: 'db', pointer: '/text', parts: ['a', 0] };
  const values = { db: { a: SHOWN, b: SHOWN, text: 'a${config:db.a}' } };
  expect(resolvedValues(documents(values, ['db /a', 'db /b']), [half, half])['db']?.['b']).toBe(half.value);
  for (const [places, texts] of [
    [['db /a', 'db /b', 'db /c'], []],
    [['db /a'], [text]],
  ] as const) {
    const asked = (): unknown =>
      resolvedValues(
        documents(values, places, texts),
        places.map(() => half),
      );
    expect(asked).toThrow(SecretUnresolvable);
  }
});
