import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aBody, aConfiguration, aService, aTenant, at, CONFIGURATIONS, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const batch = (mode: string, operations: unknown[], query = '', sent = {}) =>
  api.post(`${CONFIGURATIONS}/batch${query}`, { mode, operations }, sent);
const results = (body: any): unknown[] =>
  body.results.map(({ index, status, version, problem }: any) => [index, status, version, problem?.code]);
const create = (body: object = {}): object => ({ op: 'create', ...aBody(body) });
const namesOf = async (service: string): Promise<string[]> =>
  (await api.get(`${CONFIGURATIONS}/service/${service}`)).body.items.map(({ name }: any) => name);

it('creates, updates and deletes in one request', async () => {
  const [changed, replaced, gone] = [
    await aConfiguration(api, { values: { a: 1 } }),
    await aConfiguration(api, { values: { a: 1 } }),
    await aConfiguration(api),
  ];
  const reply = await batch('atomic', [
    create(),
    { op: 'update', id: changed.id, values: { b: 2 }, if_version: 1, change_reason: 'why' },
    { op: 'update', id: replaced.id, values: { b: 2 }, merge: false },
    { op: 'delete', id: gone.id, change_reason: 'over' },
  ]);
  expect([reply.status, reply.body.mode, results(reply.body)]).toEqual([
    200,
    'atomic',
    [
      [0, 201, 1, undefined],
      [1, 200, 2, undefined],
      [2, 200, 2, undefined],
      [3, 204, undefined, undefined],
    ],
  ]);
  expect((await api.get(at(reply.body.results[0]))).status).toBe(200);
  expect((await api.get(at(changed))).body.values).toEqual({ a: 1, b: 2 });
  expect((await api.get(at(replaced))).body.values).toEqual({ b: 2 });
  expect((await api.get(at(gone))).status).toBe(404);
});

it('atomic does nothing where something is impossible, and tells each place', async () => {
  const service_id = aService();
  const taken = await aConfiguration(api);
  const reply = await batch('atomic', [
    create({ service_id }),
    create({ values: 7, secret_refs: [{ key: '..', vault_path: 'x' }] }),
    create({ service_id: taken.service_id }),
    { op: 'update', id: randomUUID(), values: {} },
    { op: 'update', id: taken.id, name: 'other', if_version: 1 },
    { op: 'update', id: taken.id, if_version: 7 },
    { op: 'delete' },
    { op: 'move', id: taken.id },
    7,
  ]);
  expect(outcome(reply)).toEqual([422, 'batch_refused']);
  expect(reply.body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`)).toEqual([
    '/operations/1/values type',
    '/operations/1/secret_refs/0/key dotted_path',
    '/operations/2 overlapping_window',
    '/operations/3 configuration_not_found',
    '/operations/4/name fixed',
    '/operations/5 stale_version',
    '/operations/6/id required',
    '/operations/7/op choice',
    '/operations/8 type',
  ]);
  expect(await namesOf(service_id)).toEqual([]);
});

it('an operation takes nothing that it has no use for', async () => {
  const { id } = await aConfiguration(api);
  const reply = await batch('partial', [
    create({ if_version: 1 }),
    create({ merge: true }),
    { op: 'delete', id, values: {}, service_id: 'x' },
  ]);
  expect(reply.body.results.map(({ problem }: any) => mistakes({ body: problem }))).toEqual([
    ['/operations/0/if_version unknown_property'],
    ['/operations/1/merge unknown_property'],
    ['/operations/2/service_id unknown_property', '/operations/2/values unknown_property'],
  ]);
});

it('partial does what is possible, each by itself', async () => {
  const service_id = aService();
  const taken = await aConfiguration(api);
  const reply = await batch('partial', [
    create({ service_id: taken.service_id }),
    create({ service_id }),
    create({ service_id }),
    { op: 'delete', id: taken.id },
    create({ service_id: taken.service_id }),
  ]);
  expect([reply.status, results(reply.body)]).toEqual([
    207,
    [
      [0, 409, undefined, 'overlapping_window'],
      [1, 201, 1, undefined],
      [2, 409, undefined, 'overlapping_window'],
      [3, 204, undefined, undefined],
      [4, 201, 1, undefined],
    ],
  ]);
  const [first] = reply.body.results;
  expect(first.problem.conflicting_id).toBe(taken.id);
  expect(await namesOf(service_id)).toEqual(['database']);
});

it('an operation sees what those before it did', async () => {
  const id = randomUUID();
  const service_id = aService();
  const reply = await batch('atomic', [
    create({ id, service_id, values: { a: 1 } }),
    { op: 'update', id, values: { b: 2 }, if_version: 1 },
    { op: 'update', id, is_active: false },
    create({ service_id }),
  ]);
  expect(results(reply.body)).toEqual([
    [0, 201, 1, undefined],
    [1, 200, 2, undefined],
    [2, 200, 3, undefined],
    [3, 201, 1, undefined],
  ]);
  const { body } = await api.get(at({ id }, '/versions'));
  expect(body.items.map(({ type }: any) => type)).toEqual(['updated', 'updated', 'created']);
});

it('a rehearsal tells what would happen, and writes nothing', async () => {
  const service_id = aService();
  const changed = await aConfiguration(api, { service_id, values: { a: 1 } });
  for (const mode of ['atomic', 'partial']) {
    const reply = await batch(
      mode,
      [
        create({ service_id, name: 'cache', values: { ttl: 1 } }),
        { op: 'update', id: changed.id, values: { a: 2 } },
      ],
      '?dry_run=true',
    );
    expect([reply.status, reply.body.dry_run, results(reply.body)]).toEqual([
      200,
      true,
      [
        [0, 201, 1, undefined],
        [1, 200, 2, undefined],
      ],
    ]);
    expect(reply.body.changes).toEqual([
      {
        id: reply.body.results[0].id,
        diff: [{ op: 'replace', path: '', value: expect.objectContaining({ values: { ttl: 1 } }) }],
      },
      { id: changed.id, diff: [{ op: 'replace', path: '/values/a', value: 2 }] },
    ]);
    expect(await namesOf(service_id)).toEqual(['database']);
    expect((await api.get(at(changed))).body).toEqual(changed);
  }
});

it('a rehearsal refuses what the batch would refuse', async () => {
  const taken = await aConfiguration(api);
  const operations = [create(), create({ service_id: taken.service_id })];
  expect(outcome(await batch('atomic', operations, '?dry_run=true'))).toEqual([422, 'batch_refused']);
  const partial = await batch('partial', operations, '?dry_run=true');
  expect([partial.status, results(partial.body)]).toEqual([
    200,
    [
      [0, 201, 1, undefined],
      [1, 409, undefined, 'overlapping_window'],
    ],
  ]);
  expect(partial.body.changes).toHaveLength(1);
});

it('reaches no further than the credential does', async () => {
  const tenant = aTenant();
  const key = await api.key('editor', tenant);
  const shared = await aConfiguration(api);
  const reply = await batch(
    'partial',
    [create(), create({ tenant_id: null }), { op: 'delete', id: shared.id }],
    '',
    { key },
  );
  expect(results(reply.body)).toEqual([
    [0, 201, 1, undefined],
    [1, 403, undefined, 'tenant_forbidden'],
    [2, 403, undefined, 'tenant_forbidden'],
  ]);
});

it('has at most 500 operations of a known mode', async () => {
  const operations = Array.from({ length: 501 }, () => create());
  expect(mistakes(await batch('atomic', operations))).toEqual(['/operations too_many']);
  expect(mistakes(await batch('other', []))).toEqual(['/mode choice']);
});

it('batches of the same service at once come out one after the other', async () => {
  const [service_id, tenants] = [aService(), [aTenant(), aTenant(), null]];
  const of = (n: number): object[] =>
    tenants.map((tenant_id) => create({ service_id, tenant_id, name: `n${n}` }));
  const replies = await Promise.all(
    Array.from({ length: 12 }, (_, n) => batch('atomic', n % 2 === 0 ? of(n) : of(n).reverse())),
  );
  expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
});
