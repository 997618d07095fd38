import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aFlag, aName, aTenant, FLAGS, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const batch = (mode: string, operations: unknown[], sent = {}) =>
  api.post(`${FLAGS}/batch`, { mode, operations }, sent);
const results = (body: any): unknown[] =>
  body.results.map(({ index, status, version, problem }: any) => [index, status, version, problem?.code]);

it('creates, updates and deletes in one request', async () => {
  const [flag, gone] = [await aFlag(api), await aFlag(api)];
  const [name, other] = [aName(), aName()];
  const reply = await batch('atomic', [
    { op: 'create', name, default_value: 'a', tags: ['x'] },
    { op: 'create', name: other, default_value: false, prerequisites: [{ flag: name, equals: 'a' }] },
    { op: 'update', id: flag.id, enabled: false, if_version: 1, change_reason: 'why' },
    { op: 'update', name, description: 'found by name' },
    { op: 'delete', id: gone.id },
  ]);
  expect([reply.status, results(reply.body)]).toEqual([
    200,
    [
      [0, 201, 1, undefined],
      [1, 201, 1, undefined],
      [2, 200, 2, undefined],
      [3, 200, 2, undefined],
      [4, 204, undefined, undefined],
    ],
  ]);
  expect((await api.get(`${FLAGS}/name/${name}`)).body).toMatchObject({
    description: 'found by name',
    tags: ['x'],
  });
  expect((await api.get(`${FLAGS}/${flag.id}`)).body.enabled).toBe(false);
  expect((await api.get(`${FLAGS}/${gone.id}`)).status).toBe(404);
});

it('atomic does nothing where something is impossible, and tells each place', async () => {
  const name = aName();
  const reply = await batch('atomic', [
    { op: 'create', name, default_value: false },
    { op: 'create', name: aName(), default_value: false, rollout_percentage: 101 },
    { op: 'create', name: aName(), default_value: false, prerequisites: [{ flag: 'nowhere', equals: 1 }] },
    { op: 'update', id: randomUUID(), enabled: false },
    { op: 'delete' },
  ]);
  expect(outcome(reply)).toEqual([422, 'batch_refused']);
  expect(reply.body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`)).toEqual([
    '/operations/1/rollout_percentage range',
    '/operations/2/prerequisites/0/flag flag_reference_unknown',
    '/operations/3 flag_not_found',
    '/operations/4/id required',
  ]);
  expect((await api.get(`${FLAGS}/name/${name}`)).status).toBe(404);
});

it('partial does what is possible', async () => {
  const name = aName();
  const taken = await aFlag(api);
  const reply = await batch('partial', [
    { op: 'create', name: taken.name, default_value: false },
    { op: 'create', name, default_value: false },
    { op: 'update', id: taken.id, if_version: 9, enabled: false },
    { op: 'other' },
  ]);
  expect([reply.status, results(reply.body)]).toEqual([
    207,
    [
      [0, 409, undefined, 'flag_name_taken'],
      [1, 201, 1, undefined],
      [2, 412, undefined, 'stale_version'],
      [3, 400, undefined, 'invalid_input'],
    ],
  ]);
  expect(reply.body.results[0].problem.conflicting_id).toBe(taken.id);
  expect((await api.get(`${FLAGS}/name/${name}`)).status).toBe(200);
});

it('keeps to the tenant of the credential', async () => {
  const [acme, globex] = [aTenant(), aTenant()];
  const key = await api.key('editor', acme);
  const foreign = await aFlag(api, { tenant_id: globex });
  const name = aName();
  const operations = [
    { op: 'create', name, default_value: false },
    { op: 'create', name: aName(), default_value: false, tenant_id: globex },
    { op: 'update', id: foreign.id, enabled: false },
    { op: 'delete', name: foreign.name },
  ];
  const { body } = await batch('partial', operations, { key });
  expect(body.results.map(({ status }: any) => status)).toEqual([201, 403, 404, 404]);
  expect((await api.get(`${FLAGS}/name/${name}`, { key })).body.tenant_id).toBe(acme);
});
