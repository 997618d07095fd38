import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aConfiguration, aService, aTenant, at, CONFIGURATIONS, inHours, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const PROPERTIES = 'text/x-java-properties';
const PLAIN = 'text/plain';

const placeOf = (service: string): string => `service_id=${service}&name=database&environment=production`;

const exportOf = (query: string): Promise<Reply> => api.get(`${CONFIGURATIONS}/export?${query}`);

const importInto = (query: string, text: string, type: string): Promise<Reply> =>
  api.post(`${CONFIGURATIONS}/import?${query}`, text, { headers: { 'Content-Type': type } });

const VALUES = {
  host: 'db.example.com',
  port: 5432,
  pin: '0042',
  zip: '10115',
  pool: { size: 20, hosts: ['a', { b: null }], none: [], rest: {} },
  motd: 'It’s\ntwo "lines" # or so',
};

it.each([
  ['properties', 'format=properties', PROPERTIES, ''],
  ['dotenv', 'format=dotenv', PLAIN, '&format=dotenv'],
])(
  'exports the values of one configuration as %s, and imports them as they were',
  async (_, asked, type, format) => {
    const [service, other] = [aService(), aService()];
    await aConfiguration(api, { service_id: service, values: VALUES });
    await aConfiguration(api, { service_id: service, values: { a: 1 }, effective_from: inHours(-1) });
    const exported = await exportOf(`${placeOf(service)}&${asked}`);
    expect([exported.status, exported.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
    const again = await importInto(`${placeOf(service)}${format}`, exported.text, type);
    expect(again.body).toMatchObject({ created: 0, updated: 0, unchanged: 1 });
    const created = await importInto(`${placeOf(other)}${format}`, exported.text, type);
    expect(created.body).toMatchObject({ created: 1 });
    const { body } = await api.get(at(created.body.items[0]));
    expect(body).toMatchObject({
      values: VALUES,
      is_active: true,
      effective_from: null,
      effective_until: null,
    });
  },
);

it('replaces the values of a configuration, and leaves the rest of it', async () => {
  const service = aService();
  const stored = await aConfiguration(api, {
    ...{ service_id: service, values: { a: 1, old: true }, description: 'Stays', final_keys: ['a'] },
  });
  const window = await aConfiguration(api, { service_id: service, effective_from: inHours(1) });
  const { body } = await importInto(placeOf(service), 'a=2\nb.c=x', PROPERTIES);
  expect(body).toMatchObject({ created: 0, updated: 1, unchanged: 0, deleted: 0 });
  expect((await api.get(at(stored))).body).toMatchObject({
    ...{ values: { a: 2, b: { c: 'x' } }, description: 'Stays', final_keys: ['a'], version: 2 },
  });
  expect((await api.get(at(window))).body.version).toBe(1);
});

it('says what it would do, and does not do it', async () => {
  const service = aService();
  const stored = await aConfiguration(api, { service_id: service, values: { a: 1 } });
  const { body } = await importInto(`${placeOf(service)}&dry_run=true`, 'a=2', PROPERTIES);
  expect(body).toMatchObject({
    ...{ dry_run: true, updated: 1 },
    items: [{ id: stored.id, diff: [{ op: 'replace', path: '/values/a', value: 2 }] }],
    affected: [{ diff: [{ op: 'replace', path: '/a', value: 2 }] }],
  });
  expect((await api.get(at(stored))).body.values).toEqual({ a: 1 });
});

it('takes types as they look, or all as texts', async () => {
  const text = 'A=1\nB="1"\nC=007\nD=true\nE=null';
  const valuesOf = async (query: string): Promise<any> => {
    const { body } = await importInto(`${placeOf(aService())}&format=dotenv${query}`, text, PLAIN);
    return (await api.get(at(body.items[0]))).body.values;
  };
  expect(await valuesOf('')).toEqual({ a: 1, b: '1', c: '007', d: true, e: null });
  expect(await valuesOf('&types=text&names=keep')).toEqual({
    A: '1',
    B: '1',
    C: '007',
    D: 'true',
    E: 'null',
  });
});

it('reads YAML that is called text', async () => {
  const service = aService();
  const yaml = `configurations:\n- {service_id: ${service}, name: database, environment: base, values: {a: 1}}`;
  expect((await importInto('format=yaml', yaml, PLAIN)).body.created).toBe(1);
});

it('tells all mistakes of a text by their lines, and stores nothing', async () => {
  const service = aService();
  const query = placeOf(service);
  const errorsOf = async (text: string, type = PROPERTIES, rest = ''): Promise<unknown[]> => {
    const { status, body } = await importInto(`${query}${rest}`, text, type);
    return [status, ...body.errors.map(({ line, pointer, code }: any) => `${line} ${pointer} ${code}`)];
  };
  expect(await errorsOf('a=1\nb[=2\na.b=3\na=\\u12')).toEqual([
    ...[400, '2  malformed_key', '4  malformed_escape', '3 /values/a contradiction'],
  ]);
  expect(await errorsOf('a=1\n__proto__.x=1\nb.c=\\u0000\nb.d=\\ud800')).toEqual([
    400,
    '2 /values/__proto__ forbidden_key',
    '3 /values/b/c nul_character',
    '4 /values/b/d lone_surrogate',
  ]);
  expect(await errorsOf("A=1\nnot a line\nB='", PLAIN, '&format=dotenv')).toEqual([
    ...[400, '2  malformed_line', '3  open_quote'],
  ]);
  expect(await errorsOf(`a=${'x'.repeat(300_000)}`)).toEqual([400, expect.stringContaining('/values ')]);
  expect((await exportOf(`service_id=${service}`)).body.configurations).toEqual([]);
});

it('says which values a format cannot say', async () => {
  const service = aService();
  const values = { 'log-level': 1, fine: 2, secret: { $secret_ref: 'x' }, text: '\'"`\n' };
  await aConfiguration(api, { service_id: service, values: { ...values, secret: { $x: 1 } } });
  const reply = await exportOf(`${placeOf(service)}&format=dotenv`);
  expect(outcome(reply)).toEqual([422, 'format_too_narrow']);
  expect(mistakes(reply)).toEqual(['/values/log-level name', '/values/secret/$x name', '/values/text text']);
  expect((await exportOf(`${placeOf(service)}&format=properties`)).status).toBe(200);
});

it('says what it does not take', async () => {
  const service = aService();
  expect(mistakes(await exportOf('format=dotenv'))).toEqual([
    '/environment required',
    '/name required',
    '/service_id required',
  ]);
  expect(outcome(await exportOf(`${placeOf(service)}&format=properties`))).toEqual([
    404,
    'configuration_not_found',
  ]);
  expect(mistakes(await exportOf(`format=toml`))).toEqual(['/format choice']);
  expect(mistakes(await exportOf(`names=keep`))).toEqual(['/names not_applicable']);
  const mistakesOf = async (query: string, type = PROPERTIES): Promise<string[]> =>
    mistakes(await importInto(query, 'a=1', type));
  expect(await mistakesOf('')).toEqual(['/environment required', '/name required', '/service_id required']);
  expect(await mistakesOf('', PLAIN)).toEqual(['/format required']);
  expect(await mistakesOf('format=dotenv')).toEqual(['/format contradiction']);
  expect(await mistakesOf('format=json', PLAIN)).toEqual(['/format required']);
  expect(await mistakesOf(`${placeOf(service)}&mode=replace&names=keep`)).toEqual([
    '/mode not_applicable',
    '/names not_applicable',
  ]);
  const json = await api.post(`${CONFIGURATIONS}/import?types=text&format=yaml`, { configurations: [] });
  expect(mistakes(json)).toEqual(['/format contradiction']);
});

it('takes the media types that it names, in UTF-8, of at most 1 MiB', async () => {
  const query = placeOf(aService());
  const unknown = await importInto(query, 'a=1', 'application/toml');
  expect(outcome(unknown)).toEqual([415, 'unsupported_media_type']);
  expect(outcome(await importInto('', '{}\n', 'application/x-ndjson'))).toEqual([
    415,
    'unsupported_media_type',
  ]);
  expect((await importInto(query, 'a=1', 'text/x-java-properties; charset=utf-8')).status).toBe(200);
  const large = await importInto(query, `a=${'x'.repeat(1_048_577)}`, PROPERTIES);
  expect(outcome(large)).toEqual([413, 'body_too_large']);
  const latin = await api.post(`${CONFIGURATIONS}/import?${query}`, undefined, {
    headers: { 'Content-Type': PROPERTIES, 'Content-Encoding': 'gzip' },
  });
  expect(latin.status).toBe(415);
  const bytes = new Uint8Array([0x61, 0x3d, 0xe4]);
  const notUtf8 = await api.post(`${CONFIGURATIONS}/import?${query}`, bytes, {
    headers: { 'Content-Type': PROPERTIES },
  });
  expect([notUtf8.status, mistakes(notUtf8)]).toEqual([400, [' invalid_utf8']]);
  const elsewhere = await api.post(CONFIGURATIONS, 'a: 1', {
    headers: { 'Content-Type': 'application/yaml' },
  });
  expect(outcome(elsewhere)).toEqual([415, 'unsupported_media_type']);
});

it('keeps to the tenant of the credential', async () => {
  const [service, own, other] = [aService(), aTenant(), aTenant()];
  const key = await api.key('editor', own);
  const headers = { 'Content-Type': PROPERTIES };
  const send = (query: string): Promise<Reply> =>
    api.post(`${CONFIGURATIONS}/import?${placeOf(service)}${query}`, 'a=1', { headers, key });
  expect(outcome(await send(`&tenant_id=${other}`))).toEqual([403, 'tenant_forbidden']);
  expect((await send('')).body.created).toBe(1);
  await aConfiguration(api, { service_id: service, values: { shared: 1 } });
  const exported = await api.get(`${CONFIGURATIONS}/export?${placeOf(service)}&format=properties`, { key });
  expect(exported.text).toBe('a=1\n');
});
