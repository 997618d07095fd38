import { TestApi } from '../api.js';
import { evaluate, FLAGS, aFlag } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const explain = async (name: string, rest: object = {}): Promise<any> => {
  const reply = await api.post(`${FLAGS}/evaluate?explain=true`, { name, context: {}, ...rest });
  expect(reply.status).toBe(200);
  return reply.body;
};

const last = (trace: any[]): any => trace.findLast(({ outcome }) => outcome === 'decided');

it('tells the bucket, the threshold and the text that was hashed', async () => {
  const flag = await aFlag(api, { name: 'checkout', rollout_percentage: 25 });
  // The vector of the specification: checkout:gate:user-1 is 1291812942, bucket 30077.
  const { trace, ...evaluation } = await explain(flag.name, { context: { user_id: 'user-1' } });
  expect(evaluation).toEqual((await evaluate(api, flag.name, { context: { user_id: 'user-1' } })).body);
  expect(trace.find(({ step }: any) => step === 'rollout')).toMatchObject({
    outcome: 'not_matched',
    hashed: 'checkout:gate:user-1',
    bucket: 30077,
    threshold: 25000,
  });
  await api.post(`${FLAGS}/${flag.id}/rollout`, { percentage: 31 });
  const inside = await explain(flag.name, { context: { user_id: 'user-1' } });
  expect([inside.value, inside.reason]).toEqual([true, 'SPLIT']);
  expect(inside.trace.find(({ step }: any) => step === 'rollout')).toMatchObject({
    bucket: 30077,
    threshold: 31000,
  });
});

it('tells each condition with what was asked for and what the context holds', async () => {
  const flag = await aFlag(api, {
    targeting_rules: [
      {
        id: 'first',
        priority: 1,
        conditions: [{ attribute: 'user.plan', operator: 'eq', value: 'pro' }],
        result: true,
      },
      {
        id: 'second',
        priority: 2,
        conditions: [{ attribute: 'age', operator: 'gte', value: 18 }],
        result: true,
      },
    ],
  });
  const { trace, rule_id } = await explain(flag.name, { context: { user: { plan: 'free' }, age: 20 } });
  const conditions = trace.filter(({ step }: any) => step === 'condition');
  expect(rule_id).toBe('second');
  expect(conditions).toMatchObject([
    { outcome: 'not_matched', attribute: 'user.plan', operator: 'eq', expected: 'pro', actual: 'free' },
    { outcome: 'matched', attribute: 'age', operator: 'gte', expected: 18, actual: 20 },
  ]);
  expect(last(trace)).toMatchObject({ step: 'rule', rule_id: 'second' });
  for (const step of trace) {
    expect(step.detail).toMatch(/\S/);
    expect(Object.keys(step).filter((name) => /[A-Z]/.test(name))).toEqual([]);
  }
});

it('goes no further than what decided', async () => {
  const flag = await aFlag(api, { enabled: false, tenant_overrides: { acme: true } });
  const { trace, reason } = await explain(flag.name, { tenant_id: 'acme' });
  expect([reason, last(trace).step]).toEqual(['DISABLED', 'enabled']);
});

it('is 404 for what is not there, and a plain evaluation when it is not asked for', async () => {
  const body = { name: 'not-there', context: {} };
  expect((await api.post(`${FLAGS}/evaluate?explain=true`, body)).status).toBe(404);
  const flag = await aFlag(api);
  const plain = await api.post(`${FLAGS}/evaluate?explain=false`, { name: flag.name, context: {} });
  expect('trace' in plain.body).toBe(false);
});
