import { TestApi } from '../api.js';
import { entity, IMPORT, importsInto, NOTHING, ORDERS } from './imported.js';
import { aCompany, aTeam, aTenant, mistakes, outcome, RESOURCES } from './made.js';

let api: TestApi;
const { importing, taken, listed } = importsInto(() => api);

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

describe('who speaks for what', () => {
  it('an import changes nothing that another source or somebody made', async () => {
    const tenant = aTenant();
    const company = await aCompany(api, { tenant_id: tenant });
    await api.post(RESOURCES, { company_id: company.id, name: 'mine', type: 'service' });
    await aTeam(api, company.id, { name: 'Platform', slug: 'platform' });
    await taken(tenant, entity('Component', 'theirs'), 'source=other');
    const answer = await taken(tenant, [
      entity('Component', 'mine'),
      entity('Component', 'theirs'),
      entity('Group', 'platform'),
      entity('Component', 'ours', { owner: 'platform' }),
    ]);
    expect(answer).toMatchObject({ created: 1, updated: 0, warnings: [] });
    expect(answer.errors.map(({ code }: any) => code)).toEqual(
      ['source_conflict', 'source_conflict', 'source_conflict'].sort(),
    );
    expect((await listed(tenant, `${RESOURCES}?name=mine`))[0]).toMatchObject({ version: 1, source: null });
  });

  it('what a source has no more is an orphan until it comes again; nobody else’s is', async () => {
    const tenant = aTenant();
    const [a, b] = [entity('Component', 'a'), entity('Component', 'b')];
    await taken(tenant, [a, b]);
    await taken(tenant, entity('Component', 'c'), 'source=other');
    expect(await taken(tenant, [a])).toMatchObject({ ...NOTHING, unchanged: 1, orphaned: 1 });
    expect(await taken(tenant, [a])).toMatchObject({ ...NOTHING, unchanged: 1 });
    expect((await listed(tenant, `${RESOURCES}?orphan=true`)).map(({ name }) => name)).toEqual(['b']);
    expect(await taken(tenant, [a, b])).toMatchObject({ ...NOTHING, unchanged: 1, updated: 1 });
    expect(await listed(tenant, `${RESOURCES}?orphan=true`)).toEqual([]);
    expect(await taken(tenant, [a, { kind: 'Component' }])).toMatchObject({ orphaned: 0 });
    const rehearsed = await taken(tenant, [a], 'source=acme&prune=orphans&dry_run=true');
    expect(rehearsed).toMatchObject({ ...NOTHING, dry_run: true, unchanged: 1, deleted: 1 });
    expect((await listed(tenant, RESOURCES)).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(await taken(tenant, [a], 'source=acme&prune=orphans')).toMatchObject({
      ...NOTHING,
      unchanged: 1,
      deleted: 1,
    });
    expect((await listed(tenant, RESOURCES)).map(({ name }) => name)).toEqual(['a', 'c']);
  });

  it('a file that was cut to nothing deletes nothing; an empty list does', async () => {
    const tenant = aTenant();
    await taken(tenant, entity('Component', 'a'));
    for (const text of ['# nothing\n', '---\n---\n'])
      expect(outcome(await importing(tenant, text, 'source=acme&prune=orphans'))).toEqual([
        400,
        'invalid_input',
      ]);
    expect((await listed(tenant, RESOURCES)).map(({ name }) => name)).toEqual(['a']);
    expect(await taken(tenant, [], 'source=acme&prune=orphans')).toMatchObject({ ...NOTHING, deleted: 1 });
  });

  it('a rehearsal says the same and leaves nothing, not even a company', async () => {
    const tenant = aTenant();
    const rehearsed = await taken(tenant, ORDERS, 'source=acme&dry_run=true');
    expect(rehearsed).toEqual({ ...NOTHING, dry_run: true, source: 'acme', created: 8 });
    expect(await listed(tenant, '/api/v1/companies')).toEqual([]);
    expect(await taken(tenant, ORDERS)).toEqual({ ...rehearsed, dry_run: false });
  });

  it('a tenant imports into its own companies alone', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    const key = await api.key('admin', tenant);
    const company = await aCompany(api, { tenant_id: other });
    const send = (query: string) =>
      api.post(`${IMPORT}?source=acme${query}`, entity('Component', 'a'), { key });
    expect(outcome(await send(`&tenant_id=${other}`))).toEqual([403, 'tenant_forbidden']);
    expect(outcome(await send(`&company_id=${company.id}`))).toEqual([422, 'catalog_reference_unknown']);
    expect((await send('')).body).toMatchObject({ created: 1 });
    await aCompany(api, { tenant_id: tenant }, { key });
    expect(mistakes(await send(''))).toEqual(['/company_id required']);
    const reader = await api.key('viewer', tenant);
    expect((await api.post(`${IMPORT}?source=acme`, entity('Component', 'a'), { key: reader })).status).toBe(
      403,
    );
  });
});

it('takes two imports of one source at once, one after the other', async () => {
  const tenant = aTenant();
  const replies = await Promise.all([ORDERS, ORDERS, ORDERS].map((body) => importing(tenant, body)));
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
  const created = replies.map(({ body }) => body.created).sort((a, b) => a - b);
  expect(created).toEqual([0, 0, 8]);
});

it('takes 1,000 entities, and changes none of them the second time', async () => {
  const tenant = aTenant();
  const groups = Array.from({ length: 50 }, (_, n) => entity('Group', `g${n}`));
  const users = Array.from({ length: 150 }, (_, n) => entity('User', `u${n}`, { memberOf: [`g${n % 50}`] }));
  const rest = Array.from({ length: 800 }, (_, n) =>
    entity('Component', `c${n}`, { owner: `g${n % 50}`, dependsOn: [`component:c${(n + 1) % 800}`] }),
  );
  expect(await taken(tenant, [...rest, ...users, ...groups])).toMatchObject({ ...NOTHING, created: 1000 });
  expect(await taken(tenant, [...groups, ...users, ...rest])).toMatchObject({ ...NOTHING, unchanged: 1000 });
});

it('a team changes its only owner in one import, whichever of the two is named first', async () => {
  for (const [before, after] of [
    ['ada', 'bob'],
    ['bob', 'ada'],
  ]) {
    const tenant = aTenant();
    const withRoles = (roles: object): object[] => {
      const annotations = { 'metastore.io/roles': JSON.stringify(roles) };
      return [
        ...['ada', 'bob'].map((name) => entity('User', name, { memberOf: ['g'] })),
        entity('Group', 'g', { type: 'team', members: ['ada', 'bob'] }, { annotations }),
      ];
    };
    const [old, next] = [`user:default/${before}`, `user:default/${after}`];
    await taken(tenant, withRoles({ [old]: 'owner', [next]: 'member' }));
    expect(await taken(tenant, withRoles({ [old]: 'member', [next]: 'owner' }))).toMatchObject({
      updated: 1,
      errors: [],
    });
    const [ada, bob] = await listed(tenant, '/api/v1/users?sort=name');
    const [team] = await listed(tenant, '/api/v1/teams');
    const roles = Object.fromEntries(team.members.map((member: any) => [member.user_id, member.role]));
    expect([roles[ada.id], roles[bob.id]]).toEqual(
      after === 'ada' ? ['owner', 'member'] : ['member', 'owner'],
    );
  }
});
