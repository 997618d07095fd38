import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aCompany, aName, aTenant, aTeam, aUser, COMPANIES, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const namesOf = async (query: string): Promise<string[]> =>
  (await api.get(`${COMPANIES}?${query}`)).body.items.map(({ name }: any) => name);

describe('a company', () => {
  it('is created with its defaults, read and listed', async () => {
    const name = aName();
    const reply = await api.post(COMPANIES, { name });
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"1"',
      `${COMPANIES}/${reply.body.id}`,
    ]);
    expect(reply.body).toEqual({
      id: expect.any(String),
      tenant_id: null,
      version: 1,
      name,
      description: null,
      labels: {},
      created_at: expect.any(String),
      updated_at: reply.body.created_at,
      created_by: 'anonymous',
      updated_by: 'anonymous',
    });
    expect((await api.get(`${COMPANIES}/${reply.body.id}`)).body).toEqual(reply.body);
    expect((await api.get(`${COMPANIES}?q=${name.toUpperCase()}&include_total=true`)).body).toEqual({
      items: [reply.body],
      limit: 100,
      has_more: false,
      next_cursor: null,
      total: 1,
    });
  });

  it('is changed by PUT, which replaces labels, and by PATCH, which merges them', async () => {
    const { id } = await aCompany(api, { description: 'd', labels: { tier: 'gold', old: 'yes' } });
    const put = await api.put(`${COMPANIES}/${id}`, { description: null, labels: { tier: 'tin', a: '' } });
    expect([put.status, put.body.version, put.body.description, put.body.labels]).toEqual([
      200,
      2,
      null,
      { tier: 'tin', a: '' },
    ]);
    const patch = await api.patch(`${COMPANIES}/${id}`, { labels: { a: null, b: '1', none: null } });
    expect([patch.body.version, patch.body.labels]).toEqual([3, { tier: 'tin', b: '1' }]);
    const same = await api.put(`${COMPANIES}/${id}`, { labels: { b: '1', tier: 'tin' } });
    expect(same.body).toEqual(patch.body);
    expect((await api.patch(`${COMPANIES}/${id}`, { labels: null })).body.labels).toEqual({});
    expect((await api.put(`${COMPANIES}/${id}`, {})).body.version).toBe(4);
  });

  it('is refused with everything that is wrong at once', async () => {
    const wrong = { name: '', description: 7, labels: { 'a b': 'x', ok: '-' }, other: 1 };
    const reply = await api.post(COMPANIES, wrong);
    expect([reply.status, mistakes(reply)]).toEqual([
      400,
      [
        '/description type',
        '/labels/a b label_key',
        '/labels/ok label_value',
        '/name too_short',
        '/other unknown_property',
      ],
    ]);
    expect(mistakes(await api.post(COMPANIES, { name: '  ' }))).toEqual(['/name length']);
    expect(mistakes(await api.post(COMPANIES, { name: 'x'.repeat(101), labels: [] }))).toEqual([
      '/labels type',
      '/name too_long',
    ]);
    const { id } = await aCompany(api);
    expect(mistakes(await api.patch(`${COMPANIES}/${id}`, { labels: { a: 1 }, name: null }))).toEqual([
      '/labels/a label_value',
      '/name type',
    ]);
    expect(outcome(await api.put(`${COMPANIES}/${randomUUID()}`, { labels: 7 }))).toEqual([
      404,
      'company_not_found',
    ]);
  });

  it.each([
    ['a NUL', '{"name":"a\\u0000b"}'],
    ['half a character', '{"name":"\\ud800"}'],
    ['a prototype', '{"name":"x","labels":{"__proto__":"y"}}'],
    [
      'ten thousand labels',
      `{"name":"x","labels":{${Array.from({ length: 10_000 }, (_, n) => `"k${n}":"v"`).join()}}}`,
    ],
    ['depth', `{"name":"x","labels":${'['.repeat(1_000)}${']'.repeat(1_000)}}`],
    ['no object', '[]'],
  ])('is refused for %s', async (_, body) => {
    const reply = await api.post(COMPANIES, body);
    expect(reply.status).toBe(400);
  });

  it('has an id of the caller, a name of its own in the tenant and a version', async () => {
    const body = { id: randomUUID(), name: aName(), labels: { a: '1', b: '2' } };
    const first = await api.post(COMPANIES, body);
    const again = await api.post(COMPANIES, { ...body, labels: { b: '2', a: '1' } });
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
    expect(outcome(await api.post(COMPANIES, { ...body, labels: {} }))).toEqual([409, 'id_conflict']);
    const taken = await api.post(COMPANIES, { name: body.name });
    expect([...outcome(taken), taken.body.conflicting_id]).toEqual([409, 'company_name_taken', body.id]);
    const renamed = await aCompany(api);
    const clash = await api.put(`${COMPANIES}/${renamed.id}`, { name: body.name });
    expect([...outcome(clash), clash.body.conflicting_id]).toEqual([409, 'company_name_taken', body.id]);
    expect((await api.post(COMPANIES, { name: body.name, tenant_id: aTenant() })).status).toBe(201);
    const stale = await api.put(`${COMPANIES}/${body.id}`, {}, { headers: { 'If-Match': '"2"' } });
    expect(outcome(stale)).toEqual([412, 'stale_version']);
  });

  it('has a history and goes back in it', async () => {
    const { id, name } = await aCompany(api, { labels: { a: '1' } });
    await api.put(`${COMPANIES}/${id}`, { name: `${name}-2`, labels: { a: '2' }, change_reason: 'why' });
    expect((await api.get(`${COMPANIES}/${id}/versions/1/diff/2`)).body).toEqual([
      { op: 'replace', path: '/name', value: `${name}-2` },
      { op: 'replace', path: '/labels/a', value: '2' },
    ]);
    const back = await api.post(`${COMPANIES}/${id}/rollback/1`, { change_reason: 'oh' });
    expect([back.status, back.body.version, back.body.labels, back.body.name]).toEqual([
      200,
      3,
      { a: '1' },
      name,
    ]);
    const { items } = (await api.get(`${COMPANIES}/${id}/versions`)).body;
    expect(items.map((item: any) => [item.type, item.change_reason, item.rolled_back_from])).toEqual([
      ['rolled_back', 'oh', 1],
      ['updated', 'why', null],
      ['created', null, null],
    ]);
    expect((await api.get(`${COMPANIES}/${id}?as_of=${items[2].changed_at}`)).body.version).toBe(1);
    expect((await api.delete(`${COMPANIES}/${id}`)).status).toBe(204);
    expect(outcome(await api.get(`${COMPANIES}/${id}`))).toEqual([404, 'company_not_found']);
    expect((await api.get(`${COMPANIES}/${id}/versions/4`)).body.state).toBeNull();
  });
});

describe('a list of companies', () => {
  it('is filtered by name, labels, text and the time of change', async () => {
    const tenant = aTenant();
    const own = `tenant_id=${tenant}&q=${tenant}`;
    const of = (name: string, body: object = {}): Promise<any> =>
      aCompany(api, { name: `${tenant} ${name}`, tenant_id: tenant, ...body });
    await of('a', { labels: { tier: 'gold' }, description: 'Straße 100%' });
    await of('b', { labels: { tier: 'tin', legacy: '' } });
    const last = await of('c');
    const short = async (query: string): Promise<string[]> =>
      (await namesOf(`${own}&${query}`)).map((name) => name.slice(tenant.length + 1));
    expect(await short('')).toEqual(['a', 'b', 'c']);
    expect(await short('sort=-name')).toEqual(['c', 'b', 'a']);
    expect(await short('selector=tier')).toEqual(['a', 'b']);
    expect(await short(`selector=${encodeURIComponent('tier in (gold,tin),!legacy')}`)).toEqual(['a']);
    expect(await short(`selector=${encodeURIComponent('tier!=gold')}`)).toEqual(['b', 'c']);
    expect(await short(`name=${encodeURIComponent(`${tenant} b,${tenant} c`)}`)).toEqual(['b', 'c']);
    expect(await namesOf(`tenant_id=${tenant}&q=${encodeURIComponent('STRASSE')}`)).toEqual([]);
    expect(await namesOf(`tenant_id=${tenant}&q=${encodeURIComponent('straße 100%')}`)).toEqual([
      `${tenant} a`,
    ]);
    expect(await short(`updated_since=${last.updated_at}`)).toContain('c');
    expect(await short('updated_since=2999-01-01T00:00:00Z')).toEqual([]);
    const page = (await api.get(`${COMPANIES}?${own}&limit=2`)).body;
    expect([page.items.length, page.has_more]).toEqual([2, true]);
    expect(await short(`limit=2&cursor=${page.next_cursor}`)).toEqual(['c']);
  });

  it.each([
    ['selector=a%20in%20(', '/selector selector'],
    ['updated_since=yesterday', '/updated_since pattern'],
    ['sort=labels', '/sort choice'],
    ['colour=red', '/colour unknown_property'],
  ])('is refused for %s', async (query, mistake) => {
    const reply = await api.get(`${COMPANIES}?${query}`);
    expect([reply.status, ...mistakes(reply)]).toEqual([400, mistake]);
  });
});

describe('a company with something in it', () => {
  it('is not deleted, and how much belongs to it is told', async () => {
    const company = await aCompany(api);
    const user = await aUser(api, company.id);
    const team = await aTeam(api, company.id);
    const refused = await api.delete(`${COMPANIES}/${company.id}`);
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'company_in_use',
      users: 1,
      teams: 1,
      environments: 0,
      resources: 0,
    });
    await api.delete(`/api/v1/users/${user.id}`);
    await api.delete(`/api/v1/teams/${team.id}`);
    expect((await api.delete(`${COMPANIES}/${company.id}`)).status).toBe(204);
  });
});
