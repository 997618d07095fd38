import { TestApi } from '../api.js';
import { aCompany, aName, aResource, aTeam, aTenant, byText, mistakes, outcome, RESOURCES } from './made.js';

let api: TestApi;
let company: any;

beforeAll(async () => {
  api = await TestApi.start();
  company = await aCompany(api);
});

afterAll(() => api.stop());

const resource = (body: object = {}): Promise<any> => aResource(api, company.id, body);
const idsOf = ({ body }: any): string[] => body.items.map(({ id }: any) => id);

describe('of several tenants', () => {
  it('each sees its own and the shared ones, and changes its own', async () => {
    const [acme, umbra] = [aTenant(), aTenant()];
    const [one, other] = [await api.key('admin', acme), await api.key('admin', umbra)];
    const home = await aCompany(api, { tenant_id: acme });
    const name = aName();
    const own = await aResource(api, home.id, { name }, { key: one });
    const shared = await resource({ name });
    expect([own.tenant_id, own.company_id]).toEqual([acme, home.id]);
    const path = `${RESOURCES}/${own.id}`;
    for (const reply of [
      await api.get(path, { key: other }),
      await api.put(path, { description: 'x' }, { key: other }),
      await api.delete(path, { key: other }),
      await api.post(`${path}/heartbeat`, undefined, { key: other }),
    ])
      expect(outcome(reply)).toEqual([404, 'resource_not_found']);
    const sharedPath = `${RESOURCES}/${shared.id}`;
    expect((await api.get(sharedPath, { key: other })).body.name).toBe(name);
    expect(outcome(await api.put(sharedPath, { description: 'x' }, { key: other }))).toEqual([
      403,
      'tenant_forbidden',
    ]);
    const list = async (key: string): Promise<string[]> =>
      idsOf(await api.get(`${RESOURCES}?name=${name}`, { key })).sort(byText);
    expect(await list(one)).toEqual([own.id, shared.id].sort(byText));
    expect(await list(other)).toEqual([shared.id]);
    const foreign = { company_id: home.id, name, type: 'service' };
    expect(outcome(await api.post(RESOURCES, foreign, { key: other }))).toEqual([
      422,
      'catalog_reference_unknown',
    ]);
    const alone = await api.post(RESOURCES, { name: `${name}-2`, type: 'service' }, { key: one });
    expect([alone.status, alone.body.company_id]).toEqual([201, home.id]);
  });
});

describe('a list of resources', () => {
  it('is filtered by each property', async () => {
    const home = await aCompany(api);
    const parent = await aTeam(api, home.id);
    const child = await aTeam(api, home.id, { parent_team_id: parent.id });
    const said = { labels: { tier: 'gold', zone: 'a' }, namespace: 'ns1', description: 'Über alles' };
    const a = await aResource(api, home.id, { ...said, type: 'queue', owner_team_id: parent.id });
    const b = await aResource(api, home.id, {
      ...{ environment: 'staging', lifecycle_status: 'retired', labels: { tier: 'silver' } },
      owner_team_id: child.id,
    });
    const c = await aResource(api, home.id, { labels: { legacy: '' }, ttl_seconds: 3_600 });
    const found = async (query: string): Promise<string[]> =>
      idsOf(await api.get(`${RESOURCES}?company_id=${home.id}&sort=created_at&${query}`));
    const expected: [string, any[]][] = [
      ['', [a, b, c]],
      [`name=${a.name},${c.name}`, [a, c]],
      ['type=queue', [a]],
      ['type=queue&type=service', [a, b, c]],
      ['namespace=ns1', [a]],
      ['environment=staging', [b]],
      ['lifecycle_status=retired,planned', [b]],
      [`owner_team_id=${parent.id}`, [a]],
      [`owner_team_id=${parent.id.toUpperCase()}&transitive=true`, [a, b]],
      ['ownerless=true', [c]],
      ['ownerless=false', [a, b]],
      ['orphan=true', []],
      ['orphan=false', [a, b, c]],
      ['stale=true', []],
      ['stale=false', [a, b, c]],
      ['health=unknown', []],
      ['source=x', []],
      ['q=ÜBER', [a]],
      [`q=${b.name}`, [b]],
      [`updated_since=${c.updated_at}`, [c]],
      ['selector=tier', [a, b]],
      ['selector=tier%3Dgold', [a]],
      ['selector=tier+in+(gold,silver),!zone', [b]],
      ['selector=tier!%3Dgold', [b, c]],
      ['selector=tier+notin+(gold,silver)', [c]],
      ['selector=!tier,legacy%3D', [c]],
      ['selector=', [a, b, c]],
    ];
    const seen = await Promise.all(expected.map(async ([query]) => [query, await found(query)]));
    expect(seen).toEqual(expected.map(([query, all]) => [query, all.map(({ id }) => id)]));
  });

  it('tells what is wrong with a filter', async () => {
    const wrong = async (query: string): Promise<string[]> =>
      mistakes(await api.get(`${RESOURCES}?${query}`));
    expect(await wrong('selector=a+b')).toEqual(['/selector selector']);
    expect(await wrong('owner_team_id=x')).toEqual(['/owner_team_id pattern']);
    expect(await wrong('health=well')).toEqual(['/health choice']);
    expect(await wrong('stale=maybe')).toEqual(['/stale type']);
    expect(await wrong('sort=labels')).toEqual(['/sort choice']);
    expect(await wrong('updated_since=yesterday')).toEqual(['/updated_since pattern']);
    expect(await wrong('colour=red')).toEqual(['/colour unknown_property']);
  });

  it.each(['name', '-name', 'type', '-type', 'created_at', '-updated_at', '-type,name'])(
    'comes in pages by %s',
    async (sort) => {
      const home = await aCompany(api);
      for (const type of ['b', 'a', 'b', 'a', 'c']) await aResource(api, home.id, { type });
      const list = `${RESOURCES}?company_id=${home.id}&sort=${sort}`;
      const whole = idsOf(await api.get(list));
      const paged: string[] = [];
      let cursor = '';
      do {
        const { body } = await api.get(`${list}&limit=2${cursor}`);
        paged.push(...idsOf({ body }));
        cursor = body.next_cursor ? `&cursor=${body.next_cursor}` : '';
      } while (cursor);
      expect([paged, new Set(paged).size]).toEqual([whole, 5]);
    },
  );
});

describe('the past of a resource', () => {
  it('is kept, and gone back to, held to the rules of a write', async () => {
    const made = await resource({ labels: { a: '1' } });
    const path = `${RESOURCES}/${made.id}`;
    await api.put(path, { name: `${made.name}-2`, labels: {} });
    const diff = await api.get(`${path}/versions/1/diff/2`);
    expect(diff.body).toEqual([
      { op: 'replace', path: '/name', value: `${made.name}-2` },
      { op: 'remove', path: '/labels/a' },
    ]);
    const usurper = await resource({ name: made.name });
    const clash = await api.post(`${path}/rollback/1`, {});
    expect([...outcome(clash), clash.body.conflicting_id]).toEqual([409, 'resource_taken', usurper.id]);
    await api.delete(`${RESOURCES}/${usurper.id}`);
    const back = await api.post(`${path}/rollback/1`, { change_reason: 'oh' });
    expect([back.status, back.body.version, back.body.name, back.body.labels]).toEqual([
      200,
      3,
      made.name,
      { a: '1' },
    ]);
    const { body } = await api.get(`${path}/versions`);
    expect(body.items.map(({ type, rolled_back_from }: any) => [type, rolled_back_from])).toEqual([
      ['rolled_back', 1],
      ['updated', null],
      ['created', null],
    ]);
    const past = (await api.get(`${path}?as_of=${body.items[2].changed_at}`)).body;
    expect([past.version, past.health, past.stale]).toEqual([1, null, null]);
    expect((await api.delete(`${path}?change_reason=bye`)).status).toBe(204);
    expect(outcome(await api.get(path))).toEqual([404, 'resource_not_found']);
    expect(outcome(await api.delete(path))).toEqual([404, 'resource_not_found']);
    expect((await api.get(`${path}/versions/4`)).body).toMatchObject({ state: null, change_reason: 'bye' });
  });

  it('is not gone back to with an owner that is not there any more', async () => {
    const team = await aTeam(api, company.id);
    const made = await resource({ owner_team_id: team.id });
    await api.put(`${RESOURCES}/${made.id}`, { owner_team_id: null });
    expect((await api.delete(`/api/v1/teams/${team.id}`)).status).toBe(204);
    const back = await api.post(`${RESOURCES}/${made.id}/rollback/1`, {});
    expect([...outcome(back), mistakes(back)]).toEqual([
      422,
      'catalog_reference_unknown',
      ['/owner_team_id catalog_reference_unknown'],
    ]);
  });
});
