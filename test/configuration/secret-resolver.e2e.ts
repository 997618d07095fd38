import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretUnresolvable } from '../../libs/configuration/domain/secret-errors.js';
import { TestApi } from '../api.js';
import { AwsServer } from './aws-server.js';
import { FAULTS, status } from './contract-server.js';
import { aProvider, aVaultProvider, PROVIDERS, resolve } from './secret-providers.js';
import type { Question } from './secret-providers.js';
import { VaultServer } from './vault-server.js';

const VARIABLE = 'METASTORE_TEST_SECRET';

let root: string;
let api: TestApi;
let vault: VaultServer;
let aws: AwsServer;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'secrets-'));
  api = await TestApi.start({ env: { SECRET_FILE_ROOTS: root } });
});

afterAll(async () => {
  await api.stop();
  await rm(root, { recursive: true });
  delete process.env[VARIABLE];
});

beforeEach(async () => {
  vault = await VaultServer.start();
  aws = await AwsServer.start();
  process.env[VARIABLE] = 'of a variable';
});

afterEach(async () => {
  await vault.close();
  await aws.close();
});

const aVault = (body: object = {}): Promise<any> => aVaultProvider(api, vault, body);

/** The places and causes of the refusal. */
async function causes(...questions: readonly Question[]): Promise<unknown> {
  const refusal: unknown = await resolve(api, ...questions).catch((error: unknown) => error);
  if (!(refusal instanceof SecretUnresolvable)) throw new Error(`Not refused: ${String(refusal)}`);
  return refusal.unresolved.map(({ key, cause }) => `${key} ${cause}`);
}

describe('secrets', () => {
  it('are fetched from each kind of provider, in the order in which they were asked for', async () => {
    vault.write('app/db', { password: 'of Vault' });
    const id = aws.write('app/db', { SecretString: '{"password":"of AWS"}' });
    await writeFile(join(root, 'password'), 'of a file\n');
    const auth = { method: 'static', access_key_id: 'AKIAEXAMPLE', secret_access_key: 'x' };
    const settings = { region: 'eu-central-1', endpoint: aws.url, auth };
    const cloud = await aProvider(api, { kind: 'aws-secrets-manager', settings, path_prefixes: ['app'] });
    const folder = await aProvider(api, {
      kind: 'file',
      settings: { directory: root },
      path_prefixes: ['*'],
    });
    const variables = await aProvider(api);
    const kept = await aVault();
    const secrets = await resolve(
      api,
      { provider: variables.alias, path: VARIABLE },
      { provider: kept.alias, field: 'password' },
      { provider: folder.alias, path: 'password' },
      { provider: cloud.alias, field: 'password' },
    );
    expect(secrets).toMatchObject([
      { value: 'of a variable', version: null },
      { value: 'of Vault', version: '1' },
      { value: 'of a file', version: expect.stringMatching(/^[0-9a-f]{16}$/) },
      { value: 'of AWS', version: id },
    ]);
    for (const { alias } of [cloud, folder, variables, kept]) {
      const { body } = await api.post(`${PROVIDERS}/${alias}/test`);
      expect(body).toEqual({ ok: true, detail: expect.any(String), latency_ms: expect.any(Number) });
    }
  });

  it('are fetched once each in a request, and anew in the next one', async () => {
    vault.write('app/db', { user: 'u', password: 'one' });
    const { alias: provider } = await aVault();
    const both = [
      { provider, field: 'user' },
      { provider, field: 'password' },
      { provider, field: 'password', version: '1' },
    ];
    const values = async (): Promise<unknown[]> =>
      (await resolve(api, ...both)).map((secret) => secret?.value);
    expect(await values()).toEqual(['u', 'one', 'one']);
    expect(vault.timesAsked('/v1/secret/data/app/db')).toBe(2);
    vault.write('app/db', { user: 'u', password: 'two' });
    expect(await values()).toEqual(['u', 'two', 'one']);
    expect(vault.timesAsked('/v1/secret/data/app/db')).toBe(4);
  });

  it('are fetched by many from one provider with one log-in', async () => {
    vault.role('orders', 'proof');
    const auth = { method: 'approle', role_id: 'orders', secret_id: 'proof' };
    const { alias: provider } = await aVault({ settings: { address: vault.url, auth } });
    const paths = Array.from({ length: 30 }, (_, index) => `app/${index}`);
    for (const path of paths) vault.write(path, { x: path });
    const asked = paths.map((path) => ({ provider, path, field: 'x' }));
    const secrets = await Promise.all([resolve(api, ...asked), resolve(api, ...asked)]);
    for (const each of secrets) expect(each.map((secret) => secret?.value)).toEqual(paths);
    expect(vault.timesAsked('/v1/auth/approle/login')).toBe(1);
  });

  it('of another log-in are fetched as soon as the provider is changed', async () => {
    vault.write('app/db', { password: 'one' });
    const { alias: provider } = await aVault({
      settings: { address: vault.url, auth: { method: 'token', token: 'hvs.wrong' } },
    });
    const asked = { provider, field: 'password' };
    expect(await causes(asked)).toEqual(['database: /app/db forbidden']);
    await api.patch(`${PROVIDERS}/${provider}`, { settings: { auth: { token: vault.token() } } });
    expect((await resolve(api, asked))[0]?.value).toBe('one');
  });
});

describe('the provider of a reference', () => {
  const by = (path: string): Promise<any> => aProvider(api, { settings: { names: [VARIABLE, path] } });

  it('is the tenant’s own of that alias, else the shared one; of what is shared always the shared one', async () => {
    const { alias } = await by('SHARED');
    await aProvider(api, { alias, tenant_id: 'acme', settings: { names: ['OWN'] } });
    process.env['OWN'] = 'own';
    process.env['SHARED'] = 'shared';
    const value = async (tenant: string | null, path: string): Promise<unknown> =>
      (await resolve(api, { tenant, provider: alias, path, onError: 'omit' }))[0]?.value;
    expect([await value('acme', 'OWN'), await value('acme', 'SHARED')]).toEqual(['own', undefined]);
    expect([await value('globex', 'OWN'), await value('globex', 'SHARED')]).toEqual([undefined, 'shared']);
    expect([await value(null, 'OWN'), await value(null, 'SHARED')]).toEqual([undefined, 'shared']);
    delete process.env['OWN'];
    delete process.env['SHARED'];
  });

  it('is the default one where none is named', async () => {
    expect(await causes({ path: VARIABLE })).toEqual([`database: /${VARIABLE} provider_unknown`]);
    const { alias } = await aProvider(api, { tenant_id: 'initech', is_default: true });
    expect((await resolve(api, { tenant: 'initech', path: VARIABLE }))[0]?.value).toBe('of a variable');
    expect(await causes({ tenant: 'other', path: VARIABLE })).toEqual([
      `database: /${VARIABLE} provider_unknown`,
    ]);
    await api.delete(`${PROVIDERS}/${alias}?tenant_id=initech`);
  });

  it('lets through what is below its prefixes alone, and nobody else’s part of them', async () => {
    vault.write('teams/acme/db', { x: '1' });
    const { alias: provider } = await aVault({ path_prefixes: ['teams/{tenant_id}', 'common/a'] });
    const asked = (tenant: string | null, path: string): Question => ({ tenant, provider, path, field: 'x' });
    expect((await resolve(api, asked('acme', 'teams/acme/db')))[0]?.value).toBe('1');
    for (const [tenant, path] of [
      ['globex', 'teams/acme/db'],
      ['acm', 'teams/acme/db'],
      [null, 'teams/acme/db'],
      [null, 'teams/{tenant_id}/db'],
      ['acme', 'common/ab'],
      ['acme', 'teams/acme/../globex/db'],
    ] as const)
      expect(await causes(asked(tenant, path))).toEqual([`database: /${path} path_forbidden`]);
    expect(vault.timesAsked('/v1/secret')).toBe(1);
  });
});

describe('a secret that cannot be had', () => {
  it('refuses the whole, and names all of them with their causes', async () => {
    const { alias: provider } = await aVault();
    vault.write('app/db', { password: 'one' });
    vault.write('app/gone', { password: 'one' });
    vault.delete('app/gone', 'softly');
    const refusal = causes(
      { provider, field: 'password' },
      { provider, field: 'user' },
      { provider, field: null },
      { provider, path: 'app/gone', field: 'password' },
      { provider, path: 'app/never', field: 'password' },
      { provider: 'nobody', path: 'app/never' },
    );
    expect(await refusal).toEqual([
      ...[
        'database: /app/db field_missing',
        'database: /app/db field_missing',
        'database: /app/gone deleted',
      ],
      ...['database: /app/never not_found', 'database: /app/never provider_unknown'],
    ]);
  });

  it('is told on the wire as 502, with the place and the cause and nothing else', async () => {
    const { alias: provider } = await aVault();
    vault.break('/v1/secret', status(503, { errors: ['Vault is sealed'] }));
    const refusal = (await resolve(api, { provider }).catch((error: unknown) => error)) as SecretUnresolvable;
    expect([refusal.kind, refusal.code]).toEqual(['bad-gateway', 'secret_unresolvable']);
    expect(refusal.facts).toEqual({
      errors: [{ pointer: 'database: /app/db', code: 'sealed', detail: 'The provider is sealed.' }],
    });
  });

  it('is not waited for again and again where its provider is away', async () => {
    const { alias: provider } = await aVault();
    vault.break('/v1/secret', FAULTS.reset);
    const paths = Array.from({ length: 40 }, (_, index) => `app/${index}`);
    const told = await causes(...paths.map((path) => ({ provider, path })));
    expect(told).toEqual(paths.map((path) => `database: /${path} unreachable`));
    expect(vault.timesAsked('/v1/secret')).toBeLessThanOrEqual(8);
  });

  it('is left out where the reference says so', async () => {
    const { alias: provider } = await aVault();
    vault.break('/', FAULTS.reset);
    const asked = [{ provider }, { provider: 'nobody' }].map((each) => ({
      ...each,
      onError: 'omit' as const,
    }));
    expect(await resolve(api, ...asked)).toEqual([null, null]);
  });

  it('is the last one that was fetched where the reference says so, and there was one', async () => {
    const made = await aVault();
    const asked = { provider: made.alias, field: 'password', onError: 'stale' } as const;
    vault.write('app/db', { password: 'one' });
    vault.break('/v1/secret', FAULTS.reset);
    expect(await causes(asked)).toEqual(['database: /app/db unreachable']);
    vault.break('/v1/secret', null);
    const fresh = await resolve(api, asked);
    vault.write('app/db', { password: 'two' });
    vault.break('/v1/secret', FAULTS.reset);
    expect(await resolve(api, asked)).toEqual(fresh);
    expect(await causes({ ...asked, field: 'user' })).toEqual(['database: /app/db unreachable']);
    expect(await causes({ ...asked, onError: 'fail' })).toEqual(['database: /app/db unreachable']);
    vault.break('/v1/secret', null);
    expect((await resolve(api, asked))[0]?.value).toBe('two');
  });

  it('is not an old one any more when the provider was changed, or does not let it through', async () => {
    const made = await aVault({ path_prefixes: ['app', 'other'] });
    const asked = { provider: made.alias, field: 'password', onError: 'stale' } as const;
    vault.write('app/db', { password: 'one' });
    await resolve(api, asked);
    await api.patch(`${PROVIDERS}/${made.alias}`, { path_prefixes: ['other'] });
    expect(await causes(asked)).toEqual(['database: /app/db path_forbidden']);
    await api.patch(`${PROVIDERS}/${made.alias}`, { path_prefixes: ['app'] });
    vault.break('/v1/secret', FAULTS.reset);
    expect(await causes(asked)).toEqual(['database: /app/db unreachable']);
  });
});
