import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestApi } from '../api.js';
import { aLayer, effective } from './live-made.js';
import { aService, aTenant, CONFIGURATIONS, made } from './made.js';

const SECRET = 'hunter2-in-the-clear';
const VARIABLE = 'METASTORE_TEST_PAYMENT_KEY';
const RESOLVED = { resolve_secrets: 'true' };
const REVEALED = 'io.metastore.configuration.configuration.revealed.v1';

let root: string;
let api: TestApi;

/** A reference to a file, and to a variable. */
const file = (path: string, rest: object = {}): object => ({
  $secret_ref: { provider: 'files', path, ...rest },
});
const VARIABLE_REFERENCE = { $secret_ref: { provider: 'variables', path: VARIABLE } };

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'effective-secrets-'));
  await mkdir(join(root, 'app'));
  process.env[VARIABLE] = `${SECRET}-variable`;
  api = await TestApi.start({ env: { SECRET_FILE_ROOTS: root } });
  const providers = [
    { alias: 'files', kind: 'file', settings: { directory: root }, path_prefixes: ['app'] },
    { alias: 'variables', kind: 'env', settings: { names: [VARIABLE] }, path_prefixes: [VARIABLE] },
  ];
  for (const provider of providers) made(await api.post(`${CONFIGURATIONS}/secret-providers`, provider));
});

afterAll(async () => {
  await api.stop();
  await rm(root, { recursive: true });
  delete process.env[VARIABLE];
});

const write = async (name: string, content: string, seconds = 1_000): Promise<void> => {
  const path = join(root, 'app', name);
  await writeFile(path, content);
  await utimes(path, seconds, seconds);
};

const revealed = async (tenant: string | null = null): Promise<any[]> => {
  const stream = tenant === null ? '' : `&tenant_id=${tenant}`;
  const { body } = await api.get(`/api/v1/events?types=${REVEALED}&limit=1000${stream}`);
  return body.items;
};

it('shows references, and puts secrets in their places for whoever asks and may', async () => {
  const service_id = aService();
  await write('password', SECRET);
  const values = {
    password: file('app/password'),
    url: 'postgres://app:${config:app.password}@db',
    same: '${config:app.password}',
    port: 5432,
  };
  await aLayer(api, { service_id, values });
  const plain = await effective(api, service_id);
  expect(plain.body.values.app).toMatchObject({ url: values.url, port: 5432 });
  expect(plain.text).not.toContain(SECRET);
  const { status, headers, body } = await effective(api, service_id, RESOLVED);
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body.values.app).toEqual({
    password: SECRET,
    same: SECRET,
    url: `postgres://app:${SECRET}@db`,
    port: 5432,
  });
  expect((await effective(api, service_id)).text).toBe(plain.text);
});

it('takes the secrets of another document for the texts of one alone', async () => {
  const service_id = aService();
  await write('other', SECRET);
  await aLayer(api, { service_id, values: { token: file('app/other'), unused: file('app/not-there') } });
  await aLayer(api, { service_id, name: 'client', values: { header: 'Bearer ${config:app.token}' } });
  const { body } = await effective(api, service_id, { ...RESOLVED, name: 'client' });
  expect(body.values).toEqual({ client: { header: `Bearer ${SECRET}` } });
});

it('needs a permission of its own, with all that is asked besides', async () => {
  const service_id = aService();
  await write('mine', SECRET);
  await aLayer(api, { service_id, values: { password: file('app/mine') } });
  for (const role of ['viewer', 'editor'] as const) {
    const key = await api.key(role, null);
    for (const query of [RESOLVED, { ...RESOLVED, explain: 'true' }]) {
      const refused = await effective(api, service_id, query, { key });
      expect([refused.status, refused.body.code]).toEqual([403, 'permission_denied']);
      expect(refused.text).not.toContain(SECRET);
    }
    expect((await effective(api, service_id, { explain: 'true' }, { key })).status).toBe(200);
  }
});

it('is written down: who, of which configuration, and not what', async () => {
  const [service_id, tenant] = [aService(), aTenant()];
  await write('seen', SECRET);
  const shared = await aLayer(api, { service_id, values: { password: file('app/seen') } });
  const before = (await revealed()).length;
  await effective(api, service_id);
  await effective(api, service_id, { explain: 'true' });
  expect(await revealed()).toHaveLength(before);
  await effective(api, service_id, RESOLVED);
  const events = (await revealed()).slice(before);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    subject: `${service_id}/app/production`,
    data: { id: shared.id, version: 0, actor: 'anonymous', state: null },
  });
  expect(JSON.stringify(events)).not.toContain(SECRET);
  // A tenant's credential writes into its own stream, whoever's the configuration is.
  await effective(api, service_id, RESOLVED, { key: await api.key('admin', tenant) });
  expect((await revealed(tenant)).map(({ data }) => data.id)).toEqual([shared.id]);
});

it('has a tag that follows the versions of the secrets, and none where they have no version', async () => {
  const service_id = aService();
  await write('turned', 'first');
  const { id } = await aLayer(api, { service_id, values: { password: file('app/turned') } });
  const ask = (known?: string) =>
    effective(api, service_id, RESOLVED, known === undefined ? {} : { headers: { 'If-None-Match': known } });
  const first = await ask();
  const etag = first.headers.get('etag') ?? '';
  expect(etag).toBe(`"${first.body.version_tag}"`);
  const same = await ask(etag);
  expect([same.status, same.headers.get('cache-control')]).toEqual([304, 'no-store']);
  await write('turned', 'second', 2_000);
  const second = await ask(etag);
  expect([second.status, second.body.values.app.password]).toEqual([200, 'second']);
  expect(second.headers.get('etag')).not.toBe(etag);
  await api.put(`${CONFIGURATIONS}/${id}`, { values: { password: VARIABLE_REFERENCE }, merge: false });
  const unversioned = await ask(`"${second.body.version_tag}"`);
  expect([unversioned.status, unversioned.body.values.app.password]).toEqual([200, `${SECRET}-variable`]);
  expect(unversioned.headers.get('etag')).toBeNull();
});

it('has another tag when another provider gives the secrets, whose versions may be the same', async () => {
  const [service_id, tenant_id] = [aService(), aTenant()];
  await write('moved', 'first');
  await aLayer(api, { service_id, tenant_id, values: { password: file('app/moved') } });
  const ask = (known?: string) =>
    effective(
      api,
      service_id,
      { ...RESOLVED, tenant_id },
      known ? { headers: { 'If-None-Match': known } } : {},
    );
  const first = await ask();
  const own = {
    tenant_id,
    alias: 'files',
    kind: 'file',
    settings: { directory: root },
    path_prefixes: ['*'],
  };
  made(await api.post(`${CONFIGURATIONS}/secret-providers`, own));
  const second = await ask(first.headers.get('etag') ?? '');
  expect([second.status, second.body.values.app.password]).toEqual([200, 'first']);
  expect((await ask(second.headers.get('etag') ?? '')).status).toBe(304);
});

it('leaves out what may be left out, and else names what cannot be had', async () => {
  const service_id = aService();
  const optional = file('app/never', { on_error: 'omit' });
  const { id } = await aLayer(api, {
    service_id,
    values: { token: optional, url: 'x${config:app.token}', a: 1 },
  });
  const { body } = await effective(api, service_id, RESOLVED);
  expect(body.values).toEqual({ app: { a: 1 } });
  await api.put(`${CONFIGURATIONS}/${id}`, { values: { token: file('app/never') }, merge: false });
  const before = (await revealed()).length;
  const refused = await effective(api, service_id, RESOLVED);
  expect([refused.status, refused.body.code]).toEqual([502, 'secret_unresolvable']);
  expect(refused.text).toContain('app: /token');
  expect(await revealed()).toHaveLength(before);
  expect((await effective(api, service_id)).status).toBe(200);
});

it('explains resolved secrets by their references', async () => {
  const service_id = aService();
  await write('explained', SECRET);
  await aLayer(api, { service_id, environment: 'base', values: { password: file('app/explained') } });
  await aLayer(api, { service_id, values: { password: VARIABLE_REFERENCE } });
  const { body } = await effective(api, service_id, { ...RESOLVED, explain: 'true' });
  expect(body.values.app.password).toBe(`${SECRET}-variable`);
  expect(JSON.stringify(body.explain)).not.toContain(SECRET);
  expect(body.explain['/app/password'].overridden[0].value).toEqual(file('app/explained'));
});

it('keeps no secret: not in the log, not in events', async () => {
  expect(api.log.filter((line) => line.includes(SECRET))).toEqual([]);
  expect((await api.get('/api/v1/events?limit=1000')).text).not.toContain(SECRET);
});
