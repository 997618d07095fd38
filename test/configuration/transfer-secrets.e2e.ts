import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { counts, exportOf, importInto, YAML } from './documents.js';
import { aConfiguration, aService, at, CONFIGURATIONS } from './made.js';
import { aProvider } from './secret-providers.js';

const SECRET = 'marker-of-a-secret-that-nobody-shows';
const VARIABLE = 'METASTORE_TRANSFER_SECRET';

let api: TestApi;

beforeAll(async () => {
  process.env[VARIABLE] = SECRET;
  api = await TestApi.start();
  const settings = { names: [VARIABLE] };
  await aProvider(api, { alias: 'variables', kind: 'env', settings, path_prefixes: [VARIABLE] });
});

afterAll(async () => {
  delete process.env[VARIABLE];
  await api.stop();
});

const PLACED = { provider: 'variables', path: VARIABLE, on_error: 'stale' };
const REF = {
  ...{ key: 'credentials.password', vault_path: VARIABLE, vault_key: null, provider: 'variables' },
  ...{ version: null, on_error: 'omit' },
};

/** A secret in the list, and one in its place. */
const withSecrets = (service: string, environment: string): Promise<any> =>
  aConfiguration(api, {
    ...{ service_id: service, environment, secret_refs: [REF] },
    values: { host: 'db', token: { $secret_ref: PLACED } },
  });

const compare = (service: string): Promise<Reply> =>
  api.get(`${CONFIGURATIONS}/compare?service_id=${service}&left=staging&right=production`);

it.each(['json', 'yaml'])('takes secrets out and in as references, as %s', async (format) => {
  const service = aService();
  const stored = await withSecrets(service, 'staging');
  const { text } = await api.get(`${CONFIGURATIONS}/export?service_id=${service}&format=${format}`);
  expect(text).not.toContain(SECRET);
  const headers = format === 'yaml' ? YAML : {};
  expect(counts(await importInto(api, '', text, { headers }))).toEqual([0, 0, 1, 0]);
  await api.delete(at(stored));
  const again = await importInto(api, '', text, { headers });
  expect(counts(again)).toEqual([1, 0, 0, 0]);
  const [item] = (await exportOf(api, `service_id=${service}`)).configurations;
  expect(item).toMatchObject({ secret_refs: [REF], values: { host: 'db', token: { $secret_ref: PLACED } } });
});

it('takes secrets in their places out and in as properties, and leaves those of the list', async () => {
  const service = aService();
  await withSecrets(service, 'staging');
  const place = `service_id=${service}&name=database&environment=staging`;
  const { text } = await api.get(`${CONFIGURATIONS}/export?${place}&format=properties`);
  expect(text).toContain(`token.$secret_ref.path=${VARIABLE}\n`);
  const headers = { 'Content-Type': 'text/x-java-properties' };
  expect(counts(await importInto(api, place, text, { headers }))).toEqual([0, 0, 1, 0]);
  const [item] = (await exportOf(api, `service_id=${service}`)).configurations;
  expect(item.secret_refs).toEqual([REF]);
});

it('promotes and compares secrets as references', async () => {
  const service = aService();
  await withSecrets(service, 'staging');
  const promoted = await api.post(`${CONFIGURATIONS}/promote`, {
    service_id: service,
    from: 'staging',
    to: 'production',
  });
  expect(promoted.body.items[0]).toMatchObject({ status: 'created' });
  expect((await api.get(at(promoted.body.items[0]))).body).toMatchObject({
    ...{ secret_refs: [REF], secret_keys: ['credentials.password', 'token'] },
  });
  expect((await compare(service)).body).toMatchObject({ names: {}, same: ['database'] });
  await api.patch(at(promoted.body.items[0]), {
    values: { token: { $secret_ref: { ...PLACED, version: '2' } } },
  });
  const { body, text } = await compare(service);
  expect(body.names.database).toEqual([{ op: 'add', path: '/token/$secret_ref/version', value: '2' }]);
  expect(text + promoted.text).not.toContain(SECRET);
});
