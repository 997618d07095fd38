import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { eventually, TestApi } from '../api.js';
import type { Reply, Sent } from '../api.js';

const PATH = '/api/v1/metadata';
const LINE_BYTES_MAX = 2_097_152;
const LARGE_BODY_BYTES = 3_000_000;

let api: TestApi;
let owner: pg.Pool;

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

const aTenant = (): string => `t-${randomUUID()}`;
const line = (entry: object): string => `${JSON.stringify(entry)}\n`;

async function create(body: object): Promise<any> {
  const reply = await api.post(PATH, { value: 1, ...body });
  expect(reply.status).toBe(201);
  return reply.body;
}

function send(query: Record<string, string>, body: string, sent: Sent = {}): Promise<Reply> {
  return api.post(`${PATH}/import?${new URLSearchParams(query).toString()}`, body, {
    ...sent,
    headers: { 'Content-Type': 'application/x-ndjson', ...sent.headers },
  });
}

async function keysOf(query: Record<string, string>): Promise<string[]> {
  const { text } = await api.get(`${PATH}/export?${new URLSearchParams(query).toString()}`);
  return text.split('\n').flatMap((each) => (each === '' ? [] : [JSON.parse(each).key]));
}

describe('a line of more than two mebibytes', () => {
  it.each(['merge', 'replace'])('is told by its number, and the others are taken: %s', async (mode) => {
    const tenant_id = aTenant();
    await create({ tenant_id, key: 'other' });
    const many = Array.from({ length: 400 }, (_, index) => line({ key: `k${index}`, value: index }));
    const body = `${many.join('')}${'x'.repeat(LINE_BYTES_MAX + 1)}\n${line({ key: 'last', value: 1 })}`;
    const { status, body: report } = await send({ tenant_id, mode }, body);
    expect([status, report.created, report.deleted, report.failed]).toEqual([200, 401, 0, 1]);
    const detail = `A line has at most ${LINE_BYTES_MAX} bytes.`;
    expect(report.errors).toEqual([{ line: 401, code: 'body_too_large', detail }]);
    expect(await keysOf({ tenant_id })).toHaveLength(402);
  });

  it('is another thing than a large body', async () => {
    const tenant_id = aTenant();
    const body = `${`${' '.repeat(99)}\n`.repeat(LARGE_BODY_BYTES / 100)}${line({ key: 'a', value: 1 })}`;
    expect((await send({ tenant_id }, body)).body).toMatchObject({ created: 1, failed: 0 });
  });
});

describe('a line that names a tenant', () => {
  const OTHER = 'other_tenant';

  it.each([
    ['the one that the import is for', (tenant: string) => tenant, []],
    ['another one', () => aTenant(), [['/tenant_id', OTHER]]],
    ['all', () => null, [['/tenant_id', OTHER]]],
    ['none there can be', () => 7, [['/tenant_id', 'type']]],
  ])('is taken only where it belongs: %s', async (_, named, mistakes) => {
    const tenant_id = aTenant();
    const { body } = await send({ tenant_id }, line({ tenant_id: named(tenant_id), key: 'a', value: 1 }));
    const told = body.errors.flatMap(({ errors }: any) =>
      errors.map(({ pointer, code }: any) => [pointer, code]),
    );
    expect([body.created, told]).toEqual([1 - mistakes.length, mistakes]);
    expect(await keysOf({ tenant_id })).toEqual(mistakes.length === 0 ? ['a'] : []);
  });

  it('is not taken for the entries of all tenants', async () => {
    const [tenant_id, namespace] = [aTenant(), `n-${randomUUID()}`];
    const body = line({ tenant_id, key: 'a', value: 1 }) + line({ tenant_id: null, key: 'b', value: 1 });
    const { body: report } = await send({ namespace }, body);
    expect([report.created, report.errors[0].errors[0].code]).toEqual([1, OTHER]);
    expect([await keysOf({ namespace }), await keysOf({ tenant_id })]).toEqual([['b'], []]);
  });

  it('is not taken for that of the credential', async () => {
    const tenant_id = aTenant();
    const key = await api.key('editor', tenant_id);
    const body = line({ tenant_id: aTenant(), key: 'a', value: 1 }) + line({ tenant_id, key: 'b', value: 1 });
    const { body: report } = await send({}, body, { key });
    expect([report.created, report.errors[0].errors[0].code]).toEqual([1, OTHER]);
  });

  it('is told together with the namespace where both are wrong', async () => {
    const body = line({ tenant_id: aTenant(), namespace: 'two', key: 'a', value: 1 });
    const { body: report } = await send({ tenant_id: aTenant(), namespace: 'one' }, body);
    expect(report.errors[0].errors.map(({ code }: any) => code)).toEqual([OTHER, 'other_namespace']);
  });
});

describe('replacing', () => {
  it.each([
    ['nothing at all', '', {}],
    ['empty lines', '\n \n', {}],
    ['nothing, as a dry run', '', { dry_run: 'true' }],
  ])('is refused with %s', async (_, text, query) => {
    const tenant_id = aTenant();
    await create({ tenant_id, key: 'a' });
    for (const headers of [{}, { 'Idempotency-Key': randomUUID() }] as Record<string, string>[]) {
      const { status, body } = await send({ tenant_id, mode: 'replace', ...query }, text, { headers });
      expect([status, body.code, body.errors]).toEqual([
        400,
        'invalid_input',
        [{ pointer: '', code: 'required', detail: expect.stringContaining('/api/v1/metadata/batch') }],
      ]);
    }
    expect(await keysOf({ tenant_id })).toEqual(['a']);
  });

  it('is content when somebody else takes an entry away meanwhile', async () => {
    const tenant_id = aTenant();
    const gone = await create({ tenant_id, key: 'gone' });
    await create({ tenant_id, key: 'other' });
    const client = await owner.connect();
    await client.query('begin');
    await client.query('delete from metadata.entry where id = $1', [gone.id]);
    const replacing = send({ tenant_id, mode: 'replace' }, line({ key: 'a', value: 1 }));
    await eventually(
      async () =>
        (
          await owner.query(`select 1 from pg_stat_activity where datname = current_database()
            and application_name = 'metastore' and wait_event_type = 'Lock'`)
        ).rowCount,
      (count) => count === 1,
    );
    await client.query('commit');
    client.release();
    const { status, body } = await replacing;
    expect([status, body.created, body.deleted, body.failed]).toEqual([200, 1, 1, 0]);
    expect(await keysOf({ tenant_id })).toEqual(['a']);
  });
});
