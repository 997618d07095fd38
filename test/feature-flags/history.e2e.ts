import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aFlag, aName, FLAGS, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const stateAt = async (id: string, version: number): Promise<any> =>
  (await api.get(`${FLAGS}/${id}/versions/${version}`)).body.state;

it('each version is what the flag was, newest first', async () => {
  const first = await aFlag(api, { change_reason: 'new' });
  const { body: second } = await api.post(`${FLAGS}/${first.id}/rollout`, { percentage: 10 });
  const { body: third } = await api.put(`${FLAGS}/${first.id}`, { name: aName() });
  const { body } = await api.get(`${FLAGS}/${first.id}/versions`);
  expect(body.items.map(({ version, type, change_reason }: any) => [version, type, change_reason])).toEqual([
    [3, 'updated', null],
    [2, 'rolled_out', null],
    [1, 'created', 'new'],
  ]);
  for (const [version, state] of [first, second, third].entries())
    expect(await stateAt(first.id, version + 1)).toEqual(state);
  const page = await api.get(`${FLAGS}/${first.id}/versions?limit=2`);
  const next = await api.get(`${FLAGS}/${first.id}/versions?limit=2&cursor=${page.body.next_cursor}`);
  expect(next.body.items).toEqual(body.items.slice(2));
});

it('a version that is not there is not found', async () => {
  const { id } = await aFlag(api);
  expect(outcome(await api.get(`${FLAGS}/${id}/versions/2`))).toEqual([404, 'version_not_found']);
  expect(outcome(await api.get(`${FLAGS}/${randomUUID()}/versions/1`))).toEqual([404, 'version_not_found']);
  expect(outcome(await api.get(`${FLAGS}/${randomUUID()}/versions`))).toEqual([404, 'not_found']);
  expect(outcome(await api.post(`${FLAGS}/${id}/rollback/2`))).toEqual([404, 'version_not_found']);
  expect((await api.get(`${FLAGS}/${id}/versions/x`)).status).toBe(400);
});

it('what changed between two versions is a JSON Patch', async () => {
  const { id } = await aFlag(api, { tags: ['a'] });
  await api.put(`${FLAGS}/${id}`, {
    tags: ['a', 'b'],
    targeting_rules: [{ id: 'r', attribute: 'x', operator: 'exists', result: true }],
  });
  const { body } = await api.get(`${FLAGS}/${id}/versions/1/diff/2`);
  expect(body).toEqual([
    { op: 'add', path: '/tags/1', value: 'b' },
    {
      op: 'add',
      path: '/targeting_rules/0',
      value: {
        id: 'r',
        priority: 0,
        description: null,
        conditions: [{ attribute: 'x', operator: 'exists' }],
        result: true,
        rollout_percentage: null,
      },
    },
  ]);
  expect((await api.get(`${FLAGS}/${id}/versions/1/diff/1`)).body).toEqual([]);
});

it('rolling back brings back everything but the name, as a new version', async () => {
  const flag = await aFlag(api, {
    default_value: 'a',
    variants: [
      { name: 'x', value: 'b', weight: 1 },
      { name: 'y', value: 'c', weight: 1 },
    ],
    targeting_rules: [{ attribute: 'x', operator: 'exists', variant: 'x' }],
    tenant_overrides: { acme: 'd' },
    description: 'd',
  });
  const name = aName();
  await api.put(`${FLAGS}/${flag.id}`, {
    name,
    default_value: 'z',
    variants: [],
    targeting_rules: [],
    tenant_overrides: {},
    description: null,
  });
  const reply = await api.post(`${FLAGS}/${flag.id}/rollback/1`, { change_reason: 'oh' });
  expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"3"']);
  expect(reply.body).toEqual({ ...flag, name, version: 3, updated_at: reply.body.updated_at });
  const [newest] = (await api.get(`${FLAGS}/${flag.id}/versions`)).body.items;
  expect(newest).toMatchObject({ type: 'rolled_back', rolled_back_from: 1, change_reason: 'oh' });
});

it('the past can be read at any instant', async () => {
  const first = await aFlag(api);
  const { body: second } = await api.post(`${FLAGS}/${first.id}/disable`);
  const at = (instant: string) => api.get(`${FLAGS}/${first.id}?as_of=${encodeURIComponent(instant)}`);
  if (first.updated_at !== second.updated_at) expect((await at(first.updated_at)).body).toEqual(first);
  expect((await at(second.updated_at)).body).toEqual(second);
  expect(outcome(await at('2020-01-01T00:00:00Z'))).toEqual([404, 'not_found']);
  await api.delete(`${FLAGS}/${first.id}`);
  expect(outcome(await at('2099-01-01T00:00:00Z'))).toEqual([410, 'gone']);
});

it('every change is an event with the flag as state', async () => {
  const flag = await aFlag(api);
  await api.post(`${FLAGS}/${flag.id}/archive`);
  await api.delete(`${FLAGS}/${flag.id}`);
  const { body } = await api.get(`/api/v1/events?aggregate_id=${flag.id}&limit=1000`);
  expect(body.items.map(({ type }: any) => type)).toEqual(
    ['created', 'archived', 'deleted'].map((what) => `io.metastore.feature_flags.flag.${what}.v1`),
  );
  expect(body.items[0].subject).toBe(flag.name);
  expect(body.items[0].data.state).toEqual(flag);
});
