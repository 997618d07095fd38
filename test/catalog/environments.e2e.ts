import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import {
  aCompany,
  anEnvironment,
  aName,
  aTeam,
  aTenant,
  ENVIRONMENTS,
  made,
  mistakes,
  outcome,
} from './made.js';

const RESOURCES = '/api/v1/resources';
const UNKNOWN = [422, 'catalog_reference_unknown'];

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const keysOf = async (query: string): Promise<string[]> =>
  (await api.get(`${ENVIRONMENTS}?${query}`)).body.items.map(({ key }: any) => key);

/** A tenant with one company. */
async function aHome(): Promise<{ tenant: string; company: any }> {
  const tenant = aTenant();
  return { tenant, company: await aCompany(api, { tenant_id: tenant }) };
}

describe('an environment', () => {
  it('is created with its defaults, read by id and key, and listed', async () => {
    const { tenant, company } = await aHome();
    const reply = await api.post(ENVIRONMENTS, { company_id: company.id, key: 'qa' });
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"1"',
      `${ENVIRONMENTS}/${reply.body.id}`,
    ]);
    expect(reply.body).toEqual({
      id: expect.any(String),
      tenant_id: tenant,
      version: 1,
      company_id: company.id,
      key: 'qa',
      name: 'qa',
      tier: 'development',
      owner_team_id: null,
      labels: {},
      created_at: expect.any(String),
      updated_at: reply.body.created_at,
      created_by: 'anonymous',
      updated_by: 'anonymous',
    });
    for (const path of [`${reply.body.id}`, `key/qa?tenant_id=${tenant}`])
      expect((await api.get(`${ENVIRONMENTS}/${path}`)).body).toEqual(reply.body);
    const list = await api.get(`${ENVIRONMENTS}?tenant_id=${tenant}&key=qa&company_id=${company.id}`);
    expect(list.body.items).toEqual([reply.body]);
  });

  it('has the tier that its key says', async () => {
    const { tenant } = await aHome();
    const tiers = ['production', 'staging', 'testing', 'development', 'live'].map(
      async (key) => (await anEnvironment(api, { tenant_id: tenant, key })).tier,
    );
    expect(await Promise.all(tiers)).toEqual([
      'production',
      'staging',
      'testing',
      'development',
      'development',
    ]);
  });

  it('is changed by PUT and PATCH, and only where something changes', async () => {
    const { tenant } = await aHome();
    const { id } = await anEnvironment(api, { tenant_id: tenant, key: 'qa', labels: { a: '1' } });
    const put = await api.put(`${ENVIRONMENTS}/${id}`, { name: 'Quality', labels: { b: '2' } });
    expect([put.body.version, put.body.name, put.body.labels]).toEqual([2, 'Quality', { b: '2' }]);
    const patch = await api.patch(`${ENVIRONMENTS}/${id}`, { tier: 'testing', labels: { a: '1', b: null } });
    expect([patch.body.version, patch.body.tier, patch.body.labels]).toEqual([3, 'testing', { a: '1' }]);
    expect((await api.put(`${ENVIRONMENTS}/${id}`, { tier: 'testing', name: 'Quality' })).body).toEqual(
      patch.body,
    );
    expect(
      mistakes(await api.put(`${ENVIRONMENTS}/${id}`, { key: 'other', company_id: null, name: null })),
    ).toEqual(['/company_id unknown_property', '/key unknown_property', '/name type']);
    const stale = await api.put(`${ENVIRONMENTS}/${id}`, {}, { headers: { 'If-Match': '"1"' } });
    expect(outcome(stale)).toEqual([412, 'stale_version']);
  });

  it('is refused with everything that is wrong at once', async () => {
    const wrong = { key: 'No', name: '', tier: 'x', owner_team_id: 'x', labels: { '-': '' }, company_id: 1 };
    const reply = await api.post(ENVIRONMENTS, { ...wrong, other: 1 });
    expect([reply.status, mistakes(reply)]).toEqual([
      400,
      [
        '/company_id pattern',
        '/key pattern',
        '/labels/- label_key',
        '/name too_short',
        '/other unknown_property',
        '/owner_team_id pattern',
        '/tier choice',
      ],
    ]);
    for (const key of ['', 'a'.repeat(64), '-a', 'a_b', 'ä', 'a\n'])
      expect([key, ...outcome(await api.post(ENVIRONMENTS, { key }))]).toEqual([key, 400, 'invalid_input']);
    for (const key of ['No', 'a%00', '%F0%9F%98%80', 'x'.repeat(64)])
      expect([key, (await api.get(`${ENVIRONMENTS}/key/${key}`)).status]).not.toEqual([key, 500]);
    expect(outcome(await api.get(`${ENVIRONMENTS}/key/production`))).toEqual([404, 'environment_not_found']);
  });

  it('has an id of the caller and a key of its own in the tenant', async () => {
    const { tenant } = await aHome();
    const body = { id: randomUUID(), tenant_id: tenant, key: 'qa', labels: { a: '1' } };
    const first = await api.post(ENVIRONMENTS, body);
    const again = await api.post(ENVIRONMENTS, { ...body, name: 'qa', owner_team_id: null });
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
    expect(outcome(await api.post(ENVIRONMENTS, { ...body, labels: {} }))).toEqual([409, 'id_conflict']);
    expect(outcome(await api.post(ENVIRONMENTS, { ...body, key: 'qb' }))).toEqual([409, 'id_conflict']);
    const taken = await api.post(ENVIRONMENTS, { tenant_id: tenant, key: 'qa' });
    expect([...outcome(taken), taken.body.conflicting_id]).toEqual([409, 'environment_key_taken', body.id]);
    expect((await anEnvironment(api, { tenant_id: aTenant(), key: 'qa' })).version).toBe(1);
  });

  it('has a history and goes back in it', async () => {
    const { tenant } = await aHome();
    const { id } = await anEnvironment(api, { tenant_id: tenant, key: 'qa', tier: 'testing' });
    await api.put(`${ENVIRONMENTS}/${id}`, { tier: 'staging', name: 'Q', change_reason: 'why' });
    expect((await api.get(`${ENVIRONMENTS}/${id}/versions/1/diff/2`)).body).toEqual([
      { op: 'replace', path: '/name', value: 'Q' },
      { op: 'replace', path: '/tier', value: 'staging' },
    ]);
    const back = await api.post(`${ENVIRONMENTS}/${id}/rollback/1`, {});
    expect([back.status, back.body.version, back.body.tier, back.body.name]).toEqual([
      200,
      3,
      'testing',
      'qa',
    ]);
    const { items } = (await api.get(`${ENVIRONMENTS}/${id}/versions`)).body;
    expect(items.map((item: any) => [item.type, item.change_reason, item.rolled_back_from])).toEqual([
      ['rolled_back', null, 1],
      ['updated', 'why', null],
      ['created', null, null],
    ]);
    expect((await api.get(`${ENVIRONMENTS}/${id}?as_of=${items[2].changed_at}`)).body.version).toBe(1);
    expect((await api.delete(`${ENVIRONMENTS}/${id}?change_reason=done`)).status).toBe(204);
    expect(outcome(await api.get(`${ENVIRONMENTS}/${id}`))).toEqual([404, 'environment_not_found']);
    expect((await api.get(`${ENVIRONMENTS}/${id}/versions/4`)).body.state).toBeNull();
  });

  it('is told in the feed of events, as it is shown', async () => {
    const { tenant } = await aHome();
    const environment = await anEnvironment(api, { tenant_id: tenant, key: 'qa' });
    const { body } = await api.get(`/api/v1/events?tenant_id=${tenant}&limit=10`);
    expect(body.items.map(({ type, subject }: any) => [type, subject]).at(-1)).toEqual([
      'io.metastore.catalog.environment.created.v1',
      'qa',
    ]);
    expect(JSON.stringify(body.items.at(-1).data)).toContain(environment.id);
  });
});

describe('where an environment belongs', () => {
  it('is the only company of the tenant, or none where there is none, and is asked for where there are several', async () => {
    const tenant = aTenant();
    const loose = await anEnvironment(api, { tenant_id: tenant, key: 'a' });
    expect([loose.tenant_id, loose.company_id]).toEqual([tenant, null]);
    const company = await aCompany(api, { tenant_id: tenant });
    const only = await anEnvironment(api, { tenant_id: tenant, key: 'b' });
    expect([only.tenant_id, only.company_id]).toEqual([tenant, company.id]);
    const other = await aCompany(api, { tenant_id: tenant });
    const unsaid = await api.post(ENVIRONMENTS, { tenant_id: tenant, key: 'c' });
    expect([unsaid.status, mistakes(unsaid)]).toEqual([400, ['/company_id required']]);
    const said = await anEnvironment(api, { company_id: other.id, key: 'c' });
    expect([said.tenant_id, said.company_id]).toEqual([tenant, other.id]);
  });

  it('is the same answer for a company of another tenant as for one that never was', async () => {
    const [mine, theirs] = [await aHome(), await aHome()];
    const key = await api.key('admin', mine.tenant);
    const answers = [];
    for (const company_id of [theirs.company.id, randomUUID()]) {
      const reply = await api.post(ENVIRONMENTS, { company_id, key: 'qa' }, { key });
      const { request_id: _, ...body } = reply.body;
      answers.push(body);
    }
    expect(answers[0]).toMatchObject({
      status: 422,
      code: 'catalog_reference_unknown',
      errors: [{ pointer: '/company_id' }],
    });
    expect(answers[1]).toEqual(answers[0]);
    const elsewhere = await api.post(ENVIRONMENTS, {
      company_id: theirs.company.id,
      tenant_id: mine.tenant,
      key: 'qa',
    });
    expect([...outcome(elsewhere), mistakes(elsewhere)]).toEqual([
      ...UNKNOWN,
      ['/company_id catalog_reference_unknown'],
    ]);
  });

  it('is not what belongs to all, for a credential of one tenant', async () => {
    const { tenant } = await aHome();
    const key = await api.key('admin', tenant);
    const shared = await aCompany(api);
    const forbidden = [403, 'tenant_forbidden'];
    const body = { key: aName() };
    for (const named of [{ company_id: shared.id }, { tenant_id: null }, { tenant_id: aTenant() }])
      expect(outcome(await api.post(ENVIRONMENTS, { ...body, ...named }, { key }))).toEqual(forbidden);
    const environment = await anEnvironment(api, { ...body, company_id: shared.id });
    const path = `${ENVIRONMENTS}/${environment.id}`;
    expect((await api.get(path, { key })).body).toEqual(environment);
    expect(outcome(await api.put(path, { name: 'x' }, { key }))).toEqual(forbidden);
    expect(outcome(await api.delete(path, { key }))).toEqual(forbidden);
    const stranger = await api.key('admin', aTenant());
    const own = await anEnvironment(api, { tenant_id: tenant, key: 'own' });
    for (const reply of [
      await api.get(`${ENVIRONMENTS}/${own.id}`, { key: stranger }),
      await api.put(`${ENVIRONMENTS}/${own.id}`, {}, { key: stranger }),
      await api.get(`${ENVIRONMENTS}/key/own`, { key: stranger }),
    ])
      expect(outcome(reply)).toEqual([404, 'environment_not_found']);
    await api.delete(path);
  });

  it('is found by its key in the tenant itself before the shared ones', async () => {
    const { tenant, company } = await aHome();
    const key = aName();
    const sharedCompany = await aCompany(api);
    const shared = await anEnvironment(api, { company_id: sharedCompany.id, key });
    const path = `${ENVIRONMENTS}/key/${key}?tenant_id=${tenant}`;
    expect((await api.get(path)).body).toEqual(shared);
    const own = await anEnvironment(api, { company_id: company.id, key });
    expect((await api.get(path)).body).toEqual(own);
    expect((await api.get(`${ENVIRONMENTS}/key/${key}`)).body).toEqual(shared);
    await api.delete(`${ENVIRONMENTS}/${shared.id}`);
  });
});

describe('the owner of an environment', () => {
  it('is a team of the same company', async () => {
    const [mine, theirs] = [await aHome(), await aHome()];
    const team = await aTeam(api, mine.company.id);
    const foreign = await aTeam(api, theirs.company.id);
    const neighbour = await aTeam(api, (await aCompany(api, { tenant_id: mine.tenant })).id);
    const body = { company_id: mine.company.id, key: 'qa' };
    for (const owner_team_id of [foreign.id, neighbour.id, randomUUID()]) {
      const reply = await api.post(ENVIRONMENTS, { ...body, owner_team_id });
      expect([...outcome(reply), mistakes(reply)]).toEqual([
        ...UNKNOWN,
        ['/owner_team_id catalog_reference_unknown'],
      ]);
    }
    const { id, owner_team_id } = await anEnvironment(api, { ...body, owner_team_id: team.id.toUpperCase() });
    expect(owner_team_id).toBe(team.id);
    const path = `${ENVIRONMENTS}/${id}`;
    expect(outcome(await api.put(path, { owner_team_id: foreign.id }))).toEqual(UNKNOWN);
    expect((await api.put(path, { owner_team_id: null })).body).toMatchObject({
      version: 2,
      owner_team_id: null,
    });
    await api.delete(`/api/v1/teams/${team.id}`);
    expect(outcome(await api.post(`${path}/rollback/1`, {}))).toEqual(UNKNOWN);
    const loose = await anEnvironment(api, { tenant_id: aTenant(), key: 'qa' });
    expect(outcome(await api.put(`${ENVIRONMENTS}/${loose.id}`, { owner_team_id: team.id }))).toEqual(
      UNKNOWN,
    );
  });

  it('is not deleted before it has given away what it owns', async () => {
    const { company } = await aHome();
    const [team, heir] = [await aTeam(api, company.id), await aTeam(api, company.id)];
    const owned = { company_id: company.id, owner_team_id: team.id };
    const [a, b] = [
      await anEnvironment(api, { ...owned, key: 'a' }),
      await anEnvironment(api, { ...owned, key: 'b' }),
    ];
    const refused = await api.delete(`/api/v1/teams/${team.id}`);
    expect(refused.body).toMatchObject({ status: 409, code: 'team_in_use', environments: 2 });
    expect((await api.delete(`/api/v1/teams/${team.id}?reassign_to=${heir.id}`)).status).toBe(204);
    for (const { id } of [a, b])
      expect((await api.get(`${ENVIRONMENTS}/${id}`)).body).toMatchObject({
        version: 2,
        owner_team_id: heir.id,
      });
    expect(await keysOf(`tenant_id=${company.tenant_id}&owner_team_id=${heir.id}`)).toEqual(['a', 'b']);
  });
});

describe('a list of environments', () => {
  it('is filtered by key, tier, labels, text and the time of change', async () => {
    const { tenant } = await aHome();
    await anEnvironment(api, { tenant_id: tenant, key: 'qa-1', tier: 'testing', labels: { eu: '' } });
    await anEnvironment(api, { tenant_id: tenant, key: 'qa-2', tier: 'staging', name: 'Größe' });
    const { updated_at } = await anEnvironment(api, { tenant_id: tenant, key: 'live', tier: 'production' });
    const own = `tenant_id=${tenant}`;
    expect(await keysOf(own)).toEqual(['live', 'qa-1', 'qa-2']);
    expect(await keysOf(`${own}&sort=-key`)).toEqual(['qa-2', 'qa-1', 'live']);
    expect(await keysOf(`${own}&key=qa-1,live&key=qa-2&tier=testing&tier=staging`)).toEqual(['qa-1', 'qa-2']);
    expect(await keysOf(`${own}&selector=eu`)).toEqual(['qa-1']);
    expect(await keysOf(`${own}&selector=!eu`)).toEqual(['live', 'qa-2']);
    expect(await keysOf(`${own}&q=GR%C3%96%C3%9FE`)).toEqual(['qa-2']);
    expect(await keysOf(`${own}&q=QA-`)).toEqual(['qa-1', 'qa-2']);
    expect(await keysOf(`${own}&updated_since=${updated_at}`)).toContain('live');
    expect(await keysOf(`${own}&owner_team_id=${randomUUID()}`)).toEqual([]);
    const page = (await api.get(`${ENVIRONMENTS}?${own}&limit=2`)).body;
    expect(await keysOf(`${own}&limit=2&cursor=${page.next_cursor}`)).toEqual(['qa-2']);
  });

  it.each([
    ['owner_team_id=x', '/owner_team_id pattern'],
    ['company_id=x', '/company_id pattern'],
    ['tier=x', '/tier choice'],
    ['selector=a%20b', '/selector selector'],
    ['updated_since=2026', '/updated_since pattern'],
  ])('is refused for %s', async (query, mistake) => {
    const reply = await api.get(`${ENVIRONMENTS}?${query}`);
    expect([reply.status, ...mistakes(reply)]).toEqual([400, mistake]);
  });
});

describe('an environment with resources in it', () => {
  const aResource = async (company: any, environment: string): Promise<any> =>
    made(await api.post(RESOURCES, { company_id: company.id, name: aName(), type: 'service', environment }));

  it('is not deleted, and how many there are is told', async () => {
    const { company } = await aHome();
    const { id } = await anEnvironment(api, { company_id: company.id, key: 'qa' });
    const resource = await aResource(company, 'qa');
    await aResource(company, 'production');
    const refused = await api.delete(`${ENVIRONMENTS}/${id}`);
    expect([...outcome(refused), refused.body.resources]).toEqual([409, 'environment_in_use', 1]);
    await api.delete(`${RESOURCES}/${resource.id}`);
    expect((await api.delete(`${ENVIRONMENTS}/${id}`)).status).toBe(204);
  });

  it('is in use by those of every tenant that has none of this key itself', async () => {
    const [mine, theirs] = [await aHome(), await aHome()];
    const key = aName();
    const shared = await anEnvironment(api, { company_id: (await aCompany(api)).id, key });
    await aResource(mine.company, key);
    await anEnvironment(api, { company_id: theirs.company.id, key });
    await aResource(theirs.company, key);
    const refused = await api.delete(`${ENVIRONMENTS}/${shared.id}`);
    expect([...outcome(refused), refused.body.resources]).toEqual([409, 'environment_in_use', 1]);
    await anEnvironment(api, { company_id: mine.company.id, key });
    expect((await api.delete(`${ENVIRONMENTS}/${shared.id}`)).status).toBe(204);
  });
});
