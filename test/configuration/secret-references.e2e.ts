import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import { SecretResolver } from '../../libs/configuration/application/secret-resolver.js';
import { SecretSources } from '../../libs/configuration/infrastructure/secrets/secret-sources.js';
import { TestApi } from '../api.js';
import { aProvider, aVaultProvider, outcome, PROVIDERS, questionFor, resolve } from './secret-providers.js';
import type { Question } from './secret-providers.js';
import { VaultServer } from './vault-server.js';

let api: TestApi;
let vault: VaultServer;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

beforeEach(async () => {
  vault = await VaultServer.start();
});

afterEach(() => vault.close());

const aVault = (body: object = {}): Promise<any> => aVaultProvider(api, vault, body);

describe('the log-in of a provider', () => {
  it('is forgotten with the provider, and kept alive without being asked', async () => {
    const token = vault.token({ ttl: 1, isRenewable: true });
    const made = await aVault({ settings: { address: vault.url, auth: { method: 'token', token } } });
    vault.write('app/db', { password: 'one' });
    await resolve(api, { provider: made.alias, field: 'password' });
    const keepAlive = (): Promise<void> =>
      api.part(CallContext).runAsSystem('test', () => api.part(SecretSources).keepAlive());
    const renewed = (): number => vault.timesAsked('/v1/auth/token/renew-self');
    while (renewed() === 0) await keepAlive();
    await api.delete(`${PROVIDERS}/${made.alias}`);
    await keepAlive();
    const before = vault.arrived.length;
    expect((await api.post(`${PROVIDERS}/${made.alias}/test`)).status).toBe(404);
    expect(vault.arrived).toHaveLength(before);
  });
});

describe('a configuration that is saved', () => {
  const check = (tenant: string | null, ...asked: readonly Question[]): Promise<void> =>
    api.part(CallContext).runAsSystem('test', () =>
      api.part(Database).run(() =>
        api.part(SecretResolver).expectAllowed(
          tenant,
          asked.map((one, index) => ({ reference: questionFor(one).reference, pointer: `/values/${index}` })),
        ),
      ),
    );

  it('refers to providers that are there, and to paths that they let through', async () => {
    const { alias: provider } = await aVault({ path_prefixes: ['teams/{tenant_id}'] });
    const { alias: env } = await aProvider(api);
    await check(
      'acme',
      { provider, path: 'teams/acme/db' },
      { provider: env, path: 'METASTORE_TEST_SECRET' },
    );
    await check('acme');
    const refusal = check(
      null,
      { provider, path: 'teams/acme/db' },
      { provider: 'nobody', path: 'x' },
      { path: 'x' },
      { provider, path: 'teams/../x' },
      { provider: env, path: 'OTHER' },
    );
    await expect(refusal).rejects.toMatchObject({
      code: 'invalid_input',
      violations: [
        { pointer: '/values/0', code: 'path_forbidden' },
        { pointer: '/values/1', code: 'provider_unknown' },
        { pointer: '/values/2', code: 'provider_unknown' },
        { pointer: '/values/3', code: 'path_forbidden' },
        { pointer: '/values/4', code: 'path_forbidden' },
      ],
    });
    expect(vault.arrived).toEqual([]);
  });
});

describe('a trial of a provider', () => {
  it('tells what is wrong in our own words', async () => {
    const { alias } = await aVault({
      settings: { address: vault.url, auth: { method: 'token', token: 'hvs.wrong' } },
    });
    const reply = await api.post(`${PROVIDERS}/${alias}/test`);
    expect(reply.body).toMatchObject({
      ok: false,
      detail: 'login_failed: The provider does not let the service in.',
    });
    expect(outcome(await api.post(`${PROVIDERS}/${alias}-2/test`))).toEqual([
      404,
      'secret_provider_not_found',
    ]);
  });
});
