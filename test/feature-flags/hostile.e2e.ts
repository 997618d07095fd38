import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aFlag, aName, FLAGS, mistakes, outcome, SEGMENTS } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const refused = async (body: object): Promise<string[]> => {
  const reply = await api.post(FLAGS, { name: aName(), default_value: false, ...body });
  expect([reply.status, reply.body.code]).toEqual([400, 'invalid_input']);
  return mistakes(reply);
};
const comparing = (operator: string, value?: unknown): object => ({
  attribute: 'a',
  operator,
  ...(value !== undefined && { value }),
});

it('tells everything that is wrong at once: fields, shapes and meanings', async () => {
  const reply = await api.post(FLAGS, {
    name: 'No Name',
    default_value: false,
    tags: 'x',
    extra: 1,
    enabled: 'yes',
    rollout_percentage: 101,
    bucket_by: 7,
    expires_at: 'soon',
    targeting_rules: [
      { attribute: 'country', operator: 'like', value: 'US', result: true },
      { attribute: 'age', operator: 'gt', value: 'old', result: true },
      { conditions: [{ attribute: 'a', operator: 'exists', extra: 1 }], result: 'text' },
    ],
    tenant_overrides: { 'Not A Slug': true, acme: 'text' },
    environment_overrides: { production: 'text', test: { enabled: 1 } },
    schedule: [{ at: 'later', set: { more: 1 } }],
    prerequisites: [{ flag: 'other' }],
  });
  expect(reply.status).toBe(400);
  expect(mistakes(reply)).toEqual(
    [
      '/name pattern',
      '/tags type',
      '/extra unknown_property',
      '/enabled type',
      '/rollout_percentage range',
      '/bucket_by type',
      '/expires_at pattern',
      '/targeting_rules/0/operator choice',
      '/targeting_rules/1/value operator_value',
      '/targeting_rules/2/conditions/0/extra unknown_property',
      '/targeting_rules/2/result value_type',
      '/tenant_overrides/Not A Slug pattern',
      '/tenant_overrides/acme value_type',
      '/environment_overrides/production value_type',
      '/environment_overrides/test/enabled type',
      '/schedule/0/at pattern',
      '/schedule/0/set/more unknown_property',
      '/prerequisites/0/equals required',
    ].sort(),
  );
  expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
});

it.each([
  ['nothing', undefined],
  ['a list', []],
  ['null', 'null'],
  ['a text', '"x"'],
  ['a number', '7'],
])('does not take %s for a flag', async (_, body) => {
  const sent = body === undefined ? {} : { body, headers: { 'Content-Type': 'application/json' } };
  for (const path of [FLAGS, SEGMENTS]) {
    const reply = await api.request('POST', path, sent);
    expect([reply.status, reply.body.code]).toEqual([400, 'invalid_input']);
  }
});

it.each(['', 'A', '1a', '-a', 'a b', 'a/b', 'ä', 'a'.repeat(256), 'a\n', 7, null])(
  'does not take %j for a name',
  async (name) => {
    expect((await refused({ name })).every((mistake) => mistake.startsWith('/name '))).toBe(true);
  },
);

it.each([
  [{ default_value: undefined }, ['/default_value required']],
  [{ type: 'text' }, ['/type choice']],
  [{ type: 'string' }, ['/default_value value_type']],
  [{ rollout_percentage: 33.3333 }, ['/rollout_percentage decimals']],
  [{ rollout_percentage: '25' }, ['/rollout_percentage type']],
  [{ variants: [{ name: 'a', value: true, weight: -1 }] }, ['/variants/0/weight range']],
  [{ variants: [{ name: 'a', value: 'x', weight: 1 }] }, ['/variants/0/value value_type']],
  [{ variants: [{ name: 'a', value: true, weight: 0 }] }, ['/variants weights']],
  [
    { variants: [{}] },
    ['/variants/0/name required', '/variants/0/value required', '/variants/0/weight required'],
  ],
  [{ variants: { a: 1 } }, ['/variants type']],
  [
    { targeting_rules: [7, { result: true }] },
    ['/targeting_rules/0 type', '/targeting_rules/1/conditions required'],
  ],
  [{ ramp: { from: 0, to: 100 } }, ['/ramp/ends_at required', '/ramp/starts_at required']],
  [{ ramp: 'up' }, ['/ramp type']],
  [{ tenant_overrides: [] }, ['/tenant_overrides type']],
  [{ tenant_overrides: { acme: null } }, ['/tenant_overrides/acme type']],
  [{ environment_overrides: { Prod: true } }, ['/environment_overrides/Prod pattern']],
  [{ environment_overrides: { test: { value: 'x' } } }, ['/environment_overrides/test/value value_type']],
  [{ environment_overrides: { test: 'x' } }, ['/environment_overrides/test value_type']],
  [{ environment_overrides: { test: { other: 1 } } }, ['/environment_overrides/test/other unknown_property']],
  [{ expires_at: '2026-02-30T00:00:00Z' }, ['/expires_at pattern']],
  [{ kind: 'other' }, ['/kind choice']],
  [{ salt: 'x' }, ['/salt unknown_property']],
  [{ id: 'x' }, ['/id pattern']],
  [{ description: 'x'.repeat(1_001) }, ['/description too_long']],
  [{ tags: [''] }, ['/tags/0 length']],
])('refuses %j at its place', async (body, expected) => {
  expect(await refused(body)).toEqual(expected);
});

it.each([
  [comparing('gt', 'text'), 'value operator_value'],
  [comparing('in', true), null],
  [comparing('eq'), 'value required'],
  [comparing('exists', 1), 'value operator_value'],
  [comparing('regex', '(a'), 'value regex'],
  [comparing('regex', '(?<=a)b'), 'value regex'],
  [comparing('in_cidr', '10.0.0.0/33'), 'value operator_value'],
  [comparing('semver_gt', 'x'), 'value operator_value'],
  [comparing('before', 'x'), 'value operator_value'],
  [comparing('eq', { a: 1 }), 'value type'],
  [{ attribute: 'a' }, 'operator required'],
  [{ operator: 'eq', value: 1 }, 'attribute required'],
])('refuses the short rule %j at its place', async (condition, mistake) => {
  const rules = [{ ...condition, result: true }];
  if (mistake === null) await aFlag(api, { targeting_rules: rules });
  else {
    const [first] = await refused({ targeting_rules: rules });
    expect(first).toBe(`/targeting_rules/0/${mistake}`);
  }
});

it('refuses both forms of a rule together, and a condition of two forms', async () => {
  const both = { attribute: 'a', operator: 'exists', conditions: [], result: true };
  expect(await refused({ targeting_rules: [both] })).toEqual([
    '/targeting_rules/0/conditions unknown_property',
  ]);
  const mixed = { conditions: [{ segment: 's', flag: 'f' }, {}, { any: 'x' }], result: true };
  expect(await refused({ targeting_rules: [mixed] })).toEqual([
    '/targeting_rules/0/conditions/0 choice',
    '/targeting_rules/0/conditions/1 choice',
    '/targeting_rules/0/conditions/2/any type',
  ]);
});

it('refuses what is too deep, too long or too much', async () => {
  let deep: object = { attribute: 'a', operator: 'exists' };
  for (let level = 0; level < 20; level += 1) deep = { not: deep };
  const [mistake = ''] = await refused({ targeting_rules: [{ conditions: [deep], result: true }] });
  expect(mistake).toMatch(/ too_deep$/);
  const rule = { attribute: 'a', operator: 'exists', result: true };
  expect(await refused({ targeting_rules: Array.from({ length: 101 }, () => rule) })).toEqual([
    '/targeting_rules too_many',
  ]);
  const large = await api.post(FLAGS, { name: aName(), default_value: 'x'.repeat(70_000) });
  expect([large.status, mistakes(large)]).toEqual([400, ['/default_value too_large']]);
});

it.each(['__proto__', 'constructor'])('refuses the key %s', async (key) => {
  for (const body of [
    `{"name":"x","default_value":{"${key}":1}}`,
    `{"name":"x","default_value":1,"tenant_overrides":{"${key}":1}}`,
    `{"name":"x","default_value":1,"${key}":{}}`,
  ]) {
    const reply = await api.request('POST', FLAGS, { body, headers: { 'Content-Type': 'application/json' } });
    expect([reply.status, reply.body.errors[0].code]).toEqual([400, 'forbidden_key']);
  }
});

it('refuses NUL and lone surrogates wherever they stand', async () => {
  for (const text of [String.raw`\u0000`, String.raw`\ud800`]) {
    for (const body of [
      `{"name":"x","default_value":"${text}"}`,
      `{"name":"x","default_value":1,"description":"${text}"}`,
      `{"name":"x","default_value":1,"targeting_rules":[{"attribute":"${text}","operator":"exists","result":1}]}`,
    ]) {
      const reply = await api.request('POST', FLAGS, {
        body,
        headers: { 'Content-Type': 'application/json' },
      });
      expect(reply.status).toBe(400);
    }
  }
});

it('tells that there is no such flag before it looks at the body', async () => {
  const id = randomUUID();
  const calls: [string, string, unknown?][] = [
    ['PUT', '', { name: 'No' }],
    ['PATCH', '', { name: 7 }],
    ['POST', '/rollout'],
    ['POST', '/rollout?percentage=x'],
    ['POST', '/rules', { nothing: 1 }],
    ['PUT', '/rules/1', {}],
    ['DELETE', '/rules/1'],
    ['PUT', '/overrides/tenants/acme', {}],
    ['DELETE', '/overrides/tenants/acme'],
    ['PUT', '/overrides/environments/production', { enabled: 1 }],
    ['DELETE', '/overrides/environments/production'],
    ['POST', '/enable'],
    ['POST', '/disable'],
    ['POST', '/archive'],
    ['POST', '/restore'],
    ['GET', ''],
    ['GET', '/rules'],
    ['GET', '/rules/1'],
    ['DELETE', ''],
    ['POST', '/rollback/1'],
  ];
  for (const [method, path, body] of calls) {
    const reply = await api.request(method, `${FLAGS}/${id}${path}`, body === undefined ? {} : { body });
    expect([method, path, ...outcome(reply)]).toEqual([method, path, 404, 'flag_not_found']);
  }
});

it('takes no id for a literal route, and no literal route for an id', async () => {
  for (const id of ['1', 'x', 'flags', "'; drop table feature_flags.flag; --"]) {
    const reply = await api.get(`${FLAGS}/${encodeURIComponent(id)}`);
    expect([id, reply.status, mistakes(reply)]).toEqual([id, 400, ['/id pattern']]);
  }
  expect((await api.get(SEGMENTS)).body.items).toEqual(expect.any(Array));
  for (const name of [
    'segments',
    'name',
    'evaluate',
    'snapshot',
    'export',
    'import',
    'usage',
    'ofrep',
    'batch',
  ]) {
    const flag = await aFlag(api, { name });
    expect((await api.get(`${FLAGS}/name/${name}`)).body).toEqual(flag);
    const segment = await api.post(SEGMENTS, { name });
    expect((await api.get(`${SEGMENTS}/name/${name}`)).body).toEqual(segment.body);
  }
});

it('answers names that none can be like those that none is', async () => {
  for (const name of ['No', '%00', 'a'.repeat(300), '..%2f', '%F0%9F%98%80']) {
    const { status } = await api.get(`${FLAGS}/name/${name}`);
    expect([name, status === 404 || status === 400]).toEqual([name, true]);
  }
});
