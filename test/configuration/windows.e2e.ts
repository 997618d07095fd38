import { TestApi } from '../api.js';
import {
  aBody,
  aConfiguration,
  aService,
  aTenant,
  at,
  CONFIGURATIONS,
  inHours,
  mistakes,
  outcome,
  outcomes,
} from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const window = (from: number | null, until: number | null): object => ({
  effective_from: from === null ? null : inHours(from),
  effective_until: until === null ? null : inHours(until),
});
const overlapping = [409, 'overlapping_window'];

describe('of one scope', () => {
  it('there is one active configuration without a window', async () => {
    const service_id = aService();
    const first = await aConfiguration(api, { service_id });
    const second = await api.post(CONFIGURATIONS, aBody({ service_id }));
    expect([outcome(second), second.body.conflicting_id]).toEqual([overlapping, first.id]);
    for (const other of [{ name: 'cache' }, { environment: 'base' }, { tenant_id: aTenant() }])
      await aConfiguration(api, { service_id, ...other });
    await aConfiguration(api, { service_id, is_active: false });
  });

  it('one with a window lies over the one without', async () => {
    const service_id = aService();
    await aConfiguration(api, { service_id });
    await aConfiguration(api, { service_id, ...window(-1, 1) });
  });

  it('there are any number with windows apart; the end of one is the beginning of the next', async () => {
    const service_id = aService();
    const [one, two, three] = [inHours(1), inHours(2), inHours(3)];
    await aConfiguration(api, { service_id, effective_until: one });
    await aConfiguration(api, { service_id, effective_from: one, effective_until: two });
    await aConfiguration(api, { service_id, effective_from: three });
    await aConfiguration(api, { service_id, effective_from: two, effective_until: three });
  });

  it.each([
    ['inside', 2, 3],
    ['around', 0, 5],
    ['over its beginning', 0, 2],
    ['over its end', 3, 5],
    ['without a beginning', null, 2],
    ['without an end', 3, null],
  ])('there is none with a window %s of another’s', async (_, from, until) => {
    const service_id = aService();
    const first = await aConfiguration(api, { service_id, ...window(1, 4) });
    const second = await api.post(CONFIGURATIONS, aBody({ service_id, ...window(from, until) }));
    expect([outcome(second), second.body.conflicting_id]).toEqual([overlapping, first.id]);
    await aConfiguration(api, { service_id, ...window(from, until), is_active: false });
  });

  it('a window that ends before it begins is refused, also where one end was there before', async () => {
    const body = aBody(window(2, 1));
    expect(mistakes(await api.post(CONFIGURATIONS, body))).toEqual(['/effective_until order']);
    const first = await aConfiguration(api, { effective_from: inHours(2) });
    for (const effective_until of [inHours(1), first.effective_from]) {
      const reply = await api.put(at(first), { effective_until });
      expect([reply.status, mistakes(reply)]).toEqual([400, ['/effective_until order']]);
    }
  });
});

describe('a configuration that would come to overlap', () => {
  const pair = async (): Promise<any[]> => {
    const service_id = aService();
    const first = await aConfiguration(api, { service_id, ...window(1, 2) });
    const second = await aConfiguration(api, { service_id, ...window(3, 4) });
    return [first, second];
  };

  it('is refused by PUT, PATCH and activate, and stays as it was', async () => {
    const [first, second] = await pair();
    const inside = { effective_from: first.effective_from };
    for (const reply of [await api.put(at(second), inside), await api.patch(at(second), inside)])
      expect([outcome(reply), reply.body.conflicting_id]).toEqual([overlapping, first.id]);
    await api.put(at(second), { ...inside, is_active: false });
    const activated = await api.post(at(second, '/activate'));
    expect([outcome(activated), activated.body.conflicting_id]).toEqual([overlapping, first.id]);
    expect((await api.get(at(second))).body).toMatchObject({ version: 2, is_active: false });
    const moved = await api.put(at(second), { ...window(3, 4), is_active: true });
    expect([moved.status, moved.body.version]).toEqual([200, 3]);
    const rolledBack = await api.post(at(second, '/rollback/2'));
    expect([rolledBack.status, rolledBack.body.is_active]).toEqual([200, false]);
  });

  it('is refused by rollback, and let in as soon as the other is out of the way', async () => {
    const service_id = aService();
    const first = await aConfiguration(api, { service_id });
    const second = await aConfiguration(api, { service_id, is_active: false });
    await api.post(at(first, '/deactivate'));
    expect((await api.post(at(second, '/activate'))).status).toBe(200);
    const rolledBack = await api.post(at(first, '/rollback/1'));
    expect([outcome(rolledBack), rolledBack.body.conflicting_id]).toEqual([overlapping, second.id]);
    await api.delete(at(second));
    expect((await api.post(at(first, '/rollback/1'))).body.is_active).toBe(true);
  });
});

describe('of many who would overlap at once, one wins', () => {
  const COUNT = 20;
  const many = Array.from({ length: COUNT }, (_, n) => n);

  it.each([
    ['without a window', {}],
    ['with one', window(1, 2)],
  ])('by creating: %s', async (_, body) => {
    const service_id = aService();
    const replies = await Promise.all(
      many.map(() => api.post(CONFIGURATIONS, aBody({ service_id, ...body }))),
    );
    expect(outcomes(replies)).toEqual({ 201: 1, '409 overlapping_window': COUNT - 1 });
    const winner = replies.find(({ status }) => status === 201)?.body.id;
    const losers = replies.filter(({ status }) => status === 409);
    expect(new Set(losers.map(({ body: { conflicting_id: id } }) => id))).toEqual(new Set([winner]));
  });

  it('by activating', async () => {
    const service_id = aService();
    const made = await Promise.all(many.map(() => aConfiguration(api, { service_id, is_active: false })));
    const replies = await Promise.all(made.map((each) => api.post(at(each, '/activate'))));
    expect(outcomes(replies)).toEqual({ 200: 1, '409 overlapping_window': COUNT - 1 });
    const active = await api.get(`${CONFIGURATIONS}/service/${service_id}?active=true`);
    expect(active.body.items).toHaveLength(1);
  });

  it('by moving their windows', async () => {
    const service_id = aService();
    const made = await Promise.all(
      many.map((n) => aConfiguration(api, { service_id, ...window(10 + n, 11 + n) })),
    );
    const target = window(1, 2);
    const replies = await Promise.all(made.map((each) => api.put(at(each), target)));
    expect(outcomes(replies)).toEqual({ 200: 1, '409 overlapping_window': COUNT - 1 });
  });

  it('on two replicas', async () => {
    const other = await TestApi.start({ beside: api });
    try {
      const service_id = aService();
      const replies = await Promise.all(
        many.map((n) => (n % 2 === 0 ? api : other).post(CONFIGURATIONS, aBody({ service_id }))),
      );
      expect(outcomes(replies)).toEqual({ 201: 1, '409 overlapping_window': COUNT - 1 });
    } finally {
      await other.stop();
    }
  });
});
