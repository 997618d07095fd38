import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aHome, anEnvironment, aTenant, ENVIRONMENTS, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const keysOf = async (query: string): Promise<string[]> =>
  (await api.get(`${ENVIRONMENTS}?${query}`)).body.items.map(({ key }: any) => key);

describe('an environment', () => {
  it('is created with its defaults, read by id and key, and listed', async () => {
    const { tenant, company } = await aHome(api);
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
    const { tenant } = await aHome(api);
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
    const { tenant } = await aHome(api);
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
    const { tenant } = await aHome(api);
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
    const { tenant } = await aHome(api);
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
    const { tenant } = await aHome(api);
    const environment = await anEnvironment(api, { tenant_id: tenant, key: 'qa' });
    const { body } = await api.get(`/api/v1/events?tenant_id=${tenant}&limit=10`);
    expect(body.items.map(({ type, subject }: any) => [type, subject]).at(-1)).toEqual([
      'io.metastore.catalog.environment.created.v1',
      'qa',
    ]);
    expect(JSON.stringify(body.items.at(-1).data)).toContain(environment.id);
  });
});

describe('a list of environments', () => {
  it('is filtered by key, tier, labels, text and the time of change', async () => {
    const { tenant } = await aHome(api);
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
