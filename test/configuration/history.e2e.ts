import { randomUUID } from 'node:crypto';
import { applyPatch } from 'rfc6902';
import { TestApi } from '../api.js';
import { aConfiguration, aTenant, at, inHours, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const stateAt = async (id: string, version: number): Promise<any> =>
  (await api.get(at({ id }, `/versions/${version}`))).body.state;

it('each version is what the configuration was, newest first', async () => {
  const first = await aConfiguration(api, { change_reason: 'new' });
  const { body: second } = await api.put(at(first), { values: { host: 'other' }, change_reason: 'moved' });
  const { body: third } = await api.post(at(first, '/deactivate'), { change_reason: 'off' });
  const { body: fourth } = await api.post(at(first, '/activate'));
  const { body } = await api.get(at(first, '/versions'));
  expect(
    body.items.map(({ version, type, change_reason, changed_by }: any) => [
      version,
      type,
      change_reason,
      changed_by,
    ]),
  ).toEqual([
    [4, 'activated', null, 'anonymous'],
    [3, 'deactivated', 'off', 'anonymous'],
    [2, 'updated', 'moved', 'anonymous'],
    [1, 'created', 'new', 'anonymous'],
  ]);
  for (const [index, state] of [first, second, third, fourth].entries())
    expect(await stateAt(first.id, index + 1)).toEqual(state);
  const page = await api.get(at(first, '/versions?limit=3'));
  const next = await api.get(at(first, `/versions?limit=3&cursor=${page.body.next_cursor}`));
  expect([page.body.has_more, next.body.items]).toEqual([true, body.items.slice(3)]);
});

it('a version that is not there is not found', async () => {
  const first = await aConfiguration(api);
  const missing = [404, 'version_not_found'];
  expect(outcome(await api.get(at(first, '/versions/2')))).toEqual(missing);
  expect(outcome(await api.get(at(first, '/versions/1/diff/2')))).toEqual(missing);
  expect(outcome(await api.post(at(first, '/rollback/2')))).toEqual(missing);
  expect(outcome(await api.get(at({ id: randomUUID() }, '/versions')))).toEqual([404, 'not_found']);
  expect((await api.get(at(first, '/versions/x'))).status).toBe(400);
});

it('what changed between two versions is a JSON Patch that makes the one out of the other', async () => {
  const first = await aConfiguration(api, { values: { host: 'a', ports: [1, 2], tls: { on: true } } });
  await api.put(at(first), {
    values: { host: 'b', ports: [1, 2, 3], tls: { on: null, min: 1.2 } },
    description: 'd',
    is_active: false,
  });
  const { body: steps } = await api.get(at(first, '/versions/1/diff/2'));
  expect(steps).toEqual(
    expect.arrayContaining([
      { op: 'replace', path: '/values/host', value: 'b' },
      { op: 'add', path: '/values/ports/2', value: 3 },
      { op: 'remove', path: '/values/tls/on' },
      { op: 'add', path: '/values/tls/min', value: 1.2 },
      { op: 'replace', path: '/description', value: 'd' },
      { op: 'replace', path: '/is_active', value: false },
    ]),
  );
  expect(steps).toHaveLength(6);
  const state = await stateAt(first.id, 1);
  expect(applyPatch(state, steps).filter(Boolean)).toEqual([]);
  const { values, description, is_active } = await stateAt(first.id, 2);
  expect(state).toMatchObject({ values, description, is_active });
  expect((await api.get(at(first, '/versions/1/diff/1'))).body).toEqual([]);
});

it('any version can be brought back, as a new one', async () => {
  const first = await aConfiguration(api, { values: { a: 1 }, final_keys: ['a'] });
  await api.put(at(first), { values: { a: 2, b: 3 }, final_keys: [], description: 'd', is_active: false });
  const back = await api.post(at(first, '/rollback/1'), { change_reason: 'it was better' });
  expect([back.status, back.headers.get('etag')]).toEqual([200, '"3"']);
  expect(back.body).toEqual({ ...first, version: 3, updated_at: back.body.updated_at });
  const [newest] = (await api.get(at(first, '/versions'))).body.items;
  expect(newest).toMatchObject({
    version: 3,
    type: 'rolled_back',
    rolled_back_from: 1,
    change_reason: 'it was better',
  });
  const forward = await api.post(at(first, '/rollback/2'));
  expect(forward.body.values).toEqual({ a: 2, b: 3 });
});

it('the version that removed it is none to go back to', async () => {
  const first = await aConfiguration(api);
  await api.delete(at(first));
  const { body } = await api.get(at(first, '/versions/2'));
  expect([body.type, body.state]).toEqual(['deleted', null]);
  expect(outcome(await api.post(at(first, '/rollback/1')))).toEqual([404, 'configuration_not_found']);
});

it('it is read as it was at an instant', async () => {
  const first = await aConfiguration(api, { values: { a: 1 } });
  const { body: second } = await api.put(at(first), { values: { a: 2 } });
  const asOf = (instant: string) => api.get(at(first, `?as_of=${encodeURIComponent(instant)}`));
  const then = await asOf(second.updated_at);
  expect([then.status, then.body]).toEqual([200, second]);
  const { body: present } = await asOf(inHours(1));
  expect(present).toEqual(second);
  const earlier = new Date(Date.parse(first.created_at) - 1).toISOString();
  expect(outcome(await asOf(earlier))).toEqual([404, 'not_found']);
  await api.delete(at(first));
  expect(outcome(await asOf(inHours(1)))).toEqual([410, 'gone']);
  expect((await api.get(at(first, '?as_of=x'))).status).toBe(400);
});

it('it is told to be effective at the instant that is asked for', async () => {
  const window = { effective_from: inHours(1), effective_until: inHours(2) };
  const first = await aConfiguration(api, window);
  const effectiveAt = async (hours: number): Promise<boolean> =>
    (await api.get(at(first, `?as_of=${inHours(hours)}`))).body.is_effective;
  expect([await effectiveAt(0.5), await effectiveAt(1.5), await effectiveAt(2.5)]).toEqual([
    false,
    true,
    false,
  ]);
});

it('the history of another tenant’s configuration is not there', async () => {
  const first = await aConfiguration(api, { tenant_id: aTenant() });
  const key = await api.key('editor', aTenant());
  for (const rest of ['/versions', '/versions/1', '/versions/1/diff/1'])
    expect((await api.get(at(first, rest), { key })).status).toBe(404);
});

it('each change is an event with the configuration as it was then', async () => {
  const tenant = aTenant();
  const first = await aConfiguration(api, { tenant_id: tenant });
  const { body: second } = await api.post(at(first, '/deactivate'));
  await api.delete(at(first));
  const { body } = await api.get(`/api/v1/events?tenant_id=${tenant}`);
  const events = body.items.filter(({ subject }: any) => subject.startsWith(first.service_id));
  expect(events.map(({ type, subject }: any) => [type, subject])).toEqual(
    ['created', 'deactivated', 'deleted'].map((change) => [
      `io.metastore.configuration.configuration.${change}.v1`,
      `${first.service_id}/database/production`,
    ]),
  );
  expect(events.map(({ data }: any) => data.state)).toEqual([first, second, null]);
});
