import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import {
  aCompany,
  aHome,
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
    const [mine, theirs] = [await aHome(api), await aHome(api)];
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
    const { tenant } = await aHome(api);
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
    const { tenant, company } = await aHome(api);
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
    const [mine, theirs] = [await aHome(api), await aHome(api)];
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
    const { company } = await aHome(api);
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

describe('an environment with resources in it', () => {
  const aResource = async (company: any, environment: string): Promise<any> =>
    made(await api.post(RESOURCES, { company_id: company.id, name: aName(), type: 'service', environment }));

  it('is not deleted, and how many there are is told', async () => {
    const { company } = await aHome(api);
    const { id } = await anEnvironment(api, { company_id: company.id, key: 'qa' });
    const resource = await aResource(company, 'qa');
    await aResource(company, 'production');
    const refused = await api.delete(`${ENVIRONMENTS}/${id}`);
    expect([...outcome(refused), refused.body.resources]).toEqual([409, 'environment_in_use', 1]);
    await api.delete(`${RESOURCES}/${resource.id}`);
    expect((await api.delete(`${ENVIRONMENTS}/${id}`)).status).toBe(204);
  });

  it('is in use by those of every tenant that has none of this key itself', async () => {
    const [mine, theirs] = [await aHome(api), await aHome(api)];
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
