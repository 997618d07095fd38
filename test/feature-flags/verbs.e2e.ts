import { TestApi } from '../api.js';
import { aFlag, aName, FLAGS, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const act = (id: string, verb: string, body?: object, headers = {}) =>
  api.post(`${FLAGS}/${id}/${verb}`, body, { headers });
const newest = async (id: string): Promise<any> => (await api.get(`${FLAGS}/${id}/versions`)).body.items[0];
const PAST = '2020-01-01T00:00:00.000Z';
const FUTURE = '2099-01-01T00:00:00.000Z';

it('a flag is disabled and enabled, and each is a version of its own', async () => {
  const { id } = await aFlag(api);
  const off = await act(id, 'disable', { change_reason: 'fire' });
  expect([off.status, off.body.enabled, off.body.version, off.headers.get('etag')]).toEqual([
    200,
    false,
    2,
    '"2"',
  ]);
  expect(await newest(id)).toMatchObject({ type: 'disabled', change_reason: 'fire' });
  expect((await act(id, 'disable')).body.version).toBe(2);
  const on = await act(id, 'enable');
  expect([on.status, on.body.enabled, on.body.version]).toEqual([200, true, 3]);
  expect(await newest(id)).toMatchObject({ type: 'enabled', change_reason: null });
});

describe('the percentage of the rollout', () => {
  it.each([
    ['rollout', { percentage: 12.5 }],
    ['rollout?percentage=12.5', undefined],
    ['rollout?percentage=12.5', {}],
    ['rollout?percentage=7', { percentage: 12.5, change_reason: 'r' }],
  ])('is set by %s with %j', async (verb, body) => {
    const { id } = await aFlag(api);
    const reply = await act(id, verb, body);
    expect([reply.status, reply.body.rollout_percentage, reply.body.version]).toEqual([200, 12.5, 2]);
    expect(await newest(id)).toMatchObject({ type: 'rolled_out' });
  });

  it.each([
    ['rollout', undefined, '/percentage required'],
    ['rollout', {}, '/percentage required'],
    ['rollout', { percentage: '7' }, '/percentage type'],
    ['rollout', { percentage: -1 }, '/percentage range'],
    ['rollout', { percentage: 100.001 }, '/percentage range'],
    ['rollout', { percentage: 0.0001 }, '/percentage decimals'],
    ['rollout', { percentage: 1, other: 1 }, '/other unknown_property'],
    ['rollout?percentage=', undefined, '/percentage type'],
    ['rollout?percentage=many', undefined, '/percentage type'],
    ['rollout?percentage=-1', undefined, '/percentage type'],
    ['rollout?percentage=101', undefined, '/percentage range'],
    ['rollout?percentage=1&percentage=2', undefined, '/percentage type'],
    ['rollout?percent=1', undefined, '/percent unknown_property'],
  ])('is not set by %s with %j', async (verb, body, mistake) => {
    const { id } = await aFlag(api);
    const reply = await act(id, verb, body);
    expect([reply.status, mistakes(reply)]).toEqual([400, [mistake]]);
    expect((await api.get(`${FLAGS}/${id}`)).body.version).toBe(1);
  });
});

describe('what a person says now', () => {
  const schedule = [
    { at: PAST, set: { enabled: true, rollout_percentage: 50 } },
    { at: '2020-02-01T00:00:00.000Z', set: { enabled: true } },
    { at: FUTURE, set: { enabled: false } },
  ];
  const ramp = { from: 0, to: 100, starts_at: PAST, ends_at: FUTURE };

  it('counts for more than what the schedule did until now', async () => {
    const { id } = await aFlag(api, { enabled: false, schedule });
    const { body } = await act(id, 'disable');
    expect([body.enabled, body.schedule]).toEqual([
      false,
      [
        { at: PAST, set: { rollout_percentage: 50 } },
        { at: FUTURE, set: { enabled: false } },
      ],
    ]);
  });

  it('ends a ramp that has begun, and lets one begin that has not', async () => {
    const begun = await aFlag(api, { schedule, ramp });
    const { body } = await act(begun.id, 'rollout', { percentage: 30 });
    expect([body.rollout_percentage, body.ramp, body.schedule[0].set]).toEqual([30, null, { enabled: true }]);
    const later = { ...ramp, starts_at: '2098-01-01T00:00:00.000Z' };
    const planned = await aFlag(api, { ramp: later });
    expect((await act(planned.id, 'rollout', { percentage: 30 })).body.ramp).toEqual(later);
  });

  it('may be said by PUT, too; saying what is so already says nothing', async () => {
    const { id } = await aFlag(api, { enabled: false, schedule });
    expect((await api.put(`${FLAGS}/${id}`, { enabled: false })).body.schedule).toEqual(schedule);
    const { body } = await api.put(`${FLAGS}/${id}`, { enabled: true });
    expect(body.schedule[0].set).toEqual({ rollout_percentage: 50 });
  });
});

describe('an archived flag', () => {
  it('is restored as it was', async () => {
    const flag = await aFlag(api, { tags: ['t'] });
    const archived = await act(flag.id, 'archive', { change_reason: 'old' });
    expect([archived.status, archived.body.archived_at]).toEqual([200, expect.stringMatching(/^\d{4}-.*Z$/)]);
    expect(await newest(flag.id)).toMatchObject({ type: 'archived', change_reason: 'old' });
    expect((await act(flag.id, 'archive')).body.version).toBe(2);
    const restored = await act(flag.id, 'restore');
    expect(restored.body).toEqual({ ...flag, version: 3, updated_at: restored.body.updated_at });
    expect(await newest(flag.id)).toMatchObject({ type: 'restored' });
    expect((await act(flag.id, 'restore')).body.version).toBe(3);
  });

  it('does not change, and keeps its name', async () => {
    const { id, name } = await aFlag(api, {
      targeting_rules: [{ id: 'a', attribute: 'a', operator: 'exists', result: true }],
    });
    await act(id, 'archive');
    const rule = { attribute: 'a', operator: 'exists', result: false };
    for (const reply of [
      await api.put(`${FLAGS}/${id}`, { description: 'x' }),
      await api.put(`${FLAGS}/${id}`, { name: aName() }),
      await act(id, 'enable'),
      await act(id, 'disable'),
      await act(id, 'rollout', { percentage: 1 }),
      await act(id, 'rollback/1'),
      await api.post(`${FLAGS}/${id}/rules`, rule),
      await api.put(`${FLAGS}/${id}/rules/a`, rule),
      await api.delete(`${FLAGS}/${id}/rules/a`),
    ])
      expect(outcome(reply)).toEqual([409, 'flag_archived']);
    expect(outcome(await api.post(FLAGS, { name, default_value: 1 }))).toEqual([409, 'flag_name_taken']);
    expect((await api.get(`${FLAGS}/name/${name}`)).body.id).toBe(id);
    expect((await api.delete(`${FLAGS}/${id}`)).status).toBe(204);
  });
});

it('every verb heeds If-Match', async () => {
  const { id } = await aFlag(api);
  for (const verb of ['enable', 'disable', 'archive', 'restore', 'rollout?percentage=1', 'rollback/1']) {
    const reply = await act(id, verb, undefined, { 'If-Match': '"2"' });
    expect([verb, ...outcome(reply), reply.body.current_version]).toEqual([verb, 412, 'stale_version', 1]);
  }
});

it('every verb wants permission', async () => {
  const { id } = await aFlag(api);
  const key = await api.key('viewer', null);
  for (const verb of ['enable', 'disable', 'archive', 'restore', 'rollout', 'rollback/1', 'rules']) {
    expect(outcome(await api.post(`${FLAGS}/${id}/${verb}`, {}, { key }))).toEqual([
      403,
      'permission_denied',
    ]);
  }
  expect((await api.get(`${FLAGS}/${id}`, { key })).status).toBe(200);
});
