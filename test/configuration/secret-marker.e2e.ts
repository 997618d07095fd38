import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecurityAudit } from '#platform/auth';
import { eventually, TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { finderOf } from '../marker.js';
import { Written } from '../metadata/written.js';
import { AwsServer } from './aws-server.js';
import { status } from './contract-server.js';
import { aBody, aService, CONFIGURATIONS } from './made.js';
import { anAlias, PROVIDERS } from './secret-providers.js';
import { VaultServer } from './vault-server.js';

/** Nothing else looks like it, in whatever form it is written. */
const MARKER = `mark${randomBytes(12).toString('hex')}`;
const VARIABLE = 'METASTORE_TEST_MARKER';
const TENANT = `t-${randomUUID()}`;
const SERVICE = aService();

let root: string;
let api: TestApi;
let written: Written;
let vault: VaultServer;
let aws: AwsServer;
/** Every answer to whoever did not ask for secrets. */
const answers: Reply[] = [];
/** Those to whoever did. */
const revealed: Reply[] = [];
const holds = finderOf(MARKER);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'secrets-'));
  await writeFile(join(root, 'password'), MARKER);
  process.env[VARIABLE] = MARKER;
  vault = await VaultServer.start();
  vault.write('app/db', { password: MARKER });
  vault.role('orders', MARKER);
  aws = await AwsServer.start();
  aws.write('app/db', { SecretString: JSON.stringify({ password: MARKER }) });
  api = await TestApi.start({ env: { SECRET_FILE_ROOTS: root } });
  written = new Written(api.database.url);
  await plant();
  await api.part(SecurityAudit).flush();
});

afterAll(async () => {
  await written.close();
  for (const each of [api, vault, aws]) await (each instanceof TestApi ? each.stop() : each.close());
  await rm(root, { recursive: true });
  delete process.env[VARIABLE];
});

async function ask(method: string, path: string, body?: unknown, headers = {}): Promise<Reply> {
  const reply = await api.request(method, path, { ...(body !== undefined && { body }), headers });
  answers.push(reply);
  return reply;
}

/** One provider of each kind and of each way to sign in; whatever is secret of it holds the marker. */
const bodies = (): object[] => [
  {
    kind: 'vault',
    settings: { address: vault.url, auth: { method: 'approle', role_id: 'orders', secret_id: MARKER } },
  },
  { kind: 'vault', settings: { address: vault.url, auth: { method: 'token', token: `hvs.${MARKER}` } } },
  {
    kind: 'aws-secrets-manager',
    settings: {
      ...{ region: 'eu-central-1', endpoint: aws.url },
      auth: { method: 'static', access_key_id: 'AKIAEXAMPLE', secret_access_key: MARKER },
    },
  },
  { kind: 'file', settings: { directory: root } },
  { kind: 'env', settings: { names: [VARIABLE] } },
];

async function plant(): Promise<void> {
  const aliases: string[] = [];
  for (const body of bodies()) {
    const alias = anAlias();
    aliases.push(alias);
    const whole = { alias, path_prefixes: ['*'], tenant_id: TENANT, ...body };
    const headers = { 'Idempotency-Key': randomUUID() };
    expect((await ask('POST', PROVIDERS, whole, headers)).status).toBe(201);
    await ask('POST', PROVIDERS, whole, headers);
    await ask('POST', PROVIDERS, whole);
    const path = `${PROVIDERS}/${alias}?tenant_id=${TENANT}`;
    await ask('PUT', path, { ...body, description: 'New' });
    await ask('PATCH', path, { ...body, description: 'Newer' });
    await ask('PUT', path, { ...body, other: MARKER }, { 'If-Match': '"1"' });
    await ask('GET', path);
    await ask('POST', `${PROVIDERS}/${alias}/test?tenant_id=${TENANT}`);
  }
  await misplace();
  await use(aliases);
  for (const path of [`${PROVIDERS}?tenant_id=${TENANT}`, `/api/v1/events?limit=1000&tenant_id=${TENANT}`])
    await ask('GET', path);
  for (const path of ['/metrics', '/health', '/api/v1/events?limit=1000']) await ask('GET', path);
}

/** Requests that are refused while they carry the secret. */
async function misplace(): Promise<void> {
  const auth = { method: 'token', token: `${MARKER}\n` };
  const refused = [
    { kind: 'vault', settings: { address: vault.url, auth } },
    { kind: 'vault', settings: { address: `https://${MARKER}@vault.example`, auth } },
    { kind: 'vault', settings: { address: vault.url, auth: { method: MARKER, token: MARKER } } },
    { kind: MARKER, settings: { token: MARKER } },
    { kind: 'env', settings: { names: [VARIABLE] }, is_default: MARKER, tenant_id: `${MARKER}!` },
  ];
  for (const body of refused) {
    const reply = await ask('POST', PROVIDERS, { alias: anAlias(), path_prefixes: ['*'], ...body });
    expect(reply.status).toBe(400);
  }
}

const REFERENCES = [
  { path: 'app/db', field: 'password', on_error: 'stale' },
  { path: 'app/db', field: 'password', on_error: 'omit' },
  { path: 'app/db', field: 'password', on_error: 'stale' },
  { path: 'password', on_error: 'stale' },
  { path: VARIABLE },
];

/** A configuration that refers to all of them, read with its secrets and without, and while the providers fail. */
async function use(aliases: readonly string[]): Promise<void> {
  const entries = aliases.map((provider, index) => [
    `s${index}`,
    { $secret_ref: { provider, ...REFERENCES[index] } },
  ]);
  const values = { ...Object.fromEntries(entries), url: 'https://u:${config:database.s0}@host' };
  const body = aBody({ service_id: SERVICE, tenant_id: TENANT, values });
  expect((await ask('POST', CONFIGURATIONS, body)).status).toBe(201);
  const path = `${CONFIGURATIONS}/effective/${SERVICE}?environment=production&tenant_id=${TENANT}`;
  const both = async (): Promise<void> => {
    for (const more of ['', '&explain=true', `&at=${new Date().toISOString()}`])
      await ask('GET', path + more);
    revealed.push(await api.get(`${path}&resolve_secrets=true`));
  };
  await both();
  vault.break('/v1/secret', status(503, { errors: [`Vault is sealed ${MARKER}`] }));
  aws.errors.set('app/db', { type: 'DecryptionFailure', message: MARKER });
  await both();
  vault.break('/', status(403, { errors: [MARKER] }));
  delete process.env[VARIABLE];
  answers.push(await api.get(`${path}&resolve_secrets=true`));
  for (const alias of aliases) await ask('POST', `${PROVIDERS}/${alias}/test?tenant_id=${TENANT}`);
}

describe('a secret of a provider', () => {
  it('is really there, for whoever asks for it', () => {
    expect(revealed.map(({ status: code, text }) => [code, holds(text)])).toEqual([
      [200, true],
      [200, true],
    ]);
    const { s0, s2, s3, s4, url } = revealed[0]!.body.values.database;
    expect([s0, s2, s3, s4, url]).toEqual([MARKER, MARKER, MARKER, MARKER, `https://u:${MARKER}@host`]);
    expect(revealed.map(({ headers }) => headers.get('cache-control'))).toEqual(['no-store', 'no-store']);
    const last = answers.find(({ status: code }) => code === 502);
    expect(last?.body.code).toBe('secret_unresolvable');
  });

  it('is found in no answer, of whatever kind, and in no header', () => {
    expect(answers.length).toBeGreaterThan(50);
    expect(answers.filter(({ status: code }) => code === 500)).toEqual([]);
    const texts = answers.map(({ text, headers }) => text + JSON.stringify([...headers]));
    expect(texts.filter(holds)).toEqual([]);
    expect(revealed.map(({ headers }) => JSON.stringify([...headers])).filter(holds)).toEqual([]);
  });

  it('is found in no log line', async () => {
    await eventually(
      () => Promise.resolve(api.log.filter((line) => line.includes('"route"')).length),
      (lines) => lines >= answers.length + revealed.length,
    );
    expect(api.log.some((line) => line.includes('an older one'))).toBe(true);
    expect(api.log.filter(holds)).toEqual([]);
  });

  it('lies in no table', async () => {
    const tables = await written.tables();
    expect(tables).toEqual(expect.arrayContaining(['configuration.secret_provider', 'platform.idempotency']));
    const found: string[] = [];
    for (const table of tables) {
      const rows = await written.rowsOf(table);
      found.push(...rows.filter(holds).map((row) => `${table}: ${row}`));
    }
    expect(found).toEqual([]);
    const sealed = await written.query(
      'select id from configuration.secret_provider where credentials is not null',
    );
    expect(sealed).toHaveLength(3);
  });
});
