import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aFlag, aName, aSegment, aTenant, FLAGS, mistakes, outcome, SEGMENTS } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const using = (segment: string): object => ({
  targeting_rules: [{ conditions: [{ segment }], result: true }],
});

describe('a segment', () => {
  it('is created with its defaults, read and listed', async () => {
    const name = aName();
    const reply = await api.post(SEGMENTS, { name });
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"1"',
      `${SEGMENTS}/${reply.body.id}`,
    ]);
    expect(reply.body).toEqual({
      id: expect.any(String),
      tenant_id: null,
      version: 1,
      name,
      description: null,
      include: [],
      exclude: [],
      conditions: [],
      created_at: expect.any(String),
      updated_at: reply.body.created_at,
      created_by: 'anonymous',
      updated_by: 'anonymous',
    });
    for (const path of [`${SEGMENTS}/${reply.body.id}`, `${SEGMENTS}/name/${name}`])
      expect((await api.get(path)).body).toEqual(reply.body);
    expect((await api.get(`${SEGMENTS}?q=${name}&include_total=true`)).body).toEqual({
      items: [reply.body],
      limit: 100,
      has_more: false,
      next_cursor: null,
      total: 1,
    });
  });

  it('is changed by PUT and PATCH, and only where something changes', async () => {
    const conditions = [{ any: [{ attribute: 'plan', operator: 'eq', value: 'pro' }] }];
    const segment = await aSegment(api, { description: 'd', include: ['u1'], conditions });
    const put = await api.put(`${SEGMENTS}/${segment.id}`, { description: null, exclude: ['u2'] });
    expect(put.body).toEqual({
      ...segment,
      description: null,
      exclude: ['u2'],
      version: 2,
      updated_at: put.body.updated_at,
    });
    const patch = await api.patch(`${SEGMENTS}/${segment.id}`, { include: null, change_reason: 'why' });
    expect([patch.body.version, patch.body.include]).toEqual([3, []]);
    expect((await api.put(`${SEGMENTS}/${segment.id}`, { conditions, exclude: ['u2'] })).body).toEqual(
      patch.body,
    );
  });

  it('is refused with everything that is wrong at once', async () => {
    const reply = await api.post(SEGMENTS, {
      name: 'No',
      other: 1,
      include: 'x',
      exclude: [7, ''],
      conditions: [{ attribute: 'a', operator: 'gt', value: 'x' }, { segment: 7 }],
    });
    expect([reply.status, mistakes(reply)]).toEqual([
      400,
      [
        '/conditions/0/value operator_value',
        '/conditions/1/segment type',
        '/exclude/0 type',
        '/exclude/1 too_short',
        '/include type',
        '/name pattern',
        '/other unknown_property',
      ],
    ]);
  });

  it('has an id of the caller, a name of its own and a version', async () => {
    const body = { id: randomUUID(), name: aName(), include: ['a'] };
    const first = await api.post(SEGMENTS, body);
    const again = await api.post(SEGMENTS, body);
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
    expect(outcome(await api.post(SEGMENTS, { ...body, include: ['b'] }))).toEqual([409, 'id_conflict']);
    const taken = await api.post(SEGMENTS, { name: body.name });
    expect([...outcome(taken), taken.body.conflicting_id]).toEqual([409, 'segment_name_taken', body.id]);
    const stale = await api.put(
      `${SEGMENTS}/${body.id}`,
      { include: [] },
      { headers: { 'If-Match': '"2"' } },
    );
    expect(outcome(stale)).toEqual([412, 'stale_version']);
    expect((await api.get(`${SEGMENTS}/${body.id}`, { headers: { 'If-None-Match': '"1"' } })).status).toBe(
      304,
    );
  });

  it('has a history and goes back in it', async () => {
    const { id, name } = await aSegment(api, { include: ['a'] });
    await api.put(`${SEGMENTS}/${id}`, { include: ['b'], name: `${name}-2` });
    const diff = await api.get(`${SEGMENTS}/${id}/versions/1/diff/2`);
    expect(diff.body).toEqual([
      { op: 'replace', path: '/name', value: `${name}-2` },
      { op: 'replace', path: '/include/0', value: 'b' },
    ]);
    const back = await api.post(`${SEGMENTS}/${id}/rollback/1`, { change_reason: 'oh' });
    expect([back.status, back.body.version, back.body.include, back.body.name]).toEqual([
      200,
      3,
      ['a'],
      `${name}-2`,
    ]);
    const { body } = await api.get(`${SEGMENTS}/${id}/versions`);
    expect(body.items.map(({ type, rolled_back_from }: any) => [type, rolled_back_from])).toEqual([
      ['rolled_back', 1],
      ['updated', null],
      ['created', null],
    ]);
    expect((await api.get(`${SEGMENTS}/${id}/versions/2`)).body.state.include).toEqual(['b']);
    expect((await api.get(`${SEGMENTS}/${id}?as_of=${body.items[2].changed_at}`)).body.version).toBe(1);
    expect((await api.delete(`${SEGMENTS}/${id}`)).status).toBe(204);
    expect(outcome(await api.get(`${SEGMENTS}/${id}`))).toEqual([404, 'segment_not_found']);
    expect((await api.get(`${SEGMENTS}/${id}/versions/4`)).body.state).toBeNull();
  });
});

describe('a segment in use', () => {
  it('is not deleted or renamed, and who uses it is told', async () => {
    const segment = await aSegment(api);
    const flag = await aFlag(api, using(segment.name));
    const outer = await aSegment(api, { conditions: [{ not: { segment: segment.name } }] });
    const used = [
      { type: 'flag', name: flag.name, tenant_id: null },
      { type: 'segment', name: outer.name, tenant_id: null },
    ];
    for (const reply of [
      await api.delete(`${SEGMENTS}/${segment.id}`),
      await api.put(`${SEGMENTS}/${segment.id}`, { name: aName() }),
    ])
      expect([...outcome(reply), reply.body.used_by]).toEqual([409, 'segment_in_use', used]);
    await api.put(`${FLAGS}/${flag.id}`, { targeting_rules: [] });
    await api.delete(`${SEGMENTS}/${outer.id}`);
    expect((await api.delete(`${SEGMENTS}/${segment.id}`)).status).toBe(204);
  });

  it('is in use by an archived flag, too, and by a tenant’s own', async () => {
    const tenant = aTenant();
    const segment = await aSegment(api);
    const archived = await aFlag(api, using(segment.name));
    await api.post(`${FLAGS}/${archived.id}/archive`);
    const own = await aFlag(api, { tenant_id: tenant, ...using(segment.name) });
    const { body } = await api.delete(`${SEGMENTS}/${segment.id}`);
    expect(body.used_by).toEqual([
      { type: 'flag', name: archived.name, tenant_id: null },
      { type: 'flag', name: own.name, tenant_id: tenant },
    ]);
  });
});
