import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aCompany, aName, aResource, aTeam, mistakes, outcome, RESOURCES } from './made.js';

let api: TestApi;
let company: any;

beforeAll(async () => {
  api = await TestApi.start();
  company = await aCompany(api);
});

afterAll(() => api.stop());

const resource = (body: object = {}): Promise<any> => aResource(api, company.id, body);
const ifMatch = (version: number): object => ({ headers: { 'If-Match': `"${version}"` } });

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
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
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
});
