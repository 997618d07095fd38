import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { Written } from '../metadata/written.js';
import { anAlias, aProvider, at, outcome, PROVIDERS, REDACTED, ROLE, VAULT } from './secret-providers.js';

let api: TestApi;
let written: Written;

beforeAll(async () => {
  api = await TestApi.start({ env: { SECRET_FILE_ROOTS: '/srv/secrets' } });
  written = new Written(api.database.url);
});

afterAll(async () => {
  await written.close();
  await api.stop();
});

const post = (body: object): Promise<Reply> => api.post(PROVIDERS, { alias: anAlias(), ...body });
const sealedOf = async (id: string): Promise<unknown> =>
  (await written.query<any>('select credentials from configuration.secret_provider where id = $1', [id]))[0]
    ?.credentials;

describe('a secret provider', () => {
  it('is registered, with its credentials not shown', async () => {
    const alias = anAlias();
    const reply = await api.post(PROVIDERS, { alias, tenant_id: 'acme', ...VAULT, description: 'Ours' });
    expect(reply.status).toBe(201);
    expect(reply.headers.get('location')).toBe(`${PROVIDERS}/${alias}?tenant_id=acme`);
    expect(reply.headers.get('etag')).toBe('"1"');
    expect(reply.body).toMatchObject({
      ...{ alias, kind: 'vault', tenant_id: 'acme', version: 1, is_default: false, description: 'Ours' },
      settings: {
        ...{ address: 'https://vault.example', namespace: null, mount: 'secret' },
        auth: { ...ROLE, secret_id: REDACTED },
      },
      path_prefixes: ['teams/{tenant_id}'],
    });
    expect((await api.get(at(reply.body))).body).toEqual(reply.body);
    expect(await sealedOf(reply.body.id)).toMatch(/^v1\.test\./);
    const history = 'select snapshot from platform.change_log where aggregate_id = $1';
    const [{ snapshot }] = (await written.query<any>(history, [reply.body.id])) as [any];
    expect([snapshot.alias, 'credentials' in snapshot]).toEqual([alias, false]);
  });

  it('has the usual settings where it says nothing of them', async () => {
    const kubernetes = { address: 'http://vault:8200/behind', auth: { method: 'kubernetes', role: 'r' } };
    const failed = await post({ ...VAULT, settings: kubernetes });
    expect(outcome(failed)).toEqual([400, 'invalid_input', '/settings/auth/jwt_path path_forbidden']);
    const auth = { ...kubernetes.auth, jwt_path: '/srv/secrets/token' };
    const made = await aProvider(api, { ...VAULT, settings: { ...kubernetes, auth } });
    expect(made.settings.auth).toEqual({ ...auth, mount: 'kubernetes' });
    const aws = await aProvider(api, {
      kind: 'aws-secrets-manager',
      settings: { region: 'eu-west-1' },
      path_prefixes: ['*'],
    });
    expect(aws.settings).toEqual({ region: 'eu-west-1', endpoint: null, auth: { method: 'default' } });
    expect((await aProvider(api)).path_prefixes).toEqual(['*']);
    expect(await sealedOf(aws.id)).toBeNull();
  });

  it('may be registered twice in the same words under an id of its own', async () => {
    const body = { id: randomUUID(), alias: anAlias(), ...VAULT };
    const replies = [await api.post(PROVIDERS, body), await api.post(PROVIDERS, body)];
    expect(replies.map(({ status }) => status)).toEqual([201, 200]);
    expect(replies[1]?.body).toEqual(replies[0]?.body);
    const auth = { ...ROLE, secret_id: 'other' };
    const other = await api.post(PROVIDERS, { ...body, settings: { ...VAULT.settings, auth } });
    expect(outcome(other)).toEqual([409, 'id_conflict']);
  });

  it('has its alias alone among those of its owner', async () => {
    const own = await aProvider(api, { tenant_id: 'acme' });
    const again = await post({ alias: own.alias, tenant_id: 'acme', ...VAULT });
    expect([again.status, again.body.code, again.body.conflicting_id]).toEqual([
      409,
      'provider_alias_taken',
      own.id,
    ]);
    const shared = await aProvider(api, { alias: own.alias });
    const found = async (tenant: string): Promise<string> =>
      (await api.get(`${PROVIDERS}/${own.alias}?tenant_id=${tenant}`)).body.id;
    expect([await found('acme'), await found('globex')]).toEqual([own.id, shared.id]);
  });

  it('is the default one alone among those of its owner', async () => {
    const tenant_id = `t-${randomUUID()}`;
    const first = await aProvider(api, { tenant_id, is_default: true });
    const second = await aProvider(api, { tenant_id });
    const taken = await api.patch(at(second), { is_default: true });
    expect([taken.status, taken.body.code, taken.body.conflicting_id]).toEqual([
      409,
      'provider_default_taken',
      first.id,
    ]);
    expect((await api.patch(at(first), { is_default: false })).body.is_default).toBe(false);
    expect((await api.patch(at(second), { is_default: true })).body).toMatchObject({
      is_default: true,
      version: 2,
    });
  });

  it('is listed with the shared ones', async () => {
    const tenant_id = `t-${randomUUID()}`;
    const own = await aProvider(api, { tenant_id });
    const shared = await aProvider(api);
    const page = await api.get(`${PROVIDERS}?tenant_id=${tenant_id}&limit=1000&include_total=true`);
    const ids = page.body.items.map(({ id }: any) => id);
    expect(ids).toEqual(expect.arrayContaining([own.id, shared.id]));
    expect(page.body.total).toBe(ids.length);
    const others = await api.get(`${PROVIDERS}?limit=1000`);
    expect(others.body.items.map(({ id }: any) => id)).not.toContain(own.id);
  });
});

describe('a change of a provider', () => {
  it('keeps what is not named, and credentials that are not shown', async () => {
    const made = await aProvider(api, { ...VAULT, tenant_id: 'acme' });
    const before = await sealedOf(made.id);
    const changed = await api.put(at(made), {
      ...{ alias: made.alias, kind: 'vault' },
      settings: made.settings,
      description: 'New',
    });
    expect(changed.body).toMatchObject({ version: 2, settings: made.settings, description: 'New' });
    expect(await sealedOf(made.id)).not.toBe(before); // Sealed anew for this version.
    expect((await api.put(at(made), {})).body.version).toBe(2);
    const merged = await api.patch(at(made), { settings: { mount: 'kv' }, description: null });
    expect(merged.body).toMatchObject({
      version: 3,
      settings: { ...made.settings, mount: 'kv' },
      description: null,
    });
    expect((await api.patch(at(made), { settings: { mount: null } })).body.settings.mount).toBe('secret');
  });

  it('signs in otherwise with nothing of the way before', async () => {
    const made = await aProvider(api, VAULT);
    const settings = { auth: { method: 'token', token: 'hvs.x' } };
    expect((await api.patch(at(made), { settings })).body.settings.auth).toEqual({
      method: 'token',
      token: REDACTED,
    });
    const back = await api.patch(at(made), { settings: { auth: { method: 'approle', role_id: 'r' } } });
    expect(outcome(back)).toEqual([400, 'invalid_input', '/settings/auth/secret_id required']);
  });

  it('never sends a stored credential to another address', async () => {
    const made = await aProvider(api, VAULT);
    const address = 'https://elsewhere.example';
    for (const reply of [
      await api.patch(at(made), { settings: { address } }),
      await api.put(at(made), { settings: { ...made.settings, address } }),
    ])
      expect(outcome(reply)).toEqual([400, 'invalid_input', '/settings/auth/secret_id redacted']);
    const auth = { secret_id: 'second' };
    expect((await api.patch(at(made), { settings: { address, auth } })).body.settings.address).toBe(address);
  });

  it('heeds If-Match', async () => {
    const made = await aProvider(api);
    const stale = { headers: { 'If-Match': '"2"' } };
    for (const reply of [
      await api.put(at(made), { description: 'x' }, stale),
      await api.patch(at(made), { description: 'x' }, stale),
      await api.delete(at(made), stale),
    ])
      expect([reply.status, reply.body.current_version]).toEqual([412, 1]);
  });

  it('is made of the owner’s own, and never falls back to a shared one', async () => {
    const shared = await aProvider(api);
    const foreign = `${PROVIDERS}/${shared.alias}?tenant_id=acme`;
    for (const reply of [await api.put(foreign, {}), await api.delete(foreign)])
      expect(outcome(reply)).toEqual([404, 'secret_provider_not_found']);
    expect((await api.get(foreign)).body.id).toBe(shared.id);
  });
});

describe('who administers providers', () => {
  it('are administrators of the installation alone', async () => {
    const made = await aProvider(api, { tenant_id: 'acme' });
    const calls = (key: string): Promise<Reply>[] => [
      api.post(PROVIDERS, { nothing: 'right' }, { key }),
      api.get(PROVIDERS, { key }),
      api.get(at(made), { key }),
      api.put(at(made), { nothing: 'right' }, { key }),
      api.patch(at(made), {}, { key }),
      api.delete(at(made), { key }),
      api.post(at(made, '/test'), undefined, { key }),
    ];
    const bound = await Promise.all(calls(await api.key('admin', 'acme')));
    for (const reply of bound) expect(outcome(reply)).toEqual([403, 'tenant_forbidden']);
    const editors = await Promise.all(calls(await api.key('editor', null)));
    for (const reply of editors) expect(outcome(reply)).toEqual([403, 'permission_denied']);
  });

  it('learn from events where providers lead, and others that they are there', async () => {
    const made = await aProvider(api, { ...VAULT, tenant_id: `t-${randomUUID()}` });
    const states = async (key: string): Promise<any[]> => {
      const { body } = await api.get(`/api/v1/events?tenant_id=${made.tenant_id}&limit=1000`, { key });
      const own = body.items.filter(({ type }: any) => type.includes('.secret_provider.'));
      return own.map(({ data }: any) => data.state);
    };
    expect(await states(await api.key('admin', null))).toEqual([made]);
    const { id, tenant_id, version, alias, kind } = made;
    for (const key of [await api.key('admin', tenant_id), await api.key('viewer', null)])
      expect(await states(key)).toEqual([{ id, tenant_id, version, alias, kind }]);
  });
});
