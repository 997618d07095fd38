import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aCompany, aName, aTeam, aTenant, aUser, mistakes, outcome, TEAMS } from './made.js';

let api: TestApi;
let company: any;

beforeAll(async () => {
  api = await TestApi.start();
  company = await aCompany(api);
});

afterAll(() => api.stop());

describe('a team', () => {
  it('is created with its defaults, read and listed', async () => {
    const name = aName();
    const reply = await api.post(TEAMS, { company_id: company.id, name });
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"1"',
      `${TEAMS}/${reply.body.id}`,
    ]);
    expect(reply.body).toEqual({
      id: expect.any(String),
      tenant_id: null,
      version: 1,
      company_id: company.id,
      name,
      slug: name,
      description: null,
      email: null,
      parent_team_id: null,
      labels: {},
      members: [],
      created_at: expect.any(String),
      updated_at: reply.body.created_at,
      created_by: 'anonymous',
      updated_by: 'anonymous',
    });
    expect((await api.get(`${TEAMS}/${reply.body.id}`)).body).toEqual(reply.body);
    expect((await api.get(`${TEAMS}?q=${name.toUpperCase()}&include_total=true`)).body).toEqual({
      items: [reply.body],
      limit: 100,
      has_more: false,
      next_cursor: null,
      total: 1,
    });
  });

  it('gets a slug from its name, and keeps it when it is renamed', async () => {
    const { id: companyId } = await aCompany(api);
    const slugOf = async (name: string): Promise<string> => (await aTeam(api, companyId, { name })).slug;
    expect(await slugOf('Plattform & Öl')).toBe('plattform-ol');
    expect(await slugOf('  --A__b  ')).toBe('a-b');
    expect(await slugOf(`${'a'.repeat(62)} b`)).toBe('a'.repeat(62));
    expect(await slugOf('結算')).toMatch(/^team-[0-9a-f]{12}$/);
    const team = await aTeam(api, companyId, { name: 'Payments' });
    const taken = await api.post(TEAMS, { company_id: companyId, name: 'payments' });
    expect([...outcome(taken), taken.body.conflicting_id]).toEqual([409, 'team_slug_taken', team.id]);
    const renamed = await api.put(`${TEAMS}/${team.id}`, { name: 'Settlement' });
    expect([renamed.body.id, renamed.body.slug, renamed.body.version]).toEqual([team.id, 'payments', 2]);
    const other = await aTeam(api, companyId, { name: 'Other', slug: 'other' });
    const put = await api.put(`${TEAMS}/${other.id}`, { slug: 'payments' });
    expect([...outcome(put), put.body.conflicting_id]).toEqual([409, 'team_slug_taken', team.id]);
    const elsewhere = await aCompany(api);
    expect((await aTeam(api, elsewhere.id, { name: 'Payments' })).slug).toBe('payments');
  });

  it('is changed by PUT and PATCH, and only where something changes', async () => {
    const body = { description: 'd', email: 'team@example.com', labels: { a: '1', b: '2' } };
    const team = await aTeam(api, company.id, body);
    const path = `${TEAMS}/${team.id}`;
    const put = await api.put(path, { description: null, labels: { a: '3' } });
    expect(put.body).toEqual({
      ...team,
      description: null,
      labels: { a: '3' },
      version: 2,
      updated_at: put.body.updated_at,
    });
    const patch = await api.patch(path, { labels: { a: null, c: '4' }, email: null, change_reason: 'why' });
    expect([patch.body.version, patch.body.labels, patch.body.email]).toEqual([3, { c: '4' }, null]);
    expect((await api.put(path, { labels: { c: '4' }, company_id: company.id })).body).toEqual(patch.body);
    expect((await api.get(`${path}/versions/3`)).body.change_reason).toBe('why');
    expect((await api.put(path, {})).body.version).toBe(3);
  });

  it('is refused with everything that is wrong at once', async () => {
    const wrong = {
      name: '',
      slug: '-x',
      description: 'd'.repeat(256),
      email: 'nobody',
      parent_team_id: 'x',
      labels: [],
      members: [],
    };
    const expected = [
      '/description too_long',
      '/email email',
      '/labels type',
      '/members unknown_property',
      '/name too_short',
      '/parent_team_id pattern',
      '/slug pattern',
    ];
    const reply = await api.post(TEAMS, { ...wrong, company_id: company.id });
    expect([reply.status, mistakes(reply)]).toEqual([400, expected]);
    const { id } = await aTeam(api, company.id);
    expect(mistakes(await api.put(`${TEAMS}/${id}`, { ...wrong, company_id: randomUUID() }))).toEqual(
      ['/company_id fixed', ...expected].sort(),
    );
    expect(outcome(await api.put(`${TEAMS}/${randomUUID()}`, wrong))).toEqual([404, 'team_not_found']);
    expect((await api.get(`${TEAMS}/x`)).status).toBe(400);
  });

  it('has an id of the caller and a version', async () => {
    const body = { id: randomUUID(), company_id: company.id, name: aName(), labels: { a: '1' } };
    const first = await api.post(TEAMS, body);
    const again = await api.post(TEAMS, body);
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
    expect(outcome(await api.post(TEAMS, { ...body, labels: {} }))).toEqual([409, 'id_conflict']);
    expect(outcome(await api.post(TEAMS, { ...body, id: company.id }))).toEqual([409, 'id_conflict']);
    const path = `${TEAMS}/${body.id}`;
    const stale = { headers: { 'If-Match': '"2"' } };
    expect(outcome(await api.put(path, { name: 'x' }, stale))).toEqual([412, 'stale_version']);
    expect(outcome(await api.delete(path, stale))).toEqual([412, 'stale_version']);
    expect((await api.get(path, { headers: { 'If-None-Match': '"1"' } })).status).toBe(304);
  });

  it('has a history and goes back in it; its members stay', async () => {
    const parent = await aTeam(api, company.id);
    const { id, name, slug } = await aTeam(api, company.id, { parent_team_id: parent.id });
    const user = await aUser(api, company.id);
    const path = `${TEAMS}/${id}`;
    await api.put(path, { slug: aName(), parent_team_id: null });
    await api.put(`${path}/members/${user.id}`, { role: 'owner' });
    expect((await api.get(`${path}/versions/1/diff/2`)).body).toEqual([
      { op: 'replace', path: '/slug', value: expect.any(String) },
      { op: 'replace', path: '/parent_team_id', value: null },
    ]);
    const back = await api.post(`${path}/rollback/1`, { change_reason: 'oh' });
    expect([back.status, back.body.version, back.body.slug, back.body.parent_team_id]).toEqual([
      200,
      4,
      slug,
      parent.id,
    ]);
    expect(back.body.members).toEqual([{ user_id: user.id, role: 'owner', since: expect.any(String) }]);
    await api.put(path, { parent_team_id: null });
    await api.delete(`${TEAMS}/${parent.id}`);
    const gone = await api.post(`${path}/rollback/1`);
    expect([...outcome(gone), mistakes(gone)]).toEqual([
      422,
      'catalog_reference_unknown',
      ['/parent_team_id catalog_reference_unknown'],
    ]);
    const { body } = await api.get(`${path}/versions`);
    expect(body.items.map(({ type, rolled_back_from }: any) => [type, rolled_back_from])).toEqual([
      ['updated', null],
      ['rolled_back', 1],
      ['member_added', null],
      ['updated', null],
      ['created', null],
    ]);
    expect((await api.get(`${path}/versions/2`)).body.state).toMatchObject({ name, members: [] });
    expect((await api.get(`${path}?as_of=${body.items[4].changed_at}`)).body.version).toBe(1);
  });
});

describe('teams', () => {
  it('are found by company, place, slug, member, labels, time and text', async () => {
    const { id: companyId } = await aCompany(api);
    const top = await aTeam(api, companyId, { name: 'Top', labels: { tier: 'gold' } });
    const below = { parent_team_id: top.id };
    const left = await aTeam(api, companyId, { name: 'Left', description: 'Über', ...below });
    await aTeam(api, companyId, { name: 'Right', ...below });
    const user = await aUser(api, companyId);
    await api.put(`${TEAMS}/${left.id}/members/${user.id}`);
    const found = async (query: string): Promise<string[]> =>
      (await api.get(`${TEAMS}?company_id=${companyId}&${query}`)).body.items.map(({ name }: any) => name);
    expect(await found('')).toEqual(['Left', 'Right', 'Top']);
    expect(await found('sort=-slug')).toEqual(['Top', 'Right', 'Left']);
    expect(await found(`parent_team_id=${top.id}`)).toEqual(['Left', 'Right']);
    expect([await found('root=true'), await found('root=false')]).toEqual([['Top'], ['Left', 'Right']]);
    expect(await found('slug=left,top')).toEqual(['Left', 'Top']);
    expect(await found(`member=${user.id}`)).toEqual(['Left']);
    expect(await found('selector=tier')).toEqual(['Top']);
    expect(await found('selector=tier notin (gold)')).toEqual(['Left', 'Right']);
    expect(await found('q=%C3%BCBER')).toEqual(['Left']);
    const { updated_at } = (await api.get(`${TEAMS}/${left.id}`)).body;
    expect(await found(`updated_since=${updated_at}`)).toEqual(['Left']);
    for (const query of ['member=x', 'parent_team_id=x', 'selector=(', 'root=perhaps', 'sort=labels'])
      expect([(await api.get(`${TEAMS}?${query}`)).status, query]).toEqual([400, query]);
  });

  it('of one tenant are nothing to another', async () => {
    const [acme, globex] = [aTenant(), aTenant()];
    const key = await api.key('admin', acme);
    const own = await aCompany(api, {}, { key });
    const foreign = await aCompany(api, { tenant_id: globex });
    const stranger = await aTeam(api, foreign.id);
    const team = await aTeam(api, own.id, {}, { key });
    expect([team.tenant_id, team.company_id]).toEqual([acme, own.id]);
    for (const parent of [stranger.id, randomUUID(), '00000000-0000-0000-0000-000000000000']) {
      const reply = await api.put(`${TEAMS}/${team.id}`, { parent_team_id: parent }, { key });
      expect([...outcome(reply), reply.body.errors]).toEqual([
        422,
        'catalog_reference_unknown',
        [
          {
            pointer: '/parent_team_id',
            code: 'catalog_reference_unknown',
            detail: 'There is no such team in this company.',
          },
        ],
      ]);
    }
    const path = `${TEAMS}/${stranger.id}`;
    for (const reply of [
      await api.get(path, { key }),
      await api.put(path, {}, { key }),
      await api.delete(path, { key }),
      await api.get(`${path}/members`, { key }),
      await api.get(`${path}/owned`, { key }),
      await api.put(`${path}/members/${randomUUID()}`, {}, { key }),
      await api.delete(`${path}/members/${randomUUID()}`, { key }),
    ])
      expect(outcome(reply)).toEqual([404, 'team_not_found']);
    const shared = await aTeam(api, company.id);
    for (const reply of [
      await api.put(`${TEAMS}/${shared.id}`, {}, { key }),
      await api.delete(`${TEAMS}/${shared.id}`, { key }),
      await api.put(`${TEAMS}/${shared.id}/members/${randomUUID()}`, {}, { key }),
      await api.post(TEAMS, { company_id: company.id, name: 'x' }, { key }),
    ])
      expect(outcome(reply)).toEqual([403, 'tenant_forbidden']);
    expect((await api.get(`${TEAMS}/${shared.id}/members`, { key })).status).toBe(200);
  });
});
