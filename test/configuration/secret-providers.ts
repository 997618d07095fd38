import { randomUUID } from 'node:crypto';
import { SecretResolver } from '../../libs/configuration/application/secret-resolver.js';
import type { ResolvedSecret, SecretQuestion } from '../../libs/configuration/application/secret-resolver.js';
import { CallContext } from '#platform/context';
import type { Reply, TestApi } from '../api.js';
import type { VaultServer } from './vault-server.js';

export const PROVIDERS = '/api/v1/configurations/secret-providers';

/** Stands for a credential that is not shown. */
export const REDACTED = '***REDACTED***';
export const ROLE = { method: 'approle', mount: 'approle', role_id: 'orders', secret_id: 'first' };
/** What is said of a provider of the kind `vault`. */
export const VAULT = {
  kind: 'vault',
  settings: { address: 'https://vault.example', auth: ROLE },
  path_prefixes: ['teams/{tenant_id}'],
};

/** An alias that nothing has. */
export const anAlias = (): string => `p-${randomUUID()}`;

/** A provider that was just registered: of variables, unless it says otherwise. */
export async function aProvider(api: TestApi, body: object = {}): Promise<any> {
  const usual = { alias: anAlias(), kind: 'env', settings: { names: ['METASTORE_TEST_SECRET'] } };
  const { status, text, body: made } = await api.post(PROVIDERS, { ...usual, ...body });
  if (status !== 201) throw new Error(text);
  return made;
}

/** A provider of secrets in this Vault, that lets every path through unless it says otherwise. */
export function aVaultProvider(api: TestApi, vault: VaultServer, body: object = {}): Promise<any> {
  const settings = { address: vault.url, auth: { method: 'token', token: vault.token() } };
  return aProvider(api, { kind: 'vault', settings, path_prefixes: ['*'], ...body });
}

/** The path of a provider that was made. */
export const at = ({ alias, tenant_id: tenant }: any, rest = ''): string =>
  `${PROVIDERS}/${alias}${rest}${tenant === null ? '' : `?tenant_id=${tenant}`}`;

/** The part of a question that a test is about. */
export type Question = Partial<SecretQuestion['reference']> & { readonly tenant?: string | null };

export const questionFor = ({ tenant = null, ...reference }: Question): SecretQuestion => ({
  tenant,
  key: `database: /${reference.path ?? 'app/db'}`,
  reference: { provider: null, path: 'app/db', field: null, version: null, onError: 'fail', ...reference },
});

/** Asks in the name of the installation. */
export const resolve = (
  api: TestApi,
  ...questions: readonly Question[]
): Promise<readonly (ResolvedSecret | null)[]> =>
  api
    .part(CallContext)
    .runAsSystem('test', () => api.part(SecretResolver).resolve(questions.map(questionFor)));

/** Status and code of an answer, and the places of what is wrong. */
export const outcome = ({ status, body }: Reply): unknown[] => [
  ...[status, body?.code],
  ...(body?.errors ?? []).map(({ pointer, code }: any) => `${pointer} ${code}`).sort(),
];
