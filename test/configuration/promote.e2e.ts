import { TestApi } from '../api.js';
import type { Reply, Sent } from '../api.js';
import { aConfiguration, aService, aTenant, at, CONFIGURATIONS, inHours, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const promote = (
  service_id: string,
  body: object = {},
  { query = '', ...sent }: Sent & { query?: string } = {},
): Promise<Reply> =>
  api.post(
    `${CONFIGURATIONS}/promote${query}`,
    { service_id, from: 'staging', to: 'production', ...body },
    sent,
  );

const make = (service_id: string, environment: string, body: object = {}): Promise<any> =>
  aConfiguration(api, { service_id, environment, ...body });

const listOf = async (service: string, environment: string, query = ''): Promise<any[]> =>
  (await api.get(`${CONFIGURATIONS}?service_id=${service}&environment=${environment}${query}`)).body.items;

const CONTENT = {
  values: { host: 'db', password: null },
  final_keys: ['tls.min'],
  description: 'The database.',
};

it('copies what holds in one environment to another, and says what it did', async () => {
  const service = aService();
  await make(service, 'staging', {
    name: 'database',
    values: { pool: 50, tls: { min: 2 } },
    final_keys: ['tls'],
    description: 'New',
  });
  await make(service, 'staging', { name: 'logging', values: { level: 'info' } });
  await make(service, 'staging', { name: 'queue', values: { url: 'amqp' } });
  const database = await make(service, 'production', {
    name: 'database',
    values: { pool: 20, old: 1 },
    description: 'Old',
  });
  const logging = await make(service, 'production', { name: 'logging', values: { level: 'info' } });
  const alone = await make(service, 'production', { name: 'alone', values: { a: 1 } });
  const { status, body } = await promote(service, { change_reason: 'Release 7' });
  expect(status).toBe(200);
  expect(body).toMatchObject({ dry_run: false, skipped: [] });
  expect(body.items.map(({ name, status, version }: any) => [name, status, version])).toEqual([
    ['database', 'updated', 2],
    ['logging', 'unchanged', 1],
    ['queue', 'created', 1],
  ]);
  expect(body.items[0]).toMatchObject({
    id: database.id,
    diff: [
      { op: 'replace', path: '/description', value: 'New' },
      { op: 'replace', path: '/values/pool', value: 50 },
      { op: 'remove', path: '/values/old' },
      { op: 'add', path: '/values/tls', value: { min: 2 } },
      { op: 'add', path: '/final_keys/0', value: 'tls' },
    ],
  });
  expect(body.items[1]).toEqual({
    name: 'logging',
    status: 'unchanged',
    id: logging.id,
    version: 1,
    diff: [],
  });
  const after = await listOf(service, 'production');
  expect(after.map(({ name, values }) => [name, values])).toEqual([
    ['alone', { a: 1 }],
    ['database', { pool: 50, tls: { min: 2 } }],
    ['logging', { level: 'info' }],
    ['queue', { url: 'amqp' }],
  ]);
  expect(after[0].version).toBe(alone.version);
  expect(after[3].id).toBe(body.items[2].id);
  const { body: versions } = await api.get(at(database, '/versions'));
  expect(versions.items[0]).toMatchObject({ version: 2, type: 'updated', change_reason: 'Release 7' });
});

it('changes nothing when it is asked again', async () => {
  const service = aService();
  await make(service, 'staging', CONTENT);
  await promote(service);
  const { body } = await promote(service);
  expect(body.items).toEqual([expect.objectContaining({ status: 'unchanged', version: 1, diff: [] })]);
  const [copy] = await listOf(service, 'production');
  expect(copy).toMatchObject(CONTENT);
});

it('copies only the documents that are named', async () => {
  const service = aService();
  await make(service, 'staging', { name: 'database' });
  await make(service, 'staging', { name: 'logging' });
  const { body } = await promote(service, { names: ['logging'] });
  expect(body.items.map(({ name }: any) => name)).toEqual(['logging']);
  expect(await listOf(service, 'production')).toHaveLength(1);
});

it('leaves temporary and inactive ones where they are, on either side', async () => {
  const service = aService();
  await make(service, 'staging', { values: { a: 1 } });
  const window = { effective_from: inHours(-1), effective_until: inHours(1) };
  const override = await make(service, 'staging', { values: { a: 2 }, ...window });
  await make(service, 'staging', { name: 'draft', is_active: false });
  const there = await make(service, 'production', { values: { a: 3 }, ...window });
  const inactive = await make(service, 'production', { values: { a: 4 }, is_active: false });
  const { body } = await promote(service);
  expect(body.items).toEqual([expect.objectContaining({ name: 'database', status: 'created' })]);
  expect(body.skipped).toEqual([{ name: 'database', id: override.id, ...window }]);
  for (const one of [there, inactive]) expect((await api.get(at(one))).body.version).toBe(1);
  expect(await listOf(service, 'production')).toHaveLength(3);
  expect((await promote(service, { names: ['database'] })).body.skipped).toHaveLength(1);
});

it.each([
  ['the query', {}, '?dry_run=true'],
  ['the body', { dry_run: true }, ''],
])('says what it would do when %s asks for a dry run, and does not do it', async (_, body, query) => {
  const service = aService();
  await make(service, 'staging', { name: 'database', values: { a: 2 } });
  await make(service, 'staging', { name: 'queue', values: { b: 1 } });
  const database = await make(service, 'production', { name: 'database', values: { a: 1 } });
  const reply = await promote(service, body, { query });
  expect(reply.body).toMatchObject({ dry_run: true, skipped: [] });
  expect(reply.body.items).toEqual([
    {
      ...{ name: 'database', status: 'updated', id: database.id, version: null },
      diff: [{ op: 'replace', path: '/values/a', value: 2 }],
    },
    expect.objectContaining({ name: 'queue', status: 'created', id: null, version: null }),
  ]);
  expect(reply.body.affected).toEqual([
    {
      ...{ service_id: service, environment: 'production', tenant_id: null, name: 'database', from: null },
      diff: [{ op: 'replace', path: '/a', value: 2 }],
    },
    expect.objectContaining({ environment: 'production', name: 'queue' }),
  ]);
  expect((await listOf(service, 'production')).map(({ version }) => version)).toEqual([1]);
});

it('does all of it or nothing: a result that would break is told, and nothing is written', async () => {
  const service = aService();
  await make(service, 'staging', { name: 'queue', values: { a: 1 } });
  await make(service, 'staging', { name: 'only', values: { staging: 'info' } });
  await make(service, 'staging', { name: 'logging', values: { level: '${config:only.staging}' } });
  const names = ['queue', 'logging'];
  const reply = await promote(service, { names });
  expect(outcome(reply)).toEqual([422, 'effective_invalid']);
  expect(mistakes(reply)).toEqual(['/names/1 reference_unknown']);
  expect(outcome(await promote(service, { names, dry_run: true }))).toEqual([422, 'effective_invalid']);
  expect(await listOf(service, 'production')).toEqual([]);
  expect((await promote(service, { names: [...names, 'only'] })).status).toBe(200);
});

it('does not set what is final', async () => {
  const service = aService();
  await make(service, 'staging', { values: { tls: false } });
  await make(service, 'production', {
    values: { tls: true },
    final_keys: ['tls'],
    is_active: true,
    tenant_id: null,
  });
  const tenant = aTenant();
  await make(service, 'staging', { tenant_id: tenant, values: { tls: false } });
  const reply = await promote(service, { tenant_id: tenant, names: ['database'] });
  expect(outcome(reply)).toEqual([409, 'final_key']);
  expect(mistakes(reply)).toEqual(['/names/0 final_key']);
});

it('promotes what is a tenant’s own, and nothing of anybody else', async () => {
  const [service, tenant] = [aService(), aTenant()];
  await make(service, 'staging', { name: 'shared', values: { a: 1 } });
  await make(service, 'staging', { name: 'own', tenant_id: tenant, values: { a: 2 } });
  const [editor, viewer] = [
    { key: await api.key('editor', tenant) },
    { key: await api.key('viewer', tenant) },
  ];
  expect(outcome(await promote(service, {}, viewer))).toEqual([403, 'permission_denied']);
  expect(outcome(await promote(service, { tenant_id: null }, editor))).toEqual([403, 'tenant_forbidden']);
  expect((await promote(service, {}, editor)).body.items).toEqual([
    expect.objectContaining({ name: 'own', status: 'created' }),
  ]);
  const [promoted, ...others] = await listOf(service, 'production', `&tenant_id=${tenant}`);
  expect([promoted.tenant_id, promoted.name, others]).toEqual([tenant, 'own', []]);
});

it('says what it does not take', async () => {
  const service = aService();
  expect(mistakes(await promote(service))).toEqual(['/from configuration_not_found']);
  await make(service, 'staging', { name: 'database' });
  const missing = await promote(service, { names: ['database', 'nothing'] });
  expect(outcome(missing)).toEqual([422, 'promotion_refused']);
  expect(mistakes(missing)).toEqual(['/names/1 configuration_not_found']);
  const same = await promote(service, { to: 'staging' });
  expect([same.status, mistakes(same)]).toEqual([400, ['/to same']]);
  const wrong = await promote(service, {
    to: 'staging',
    names: ['A', 'database', 'database', 5],
    more: 1,
  });
  expect([wrong.status, mistakes(wrong)]).toEqual([
    400,
    ['/more unknown_property', '/names/0 pattern', '/names/2 duplicate', '/names/3 type', '/to same'],
  ]);
  const names = await promote(service, { names: ['A', 'database', 'database'] });
  expect(mistakes(names)).toEqual(['/names/0 pattern', '/names/2 duplicate']);
  expect(await listOf(service, 'production')).toEqual([]);
});

it('lets simultaneous promotions and edits each see the other or wait', async () => {
  const service = aService();
  const names = ['a', 'b', 'c', 'd'];
  for (const name of names) await make(service, 'staging', { name, values: { n: 1 } });
  const replies = await Promise.all([promote(service), promote(service), promote(service), promote(service)]);
  const statuses = replies.flatMap(({ body }) => body.items.map(({ status }: any) => status));
  expect(statuses.filter((status) => status === 'created')).toHaveLength(names.length);
  expect(await listOf(service, 'production')).toHaveLength(names.length);
});
