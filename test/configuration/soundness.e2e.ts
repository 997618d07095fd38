import { TestApi } from '../api.js';
import { aBody, aConfiguration, aService, aTenant, at, CONFIGURATIONS, outcome, outcomes } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const batch = (operations: unknown[]) => api.post(`${CONFIGURATIONS}/batch`, { operations });
const told = ({ body }: any): string[] => body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`);

describe('a save', () => {
  it('that sets what is final below is refused, naming the layer', async () => {
    const service_id = aService();
    const base = await aConfiguration(api, {
      service_id,
      environment: 'base',
      values: { tls: { min: 1.2 } },
      final_keys: ['tls.min'],
    });
    const reply = await api.post(CONFIGURATIONS, aBody({ service_id, values: { tls: { min: 1 } } }));
    expect([outcome(reply), reply.body.layer.configuration_id, told(reply)]).toEqual([
      [409, 'final_key'],
      base.id,
      ['/values/tls/min final_key'],
    ]);
    expect((await api.get(`${CONFIGURATIONS}/service/${service_id}`)).body.items).toHaveLength(1);
  });

  it('that leaves another document without what it refers to is refused, however it is taken away', async () => {
    const service_id = aService();
    const target = await aConfiguration(api, { service_id, name: 'hosts', values: { db: 'x' } });
    const values = { url: '${config:hosts.db}' };
    await aConfiguration(api, { service_id, values });
    const before = (await api.get(at(target))).body;
    for (const reply of [
      await api.patch(at(target), { values: { db: null } }),
      await api.put(at(target), { values: {}, merge: false }),
      await api.post(at(target, '/deactivate')),
      await api.delete(at(target)),
    ])
      expect(outcome(reply)).toEqual([422, 'effective_invalid']);
    expect((await api.get(at(target))).body).toEqual(before);
    expect((await api.put(at(target), { values: { db: 'y' } })).status).toBe(200);
  });
});

describe('of saves that are right alone and wrong together, one wins', () => {
  it('where one makes a key final and another sets it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const service_id = aService();
      const tenant_id = round % 2 === 0 ? aTenant() : null;
      const base = await aConfiguration(api, { service_id, environment: 'base', values: { a: 1 } });
      const above = await aConfiguration(api, { service_id, tenant_id, values: { b: 1 } });
      const replies = await Promise.all([
        api.put(at(base), { final_keys: ['a'] }),
        api.patch(at(above), { values: { a: 2 } }),
      ]);
      expect(outcomes(replies)).toEqual({ 200: 1, '409 final_key': 1 });
    }
  });

  it('where one takes away what another begins to refer to', async () => {
    for (let round = 0; round < 10; round += 1) {
      const service_id = aService();
      const target = await aConfiguration(api, { service_id, name: 'hosts', values: { db: 'x' } });
      const replies = await Promise.all([
        api.delete(at(target)),
        api.post(CONFIGURATIONS, aBody({ service_id, values: { url: '${config:hosts.db}' } })),
      ]);
      const statuses = replies.map(({ status }) => status);
      expect([
        [204, 422],
        [422, 201],
      ]).toContainEqual(statuses);
    }
  });

  it('where two documents would refer to each other in a circle, on two replicas', async () => {
    const other = await TestApi.start({ beside: api });
    try {
      for (let round = 0; round < 10; round += 1) {
        const service_id = aService();
        const made = await Promise.all(
          ['a', 'b'].map((name) => aConfiguration(api, { service_id, name, values: { x: 1 } })),
        );
        const replies = await Promise.all([
          api.put(at(made[0]), { values: { x: '${config:b.x}' } }),
          other.put(at(made[1]), { values: { x: '${config:a.x}' } }),
        ]);
        expect(outcomes(replies)).toEqual({ 200: 1, '422 effective_invalid': 1 });
      }
    } finally {
      await other.stop();
    }
  });
});

describe('an atomic batch', () => {
  it('makes together what could not be made one by one', async () => {
    const service_id = aService();
    const first = { name: 'a', values: { own: 1, other: '${config:b.own}' } };
    const second = { name: 'b', values: { own: 2, other: '${config:a.own}' } };
    expect(outcome(await api.post(CONFIGURATIONS, aBody({ service_id, ...first })))).toEqual([
      422,
      'effective_invalid',
    ]);
    const create = (body: object): object => ({ op: 'create', ...aBody({ service_id, ...body }) });
    expect((await batch([create(first), create(second)])).status).toBe(200);
    const { body } = await api.get(`${CONFIGURATIONS}/effective/${service_id}?environment=production`);
    expect(body.values).toEqual({ a: { own: 1, other: 2 }, b: { own: 2, other: 1 } });
  });

  it('is refused at the operation that breaks a document, and writes nothing', async () => {
    const service_id = aService();
    const base = { environment: 'base', values: { a: 1 }, final_keys: ['a'] };
    const create = (body: object): object => ({ op: 'create', ...aBody({ service_id, ...body }) });
    const final = await batch([create({ name: 'other' }), create(base), create({ values: { a: 2 } })]);
    expect([outcome(final), told(final)]).toEqual([
      [422, 'batch_refused'],
      [expect.stringMatching(/^\/operations\/[12]\/(values\/a|final_keys\/0) final_key$/)],
    ]);
    const missing = await batch([create({ name: 'other' }), create({ values: { a: '${config:none.x}' } })]);
    expect([outcome(missing), told(missing)]).toEqual([
      [422, 'batch_refused'],
      ['/operations/1/values/a reference_unknown'],
    ]);
    expect((await api.get(`${CONFIGURATIONS}/service/${service_id}`)).body.items).toEqual([]);
  });
});
