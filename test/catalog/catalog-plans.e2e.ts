import pg from 'pg';
import { Database } from '#platform/database';
import { TestApi } from '../api.js';
import { entity, IMPORT } from './imported.js';
import { RESOURCES } from './made.js';
import { blocksOf, explained, indexesOf, nodesOf, wholeTables } from '../plan.js';
import type { Plan, Sent } from '../plan.js';

const TENANT = 'acme';
const COUNT = 100_000;
/** So many more have one name. */
const NAMESAKES = 5_000;
const PAGE = 100;
/** Blocks of 8 KiB that one page may touch: its rows, what was seen of them, and the way down to them. */
const BLOCKS_MAX = 60 * PAGE;

let api: TestApi;
let owner: pg.Pool;
/** Teams have the ids behind this one: chains of ten, one below the other. */
const TEAMS = 1_000_000;
const id = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
  const stamps = `timestamptz '2026-01-01' + n * interval '1 second', timestamptz '2026-01-01' + n * interval '1 second', 'test', 'test'`;
  const idOf = (n: string): string =>
    `('00000000-0000-4000-8000-' || lpad(to_hex((${n})::int), 12, '0'))::uuid`;
  await owner.query(`
    insert into catalog.company (id, tenant, version, name, labels, search_text, created_at, updated_at, created_by, updated_by)
    select ${idOf('n')}, '${TENANT}', 1, 'acme', '{}', 'acme', ${stamps} from generate_series(1, 1) as n;
    alter table catalog.resource disable trigger all;
    alter table catalog.resource_label disable trigger all;
    alter table catalog.relation disable trigger all;
    insert into catalog.resource (id, tenant, version, company_id, namespace, name, type, lifecycle_status, labels, annotations,
      links, endpoints, orphan, search_text, created_at, updated_at, created_by, updated_by)
    select ${idOf('n')}, '${TENANT}', 1, ${idOf('1')}, 'default', 'resource-' || n, 'type' || n % 20, 'active',
      json_build_object('rare', case when n % 1000 = 0 then 'yes' else 'no' end), '{}', '[]',
      '[{"name": "web", "url": "https://a.example.com", "visibility": "internal"}]', n % 5000 = 0, 'resource-' || n, ${stamps}
    from generate_series(1, ${COUNT}) as n;
    insert into catalog.resource_label (tenant, key, value, resource_id)
    select tenant, 'rare', labels ->> 'rare', id from catalog.resource;
    insert into catalog.endpoint_health (tenant, resource_id, endpoint, status, output, checked_at, ttl_seconds, is_told)
    select '${TENANT}', ${idOf('n')}, 'web', case when n % 1000 = 0 then 'critical' else 'passing' end, '', now(), null, false
    from generate_series(1, ${COUNT}) as n;
    insert into catalog.relation (tenant, from_id, type, to_id, created_at, created_by)
    select '${TENANT}', ${idOf('n')}, 'depends_on', ${idOf(`(n::bigint * 7919 * (k + 1)) % ${COUNT} + 1`)}, now(), 'test'
    from generate_series(1, ${COUNT}) as n, generate_series(0, 1) as k on conflict do nothing;
    insert into catalog.relation (tenant, from_id, type, to_id, created_at, created_by)
    select '${TENANT}', ${idOf('n')}, 'part_of', ${idOf('1')}, now(), 'test' from generate_series(2, ${COUNT}) as n;
    insert into catalog.team (id, tenant, version, company_id, name, slug, parent_team_id, labels, members, search_text,
      created_at, updated_at, created_by, updated_by)
    select ${idOf(`${TEAMS} + n`)}, '${TENANT}', 1, ${idOf('1')}, 'team', 'team-' || n,
      case when n % 10 <> 1 then ${idOf(`${TEAMS} + n - 1`)} end, '{}', '[]', 'team', ${stamps} from generate_series(1, 20000) as n;
    insert into catalog.resource (id, tenant, version, company_id, namespace, name, type, environment, lifecycle_status,
      labels, annotations, links, endpoints, orphan, search_text, created_at, updated_at, created_by, updated_by)
    select ${idOf(`${COUNT} + n`)}, '${TENANT}', 1, ${idOf('1')}, 'default', 'well-known', 'service', 'env-' || n, 'active',
      '{}', '{}', '[]', '[{"name": "web", "url": "https://a.example.com", "visibility": "internal"}]', false, 'well-known', ${stamps}
    from generate_series(1, ${NAMESAKES}) as n;
    insert into catalog.endpoint_health (tenant, resource_id, endpoint, status, output, checked_at, ttl_seconds, is_told)
    select '${TENANT}', ${idOf(`${COUNT} + n`)}, 'web', 'passing', '', now(), null, false from generate_series(1, ${NAMESAKES}) as n;
    update catalog.resource t set ttl_seconds = case when n % 1000 = 7 then 60 end,
      owner_team_id = case when n % 2 = 0 then ${idOf(`${TEAMS} + n / 2 % 500 + 1`)} end,
      source = case when n % 2000 = 1 then 'acme' when n % 2 = 1 then 'other' end,
      source_ref = case when n % 2 = 1 then 'component:default/resource-' || n end
    from generate_series(1, ${COUNT}) as n where t.id = ${idOf('n')};
    insert into catalog.descriptor (tenant, company_id, ref, source, resource_id, entity, dangling)
    select t.tenant, t.company_id, t.source_ref, t.source, t.id, json_build_object('apiVersion', 'backstage.io/v1alpha1',
      'kind', 'Component', 'metadata', json_build_object('name', t.name), 'spec', json_build_object('type', t.type)), '[]'
    from catalog.resource t where t.source is not null;
    alter table catalog.resource enable trigger all;
    alter table catalog.resource_label enable trigger all;
    alter table catalog.relation enable trigger all;`);
  await owner.query(
    'vacuum full analyze catalog.resource, catalog.resource_label, catalog.relation, catalog.endpoint_health, catalog.descriptor, catalog.team',
  );
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

/** The very statements that the service sends for a request. */
async function statementsOf(path: string, about: RegExp): Promise<{ sent: Sent[]; body: any }> {
  const read = jest.spyOn(api.part(Database), 'read');
  const { status, body } = await api.get(path);
  const statements = read.mock.calls.map(([statement]) => statement).filter(({ text }) => about.test(text));
  read.mockRestore();
  expect([path, status]).toEqual([path, 200]);
  return { sent: statements.map(({ text, values = [] }) => ({ text, values })), body };
}

const explain = (sent: Sent): Promise<Plan> => explained(owner, sent, TENANT);

describe('with a hundred thousand resources and three hundred thousand relations', () => {
  it.each([
    ['', PAGE, 'resource_by_name'],
    ['&sort=-created_at', PAGE, 'resource_by_created_at'],
    ['&sort=type', PAGE, 'resource_by_type'],
    ['&type=type7&sort=updated_at', PAGE, 'resource_by_updated_at'],
    ['&selector=rare%3Dyes', PAGE, 'resource_label_value'],
    ['&selector=rare%3Dno,!gone', PAGE, 'resource_by_name'],
    ['&orphan=true', 20, 'resource_orphans'],
    ['&health=critical', PAGE, 'endpoint_health_wrong'],
    ['&stale=true', PAGE, 'resource_with_ttl'],
    ['&stale=false', PAGE, 'resource_by_name'],
    [`&owner_team_id=${id(TEAMS + 7)}`, PAGE, 'resource_of_team'],
    [`&owner_team_id=${id(TEAMS + 7)}&transitive=true`, PAGE, 'resource_of_team'],
    ['&name=well-known', PAGE, 'resource_by_name'],
    ['&q=RESOURCE-77777', 1, null],
  ])('a page of%s follows an index', async (query, count, index) => {
    const { sent, body } = await statementsOf(
      `${RESOURCES}?tenant_id=${TENANT}&limit=${PAGE}${query}`,
      /from catalog\.resource t/,
    );
    expect([sent.length, body.items.length]).toEqual([1, count]);
    for (const statement of sent) {
      const plan = await explain(statement);
      expect(wholeTables(plan)).toEqual([]);
      if (index !== null) expect(indexesOf(plan)).toContain(index);
      expect(blocksOf(plan)).toBeLessThanOrEqual(BLOCKS_MAX);
    }
  });

  it('a page of the relations of one that a hundred thousand lead to reads no more than the page', async () => {
    const path = `${RESOURCES}/${id(1)}/relations?direction=in&limit=${PAGE}`;
    const first = await statementsOf(path, /catalog\.relation r/);
    const second = await statementsOf(`${path}&cursor=${first.body.next_cursor}`, /catalog\.relation r/);
    expect([first, second].map(({ body }) => body.items.length)).toEqual([PAGE, PAGE]);
    for (const statement of [...first.sent, ...second.sent]) {
      const plan = await explain(statement);
      expect(wholeTables(plan)).toEqual([]);
      expect(indexesOf(plan)).toEqual(['relation_to']);
      expect(blocksOf(plan)).toBeLessThanOrEqual(3 * PAGE);
    }
  });

  it.each(['out', 'in', 'both'])(
    'every step of a graph (%s) goes over the index of its direction',
    async (direction) => {
      const { sent, body } = await statementsOf(
        `${RESOURCES}/${id(4_711)}/graph?depth=5&types=depends_on&direction=${direction}`,
        /catalog\.(relation r|resource t)/,
      );
      expect(body.nodes.length).toBeGreaterThan(30);
      expect(new Set(body.nodes.map((node: any) => node.id)).size).toBe(body.nodes.length);
      for (const statement of sent) {
        const plan = await explain(statement);
        expect(wholeTables(plan)).toEqual([]);
        if (/catalog\.relation/.test(statement.text))
          expect(indexesOf(plan)).toEqual([
            /r\.from_id = f\.id/.test(statement.text) ? 'relation_pkey' : 'relation_to',
          ]);
        expect(blocksOf(plan)).toBeLessThanOrEqual(20_000);
      }
    },
  );

  it('a graph has at most a thousand nodes, and says that there is more', async () => {
    const { sent, body } = await statementsOf(
      `${RESOURCES}/${id(1)}/graph?depth=5`,
      /catalog\.(relation r|resource t)/,
    );
    expect([body.nodes.length, body.truncated]).toEqual([1_000, true]);
    for (const statement of sent) expect(wholeTables(await explain(statement))).toEqual([]);
    const ids = new Set(body.nodes.map((node: any) => node.id));
    expect(body.edges.every(({ from_id, to_id }: any) => ids.has(from_id) && ids.has(to_id))).toBe(true);
  });
});

describe('what is found by name', () => {
  it.each([
    [`resource-4711?tenant_id=${TENANT}`, { count: 1, blocks: 50, index: 'resource_by_name' }],
    [
      `resource-4711?tenant_id=${TENANT}&healthy=true&selector=rare%3Dno&visibility=internal`,
      { count: 1, blocks: 50, index: 'resource_by_name' },
    ],
    [`nothing?tenant_id=${TENANT}`, { count: 0, blocks: 50, index: 'resource_by_name' }],
    // Of thousands each row is looked at once, and no more than a thousand are looked at closely.
    [
      `well-known?tenant_id=${TENANT}`,
      { count: 1_000, blocks: NAMESAKES + 12 * 1_000, index: 'resource_by_name' },
    ],
    [
      `well-known?tenant_id=${TENANT}&environment=env-7`,
      { count: 1, blocks: 50, index: 'resource_by_environment' },
    ],
  ])('%s follows an index', async (asked, { count, blocks, index }) => {
    const path = `/api/v1/discovery/${asked}`;
    const { sent, body } = await statementsOf(path, /from catalog\.resource t/);
    expect([sent.length, body.items.length, body.truncated]).toEqual([1, count, count === 1_000]);
    const plan = await explain(sent[0] as Sent);
    expect(wholeTables(plan)).toEqual([]);
    expect(indexesOf(plan)).toContain(index);
    expect(blocksOf(plan)).toBeLessThanOrEqual(blocks);
  });
});

describe('a facet', () => {
  it.each([
    ['field=environment', '&name=well-known', 'resource_by_name', 1_000],
    ['field=health', '&name=resource-7', 'resource_by_name', 1],
    ['field=labels.rare', '&orphan=true', 'resource_orphans', 1],
    ['field=owner_team_id', '&selector=rare%3Dyes', 'resource_label_value', 1],
  ])('%s of some%s reads those alone', async (field, query, index, values) => {
    const path = `/api/v1/catalog/facets?tenant_id=${TENANT}&${field}${query}`;
    const { sent, body } = await statementsOf(path, /^select value, count/);
    expect(Object.values<any>(body.facets).map((counts) => counts.length)).toEqual([values]);
    const plan = await explain(sent[0] as Sent);
    expect(wholeTables(plan)).toEqual([]);
    expect(indexesOf(plan)).toContain(index);
  });

  it('of everything looks at everything once', async () => {
    const path = `/api/v1/catalog/facets?tenant_id=${TENANT}&field=type,health`;
    const { sent, body } = await statementsOf(path, /^select value, count/);
    expect(body.facets.health).toEqual([
      { value: 'passing', count: COUNT + NAMESAKES - 100 },
      { value: 'critical', count: 100 },
    ]);
    expect(sent).toHaveLength(2);
    for (const statement of sent) {
      const looks = nodesOf(await explain(statement)).filter((node) => node['Relation Name'] === 'resource');
      expect(looks).toHaveLength(2); // Those of the tenant, and those of all.
      const rows = looks.map((node) => node['Actual Rows'] * node['Actual Loops']);
      expect(Math.round(rows[0] ?? 0) + Math.round(rows[1] ?? 0)).toBe(COUNT + NAMESAKES);
    }
  });
});

it('an import looks up what it names and what its source had, and nothing else', async () => {
  const own = Array.from({ length: 50 }, (_, n) => 2_000 * n + 1);
  const entities = [
    ...own.map((n) => entity('Component', `resource-${n}`, { type: `type${n % 20}` })),
    entity('Component', 'resource-3'), // Another source speaks for it.
    entity('Component', 'resource-4'), // Somebody made one of this name.
    entity('Component', 'new', { dependsOn: ['component:resource-1'], owner: 'team-3' }),
  ];
  const query = jest.spyOn(pg.Client.prototype, 'query');
  const path = `${IMPORT}?tenant_id=${TENANT}&source=acme&dry_run=true`;
  const { body } = await api.post(path, entities);
  const sent = query.mock.calls
    .map(([first, values]: any[]): Sent => ({
      text: first.text ?? first,
      values: first.values ?? values ?? [],
    }))
    .filter(({ text }) =>
      /^\s*select[^]*catalog[^]*\.(["]?)(resource|descriptor|relation|team|person)/i.test(text),
    );
  query.mockRestore();
  expect(body).toMatchObject({ created: 1, updated: 50, unchanged: 0, orphaned: 0 });
  expect(body.errors.map(({ code }: any) => code)).toEqual(['source_conflict', 'source_conflict']);
  expect(sent.length).toBeGreaterThan(4);
  for (const statement of sent) {
    const plan = await explain(statement);
    expect([statement.text, wholeTables(plan)]).toEqual([statement.text, []]);
    expect(blocksOf(plan)).toBeLessThanOrEqual(2_000);
  }
});
