import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aConfiguration, aService, CONFIGURATIONS } from '../configuration/made.js';
import { aFlag, FLAGS } from '../feature-flags/made.js';
import { aCompany, anEnvironment, aName, aTenant, ENVIRONMENTS, mistakes, outcome } from './made.js';

const UNKNOWN = [422, 'catalog_reference_unknown'];

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

/** A tenant whose catalog has one environment: qa. */
async function aTenantWithQa(): Promise<string> {
  const tenant = aTenant();
  await anEnvironment(api, { tenant_id: tenant, key: 'qa' });
  return tenant;
}

const told = (reply: Reply): unknown[] => [...outcome(reply), ...mistakes(reply)];
const code = 'catalog_reference_unknown';

describe('a flag', () => {
  const overriding = (environment: string): object => ({
    environment_overrides: { [environment]: { value: true } },
  });

  it('names any environment as long as its tenant sees none', async () => {
    const tenant = aTenant();
    const flag = await aFlag(api, { tenant_id: tenant, ...overriding('anything') });
    expect(Object.keys(flag.environment_overrides)).toEqual(['anything']);
  });

  it('names known environments alone once its tenant sees one', async () => {
    const tenant_id = await aTenantWithQa();
    for (const key of ['qa', 'development', 'testing', 'staging', 'production'])
      expect((await aFlag(api, { tenant_id, ...overriding(key) })).version).toBe(1);
    const body = { tenant_id, name: aName(), enabled: true, default_value: false };
    const all = { environment_overrides: { qa: { value: true }, qb: { value: true }, prod: true } };
    expect(told(await api.post(FLAGS, { ...body, ...all }))).toEqual([
      ...UNKNOWN,
      `/environment_overrides/prod ${code}`,
      `/environment_overrides/qb ${code}`,
    ]);
    const { id } = await aFlag(api, { tenant_id, ...overriding('qa') });
    const at = `/environment_overrides/qb ${code}`;
    expect(told(await api.put(`${FLAGS}/${id}`, overriding('qb')))).toEqual([...UNKNOWN, at]);
    expect(told(await api.patch(`${FLAGS}/${id}`, overriding('qb')))).toEqual([...UNKNOWN, at]);
    const path = `${FLAGS}/${id}/overrides/environments`;
    expect(told(await api.put(`${path}/qb`, { value: true }))).toEqual([...UNKNOWN, `/environment ${code}`]);
    expect((await api.put(`${path}/staging`, { value: true })).status).toBe(200);
    expect((await api.get(`${FLAGS}/${id}`)).body.version).toBe(2);
  });

  it('of a batch or an import is refused at its place', async () => {
    const tenant_id = await aTenantWithQa();
    const create = (environment: string): object => ({
      ...{ tenant_id, name: aName(), enabled: true, default_value: false },
      ...overriding(environment),
    });
    const operations = [
      { op: 'create', ...create('qa') },
      { op: 'create', ...create('qb') },
    ];
    const atomic = await api.post(`${FLAGS}/batch`, { mode: 'atomic', operations });
    expect([atomic.status, ...mistakes(atomic)]).toEqual([
      422,
      `/operations/1/environment_overrides/qb ${code}`,
    ]);
    const partial = await api.post(`${FLAGS}/batch`, { mode: 'partial', operations });
    expect(partial.body.results.map(({ status, problem }: any) => [status, problem?.code])).toEqual([
      [201, undefined],
      [422, code],
    ]);
    const [from, document] = [aTenant(), `${FLAGS}/export?tenant_id=`];
    await aFlag(api, { tenant_id: from, ...overriding('qb') });
    const exported = (await api.get(`${document}${from}`)).body;
    const imported = await api.post(`${FLAGS}/import?tenant_id=${tenant_id}`, exported);
    expect(told(imported)).toEqual([422, 'flag_import_refused', `/flags/0/environment_overrides/qb ${code}`]);
    expect((await api.post(`${FLAGS}/import?tenant_id=${from}`, exported)).body.unchanged).toBe(1);
  });

  it('keeps what it said before, and evaluates it', async () => {
    const tenant_id = aTenant();
    const { id, name } = await aFlag(api, { tenant_id, ...overriding('old') });
    await anEnvironment(api, { tenant_id, key: 'qa' });
    const path = `${FLAGS}/${id}`;
    expect((await api.put(path, { description: 'd' })).status).toBe(200);
    expect((await api.put(`${path}/overrides/environments/old`, { value: false })).status).toBe(200);
    expect((await api.delete(`${path}/overrides/environments/old`)).status).toBe(204);
    expect(told(await api.put(path, overriding('old')))).toEqual([
      ...UNKNOWN,
      `/environment_overrides/old ${code}`,
    ]);
    expect((await api.post(`${path}/rollback/1`, {})).status).toBe(200);
    const context = { tenant_id, environment: 'never-heard-of' };
    expect((await api.post(`${FLAGS}/evaluate`, { name, ...context, context: {} })).status).toBe(200);
  });
});

describe('a configuration', () => {
  const aBody = (tenant_id: string | null, environment: string): object => ({
    ...{ tenant_id, environment, service_id: aService(), name: 'database', values: { a: 1 } },
  });

  it('is made in any environment as long as its tenant sees none', async () => {
    expect((await api.post(CONFIGURATIONS, aBody(aTenant(), 'anything'))).status).toBe(201);
  });

  it('is made in known environments and in base alone once its tenant sees one', async () => {
    const tenant = await aTenantWithQa();
    for (const key of ['qa', 'base', 'development', 'testing', 'staging', 'production'])
      expect((await api.post(CONFIGURATIONS, aBody(tenant, key))).status).toBe(201);
    const refused = [...UNKNOWN, `/environment ${code}`];
    expect(told(await api.post(CONFIGURATIONS, aBody(tenant, 'qb')))).toEqual(refused);
    expect(told(await api.post(`${CONFIGURATIONS}?dry_run=true`, aBody(tenant, 'qb')))).toEqual(refused);
  });

  it('of a batch or an import is refused at its place', async () => {
    const tenant = await aTenantWithQa();
    const operations = ['qa', 'qb', 'qb'].map((key) => ({ op: 'create', ...aBody(tenant, key) }));
    const atomic = await api.post(`${CONFIGURATIONS}/batch`, { mode: 'atomic', operations });
    expect([atomic.status, ...mistakes(atomic)]).toEqual([
      422,
      `/operations/1/environment ${code}`,
      `/operations/2/environment ${code}`,
    ]);
    const from = aTenant();
    const service_id = aService();
    for (const environment of ['production', 'qb'])
      await aConfiguration(api, { tenant_id: from, service_id, environment });
    const exported = (await api.get(`${CONFIGURATIONS}/export?tenant_id=${from}&service_id=${service_id}`))
      .body;
    const into = `${CONFIGURATIONS}/import?tenant_id=`;
    const at = exported.configurations.findIndex(({ environment }: any) => environment === 'qb');
    expect(told(await api.post(`${into}${tenant}`, exported))).toEqual([
      422,
      'configuration_import_refused',
      `/configurations/${at}/environment ${code}`,
    ]);
    expect((await api.post(`${into}${from}`, exported)).body.unchanged).toBe(2);
    const flat = `${into}${tenant}&service_id=${service_id}&name=database&environment=qb`;
    const headers = { 'Content-Type': 'text/x-java-properties' };
    const reply = await api.post(flat, 'a=1', { headers });
    expect([reply.status, ...mistakes(reply)]).toEqual([422, `/environment ${code}`]);
  });

  it('is promoted to known environments alone', async () => {
    const tenant_id = await aTenantWithQa();
    const service_id = aService();
    for (const name of ['one', 'two'])
      await aConfiguration(api, { tenant_id, service_id, name, environment: 'staging' });
    const promotion = { tenant_id, service_id, from: 'staging' };
    expect(told(await api.post(`${CONFIGURATIONS}/promote`, { ...promotion, to: 'qb' }))).toEqual([
      ...UNKNOWN,
      `/to ${code}`,
    ]);
    const { body } = await api.post(`${CONFIGURATIONS}/promote`, { ...promotion, to: 'qa' });
    expect(body.items.map(({ status }: any) => status)).toEqual(['created', 'created']);
  });

  it('stays editable where it is', async () => {
    const tenant_id = aTenant();
    const { id } = await aConfiguration(api, { tenant_id, environment: 'old' });
    await anEnvironment(api, { tenant_id, key: 'qa' });
    const path = `${CONFIGURATIONS}/${id}`;
    expect((await api.put(path, { values: { b: 1 } })).body.version).toBe(2);
    expect((await api.post(`${path}/rollback/1`, {})).body.version).toBe(3);
  });
});

describe('which environments are known', () => {
  it('is told by those of the tenant and the shared ones, and by nobody else’s', async () => {
    const company = await aCompany(api);
    const key = aName();
    const shared = await anEnvironment(api, { company_id: company.id, key });
    const tenant_id = await aTenantWithQa();
    await anEnvironment(api, { tenant_id: aTenant(), key: 'theirs' });
    const body = { service_id: aService(), name: 'database', values: {}, tenant_id };
    const make = async (environment: string): Promise<number> =>
      (await api.post(CONFIGURATIONS, { ...body, environment })).status;
    expect([await make('qa'), await make(key), await make('theirs')]).toEqual([201, 201, 422]);
    const ofAll = { ...body, tenant_id: null };
    expect((await api.post(CONFIGURATIONS, { ...ofAll, environment: key })).status).toBe(201);
    expect(outcome(await api.post(CONFIGURATIONS, { ...ofAll, environment: 'qa' }))).toEqual(UNKNOWN);
    const bound = await api.key('admin', tenant_id);
    const own = { ...body, name: 'other', tenant_id: undefined };
    expect((await api.post(CONFIGURATIONS, { ...own, environment: key }, { key: bound })).status).toBe(201);
    const foreign = await api.post(CONFIGURATIONS, { ...own, environment: 'theirs' }, { key: bound });
    expect(outcome(foreign)).toEqual(UNKNOWN);
    expect((await api.delete(`${ENVIRONMENTS}/${shared.id}`)).status).toBe(204);
  });
});
