import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aCompany, aName, aResource, aTeam, aTenant, mistakes, outcome, RESOURCES } from './made.js';

let api: TestApi;
let company: any;

beforeAll(async () => {
  api = await TestApi.start();
  company = await aCompany(api);
});

afterAll(() => api.stop());

const resource = (body: object = {}): Promise<any> => aResource(api, company.id, body);
const ifMatch = (version: number): object => ({ headers: { 'If-Match': `"${version}"` } });
const idsOf = ({ body }: any): string[] => body.items.map(({ id }: any) => id);

describe('a resource', () => {
  it('is created with its defaults, read and listed', async () => {
    const name = aName();
    const reply = await api.post(RESOURCES, { company_id: company.id, name, type: 'service' });
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"1"',
      `${RESOURCES}/${reply.body.id}`,
    ]);
    expect(reply.body).toEqual({
      id: expect.any(String),
      tenant_id: null,
      version: 1,
      company_id: company.id,
      namespace: 'default',
      name,
      type: 'service',
      environment: null,
      lifecycle_status: 'active',
      description: null,
      owner_team_id: null,
      labels: {},
      annotations: {},
      links: [],
      endpoints: [],
      ttl_seconds: null,
      health: null,
      stale: false,
      last_seen_at: null,
      source: null,
      source_ref: null,
      orphan: false,
      created_at: expect.any(String),
      updated_at: reply.body.created_at,
      created_by: 'anonymous',
      updated_by: 'anonymous',
    });
    expect((await api.get(`${RESOURCES}/${reply.body.id}`)).body).toEqual(reply.body);
    expect((await api.get(`${RESOURCES}?name=${name}&include_total=true`)).body).toEqual({
      items: [reply.body],
      limit: 100,
      has_more: false,
      next_cursor: null,
      total: 1,
    });
  });

  it('is created with everything there is to say', async () => {
    const team = await aTeam(api, company.id);
    const said = {
      namespace: 'shop',
      name: aName(),
      type: 'database',
      environment: 'production',
      lifecycle_status: 'deprecated',
      description: 'Orders.',
      owner_team_id: team.id,
      labels: { tier: 'gold', 'example.com/zone': '' },
      annotations: { 'example.com/note': 'Any text:\n√' },
      links: [
        { url: 'https://grafana.example.com/d/1', title: 'Dashboard', type: 'dashboard' },
        { url: 'mailto:a@example.com' },
      ],
      endpoints: [
        { name: 'web', url: 'https://orders.example.com', visibility: 'public' },
        { name: 'db', host: '10.0.0.7', port: 5432, protocol: 'postgres' },
        { name: 'v6', host: '2001:db8::1', port: 443, protocol: 'https' },
      ],
      ttl_seconds: 60,
    };
    const made = await resource(said);
    const unchecked = { status: 'unknown', output: '', checked_at: null, ttl_seconds: null };
    expect(made).toMatchObject({
      ...said,
      links: [said.links[0], { url: 'mailto:a@example.com', title: null, type: null }],
      endpoints: said.endpoints.map((endpoint) => ({
        ...{ url: null, host: null, port: null, protocol: null, visibility: 'internal' },
        ...endpoint,
        health: unchecked,
      })),
      health: 'unknown',
      stale: false,
    });
    expect((await api.get(`${RESOURCES}/${made.id}`)).body).toEqual(made);
  });

  it('is changed by PUT and PATCH, and only where something changes', async () => {
    const made = await resource({ labels: { a: '1', b: '2' }, annotations: { x: 'y' }, description: 'd' });
    const path = `${RESOURCES}/${made.id}`;
    const put = await api.put(path, { labels: { a: '1' }, description: null });
    expect(put.body).toEqual({
      ...made,
      labels: { a: '1' },
      description: null,
      version: 2,
      updated_at: put.body.updated_at,
    });
    const patch = await api.patch(path, { labels: { c: '3', a: null }, annotations: { z: 'w' } });
    expect([patch.status, patch.body.version, patch.body.labels, patch.body.annotations]).toEqual([
      200,
      3,
      { c: '3' },
      { x: 'y', z: 'w' },
    ]);
    expect((await api.put(path, { annotations: { z: 'w', x: 'y' } })).body).toEqual(patch.body);
    const emptied = await api.patch(path, { labels: null, annotations: null, links: null, endpoints: null });
    expect([emptied.body.labels, emptied.body.annotations]).toEqual([{}, {}]);
    const renamed = await api.put(path, { name: `${made.name}-2`, type: 'queue', namespace: 'other' });
    expect([renamed.body.id, renamed.body.name, renamed.body.version]).toEqual([
      made.id,
      `${made.name}-2`,
      5,
    ]);
  });

  it('is refused with everything that is wrong at once', async () => {
    const reply = await api.post(RESOURCES, {
      company_id: company.id,
      name: '',
      type: 'x'.repeat(51),
      namespace: '-x',
      environment: 'No Slug',
      lifecycle_status: 'gone',
      other: 1,
      labels: { '-': 'x', ok: 'no!' },
      annotations: { ok: 7, '-bad': 'x' },
      links: [{ url: 'javascript:alert(1)' }, { title: 'x' }, 7, { url: 'https://a.example', rel: 'x' }],
      endpoints: [
        { name: 'a', url: 'https://a.example', host: 'a' },
        { name: 'a', host: 'no host', port: 70_000, protocol: 'HTTP' },
        { name: 'b' },
        { name: 'c', host: 'c' },
        { name: 'd', url: 'https://user:secret@a.example' },
        { name: 'no name', url: 'nothing', visibility: 'secret' },
      ],
      ttl_seconds: 0,
    });
    expect([reply.status, mistakes(reply)]).toEqual([
      400,
      [
        '/annotations/-bad label_key',
        '/annotations/ok type',
        '/endpoints/0 exclusive',
        '/endpoints/1/host pattern',
        '/endpoints/1/name duplicate',
        '/endpoints/1/port range',
        '/endpoints/1/protocol pattern',
        '/endpoints/2 required',
        '/endpoints/3/port required',
        '/endpoints/3/protocol required',
        '/endpoints/4/url url',
        '/endpoints/5/name pattern',
        '/endpoints/5/url url',
        '/endpoints/5/visibility choice',
        '/environment pattern',
        '/labels/- label_key',
        '/labels/ok label_value',
        '/lifecycle_status choice',
        '/links/0/url url',
        '/links/1/url required',
        '/links/2 type',
        '/links/3/rel unknown_property',
        '/name too_short',
        '/namespace pattern',
        '/other unknown_property',
        '/ttl_seconds too_small',
        '/type too_long',
      ],
    ]);
  });

  it.each([
    [
      { company_id: null, orphan: true, source: 'x' },
      ['/orphan unknown_property', '/source unknown_property'],
    ],
    [{ annotations: { a: 'x'.repeat(16_384) } }, ['/annotations too_long']],
    [{ annotations: { a: 'é'.repeat(8_192) } }, ['/annotations too_long']],
    [{ links: Array(51).fill({ url: 'https://a.example' }) }, ['/links too_many']],
    [{ endpoints: Array(10_000).fill({}) }, ['/endpoints too_many']],
    [{ endpoints: { name: 'a' } }, ['/endpoints type']],
    [{ labels: [] }, ['/labels type']],
    [{ name: 'two\nlines' }, ['/name length']],
    [{ name: '   ' }, ['/name length']],
    [{ name: 'a\u0000b' }, ['/name nul_character']],
    [{ description: 'x'.repeat(256) }, ['/description too_long']],
    [{ ttl_seconds: 1e15 }, ['/ttl_seconds too_large']],
    [{ ttl_seconds: 1.5 }, ['/ttl_seconds type']],
    [{ owner_team_id: 'x' }, ['/owner_team_id pattern']],
    [{ endpoints: [{ name: 'a', url: 'java\tscript:alert(1)' }] }, ['/endpoints/0/url url']],
    [
      { endpoints: [{ name: 'a', host: '999.1.1.1', port: 1, protocol: 'x' }] },
      ['/endpoints/0/host pattern'],
    ],
  ])('is not made of what is wrong (%#)', async (body, expected) => {
    const reply = await api.post(RESOURCES, { company_id: company.id, name: 'x', type: 'y', ...body });
    expect([reply.status, mistakes(reply)]).toEqual([400, expected]);
  });

  it('has an id of the caller, and is known by what it is', async () => {
    const body = { id: randomUUID(), company_id: company.id, name: aName(), type: 'service' };
    const first = await api.post(RESOURCES, body);
    const again = await api.post(RESOURCES, body);
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
    expect(outcome(await api.post(RESOURCES, { ...body, description: 'x' }))).toEqual([409, 'id_conflict']);
    const { id: _, ...same } = body;
    const taken = await api.post(RESOURCES, same);
    expect([...outcome(taken), taken.body.conflicting_id]).toEqual([409, 'resource_taken', body.id]);
    for (const other of [{ type: 'queue' }, { namespace: 'n2' }, { environment: 'staging' }])
      expect((await api.post(RESOURCES, { ...same, ...other })).status).toBe(201);
    const renamed = await resource({ type: 'service' });
    const clash = await api.put(`${RESOURCES}/${renamed.id}`, { name: body.name });
    expect([...outcome(clash), clash.body.conflicting_id]).toEqual([409, 'resource_taken', body.id]);
    const stale = await api.put(`${RESOURCES}/${body.id}`, { description: 'x' }, ifMatch(2));
    expect([...outcome(stale), stale.body.current_version]).toEqual([412, 'stale_version', 1]);
  });

  it('lets only one of several that are the same be made', async () => {
    const body = { company_id: company.id, name: aName(), type: 'service' };
    const replies = await Promise.all(Array.from({ length: 5 }, () => api.post(RESOURCES, body)));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  it('has an owner of its company and an environment that is there', async () => {
    const other = await aCompany(api);
    const stranger = await aTeam(api, other.id);
    for (const owner_team_id of [stranger.id, randomUUID()]) {
      const reply = await api.post(RESOURCES, {
        company_id: company.id,
        name: aName(),
        type: 't',
        owner_team_id,
      });
      expect([...outcome(reply), mistakes(reply)]).toEqual([
        422,
        'catalog_reference_unknown',
        ['/owner_team_id catalog_reference_unknown'],
      ]);
    }
    const nowhere = await api.post(RESOURCES, { company_id: randomUUID(), name: 'x', type: 't' });
    expect([...outcome(nowhere), mistakes(nowhere)]).toEqual([
      422,
      'catalog_reference_unknown',
      ['/company_id catalog_reference_unknown'],
    ]);
  });

  it('has a history and goes back in it, held to the rules of a write', async () => {
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

  it('goes back to no owner that is not there any more', async () => {
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
      idsOf(await api.get(`${RESOURCES}?name=${name}`, { key })).sort();
    expect(await list(one)).toEqual([own.id, shared.id].sort());
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
