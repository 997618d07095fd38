import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';

const PATH = '/api/v1/metadata';
const BATCH = `${PATH}/batch`;
const EVENTS = '/api/v1/events';
const OPERATIONS_MAX = 500;

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const aKey = (): string => `k-${randomUUID()}`;
const aTenant = (): string => `t-${randomUUID()}`;

async function create(body: object = {}): Promise<any> {
  const reply = await api.post(PATH, { key: aKey(), value: 1, ...body });
  expect(reply.status).toBe(201);
  return reply.body;
}

const run = (mode: string, operations: unknown[]): Promise<Reply> => api.post(BATCH, { mode, operations });

async function entriesOf(tenant: string): Promise<any[]> {
  const { body } = await api.get(`${PATH}?tenant_id=${tenant}&limit=1000`);
  return body.items.filter((item: any) => item.tenant_id === tenant);
}

async function eventsOf(tenant: string): Promise<any[]> {
  return (await api.get(`${EVENTS}?tenant_id=${tenant}&limit=1000`)).body.items;
}

const places = ({ body }: Reply): unknown[] =>
  body.errors.map(({ pointer, code }: any) => [pointer, code]).sort();

describe('a partial batch', () => {
  it('does what is possible and gives each of the others its problem', async () => {
    const tenant = aTenant();
    const taken = await create({ tenant_id: tenant });
    const [id, key] = [randomUUID(), aKey()];
    const nobody = randomUUID();
    const reply = await run('partial', [
      { op: 'create', tenant_id: tenant, key: taken.key, value: 1 },
      { op: 'create', id, tenant_id: tenant, key, value: 1 },
      { op: 'update', id: nobody, value: 2 },
      { op: 'update', id: taken.id, value: 2, if_version: 9 },
      { op: 'update', id: taken.id, value: 2, if_version: 1 },
      { op: 'create', tenant_id: tenant, key: 'ok', value: 1, tags: ['a', ' '] },
      null,
      { op: 'create', id, tenant_id: tenant, key, value: 1 },
    ]);
    expect([reply.status, reply.body.mode]).toEqual([207, 'partial']);
    expect(
      reply.body.results.map((result: any) => [result.index, result.status, result.id, result.problem?.code]),
    ).toEqual([
      [0, 409, undefined, 'metadata_key_taken'],
      [1, 201, id, undefined],
      [2, 404, undefined, 'metadata_not_found'],
      [3, 412, undefined, 'stale_version'],
      [4, 200, taken.id, undefined],
      [5, 400, undefined, 'invalid_input'],
      [6, 400, undefined, 'invalid_input'],
      [7, 200, id, undefined],
    ]);
    const problems = reply.body.results.map((result: any) => result.problem);
    expect(problems[0]).toMatchObject({
      type: 'urn:metastore:problem:metadata_key_taken',
      status: 409,
      conflicting_id: taken.id,
      request_id: reply.headers.get('x-request-id'),
    });
    expect(problems[3]).toMatchObject({ current_version: 1 });
    expect(problems[5].errors.map((error: any) => error.pointer)).toEqual(['/operations/5/tags/1']);
    expect(await entriesOf(tenant)).toMatchObject([
      ...[taken, { id, key }].sort((a, b) => (a.key < b.key ? -1 : 1)).map((entry) => ({ id: entry.id })),
    ]);
  });

  it('makes a revision and an event of each operation that was done, without gaps', async () => {
    const tenant = aTenant();
    const taken = await create({ tenant_id: tenant });
    const operation = (key: string) => ({ op: 'create', tenant_id: tenant, key, value: 1 });
    await run('partial', [
      operation(aKey()),
      operation(taken.key),
      operation(aKey()),
      operation('1 bad'),
      operation(aKey()),
    ]);
    const events = await eventsOf(tenant);
    expect(events.map(({ revision }) => revision)).toEqual([1, 2, 3, 4]);
  });

  it('takes the same key twice: the second sees the first', async () => {
    const tenant = aTenant();
    const named = { tenant_id: tenant, key: aKey() };
    const { body } = await run('partial', [
      { op: 'create', ...named, value: 1 },
      { op: 'create', ...named, value: 2 },
      { op: 'update', ...named, value: 3 },
    ]);
    expect(body.results.map((result: any) => result.status)).toEqual([201, 409, 200]);
    expect(body.results[1].problem.conflicting_id).toBe(body.results[0].id);
    expect(await entriesOf(tenant)).toMatchObject([{ value: 3, version: 2 }]);
  });
});

describe('the request of a batch', () => {
  it.each(['atomic', 'partial'])(
    'has at most 500 operations: %s',
    async (mode) => {
      const tenant = aTenant();
      const operations = Array.from({ length: OPERATIONS_MAX }, (_, index) => ({
        op: 'create',
        tenant_id: tenant,
        key: `k${index}`,
        value: index,
      }));
      const tooMany = await run(mode, [...operations, { op: 'create', key: 'more', value: 1 }]);
      expect([tooMany.status, places(tooMany)]).toEqual([400, [['/operations', 'too_many']]]);
      expect(await entriesOf(tenant)).toEqual([]);
      const { body } = await run(mode, operations);
      expect(body.results.map((result: any) => result.status)).toEqual(operations.map(() => 201));
      expect((await entriesOf(tenant)).map((entry) => entry.value).sort((a, b) => a - b)).toEqual(
        operations.map(({ value }) => value),
      );
    },
    30_000,
  );

  it('is checked before anything is done', async () => {
    for (const [body, pointer] of [
      [{ mode: 'some', operations: [] }, '/mode'],
      [{ mode: 'atomic' }, '/operations'],
      [{ operations: {} }, '/operations'],
      [{ operations: [], dry_run: true }, '/dry_run'],
    ] as const) {
      const reply = await api.post(BATCH, body);
      expect([reply.status, reply.body.errors.map((error: any) => error.pointer)]).toEqual([400, [pointer]]);
    }
    const large = await run('partial', [{ op: 'create', key: aKey(), value: 'x'.repeat(1_048_576) }]);
    expect(large.status).toBe(413);
    const other = await api.post(BATCH, '{}', { headers: { 'Content-Type': 'text/plain' } });
    expect(other.status).toBe(415);
  });
});
