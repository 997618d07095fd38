import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aKey, aTenant, Entries, ENTRIES, places } from './entries.js';

const BATCH = `${ENTRIES}/batch`;
const OPERATIONS_MAX = 500;

let api: TestApi;
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

describe('a partial batch', () => {
  it('does what is possible and gives each of the others its problem', async () => {
    const tenant = aTenant();
    const taken = await entries.create({ tenant_id: tenant });
    const [id, key] = [randomUUID(), aKey()];
    const nobody = randomUUID();
    const reply = await entries.batch('partial', [
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
    expect(await entries.of(tenant)).toMatchObject([
      ...[taken, { id, key }].sort((a, b) => (a.key < b.key ? -1 : 1)).map((entry) => ({ id: entry.id })),
    ]);
  });

  it('makes a revision and an event of each operation that was done, without gaps', async () => {
    const tenant = aTenant();
    const taken = await entries.create({ tenant_id: tenant });
    const operation = (key: string) => ({ op: 'create', tenant_id: tenant, key, value: 1 });
    await entries.batch('partial', [
      operation(aKey()),
      operation(taken.key),
      operation(aKey()),
      operation('1 bad'),
      operation(aKey()),
    ]);
    const events = await entries.eventsOf(tenant);
    expect(events.map(({ revision }) => revision)).toEqual([1, 2, 3, 4]);
  });

  it('takes the same key twice: the second sees the first', async () => {
    const tenant = aTenant();
    const named = { tenant_id: tenant, key: aKey() };
    const { body } = await entries.batch('partial', [
      { op: 'create', ...named, value: 1 },
      { op: 'create', ...named, value: 2 },
      { op: 'update', ...named, value: 3 },
    ]);
    expect(body.results.map((result: any) => result.status)).toEqual([201, 409, 200]);
    expect(body.results[1].problem.conflicting_id).toBe(body.results[0].id);
    expect(await entries.of(tenant)).toMatchObject([{ value: 3, version: 2 }]);
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
      const tooMany = await entries.batch(mode, [...operations, { op: 'create', key: 'more', value: 1 }]);
      expect([tooMany.status, places(tooMany)]).toEqual([400, [['/operations', 'too_many']]]);
      expect(await entries.of(tenant)).toEqual([]);
      const { body } = await entries.batch(mode, operations);
      expect(body.results.map((result: any) => result.status)).toEqual(operations.map(() => 201));
      expect((await entries.of(tenant)).map((entry) => entry.value).sort((a, b) => a - b)).toEqual(
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
    const large = await entries.batch('partial', [
      { op: 'create', key: aKey(), value: 'x'.repeat(1_048_576) },
    ]);
    expect(large.status).toBe(413);
    const other = await api.post(BATCH, '{}', { headers: { 'Content-Type': 'text/plain' } });
    expect(other.status).toBe(415);
  });
});
