import { aLayer } from '../../testing/a-layer.js';
import type { JsonObject } from '../json.js';
import { effectiveAt } from './effective.js';
import type { EffectiveDocuments } from './effective-documents.js';
import type { Layer, Place } from './layer.js';
import { layersAt } from './select-layers.js';

const SHARED: Place = { tenant: null, environment: 'base' };
const ACME: Place = { tenant: 'acme', environment: 'production' };

const made = (layers: readonly Layer[], place = SHARED, at = 0): EffectiveDocuments =>
  effectiveAt(layers, place, at);

const codesOf = ({ problems }: EffectiveDocuments): string[] => problems.map(({ code }) => code);

describe('layers', () => {
  const says = (by: string, layer: Partial<Layer>): Layer => aLayer({ values: { by, [by]: true }, ...layer });
  const layers = [
    says('tenant override', {
      tenant: 'acme',
      environment: 'production',
      effectiveFrom: 0,
      effectiveUntil: 10,
    }),
    says('tenant environment', { tenant: 'acme', environment: 'production' }),
    says('tenant base', { tenant: 'acme' }),
    says('shared override', { environment: 'production', effectiveUntil: 20 }),
    says('shared environment', { environment: 'production' }),
    says('shared base', {}),
    says('other tenant', { tenant: 'other' }),
    says('other environment', { environment: 'staging' }),
  ];

  it('lie over each other: shared, then the tenant’s; base, then the environment; what is temporary last', () => {
    expect(layersAt(layers, ACME, 0).map(({ values }) => values['by'])).toEqual([
      'shared base',
      'shared environment',
      'shared override',
      'tenant base',
      'tenant environment',
      'tenant override',
    ]);
  });

  it('are those of the base alone where an environment has none of its own', () => {
    expect(made(layers, { tenant: 'acme', environment: 'elsewhere' }).values['database']).toEqual({
      by: 'tenant base',
      'shared base': true,
      'tenant base': true,
    });
  });

  it('take part from the first instant of their window up to the last before its end', () => {
    const override = [aLayer({ effectiveFrom: 10, effectiveUntil: 20, values: { host: 'other' } })];
    const isThere = (at: number): boolean => Object.hasOwn(made(override, SHARED, at).values, 'database');
    expect([9, 10, 19, 20].map(isThere)).toEqual([false, true, true, false]);
  });

  it('are told by name, and so are the documents', () => {
    const { values, layers: told } = made(['b', 'constructor', 'a'].map((name) => aLayer({ name })));
    expect(Object.keys(values)).toEqual(['a', 'b', 'constructor']);
    expect(told.map(({ name }) => name)).toEqual(['a', 'b', 'constructor']);
  });

  it('that are alone are the document itself, without a copy', () => {
    const layer = aLayer({ values: { pool: { size: 1 } } });
    expect(made([layer]).values['database']?.['pool']).toBe(layer.values['pool']);
  });
});

describe('a final key', () => {
  const below = aLayer({ configurationId: 'below', values: { tls: { on: true } }, finalKeys: ['tls.on'] });
  const over = (values: JsonObject): EffectiveDocuments =>
    made([below, aLayer({ configurationId: 'above', environment: 'production', values })], ACME);

  it.each<[string, JsonObject, string]>([
    ['the key', { tls: { on: false } }, '/tls/on'],
    ['the same value for the key', { tls: { on: true } }, '/tls/on'],
    ['null for the key', { tls: { on: null } }, '/tls/on'],
    ['something inside of it', { tls: { on: { really: false } } }, '/tls/on'],
    ['something else around it', { tls: 'none' }, '/tls'],
    ['nothing around it', { tls: null }, '/tls'],
    ['a secret around it', { tls: { $secret_ref: { path: 'a' } } }, '/tls'],
  ])('keeps its value when a layer above says %s, which is a problem', (_, values, pointer) => {
    const documents = over({ ...values, port: 1 });
    expect(documents.values['database']).toEqual({ tls: { on: true }, port: 1 });
    expect(documents.problems).toMatchObject([
      { code: 'final_key', name: 'database', pointer, configurationId: 'above', offendedId: 'below' },
    ]);
  });

  it.each<JsonObject>([{ tls: { minimum: '1.3' } }, { tls: {} }, { other: 1 }])(
    'lets a layer above say %j beside it',
    (values) => {
      expect(over(values).problems).toEqual([]);
    },
  );

  it('binds the temporary override of its own scope too', () => {
    const override = aLayer({ values: { tls: { on: false } }, effectiveUntil: 10 });
    expect(codesOf(made([below, override]))).toEqual(['final_key']);
  });

  it('binds nobody once its layer is over', () => {
    const over = { ...below, effectiveUntil: 5 };
    const above = aLayer({ environment: 'production', values: { tls: { on: false } } });
    expect(made([over, above], ACME, 5).problems).toEqual([]);
  });
});

describe('a secret', () => {
  const leaf = { $secret_ref: { path: 'app/db', field: 'password' } };
  const shared = aLayer({ configurationId: 'shared', values: { password: leaf, host: 'db' } });
  const own = (values: JsonObject): Layer =>
    aLayer({ configurationId: 'own', name: 'app', tenant: 'acme', values });

  it('is shown as its reference, with the layer that asks for it', () => {
    const { values, secrets } = made([shared]);
    expect(values['database']).toEqual({ password: leaf, host: 'db' });
    expect(secrets).toMatchObject([
      {
        name: 'database',
        pointer: '/password',
        reference: { path: 'app/db', field: 'password' },
        layer: shared,
      },
    ]);
  });

  it('that is referred to is copied, and still asked for by the layer that has it', () => {
    const { values, secrets } = made([shared, own({ copy: '${config:database.password}' })], ACME);
    expect(values['app']).toEqual({ copy: leaf });
    expect(secrets.map(({ name, pointer, layer }) => [name, pointer, layer.configurationId])).toEqual([
      ['app', '/copy', 'shared'],
      ['database', '/password', 'shared'],
    ]);
  });

  it('inside a longer text leaves the text as it is, with its parts beside', () => {
    const text = 'pg://me:${config:database.password}@${config:database.host}';
    const { values, secretTexts, secrets } = made(
      [shared, own({ url: text, copy: '${config:app.url}' })],
      ACME,
    );
    expect(values['app']).toEqual({ url: text, copy: text });
    const index = secrets.findIndex(({ pointer }) => pointer === '/password');
    expect(secretTexts).toEqual([
      { name: 'app', pointer: '/url', parts: ['pg://me:', index, '@', 'db'] },
      { name: 'app', pointer: '/copy', parts: ['pg://me:', index, '@', 'db'] },
    ]);
  });

  it('goes along inside of an object that is copied', () => {
    const inside = own({ o: { text: 'a ${config:database.password}', s: leaf }, copy: '${config:app.o}' });
    const { secrets, secretTexts } = made([shared, inside], ACME);
    expect(secretTexts.map(({ pointer }) => pointer)).toEqual(['/o/text', '/copy/text']);
    expect(secrets.filter(({ name }) => name === 'app').map(({ pointer }) => pointer)).toEqual([
      '/o/s',
      '/copy/s',
    ]);
  });
});
