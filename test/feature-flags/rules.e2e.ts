import { TestApi } from '../api.js';
import { aFlag, aName, aSegment, FLAGS, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7/;
const isIn = (country: string): object => ({ attribute: 'country', operator: 'eq', value: country });
const rulesOf = async (id: string): Promise<any[]> => (await api.get(`${FLAGS}/${id}/rules`)).body.items;
const prioritiesOf = (rules: any[]): unknown[] =>
  rules.map(({ description, priority }) => [description, priority]);

describe('the rules of a flag', () => {
  it('are shown in the long form, whichever was sent', async () => {
    const { targeting_rules: rules } = await aFlag(api, {
      targeting_rules: [{ ...isIn('US'), result: true }],
    });
    expect(rules).toEqual([
      {
        id: expect.stringMatching(UUID7),
        priority: 0,
        description: null,
        conditions: [isIn('US')],
        result: true,
        rollout_percentage: null,
      },
    ]);
  });

  it('keep every form of condition as it was sent', async () => {
    const other = await aFlag(api);
    const segment = await aSegment(api);
    const conditions = [
      isIn('US'),
      { attribute: 'a.b', operator: 'exists' },
      { attribute: 'n', operator: 'in', value: [1, 'two', true] },
      { any: [isIn('CA'), { all: [{ not: isIn('MX') }] }] },
      { segment: segment.name },
      { flag: other.name, equals: { deep: [null, 1] } },
    ];
    const rule = {
      id: 'mine',
      priority: -5,
      description: 'd',
      conditions,
      result: true,
      rollout_percentage: 0.5,
    };
    const { targeting_rules: rules } = await aFlag(api, { targeting_rules: [rule] });
    expect(rules).toEqual([rule]);
  });

  it('come in the order of their priority, equals in the order in which they were sent', async () => {
    const rules = [
      { description: 'a', priority: 10, ...isIn('US'), result: true },
      { description: 'b', ...isIn('US'), result: true },
      { description: 'c', priority: 0, ...isIn('US'), result: true },
      { description: 'd', priority: 10, ...isIn('US'), result: true },
    ];
    const flag = await aFlag(api, { targeting_rules: rules });
    const expected = [
      ['c', 0],
      ['a', 10],
      ['d', 10],
      ['b', 11],
    ];
    expect(prioritiesOf(flag.targeting_rules)).toEqual(expected);
    expect(prioritiesOf(await rulesOf(flag.id))).toEqual(expected);
  });

  it('keep their ids when they are sent again without', async () => {
    const [us, ca, mx] = ['US', 'CA', 'MX'].map((country) => ({ ...isIn(country), result: true }));
    const { id, targeting_rules: before } = await aFlag(api, { targeting_rules: [us, ca] });
    const { body } = await api.put(`${FLAGS}/${id}`, {
      targeting_rules: [
        { ...us, priority: 0 },
        { ...mx, priority: 1 },
        { ...ca, priority: 1 },
      ],
    });
    const ids = body.targeting_rules.map((rule: any) => rule.id);
    expect([ids[0], ids[2]]).toEqual([before[0].id, before[1].id]);
    expect(ids[1]).not.toBe(before[1].id);
  });

  it('are told at their place as they were sent, not as they are sorted', async () => {
    const reply = await api.post(FLAGS, {
      name: aName(),
      default_value: false,
      targeting_rules: [
        { priority: 9, ...isIn('US'), result: 'no' },
        { priority: 1, conditions: [isIn('US')], result: true },
      ],
    });
    expect(mistakes(reply)).toEqual(['/targeting_rules/0/result value_type']);
  });

  it('serve a variant that there is, or a result, and not both', async () => {
    const variants = [{ name: 'blue', value: true, weight: 1 }];
    const flag = await aFlag(api, { variants, targeting_rules: [{ ...isIn('US'), variant: 'blue' }] });
    expect(flag.targeting_rules[0]).toMatchObject({ variant: 'blue' });
    expect(flag.targeting_rules[0]).not.toHaveProperty('result');
    const orphaned = await api.put(`${FLAGS}/${flag.id}`, { variants: [] });
    expect([orphaned.status, mistakes(orphaned)]).toEqual([
      400,
      ['/targeting_rules/0/variant unknown_variant'],
    ]);
    for (const [rule, mistake] of [
      [{ ...isIn('US'), variant: 'red' }, '/variant unknown_variant'],
      [{ ...isIn('US'), variant: 'blue', result: true }, '/variant exclusive'],
      [{ ...isIn('US') }, ' required'],
    ] as const)
      expect(mistakes(await api.post(`${FLAGS}/${flag.id}/rules`, rule))).toEqual([mistake]);
  });
});

describe('adding a rule', () => {
  it('puts it behind the others and tells where it is', async () => {
    const flag = await aFlag(api, { targeting_rules: [{ priority: 7, ...isIn('US'), result: true }] });
    const reply = await api.post(`${FLAGS}/${flag.id}/rules`, {
      ...isIn('CA'),
      result: true,
      change_reason: 'why',
    });
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({
      id: expect.stringMatching(UUID7),
      priority: 8,
      conditions: [isIn('CA')],
    });
    expect(reply.headers.get('etag')).toBe('"2"');
    const location = reply.headers.get('location') ?? '';
    expect(location).toBe(`${FLAGS}/${flag.id}/rules/${reply.body.id}`);
    expect((await api.get(location)).body).toEqual(reply.body);
    expect(await rulesOf(flag.id)).toEqual([...flag.targeting_rules, reply.body]);
    const { body } = await api.get(`${FLAGS}/${flag.id}/versions`);
    expect([body.items[0].type, body.items[0].change_reason]).toEqual(['rule_added', 'why']);
  });

  it('takes an id of the caller, once', async () => {
    const { id } = await aFlag(api);
    const rule = { id: 'rule-1', ...isIn('US'), result: true };
    expect((await api.post(`${FLAGS}/${id}/rules`, rule)).body.id).toBe('rule-1');
    const again = await api.post(`${FLAGS}/${id}/rules`, rule);
    expect([again.status, mistakes(again)]).toEqual([400, ['/id duplicate']]);
  });

  it('tells what is wrong at its place in the rule', async () => {
    const { id } = await aFlag(api, { targeting_rules: [{ ...isIn('US'), result: true }] });
    const long = {
      conditions: [isIn('US'), { attribute: 'a', operator: 'gt', value: 'x' }],
      result: 'x',
      rollout_percentage: 101,
    };
    expect(mistakes(await api.post(`${FLAGS}/${id}/rules`, long))).toEqual([
      '/conditions/1/value operator_value',
      '/result value_type',
      '/rollout_percentage range',
    ]);
    const short = { attribute: 'a', operator: 'regex', value: '(', result: true };
    expect(mistakes(await api.post(`${FLAGS}/${id}/rules`, short))).toEqual(['/value regex']);
    const shapes = { conditions: 'x', priority: 1.5, variant: 7, other: 1 };
    expect(mistakes(await api.post(`${FLAGS}/${id}/rules`, shapes))).toEqual([
      '/conditions type',
      '/other unknown_property',
      '/priority type',
      '/variant type',
    ]);
    const unknown = await api.post(`${FLAGS}/${id}/rules`, {
      conditions: [{ segment: 'nowhere' }],
      result: true,
    });
    expect([...outcome(unknown), ...mistakes(unknown)]).toEqual([
      422,
      'flag_reference_unknown',
      '/conditions/0/segment flag_reference_unknown',
    ]);
  });

  it('loses none when several add at once', async () => {
    const { id } = await aFlag(api);
    const add = (country: string) => api.post(`${FLAGS}/${id}/rules`, { ...isIn(country), result: true });
    const replies = await Promise.all(['US', 'CA', 'MX', 'DE'].map(add));
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const rules = await rulesOf(id);
    expect(
      rules.map(({ conditions }): string => conditions[0].value).sort((a, b) => (a < b ? -1 : 1)),
    ).toEqual(['CA', 'DE', 'MX', 'US']);
    expect(rules.map(({ priority }) => priority)).toEqual([0, 1, 2, 3]);
  });
});

describe('replacing and removing a rule', () => {
  it('keeps its id and its place', async () => {
    const flag = await aFlag(api, {
      targeting_rules: ['US', 'CA', 'MX'].map((country) => ({
        ...isIn(country),
        result: true,
        description: 'd',
      })),
    });
    const [, second] = flag.targeting_rules;
    const reply = await api.put(`${FLAGS}/${flag.id}/rules/${second.id}`, { ...isIn('DE'), result: false });
    const expected = { ...second, conditions: [isIn('DE')], result: false, description: null };
    expect([reply.status, reply.body, reply.headers.get('etag')]).toEqual([200, expected, '"2"']);
    expect((await rulesOf(flag.id))[1]).toEqual(expected);
    const moved = await api.put(`${FLAGS}/${flag.id}/rules/${second.id}`, { ...expected, priority: -1 });
    expect(moved.body.priority).toBe(-1);
    expect((await rulesOf(flag.id))[0].id).toBe(second.id);
    const renamed = await api.put(`${FLAGS}/${flag.id}/rules/${second.id}`, { ...expected, id: 'other' });
    expect([renamed.status, mistakes(renamed)]).toEqual([400, ['/id fixed']]);
  });

  it('removes it', async () => {
    const flag = await aFlag(api, { targeting_rules: [{ id: 'a', ...isIn('US'), result: true }] });
    expect((await api.delete(`${FLAGS}/${flag.id}/rules/a`)).status).toBe(204);
    expect(await rulesOf(flag.id)).toEqual([]);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? { body: { ...isIn('US'), result: true } } : {};
      const reply = await api.request(method, `${FLAGS}/${flag.id}/rules/a`, body);
      expect([method, ...outcome(reply)]).toEqual([method, 404, 'flag_rule_not_found']);
    }
  });

  it('heeds If-Match', async () => {
    const { id } = await aFlag(api, { targeting_rules: [{ id: 'a', ...isIn('US'), result: true }] });
    const headers = { 'If-Match': '"7"' };
    const body = { ...isIn('US'), result: true };
    for (const reply of [
      await api.post(`${FLAGS}/${id}/rules`, body, { headers }),
      await api.put(`${FLAGS}/${id}/rules/a`, body, { headers }),
      await api.delete(`${FLAGS}/${id}/rules/a`, { headers }),
    ])
      expect([...outcome(reply), reply.body.current_version]).toEqual([412, 'stale_version', 1]);
  });
});
