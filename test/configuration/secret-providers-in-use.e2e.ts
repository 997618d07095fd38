import { randomUUID } from 'node:crypto';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import { SecretResolver } from '../../libs/configuration/application/secret-resolver.js';
import { eventually, TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { Written } from '../metadata/written.js';
import { aProvider, at, outcome } from './secret-providers.js';

let api: TestApi;
let written: Written;

beforeAll(async () => {
  api = await TestApi.start();
  written = new Written(api.database.url);
});

afterAll(async () => {
  await written.close();
  await api.stop();
});

describe('a provider that is referred to', () => {
  const stored = async (tenant: string, document: object, refs: readonly object[] = []): Promise<string> => {
    const id = randomUUID();
    await written.query(
      `insert into configuration.configuration (id, tenant, version, service, name, environment, document, secret_refs,
         final_keys, is_active, search_text, created_at, updated_at, created_by, updated_by)
       values ($1, $2, 1, $5, 'database', 'base', $3, $4, '{}', true, '', now(), now(), 'test', 'test')`,
      [id, tenant, JSON.stringify(document), JSON.stringify(refs), `s-${id}`],
    );
    return id;
  };
  const reference = (provider: string | null): object => ({
    a: [{ b: { $secret_ref: { provider, path: 'x' } } }],
  });

  it('stays, and says by whom it is used', async () => {
    const inValues = await aProvider(api);
    const inList = await aProvider(api);
    const tenant = `t-${randomUUID()}`;
    const users = [
      await stored('_shared', reference(inValues.alias)),
      await stored(tenant, { a: null }, [{ key: 'a', provider: inList.alias, path: 'x' }]),
    ];
    for (const [index, made] of [inValues, inList].entries()) {
      const { status, body } = await api.delete(at(made));
      expect([status, body.code]).toEqual([409, 'provider_in_use']);
      expect(body.used_by.map(({ configuration_id: id }: any) => id)).toEqual([users[index]]);
    }
    await written.query('delete from configuration.configuration where id = any ($1)', [users]);
    for (const made of [inValues, inList]) expect((await api.delete(at(made))).status).toBe(204);
  });

  it('is that of the tenant where the tenant has one of the alias, and the shared one elsewhere', async () => {
    const tenant = `t-${randomUUID()}`;
    const shared = await aProvider(api);
    const own = await aProvider(api, { alias: shared.alias, tenant_id: tenant });
    const user = await stored(tenant, reference(shared.alias));
    expect((await api.delete(at(own))).body.used_by).toEqual([
      {
        configuration_id: user,
        service_id: `s-${user}`,
        name: 'database',
        environment: 'base',
        tenant_id: tenant,
      },
    ]);
    expect((await api.delete(at(shared))).status).toBe(204);
  });

  it('is the default one where no alias is named', async () => {
    const tenant = `t-${randomUUID()}`;
    const made = await aProvider(api, { tenant_id: tenant, is_default: true });
    await stored(tenant, reference(null));
    expect((await api.delete(at(made))).body.code).toBe('provider_in_use');
    await api.patch(at(made), { is_default: false });
    expect((await api.delete(at(made))).status).toBe(204);
  });

  it('is not taken away while somebody who refers to it is being saved', async () => {
    const made = await aProvider(api);
    const { alias } = made;
    const system = <T>(work: () => Promise<T>): Promise<T> => api.part(CallContext).runAsSystem('test', work);
    let deletion: Promise<Reply> | undefined;
    const waiting = async (): Promise<number> =>
      (
        await written.query(
          `select 1 from pg_locks where locktype = 'advisory' and not granted
             and database = (select oid from pg_database where datname = current_database())`,
        )
      ).length;
    await system(() =>
      api.part(Database).run(async () => {
        const asked = {
          provider: alias,
          path: 'METASTORE_TEST_SECRET',
          field: null,
          version: null,
          onError: 'fail',
        } as const;
        await api.part(SecretResolver).expectAllowed(null, [{ reference: asked, pointer: '/values/a' }]);
        deletion = api.delete(at(made));
        await eventually(waiting, (locks) => locks > 0);
        await api.part(Database).transaction.query({
          text: `insert into configuration.configuration (id, tenant, version, service, name, environment, document,
                   secret_refs, final_keys, is_active, search_text, created_at, updated_at, created_by, updated_by)
                 values ($1, '_shared', 1, $1::uuid::text, 'database', 'base', $2, '[]', '{}', true, '', now(), now(), 't', 't')`,
          values: [randomUUID(), JSON.stringify(reference(alias))],
        });
      }),
    );
    expect(outcome((await deletion) as Reply)).toEqual([409, 'provider_in_use']);
  });
});
