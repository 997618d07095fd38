import { TestApi } from '../api.js';
import { aCompany, aName, aResource, aTeam, aTenant, aUser, made, mistakes, outcome } from './made.js';

const RESOURCES = '/api/v1/resources';
let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

it('gives the endpoints of a name as they are now, and tells who waits that they changed', async () => {
  const tenant = aTenant();
  const company = await aCompany(api, { tenant_id: tenant });
  const name = aName();
  const path = `/api/v1/discovery/${name}?tenant_id=${tenant}`;
  const none = await api.get(path);
  expect([none.status, none.body]).toEqual([200, { name, items: [], truncated: false }]);
  const waits = (etag: string) => api.get(path, { headers: { 'If-None-Match': etag, Prefer: 'wait=50' } });
  const first = waits(none.headers.get('etag') ?? '');
  const endpoints = [
    { name: 'http', url: 'https://a.example' },
    { name: 'admin', url: 'https://b.example', visibility: 'public' },
  ];
  const one = made(await api.post(RESOURCES, { company_id: company.id, name, type: 'service', endpoints }));
  made(
    await api.post(RESOURCES, {
      company_id: company.id,
      name,
      type: 'job',
      lifecycle_status: 'retired',
      endpoints,
    }),
  );
  const found = await first;
  expect([found.status, found.headers.get('preference-applied')]).toEqual([200, 'wait=50']);
  expect(found.body.items.map((item: any) => [item.resource_id, item.name, item.health])).toEqual([
    [one.id, 'admin', 'unknown'],
    [one.id, 'http', 'unknown'],
  ]);
  const etag = (await api.get(path)).headers.get('etag') ?? '';
  expect((await api.get(path, { headers: { 'If-None-Match': etag } })).status).toBe(304);
  const second = waits(etag);
  await api.put(`${RESOURCES}/${one.id}/endpoints/http/health`, {
    status: 'warning',
    output: '',
    ttl_seconds: 1,
  });
  const warned = await second;
  expect(warned.body.items.map(({ health }: any) => health)).toEqual(['unknown', 'warning']);
  const third = await waits(warned.headers.get('etag') ?? '');
  expect(third.body.items.map(({ health }: any) => health)).toEqual(['unknown', 'critical']);
  expect((await api.get(`${path}&healthy=true`)).body.items.map((item: any) => item.name)).toEqual(['admin']);
  expect((await api.get(`${path}&visibility=internal`)).body.items.map((item: any) => item.name)).toEqual([
    'http',
  ]);
});

it('exports what was made by hand so that another tenant imports and exports the same', async () => {
  const [from, to] = [aTenant(), aTenant()];
  const company = await aCompany(api, { tenant_id: from });
  const team = await aTeam(api, company.id, { name: 'Zahlungen', slug: 'pay--1' });
  const user = await aUser(api, company.id, { name: 'Ada', email: 'ada+x@example.com', active: false });
  await api.put(`/api/v1/teams/${team.id}/members/${user.id}`, { role: 'owner' });
  const a = made(
    await api.post(RESOURCES, {
      company_id: company.id,
      name: 'Orders (EU)',
      type: 'service',
      owner_team_id: team.id,
      environment: 'production',
      ttl_seconds: 60,
      endpoints: [{ name: 'http', host: 'a', port: 1, protocol: 'tcp' }],
    }),
  );
  const b = made(await api.post(RESOURCES, { company_id: company.id, name: 'db', type: 'database' }));
  await api.post(`${RESOURCES}/${a.id}/relations`, { type: 'deployed_to', to_id: b.id });
  const exported = async (tenant: string) =>
    (await api.get(`/api/v1/catalog/export?tenant_id=${tenant}`)).text;
  const first = await exported(from);
  const send = () =>
    api.post(`/api/v1/catalog/import?tenant_id=${to}&source=copy`, first, {
      headers: { 'Content-Type': 'application/yaml' },
    });
  expect((await send()).body).toMatchObject({ created: 4, errors: [], warnings: [] });
  expect(await exported(to)).toBe(first);
  expect((await send()).body).toMatchObject({ unchanged: 4, created: 0, updated: 0 });
  const { body } = await api.get(`/api/v1/catalog/export?tenant_id=${to}&format=json`);
  expect(body.items).toHaveLength(4);
  const facets = await api.get(`/api/v1/catalog/facets?tenant_id=${to}&field=type,environment&field=orphan`);
  expect(facets.body).toEqual({
    facets: {
      type: [
        { value: 'database', count: 1 },
        { value: 'service', count: 1 },
      ],
      environment: [
        { value: 'production', count: 1 },
        { value: null, count: 1 },
      ],
      orphan: [{ value: false, count: 2 }],
    },
    truncated: [],
  });
});

it('refuses a name that nothing can have, at its place', async () => {
  const answer = await api.get('/api/v1/discovery/a%00b');
  expect([outcome(answer), mistakes(answer)]).toEqual([[400, 'invalid_input'], ['/name nul_character']]);
  expect(mistakes(await api.get(`/api/v1/discovery/${'a'.repeat(101)}`))).toEqual(['/name too_long']);
});

it('exports what is shared to a credential of one tenant, and what is another tenant’s to nobody else', async () => {
  const [company, other] = [await aCompany(api), await aCompany(api, { tenant_id: aTenant() })];
  await aResource(api, company.id, { name: 'for-all' });
  const key = await api.key('viewer', aTenant());
  const exported = (id: string) => api.get(`/api/v1/catalog/export?format=json&company_id=${id}`, { key });
  const { status, body } = await exported(company.id);
  expect([status, body.items.map(({ metadata }: any) => metadata.name)]).toEqual([200, ['for-all']]);
  expect(outcome(await exported(other.id))).toEqual([422, 'catalog_reference_unknown']);
});
