import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { evaluate, aTenant } from './made.js';
import { aFlag, aName, aSegment, FLAGS, mistakes, outcome, SEGMENTS } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const exportOf = async (tenant: string): Promise<any> =>
  (await api.get(`${FLAGS}/export?tenant_id=${tenant}`)).body;

const importInto = (tenant: string, document: object, query = ''): Promise<Reply> =>
  api.post(`${FLAGS}/import?tenant_id=${tenant}${query}`, document);

/** Some of everything. */
async function aTenantWithFlags(): Promise<string> {
  const tenant = aTenant();
  const owned = { tenant_id: tenant };
  await aSegment(api, { ...owned, name: 'staff', include: ['u1'], exclude: ['u2'], description: 'Us' });
  await aFlag(api, {
    ...owned,
    name: 'base',
    enabled: true,
    tags: ['b', 'a'],
    owner: 'web',
    kind: 'ops',
    client_visible: true,
  });
  const split = await aFlag(api, {
    ...owned,
    name: 'split',
    enabled: true,
    default_value: 'none',
    variants: [
      { name: 'a', value: 'A', weight: 1 },
      { name: 'b', value: 'B', weight: 1 },
    ],
    prerequisites: [{ flag: 'base', equals: true }],
    targeting_rules: [{ conditions: [{ segment: 'staff' }], variant: 'b', rollout_percentage: 12.5 }],
    tenant_overrides: { other: 'O' },
    environment_overrides: { production: { rollout_percentage: 50 } },
    schedule: [{ at: '2020-01-01T00:00:00.000Z', set: { rollout_percentage: 80 } }],
    expires_at: '2099-01-01T00:00:00.000Z',
  });
  const weights = {
    variants: [
      { name: 'a', value: 'A', weight: 3 },
      { name: 'b', value: 'B', weight: 1 },
    ],
  };
  await api.put(`${FLAGS}/${split.id}`, { name: 'renamed', ...weights });
  const old = await aFlag(api, { ...owned, name: 'old', default_value: { any: [1, null] } });
  await api.post(`${FLAGS}/${old.id}/archive`);
  return tenant;
}

it('exports everything that a tenant owns, and nothing else', async () => {
  const tenant = await aTenantWithFlags();
  const shared = await aFlag(api);
  const { status, body } = await api.get(`${FLAGS}/export?tenant_id=${tenant}`);
  expect([status, body.format, body.tenant_id]).toEqual([200, 'metastore-flag-export/1', tenant]);
  expect(body.segments).toEqual([
    { name: 'staff', description: 'Us', include: ['u1'], exclude: ['u2'], conditions: [] },
  ]);
  expect(body.flags.map(({ name, archived }: any) => [name, archived])).toEqual([
    ['base', false],
    ['old', true],
    ['renamed', false],
  ]);
  expect(body.flags[2]).toMatchObject({
    salt: 'split',
    variants: [
      {
        name: 'a',
        weight: 3,
        ranges: [
          [0, 50_000],
          [75_000, 100_000],
        ],
      },
      { name: 'b', weight: 1, ranges: [[50_000, 75_000]] },
    ],
  });
  const all = await api.get(`${FLAGS}/export`);
  expect(all.body.flags.map(({ name }: any) => name)).toContain(shared.name);
  expect(all.body.flags.map(({ name }: any) => name)).not.toContain('renamed');
});

it('imports its own export elsewhere, and nobody gets another value', async () => {
  const from = await aTenantWithFlags();
  const to = aTenant();
  const document = await exportOf(from);
  const { status, body } = await importInto(to, document);
  expect([status, body.created, body.updated, body.unchanged, body.dry_run]).toEqual([200, 4, 0, 0, false]);
  expect(body.items[0]).toEqual({ type: 'segment', name: 'staff', outcome: 'created' });
  expect({ ...(await exportOf(to)), tenant_id: from }).toEqual(document);
  const served = new Set<string>();
  for (let user = 0; user < 30; user += 1) {
    const context = { targetingKey: `user-${user}` };
    const [before, after] = await Promise.all(
      [from, to].map((tenant_id) => evaluate(api, 'renamed', { context, tenant_id })),
    );
    expect(after?.body.value).toBe(before?.body.value);
    served.add(after?.body.value);
  }
  expect([...served].sort()).toEqual(['A', 'B', 'none']);
});

it('changes nothing when it is repeated', async () => {
  const tenant = await aTenantWithFlags();
  const { body } = await importInto(tenant, await exportOf(tenant));
  expect([body.created, body.updated, body.unchanged]).toEqual([0, 0, 4]);
});

it('makes flags what the document says, archived ones too, and leaves the others alone', async () => {
  const tenant = await aTenantWithFlags();
  const document = await exportOf(tenant);
  const flags = [
    { ...document.flags[0], enabled: false, archived: true },
    { ...document.flags[1], archived: false, default_value: [2], rollout_value: [2] },
  ];
  const { body } = await importInto(tenant, { format: document.format, flags });
  expect(body.items).toEqual([
    { type: 'flag', name: 'base', outcome: 'updated' },
    { type: 'flag', name: 'old', outcome: 'updated' },
  ]);
  const after = await exportOf(tenant);
  expect(after.flags).toEqual([...flags, document.flags[2]]);
});

it('takes flags in any order, and what they refer to from the document or from what is there', async () => {
  const tenant = aTenant();
  const { name: shared } = await aFlag(api);
  const flags = [
    { name: 'a', default_value: 1, prerequisites: [{ flag: 'b', equals: 2 }] },
    { name: 'b', default_value: 1, prerequisites: [{ flag: shared, equals: true }] },
  ];
  const { body } = await importInto(tenant, { flags });
  expect(body.created).toBe(2);
});

it('says what it would do, and does not do it', async () => {
  const tenant = aTenant();
  await aFlag(api, { tenant_id: tenant, name: 'present' });
  const document = {
    segments: [{ name: 'staff' }],
    flags: [
      { name: 'present', default_value: true },
      {
        name: 'fresh',
        default_value: 1,
        targeting_rules: [{ conditions: [{ segment: 'staff' }], result: 2 }],
      },
    ],
  };
  const before = await exportOf(tenant);
  const { body } = await importInto(tenant, document, '&dry_run=true');
  expect(body).toMatchObject({ dry_run: true, created: 2, updated: 1, unchanged: 0 });
  expect(await exportOf(tenant)).toEqual(before);
});

it('tells all that cannot be read at its place, and stores nothing', async () => {
  const tenant = aTenant();
  const reply = await importInto(tenant, {
    format: 'other',
    more: 1,
    segments: [{ name: 'Staff' }, 5],
    flags: [
      { name: 'fine', default_value: 1 },
      { name: 'fine', default_value: 2 },
      { name: 'wrong', default_value: 1, rollout_percentage: 101, salt: 5, id: 'x', color: 'red' },
      {
        name: 'ranges',
        default_value: 1,
        variants: [{ name: 'a', value: 'text', weight: 1, ranges: [[0, 'x']] }],
      },
    ],
  });
  expect(outcome(reply)).toEqual([400, 'invalid_input']);
  expect(mistakes(reply)).toEqual(
    expect.arrayContaining([
      '/format choice',
      '/more unknown_property',
      '/segments/1 type',
      '/flags/1/name duplicate',
      '/flags/2/rollout_percentage range',
      '/flags/2/salt type',
      '/flags/2/color unknown_property',
      '/flags/3/variants/0/ranges/0/1 type',
    ]),
  );
  expect((await exportOf(tenant)).flags).toEqual([]);
});

it('tells all that cannot be stored at its place, and stores nothing', async () => {
  const tenant = aTenant();
  await aFlag(api, { tenant_id: tenant, name: 'typed', default_value: 'text' });
  const reply = await importInto(tenant, {
    segments: [{ name: 'round', conditions: [{ flag: 'c', equals: 1 }] }],
    flags: [
      { name: 'fine', default_value: 1 },
      { name: 'typed', default_value: 5 },
      { name: 'a', default_value: 1, prerequisites: [{ flag: 'nowhere', equals: 1 }] },
      { name: 'c', default_value: 1, targeting_rules: [{ conditions: [{ segment: 'round' }], result: 2 }] },
    ],
  });
  expect(outcome(reply)).toEqual([422, 'flag_import_refused']);
  expect(mistakes(reply)).toEqual([
    '/flags/1/type fixed',
    '/flags/2/prerequisites/0/flag flag_reference_unknown',
    '/flags/3 flag_cycle',
    '/segments/0 flag_cycle',
  ]);
  expect((await exportOf(tenant)).flags.map(({ name }: any) => name)).toEqual(['typed']);
});

it('keeps to the tenant of the credential, and to its permissions', async () => {
  const [own, other] = [aTenant(), aTenant()];
  const editor = { key: await api.key('editor', own) };
  const viewer = { key: await api.key('viewer', own) };
  expect(outcome(await api.get(`${FLAGS}/export?tenant_id=${other}`, editor))).toEqual([
    403,
    'tenant_forbidden',
  ]);
  const document = { flags: [{ name: aName(), default_value: true }] };
  expect(outcome(await api.post(`${FLAGS}/import?tenant_id=${other}`, document, editor))).toEqual([
    403,
    'tenant_forbidden',
  ]);
  expect(outcome(await api.post(`${FLAGS}/import`, document, viewer))).toEqual([403, 'permission_denied']);
  expect((await api.post(`${FLAGS}/import`, document, editor)).body.created).toBe(1);
  expect((await api.get(`${FLAGS}/export`, viewer)).body.flags).toHaveLength(1);
  expect((await api.get(`${SEGMENTS}?tenant_id=${own}`, viewer)).status).toBe(200);
});
