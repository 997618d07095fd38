import { FlagdCore } from '@openfeature/flagd-core';
import { TestApi } from '../api.js';
import { evaluate, aTenant } from './made.js';
import { aFlag, aSegment, FLAGS, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

/** flagd's own evaluator with a document. */
function flagdWith(document: object): FlagdCore {
  const core = new FlagdCore(undefined, { error: ignore, warn: ignore, info: ignore, debug: ignore });
  core.setConfigurations(JSON.stringify(document));
  return core;
}

function ignore(): void {
  // What flagd says of each evaluation is not what is tested.
}

it('exports what an SDK of flagd evaluates to the same values', async () => {
  const tenant = aTenant();
  const owned = { tenant_id: tenant, enabled: true, default_value: 'none' };
  await aSegment(api, {
    tenant_id: tenant,
    name: 'staff',
    include: ['user-3'],
    conditions: [{ attribute: 'email', operator: 'ends_with', value: '@acme.com' }],
  });
  const names = [
    await aFlag(api, {
      ...owned,
      name: 'gated', // The salt is the name at first: who is drawn must not be left to chance.
      rollout_value: 'in',
      rollout_percentage: 10,
      environment_overrides: { production: { rollout_percentage: 55.555 } },
      targeting_rules: [
        { conditions: [{ segment: 'staff' }], result: 'staff', rollout_percentage: 50 },
        { conditions: [{ not: { attribute: 'age', operator: 'gte', value: 18 } }], result: 'young' },
      ],
    }),
    await aFlag(api, {
      ...owned,
      name: 'varied',
      variants: [
        { name: 'a', value: 'A', weight: 2 },
        { name: 'b', value: 'B', weight: 1 },
      ],
    }),
  ].map(({ name }) => name);
  const { name: odd } = await aFlag(api, {
    ...owned,
    targeting_rules: [{ attribute: 'email', operator: 'regex', value: '.+@acme', result: 'R' }],
  });
  const { status, body } = await api.get(
    `${FLAGS}/export?format=flagd&tenant_id=${tenant}&environment=production`,
  );
  expect([status, body.metadata]).toEqual([200, { tenant_id: tenant, environment: 'production' }]);
  expect(body.omitted).toEqual([
    { flag: odd, code: 'operator', detail: 'flagd has no operation for regex.' },
  ]);
  const core = flagdWith(body);
  const served = new Set<string>();
  for (let user = 0; user < 40; user += 1) {
    const context = {
      targetingKey: `user-${user}`,
      email: user % 3 === 0 ? 'x@acme.com' : 'x@example.com',
      ...(user % 4 === 0 ? {} : { age: user }),
    };
    for (const name of names) {
      const { body: here } = await evaluate(api, name, {
        context,
        tenant_id: tenant,
        environment: 'production',
      });
      expect(core.resolveStringEvaluation(name, 'code', context).value).toBe(here.value);
      served.add(here.value);
    }
  }
  expect([...served].sort()).toEqual(['A', 'B', 'in', 'none', 'staff', 'young']);
});

it('imports what flagd has, serves the same, and changes nothing when it is repeated', async () => {
  const tenant = aTenant();
  const document = {
    $schema: 'https://flagd.dev/schema/v0/flags.json',
    flags: {
      'header-color': {
        state: 'ENABLED',
        variants: { red: '#FF0000', blue: '#0000FF', green: '#00FF00' },
        defaultVariant: 'red',
        targeting: {
          if: [
            { $ref: 'is-staff' },
            'blue',
            { and: [{ '!=': [{ var: 'country' }, 'DE'] }, { sem_ver: [{ var: 'version' }, '>=', '2.0.0'] }] },
            'green',
          ],
        },
      },
      plain: { state: 'DISABLED', variants: { on: true, off: false }, defaultVariant: 'off' },
    },
    $evaluators: { 'is-staff': { ends_with: [{ var: 'email' }, '@acme.com'] } },
  };
  const path = `${FLAGS}/import?format=flagd&tenant_id=${tenant}`;
  const rehearsal = await api.post(`${path}&dry_run=true`, document);
  expect(rehearsal.body).toMatchObject({ dry_run: true, created: 2 });
  expect((await api.post(path, document)).body).toMatchObject({ dry_run: false, created: 2 });
  expect((await api.post(path, document)).body).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
  const core = flagdWith(document);
  const contexts: Record<string, string>[] = [
    { email: 'a@acme.com' },
    { version: '2.1.0', country: 'FR' },
    { version: '2.1.0', country: 'DE' },
    { version: '2.1.0' },
    {},
  ];
  for (const context of contexts) {
    const { body: here } = await evaluate(api, 'header-color', { context, tenant_id: tenant });
    expect(here.value).toBe(core.resolveStringEvaluation('header-color', 'code', context).value);
  }
});

it('refuses a document at the place of what rules cannot say, and stores nothing of it', async () => {
  const tenant = aTenant();
  const variants = { on: true, off: false };
  const reply = await api.post(`${FLAGS}/import?format=flagd&tenant_id=${tenant}`, {
    flags: {
      fine: { state: 'ENABLED', variants, defaultVariant: 'off' },
      'not-fine': {
        state: 'ENABLED',
        variants,
        defaultVariant: 'off',
        targeting: { if: [{ some: [{ var: 'roles' }, { '==': [{ var: '' }, 'x'] }] }, 'on'] },
      },
      'Bad Name': { state: 'ENABLED', variants, defaultVariant: 'gone' },
    },
  });
  expect(outcome(reply)).toEqual([400, 'invalid_input']);
  expect(mistakes(reply)).toEqual([
    '/flags/Bad Name/defaultVariant choice',
    '/flags/not-fine/targeting/if/0 not_in_rules',
  ]);
  expect((await api.get(`${FLAGS}/export?tenant_id=${tenant}`)).body.flags).toEqual([]);
});
