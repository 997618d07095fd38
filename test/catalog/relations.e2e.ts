import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aCompany, aResource, aTenant, byText, mistakes, outcome, RESOURCES } from './made.js';

let api: TestApi;
let company: any;

beforeAll(async () => {
  api = await TestApi.start();
  company = await aCompany(api);
});

afterAll(() => api.stop());

const pathOf = ({ id }: any, rest = 'relations'): string => `${RESOURCES}/${id}/${rest}`;
const relate = (from: any, type: string, to: any, sent?: object): Promise<any> =>
  api.post(pathOf(from), { type, to_id: to.id }, sent);
const several = async (count: number): Promise<any[]> => {
  const all: any[] = [];
  for (let n = 0; n < count; n += 1) all.push(await aResource(api, company.id));
  return all;
};
const listed = async (of: any, query = ''): Promise<unknown[]> =>
  (await api.get(`${pathOf(of)}?${query}`)).body.items.map(
    ({ direction, type, inverse, from_id, to_id }: any) => [...[direction, type, inverse, from_id, to_id]],
  );

describe('a relation', () => {
  it('is added once, seen from both ends, and removed', async () => {
    const [a, b] = await several(2);
    const added = await relate(a, 'depends_on', b);
    expect([added.status, added.body]).toEqual([
      201,
      {
        type: 'depends_on',
        inverse: 'depended_on_by',
        direction: 'out',
        from_id: a.id,
        to_id: b.id,
        created_at: expect.any(String),
        created_by: 'anonymous',
      },
    ]);
    const again = await relate(a, 'depends_on', { id: b.id.toUpperCase() });
    expect([again.status, again.body]).toEqual([200, added.body]);
    expect((await api.get(pathOf(b))).body).toEqual({
      items: [{ ...added.body, direction: 'in' }],
      limit: 100,
      has_more: false,
      next_cursor: null,
    });
    expect((await api.get(`${RESOURCES}/${a.id}`)).body.version).toBe(1);
    const gone = `${pathOf(a)}?type=depends_on&to_id=${b.id}`;
    expect((await api.delete(gone)).status).toBe(204);
    expect(outcome(await api.delete(gone))).toEqual([404, 'relation_not_found']);
    expect(await listed(b)).toEqual([]);
    const events = await api.get(
      `/api/v1/events?limit=1000&aggregate_type=catalog.resource&aggregate_id=${a.id}`,
    );
    const told = events.body.items.filter(({ data }: any) => data.version === 0);
    expect(told.map(({ type, data }: any) => [type.split('.')[4], data.state.about])).toEqual(
      ['relation_added', 'relation_removed'].map((type) => [
        type,
        { type: 'depends_on', from_id: a.id, to_id: b.id },
      ]),
    );
  });

  it('is listed by direction and type, in pages', async () => {
    const [hub, ...others] = await several(4);
    for (const other of others) {
      await relate(hub, 'provides_api', other);
      await relate(hub, 'depends_on', other);
      await relate(other, 'part_of', hub);
    }
    const sorted = others.map(({ id }) => id).sort(byText);
    const out = (type: string, inverse: string): unknown[] =>
      sorted.map((id) => ['out', type, inverse, hub.id, id]);
    const parts = sorted.map((id) => ['in', 'part_of', 'has_part', id, hub.id]);
    const whole = [
      ...out('depends_on', 'depended_on_by'),
      ...out('provides_api', 'api_provided_by'),
      ...parts,
    ];
    expect(await listed(hub)).toEqual(whole);
    expect(await listed(hub, 'direction=in')).toEqual(parts);
    expect(await listed(hub, 'direction=out&type=provides_api')).toEqual(
      out('provides_api', 'api_provided_by'),
    );
    for (const limit of [1, 2, 4]) {
      const paged: unknown[] = [];
      for (let cursor = ''; ;) {
        paged.push(...(await listed(hub, `limit=${limit}${cursor}`)));
        const { body } = await api.get(`${pathOf(hub)}?limit=${limit}${cursor}`);
        if (!body.has_more) break;
        cursor = `&cursor=${body.next_cursor}`;
      }
      expect(paged).toEqual(whole);
    }
    const first = (await api.get(`${pathOf(hub)}?limit=1`)).body.next_cursor;
    const misused = await api.get(`${pathOf(hub)}?limit=1&direction=in&cursor=${first}`);
    expect(outcome(misused)).toEqual([400, 'invalid_cursor']);
  });

  it('is refused where it leads nowhere', async () => {
    const [a, b] = await several(2);
    expect(outcome(await relate(a, 'depends_on', a))).toEqual([422, 'relation_to_itself']);
    const nowhere = await relate(a, 'depends_on', { id: randomUUID() });
    expect([...outcome(nowhere), mistakes(nowhere)]).toEqual([
      422,
      'catalog_reference_unknown',
      ['/to_id catalog_reference_unknown'],
    ]);
    expect(mistakes(await relate(a, 'likes', { id: 'x' }))).toEqual(['/to_id pattern', '/type choice']);
    expect(mistakes(await api.delete(pathOf(a)))).toEqual(['/to_id required', '/type required']);
    expect(outcome(await relate({ id: randomUUID() }, 'depends_on', b))).toEqual([404, 'resource_not_found']);
    for (const rest of ['relations', 'graph'])
      expect(outcome(await api.get(pathOf({ id: randomUUID() }, rest)))).toEqual([404, 'resource_not_found']);
  });

  it('stays within a tenant, or leads to what belongs to all', async () => {
    const [acme, umbra] = [aTenant(), aTenant()];
    const [key, other] = [await api.key('admin', acme), await api.key('admin', umbra)];
    const own = await aResource(api, (await aCompany(api, { tenant_id: acme })).id);
    const foreign = await aResource(api, (await aCompany(api, { tenant_id: umbra })).id);
    const [shared] = await several(1);
    expect((await relate(own, 'depends_on', shared, { key })).status).toBe(201);
    for (const sent of [{ key }, {}])
      expect(outcome(await relate(own, 'depends_on', foreign, sent))).toEqual([
        422,
        'catalog_reference_unknown',
      ]);
    expect(outcome(await relate(shared, 'depends_on', own))).toEqual([422, 'catalog_reference_unknown']);
    expect(outcome(await relate(shared, 'depends_on', own, { key }))).toEqual([403, 'tenant_forbidden']);
    expect(outcome(await relate(own, 'depends_on', shared, { key: other }))).toEqual([
      404,
      'resource_not_found',
    ]);
    const seen = async (by: string): Promise<number> =>
      (await api.get(pathOf(shared), { key: by })).body.items.length;
    expect([await seen(key), await seen(other)]).toEqual([1, 0]);
    const reached = await api.get(pathOf(shared, 'graph'), { key: other });
    expect(reached.body.nodes.map(({ id }: any) => id)).toEqual([shared.id]);
  });

  it('goes with either of its ends', async () => {
    const [a, b, c] = await several(3);
    await relate(a, 'depends_on', b);
    await relate(b, 'depends_on', c);
    await api.delete(`${RESOURCES}/${b.id}`);
    expect([await listed(a), await listed(c)]).toEqual([[], []]);
  });

  it('may be added from both sides at once', async () => {
    const [a, b] = await several(2);
    const replies = await Promise.all(
      [0, 1, 2, 3].map((n) => (n % 2 === 0 ? relate(a, 'depends_on', b) : relate(b, 'depends_on', a))),
    );
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 200, 201, 201]);
  });
});

describe('the graph of a resource', () => {
  it('is walked breadth first, through circles, each node once', async () => {
    const [a, b, c, d] = await several(4);
    await relate(a, 'depends_on', b);
    await relate(b, 'depends_on', c);
    await relate(c, 'part_of', a);
    await relate(d, 'depends_on', a);
    const graph = async (query: string): Promise<unknown[]> => {
      const { body } = await api.get(`${pathOf(a, 'graph')}?${query}`);
      return [
        body.nodes.map(({ id, depth }: any) => [id, depth]),
        body.edges.map(({ from_id, to_id }: any) => [from_id, to_id]),
        body.truncated,
      ];
    };
    const [A, B, C, D] = [a.id, b.id, c.id, d.id];
    expect(await graph('direction=out')).toEqual([[[A, 0], [B, 1]], [[A, B]], false]); // prettier-ignore
    expect(await graph('direction=out&depth=5')).toEqual([
      [[A, 0], [B, 1], [C, 2]], // prettier-ignore
      [[A, B], [B, C], [C, A]], // prettier-ignore
      false,
    ]);
    expect(await graph('direction=in&types=depends_on')).toEqual([[[A, 0], [D, 1]], [[D, A]], false]); // prettier-ignore
    const [nodes, edges] = (await graph('depth=1')) as [unknown[], unknown[]];
    expect([nodes.length, edges.length]).toEqual([4, 3]);
    expect(await graph('depth=2&direction=out&types=part_of')).toEqual([[[A, 0]], [], false]);
  });

  it('tells what there is to know of each node', async () => {
    const a = await aResource(api, company.id, {
      endpoints: [{ name: 'web', url: 'https://a.example.com' }],
    });
    await api.put(`${RESOURCES}/${a.id}/endpoints/web/health`, { status: 'warning' });
    expect((await api.get(pathOf(a, 'graph'))).body).toEqual({
      root_id: a.id,
      nodes: [
        {
          ...{ id: a.id, namespace: 'default', name: a.name, type: 'service', environment: null },
          ...{ lifecycle_status: 'active', owner_team_id: null, health: 'warning', depth: 0 },
        },
      ],
      edges: [],
      truncated: false,
    });
  });

  it.each(['depth=0', 'depth=6', 'depth=x', 'direction=up', 'types=likes'])(
    'is not asked for %s',
    async (query) => {
      const [a] = await several(1);
      expect((await api.get(`${pathOf(a, 'graph')}?${query}`)).status).toBe(400);
    },
  );
});
