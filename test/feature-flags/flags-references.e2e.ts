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

describe('references', () => {
  const unknown = async (body: object): Promise<unknown[]> => {
    const reply = await api.post(FLAGS, { name: aName(), default_value: false, ...body });
    return [...outcome(reply), ...(reply.status === 422 ? mistakes(reply) : [])];
  };

  it('lead somewhere', async () => {
    const refused = [422, 'flag_reference_unknown'];
    expect(
      await unknown({
        prerequisites: [{ flag: 'nowhere', equals: true }],
        targeting_rules: [
          {
            conditions: [{ any: [{ not: { flag: 'nowhere-2', equals: 1 } }, { segment: 'nobody' }] }],
            result: true,
          },
        ],
      }),
    ).toEqual([
      ...refused,
      '/prerequisites/0/flag flag_reference_unknown',
      '/targeting_rules/0/conditions/0/any/0/not/flag flag_reference_unknown',
      '/targeting_rules/0/conditions/0/any/1/segment flag_reference_unknown',
    ]);
    const segment = await api.post(SEGMENTS, {
      name: aName(),
      conditions: [{ flag: 'nowhere', equals: true }],
    });
    expect([...outcome(segment), ...mistakes(segment)]).toEqual([
      ...refused,
      '/conditions/0/flag flag_reference_unknown',
    ]);
  });

  it('are told by name when they go in a circle', async () => {
    const [a, b, c] = [await aFlag(api), await aFlag(api), await aSegment(api)];
    await api.put(`${FLAGS}/${b.id}`, { prerequisites: [{ flag: a.name, equals: true }] });
    await api.put(`${SEGMENTS}/${c.id}`, { conditions: [{ flag: b.name, equals: true }] });
    const reply = await api.put(`${FLAGS}/${a.id}`, using(c.name));
    expect([...outcome(reply), reply.body.path]).toEqual([
      422,
      'flag_cycle',
      [
        { type: 'flag', name: a.name },
        { type: 'segment', name: c.name },
        { type: 'flag', name: b.name },
        { type: 'flag', name: a.name },
      ],
    ]);
    const itself = await api.put(`${FLAGS}/${a.id}`, { prerequisites: [{ flag: a.name, equals: true }] });
    expect([...outcome(itself), itself.body.path.length]).toEqual([422, 'flag_cycle', 2]);
    const name = aName();
    const born = await api.post(FLAGS, {
      name,
      default_value: 1,
      prerequisites: [{ flag: name, equals: 1 }],
    });
    expect(outcome(born)).toEqual([422, 'flag_cycle']);
  });

  it('make no circle by two saves at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = [await aFlag(api), await aFlag(api)];
      const key = { headers: { 'Idempotency-Key': randomUUID() } };
      const [first, second] = await Promise.all([
        api.put(`${FLAGS}/${a.id}`, { prerequisites: [{ flag: b.name, equals: true }] }),
        api.post(
          `${FLAGS}/${b.id}/rules`,
          { conditions: [{ flag: a.name, equals: true }], result: true },
          key,
        ),
      ]);
      const statuses = [first.status, second.status];
      expect([
        [200, 422],
        [422, 201],
      ]).toContainEqual(statuses);
    }
  });

  it('keep what they lead to from going away, also at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = [await aFlag(api), await aFlag(api)];
      const [refer, remove] = await Promise.all([
        api.put(`${FLAGS}/${a.id}`, { prerequisites: [{ flag: b.name, equals: true }] }),
        api.delete(`${FLAGS}/${b.id}`),
      ]);
      expect([
        [200, 409],
        [422, 204],
      ]).toContainEqual([refer.status, remove.status]);
    }
  });

  it('let a flag be archived that is in use, but not deleted or renamed', async () => {
    const a = await aFlag(api);
    const b = await aFlag(api, { prerequisites: [{ flag: a.name, equals: true }] });
    for (const reply of [
      await api.delete(`${FLAGS}/${a.id}`),
      await api.put(`${FLAGS}/${a.id}`, { name: aName() }),
    ])
      expect([...outcome(reply), reply.body.used_by]).toEqual([
        409,
        'flag_in_use',
        [{ type: 'flag', name: b.name, tenant_id: null }],
      ]);
    expect((await api.post(`${FLAGS}/${a.id}/archive`)).status).toBe(200);
    expect((await api.put(`${FLAGS}/${b.id}`, { description: 'still' })).status).toBe(200);
    expect((await api.delete(`${FLAGS}/${b.id}`)).status).toBe(204);
    expect((await api.delete(`${FLAGS}/${a.id}`)).status).toBe(204);
  });

  it('are checked again when a version comes back', async () => {
    const a = await aFlag(api);
    const b = await aFlag(api, { prerequisites: [{ flag: a.name, equals: true }] });
    await api.put(`${FLAGS}/${b.id}`, { prerequisites: [] });
    await api.put(`${FLAGS}/${a.id}`, { prerequisites: [{ flag: b.name, equals: true }] });
    expect(outcome(await api.post(`${FLAGS}/${b.id}/rollback/1`))).toEqual([422, 'flag_cycle']);
    await api.delete(`${FLAGS}/${a.id}`);
    const reply = await api.post(`${FLAGS}/${b.id}/rollback/1`);
    expect([...outcome(reply), ...mistakes(reply)]).toEqual([
      422,
      'flag_reference_unknown',
      '/prerequisites/0/flag flag_reference_unknown',
    ]);
  });
});

describe('a tenant', () => {
  it('refers to its own first, then to what is shared; what is shared refers to neither', async () => {
    const tenant = aTenant();
    const key = await api.key('admin', tenant);
    const shared = await aFlag(api);
    const referring = await aFlag(api, { prerequisites: [{ flag: shared.name, equals: true }] }, { key });
    const own = await aFlag(api, { name: shared.name }, { key });
    const cycle = await api.put(
      `${FLAGS}/${own.id}`,
      { prerequisites: [{ flag: referring.name, equals: true }] },
      { key },
    );
    expect(outcome(cycle)).toEqual([422, 'flag_cycle']);
    expect(outcome(await api.delete(`${FLAGS}/${own.id}`, { key }))).toEqual([409, 'flag_in_use']);
    expect((await api.delete(`${FLAGS}/${shared.id}`)).status).toBe(204);
    const reply = await api.put(
      `${FLAGS}/${(await aFlag(api)).id}`,
      using((await aSegment(api, {}, { key })).name),
    );
    expect(outcome(reply)).toEqual([422, 'flag_reference_unknown']);
  });

  it('sees shared flags and its own, and writes its own', async () => {
    const [acme, globex] = [aTenant(), aTenant()];
    const key = await api.key('admin', acme);
    const [shared, own, foreign] = [
      await aFlag(api),
      await aFlag(api, {}, { key }),
      await aFlag(api, { tenant_id: globex }),
    ];
    expect(own.tenant_id).toBe(acme);
    for (const [flag, status] of [
      [shared, 200],
      [own, 200],
      [foreign, 404],
    ])
      expect((await api.get(`${FLAGS}/${flag.id}`, { key })).status).toBe(status);
    for (const [flag, ...refused] of [
      [shared, 403, 'tenant_forbidden'],
      [foreign, 404, 'flag_not_found'],
    ]) {
      expect(outcome(await api.put(`${FLAGS}/${flag.id}`, { enabled: false }, { key }))).toEqual(refused);
      expect(outcome(await api.delete(`${FLAGS}/${flag.id}`, { key }))).toEqual(refused);
    }
    for (const tenant_id of [null, globex]) {
      const reply = await api.post(FLAGS, { name: aName(), default_value: 1, tenant_id }, { key });
      expect(outcome(reply)).toEqual([403, 'tenant_forbidden']);
      const segment = await api.post(SEGMENTS, { name: aName(), tenant_id }, { key });
      expect(outcome(segment)).toEqual([403, 'tenant_forbidden']);
    }
    for (const path of [FLAGS, SEGMENTS, `${FLAGS}/name/${own.name}`, `${SEGMENTS}/name/x`])
      expect(outcome(await api.get(`${path}?tenant_id=${globex}`, { key }))).toEqual([
        403,
        'tenant_forbidden',
      ]);
  });

  it('finds its own flag of a name before the shared one', async () => {
    const tenant = aTenant();
    const shared = await aFlag(api);
    const own = await aFlag(api, { name: shared.name, tenant_id: tenant });
    const idOf = async (query: string): Promise<string> =>
      (await api.get(`${FLAGS}/name/${shared.name}${query}`)).body.id;
    expect([await idOf(''), await idOf(`?tenant_id=${tenant}`), await idOf('?tenant_id=other')]).toEqual([
      shared.id,
      own.id,
      shared.id,
    ]);
  });
});
