import { randomBytes, randomUUID } from 'node:crypto';
import { SecurityAudit } from '#platform/auth';
import { eventually, TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { finderOf } from '../marker.js';
import { aKey, ENTRIES } from './entries.js';
import { Written } from './written.js';

/** Nothing else looks like it, in whatever form it is written. */
const MARKER = `mark${randomBytes(12).toString('hex')}`;
const IMPORT = { headers: { 'Content-Type': 'application/x-ndjson' } };

let api: TestApi;
let written: Written;
/** Every answer that was given to whoever did not ask to see secrets. */
const answers: Reply[] = [];
const planted: string[] = [];
/** What was answered to requests that carried the secret in vain. */
let refusals: number[];

beforeAll(async () => {
  api = await TestApi.start();
  written = new Written(api.database.url);
  await plant();
  refusals = await misplace();
  await readAll();
  await api.part(SecurityAudit).flush();
});

afterAll(async () => {
  await written.close();
  await api.stop();
});

const holds = finderOf(MARKER);

async function ask(
  method: string,
  path: string,
  sent: Parameters<TestApi['request']>[2] = {},
): Promise<Reply> {
  const reply = await api.request(method, path, sent);
  answers.push(reply);
  return reply;
}

const secret = (more: object = {}): object => ({
  key: aKey(),
  value: MARKER,
  is_secret: true,
  ...more,
});

/** Every way in which a secret comes in, and what is done with it afterwards. */
async function plant(): Promise<void> {
  const values = [
    { value: MARKER },
    { value: { password: [MARKER] } },
    { value: `key: ${MARKER}`, content_type: 'yaml' },
    { value: MARKER, content_type: 'text' },
    { value: Buffer.from(MARKER).toString('base64'), content_type: 'binary' },
  ];
  for (const value of values) {
    const body = secret({ ...value, tags: ['t'], tenant_id: 'acme' });
    const sent = { body, headers: { 'Idempotency-Key': randomUUID() } };
    const made = await ask('POST', ENTRIES, sent);
    expect([made.status, (await ask('POST', ENTRIES, sent)).headers.get('idempotency-replayed')]).toEqual([
      201,
      'true',
    ]);
    planted.push(made.body.id);
  }
  const open = await ask('POST', ENTRIES, { body: secret({ value: 'before' }) });
  const { id } = open.body;
  planted.push(id);
  await ask('PUT', `${ENTRIES}/${id}`, { body: { value: `${MARKER} put` } });
  await ask('PATCH', `${ENTRIES}/${id}`, { body: { value: `${MARKER} patch` } });
  await ask('PUT', `${ENTRIES}/${id}`, { body: { value: MARKER } });
  await ask('POST', `${ENTRIES}/${id}/rollback/2`, { body: {} });
  const upserted = await ask('PUT', `${ENTRIES}/key/upserted`, { body: { value: MARKER, is_secret: true } });
  const operations = [
    { op: 'create', ...secret() },
    { op: 'update', id, value: { marker: MARKER } },
  ];
  const batch = { body: { operations }, headers: { 'Idempotency-Key': randomUUID() } };
  const batched = await ask('POST', `${ENTRIES}/batch`, batch);
  await ask('POST', `${ENTRIES}/batch`, batch);
  planted.push(upserted.body.id, batched.body.results[0].id);
  const lines = [JSON.stringify(secret({ key: 'imported' })), JSON.stringify(secret({ key: 'bad key' }))];
  const imported = await ask('POST', `${ENTRIES}/import`, { body: lines.join('\n'), ...IMPORT });
  expect(imported.body).toMatchObject({ created: 1, failed: 1 });
  await ask('POST', `${ENTRIES}/import?dry_run=true`, { body: JSON.stringify(secret()), ...IMPORT });
  const hidden = await ask('POST', ENTRIES, {
    body: secret({ is_secret: false, is_encrypted: true, value: 'x' }),
  });
  await ask('PUT', `${ENTRIES}/${hidden.body.id}`, { body: { value: MARKER, is_secret: true } });
  planted.push(hidden.body.id, (await ask('GET', `${ENTRIES}/key/imported`)).body.id);
}

/** Requests that are refused while they carry the secret; the status of each. */
async function misplace(): Promise<number[]> {
  const post = async (body: unknown, headers = {}): Promise<number> =>
    (await ask('POST', ENTRIES, { body, headers })).status;
  const text = (value: string): string => `{"key":"k","is_secret":true,"value":${value}}`;
  const reused = randomUUID();
  await post(secret({ value: 1 }), { 'Idempotency-Key': reused });
  const taken = { key: 'upserted', value: MARKER, is_secret: true };
  const id = planted[0] ?? '';
  const batch = {
    operations: [
      { op: 'create', ...secret({ content_type: 'xml' }) },
      { op: 'update', id, if_version: 99, value: MARKER },
    ],
  };
  return [
    await post(secret({ key: '1 bad', content_type: 'xml', tags: 7, other: MARKER })),
    await post(
      secret({
        is_secret: MARKER,
        is_encrypted: MARKER,
        expires_at: MARKER,
        id: MARKER,
        tenant_id: { a: MARKER },
      }),
    ),
    await post(secret({ content_type: 'binary', value: `${MARKER}!` })),
    await post(secret({ content_type: 'text', value: { a: MARKER } })),
    await post(secret({ content_type: 'yaml', value: `a: *${MARKER}` })),
    await post(secret({ content_type: 'yaml', value: `!x!${MARKER} a` })),
    await post(secret({ content_type: 'yaml', value: `|${MARKER}\n a` })),
    await post(secret({ content_type: 'yaml', value: `%YAML ${MARKER}\n---\na` })),
    await post(secret({ content_type: 'yaml', value: `{a: ${MARKER}, a: ${MARKER}` })),
    await post(text(`"${MARKER}`)),
    await post(text(`"${MARKER}"x`)),
    await post(text(MARKER)),
    await post(text(`"${MARKER}\\u0000"`)),
    await post(text(`"${MARKER}\\ud800"`)),
    await post(text(`[{"a":"${MARKER}","a":"${MARKER}"}]`)),
    await post(text(`"${MARKER}${'x'.repeat(1_100_000)}"`)),
    await post(text(`"${MARKER}"`), { 'Content-Type': 'text/plain' }),
    await post(Buffer.concat([Buffer.from(text(`"${MARKER}`)), Buffer.from([0xff])])),
    await post(taken),
    await post(secret({ id })),
    await post(secret(), { 'Idempotency-Key': reused }),
    (await ask('PUT', `${ENTRIES}/${id}`, { body: { value: MARKER }, headers: { 'If-Match': '"99"' } }))
      .status,
    (await ask('PUT', `${ENTRIES}/${randomUUID()}`, { body: { value: MARKER } })).status,
    (await ask('POST', `${ENTRIES}/batch`, { body: batch })).status,
    (await ask('GET', `${ENTRIES}/${id}`, { key: MARKER })).status,
    (await ask('PATCH', `${ENTRIES}/${id}`, { body: { is_secret: false } })).status,
  ];
}

/** Everything that can be asked without asking for secrets. */
async function readAll(): Promise<void> {
  for (const id of planted) {
    for (const rest of [
      '',
      '/versions',
      '/versions/1',
      '/versions/2',
      '/versions/1/diff/2',
      '/versions/2/diff/3',
    ]) {
      await ask('GET', `${ENTRIES}/${id}${rest}`);
    }
  }
  for (const tenant of ['', 'tenant_id=acme']) {
    for (const path of ['', '/export', '/tags', '/namespaces'])
      await ask('GET', `${ENTRIES}${path}?${tenant}`);
    await ask('GET', `${ENTRIES}?q=${MARKER}&${tenant}`);
    const events = await ask('GET', `/api/v1/events?limit=1000&${tenant}`);
    expect(events.body.items.length).toBeGreaterThan(4);
  }
  for (const path of ['upserted', 'upserted/raw', 'imported']) await ask('GET', `${ENTRIES}/key/${path}`);
  for (const path of ['/metrics', '/health', '/health/ready', '/api/v1/openapi.json']) await ask('GET', path);
}

describe('a secret that came in every way there is', () => {
  it('is really there', async () => {
    expect(planted).toHaveLength(10);
    for (const id of planted) {
      const { status, text } = await api.get(`${ENTRIES}/${id}?reveal=true`);
      expect([status, holds(text)]).toEqual([200, true]);
    }
    expect(refusals.filter((status) => status < 400 || status >= 500)).toEqual([]);
  });

  it('is found in no answer, of whatever kind', () => {
    const texts = answers.map(({ text, headers }) => text + JSON.stringify([...headers]));
    expect(texts.filter(holds)).toEqual([]);
  });

  it('is found in no log line', async () => {
    await eventually(
      () => Promise.resolve(api.log.filter((line) => line.includes('"route"')).length),
      (lines) => lines >= answers.length,
    );
    expect(api.log.filter(holds)).toEqual([]);
  });

  it('lies in no table', async () => {
    const tables = await written.tables();
    expect(tables).toEqual(
      expect.arrayContaining(['metadata.entry', 'platform.change_log', 'platform.idempotency']),
    );
    const found: string[] = [];
    for (const table of tables) {
      const rows = await written.rowsOf(table);
      found.push(...rows.filter(holds).map((row) => `${table}: ${row}`));
    }
    expect(found).toEqual([]);
    expect((await written.rowsOf('platform.idempotency')).length).toBeGreaterThan(5);
    expect(await written.query('select id from metadata.entry where id = any ($1)', [planted])).toHaveLength(
      planted.length,
    );
  });

  it('would be found if it were there, in each form', async () => {
    const other = `other${randomBytes(12).toString('hex')}`;
    const isFound = finderOf(other);
    const open = await api.post(ENTRIES, { key: 'open', value: `${other} open` });
    expect(isFound(open.text)).toBe(true);
    for (const table of ['metadata.entry', 'platform.change_log']) {
      expect((await written.rowsOf(table)).filter(isFound)).toHaveLength(1);
    }
    for (const offset of [0, 1, 2, 3, 4, 5]) {
      const around = Buffer.from(`${'y'.repeat(offset)}${other} and more`);
      const written64 = around.toString('base64');
      expect([offset, isFound(written64), isFound(around.toString('hex'))]).toEqual([offset, true, true]);
    }
  });
});
