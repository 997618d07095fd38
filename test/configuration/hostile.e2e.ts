import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aBody, aConfiguration, at, CONFIGURATIONS, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const JSON_TYPE = { 'Content-Type': 'application/json' };

const refused = async (body: object): Promise<string[]> => {
  const reply = await api.post(CONFIGURATIONS, aBody(body));
  expect([reply.status, reply.body.code]).toEqual([400, 'invalid_input']);
  return mistakes(reply);
};

it('tells everything that is wrong at once: fields, shapes and meanings', async () => {
  const reply = await api.post(CONFIGURATIONS, {
    service_id: 'No Name',
    name: '1a',
    environment: 'Prod',
    extra: 1,
    values: {
      password: { $secret_ref: { provider: 'Not An Alias', field: 7, other: 1 } },
      url: '${config:broken',
    },
    secret_refs: [{ key: 'a..b', vault_path: 'x' }, { vault_path: '', on_error: 'panic', more: 1 }, 7],
    final_keys: ['', 'a.b', 7],
    is_active: 'yes',
    schema_id: '00000000-0000-0000-0000-000000000000',
    id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
    tenant_id: 'Not A Slug',
    effective_from: 'soon',
    description: 'x'.repeat(1_001),
  });
  expect([reply.status, reply.headers.get('content-type')]).toEqual([
    400,
    expect.stringMatching(/^application\/problem\+json/),
  ]);
  expect(mistakes(reply)).toEqual(
    [
      '/service_id pattern',
      '/name pattern',
      '/environment pattern',
      '/extra unknown_property',
      '/values/password/$secret_ref/provider pattern',
      '/values/password/$secret_ref/path required',
      '/values/password/$secret_ref/field type',
      '/values/password/$secret_ref/other unknown_property',
      '/values/url reference',
      '/secret_refs/0/key dotted_path',
      '/secret_refs/1/key required',
      '/secret_refs/1/vault_path too_short',
      '/secret_refs/1/on_error choice',
      '/secret_refs/1/more unknown_property',
      '/secret_refs/2 type',
      '/final_keys/2 type',
      '/is_active type',
      '/schema_id pattern',
      '/id pattern',
      '/tenant_id pattern',
      '/effective_from pattern',
      '/description too_long',
    ].sort(),
  );
});

it.each([
  [{ values: undefined }, ['/values required']],
  [{ values: null }, ['/values type']],
  [{ values: [] }, ['/values type']],
  [{ values: 'x' }, ['/values type']],
  [{ service_id: undefined }, ['/service_id required']],
  [{ name: undefined }, ['/name required']],
  [{ environment: undefined }, ['/environment required']],
  [{ service_id: 'a'.repeat(101) }, ['/service_id too_long']],
  [{ environment: 'a'.repeat(64) }, ['/environment too_long']],
  [{ tenant_id: 'Not A Slug' }, ['/tenant_id pattern']],
  [{ id: 'x' }, ['/id pattern']],
  [{ is_active: null }, ['/is_active type']],
  [{ version: 1 }, ['/version unknown_property']],
  [{ is_effective: true }, ['/is_effective unknown_property']],
  [{ merge: true }, ['/merge unknown_property']],
  [{ effective_from: '2026-02-30T00:00:00Z' }, ['/effective_from pattern']],
  [{ effective_from: 1_767_225_600_000 }, ['/effective_from pattern']],
  [{ secret_refs: {} }, ['/secret_refs type']],
  [{ secret_refs: Array.from({ length: 101 }, (_, n) => ref(`k${n}`)) }, ['/secret_refs too_many']],
  [{ secret_refs: [ref('a.b'), ref('c'), ref('a.b')] }, ['/secret_refs/2/key duplicate']],
  [{ secret_refs: [ref('a.')] }, ['/secret_refs/0/key dotted_path']],
  [{ secret_refs: [ref('a', { provider: 'http://x' })] }, ['/secret_refs/0/provider pattern']],
  [{ final_keys: 'a' }, ['/final_keys type']],
  [{ final_keys: Array.from({ length: 101 }, (_, n) => `k${n}`) }, ['/final_keys too_many']],
  [{ final_keys: ['a', '.', String.raw`a\x`] }, ['/final_keys/1 dotted_path', '/final_keys/2 dotted_path']],
  [{ final_keys: ['x'.repeat(1_001)] }, ['/final_keys/0 too_long']],
  [{ values: { a: { $secret_ref: 'x' } } }, ['/values/a/$secret_ref type']],
  [{ values: { list: [{ $secret_ref: {} }] } }, ['/values/list/0/$secret_ref/path required']],
  [{ values: { 'a/b': '${config:}' } }, ['/values/a~1b reference']],
  [{ values: { a: ['${config:Name.path}'] } }, ['/values/a/0 reference']],
  [{ values: { a: 'x'.repeat(262_144) } }, ['/values too_large']],
  [{ change_reason: 'x'.repeat(501) }, ['/change_reason too_long']],
])('refuses %j at its place', async (body, expected) => {
  expect(await refused(body)).toEqual(expected);
});

function ref(key: string, rest: object = {}): object {
  return { key, vault_path: 'secret/app', vault_key: 'password', ...rest };
}

it('takes 256 KiB of values and not a byte more, also by merging', async () => {
  const room = 262_144 - JSON.stringify({ a: '' }).length;
  const first = await aConfiguration(api, { values: { a: 'ü'.repeat(Math.floor(room / 2)) } });
  expect(mistakes(await api.patch(at(first), { values: { b: 1 } }))).toEqual(['/values too_large']);
  expect((await api.patch(at(first), { values: { a: null, b: 1 } })).body.values).toEqual({ b: 1 });
});

it.each([
  ['nothing', undefined],
  ['a list', '[]'],
  ['null', 'null'],
  ['a text', '"x"'],
  ['a number', '7'],
])('does not take %s for a configuration', async (_, body) => {
  const reply = await api.request(
    'POST',
    CONFIGURATIONS,
    body === undefined ? {} : { body, headers: JSON_TYPE },
  );
  expect([reply.status, reply.body.code]).toEqual([400, 'invalid_input']);
});

it.each(['__proto__', 'constructor', 'prototype'])('the key %s does no harm', async (key) => {
  const body = JSON.stringify(aBody()).replace('"host"', `"${key}":{"polluted":true},"host"`);
  const reply = await api.request('POST', CONFIGURATIONS, { body, headers: JSON_TYPE });
  expect([201, 400]).toContain(reply.status);
  if (reply.status === 201) expect(Object.hasOwn(reply.body.values, key)).toBe(true);
  else expect(reply.body.errors[0].code).toBe('forbidden_key');
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

it.each(['', '.', 'a.b', 'a/b', '~', '~1', '$', 'ß', '😀', 'toString', 'hasOwnProperty', '$secret_re'])(
  'the key %j is a key like any other',
  async (key) => {
    const values = { [key]: { [key]: [1, { [key]: null }] }, other: 1 };
    const first = await aConfiguration(api, { values });
    expect(first.values).toEqual(values);
    const merged = await api.patch(at(first), { values: { [key]: { [key]: 2 } } });
    expect([merged.status, merged.body.values]).toEqual([200, { [key]: { [key]: 2 }, other: 1 }]);
    const removed = await api.patch(at(first), { values: { [key]: null } });
    expect(removed.body.values).toEqual({ other: 1 });
  },
);

it('refuses NUL, lone surrogates, inexact numbers and what is too deep', async () => {
  const raw = (value: string): string =>
    JSON.stringify(aBody({ values: { x: 'HERE' } })).replace('"HERE"', value);
  for (const value of [
    String.raw`"\u0000"`,
    String.raw`"\ud800"`,
    '12345678901234567890',
    '1e999',
    `${'['.repeat(70)}${']'.repeat(70)}`,
  ]) {
    const reply = await api.request('POST', CONFIGURATIONS, { body: raw(value), headers: JSON_TYPE });
    expect([value.slice(0, 20), reply.status]).toEqual([value.slice(0, 20), 400]);
  }
});

it('tells what is wrong with a change only to who can see what is changed', async () => {
  const key = await api.key('editor', 'some-tenant');
  const foreign = await aConfiguration(api, { tenant_id: 'another-tenant' });
  for (const id of [foreign.id, randomUUID()]) {
    const reply = await api.put(at({ id }), { values: 7, extra: 1 }, { key });
    expect(outcome(reply)).toEqual([404, 'configuration_not_found']);
  }
});

it.each(['x', '1', 'a'.repeat(36), `${randomUUID()}x`])('does not take %j for an id', async (id) => {
  for (const [method, rest] of [
    ['GET', ''],
    ['PUT', ''],
    ['DELETE', ''],
    ['POST', '/activate'],
    ['GET', '/versions'],
  ] as const) {
    const reply = await api.request(method, at({ id }, rest), method === 'PUT' ? { body: {} } : {});
    expect([reply.status, reply.body.code]).toEqual([400, 'invalid_input']);
  }
});

it('refuses what a query does not know, and a rehearsal that is neither true nor false', async () => {
  const first = await aConfiguration(api);
  expect(mistakes(await api.put(at(first, '?dry_run=maybe'), {}))).toEqual(['/dry_run type']);
  expect(mistakes(await api.post(at(first, '/activate?x=1')))).toEqual(['/x unknown_property']);
  expect(mistakes(await api.delete(at(first, '?dry_run=1')))).toEqual(['/dry_run type']);
});
