import { TestApi } from '../api.js';
import { entity, IMPORT, importsInto, NOTHING, ORDERS } from './imported.js';
import { aCompany, aTeam, aTenant, byText, mistakes, outcome, RESOURCES } from './made.js';

let api: TestApi;
const { importing, taken, listed } = importsInto(() => api);

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

describe('descriptors of Backstage', () => {
  it('become users, teams, resources and relations, in whatever order, in a company that is made for them', async () => {
    const tenant = aTenant();
    const answer = await taken(tenant, ORDERS);
    expect(answer).toEqual({ ...NOTHING, dry_run: false, source: 'acme', created: 8 });
    const [company] = await listed(tenant, '/api/v1/companies');
    expect([company.name, company.tenant_id]).toEqual(['default', tenant]);
    const teams = await listed(tenant, '/api/v1/teams');
    const [platform, engineering] = ['platform', 'engineering'].map((slug) =>
      teams.find((team) => team.slug === slug),
    );
    expect([platform.parent_team_id, platform.description]).toEqual([engineering.id, 'Runs it']);
    const [jane] = await listed(tenant, '/api/v1/users');
    expect([jane.name, jane.email]).toEqual(['Jane Doe', 'jane@example.com']);
    const members = (await api.get(`/api/v1/teams/${platform.id}`)).body.members;
    expect(members).toMatchObject([{ user_id: jane.id, role: 'member' }]);
    const resources = await listed(tenant, RESOURCES);
    const byName: Record<string, any> = Object.fromEntries(resources.map((one) => [one.name, one]));
    expect(byName['orders']).toMatchObject({
      ...{ type: 'service', namespace: 'default', owner_team_id: platform.id, lifecycle_status: 'active' },
      ...{ labels: { tier: 'gold' }, annotations: { 'github.com/project-slug': 'acme/orders' } },
      ...{
        source: 'acme',
        source_ref: 'component:default/orders',
        orphan: false,
        description: 'Takes orders',
      },
      links: [{ url: 'https://dash.example/orders', title: 'Dashboard', type: null }],
    });
    expect(
      Object.values(byName)
        .map(({ type }) => type)
        .sort(byText),
    ).toEqual(['api', 'database', 'domain', 'service', 'system']);
    const { items } = (await api.get(`${RESOURCES}/${byName['orders'].id}/relations`)).body;
    const related = items.map(({ type, to_id }: any) => [
      type,
      resources.find(({ id }) => id === to_id).name,
    ]);
    expect(related.sort()).toEqual([
      ['depends_on', 'orders-db'],
      ['part_of', 'shop'],
      ['provides_api', 'orders-api'],
    ]);
  });

  it('are unchanged the second time, and updated where they changed', async () => {
    const tenant = aTenant();
    await taken(tenant, ORDERS);
    expect(await taken(tenant, ORDERS)).toMatchObject({ ...NOTHING, unchanged: 8 });
    const next = ORDERS.replace('Takes orders', 'Takes all orders')
      .replace('openapi: 3.1.0', 'openapi: 3.1.1')
      .replace('memberOf: [platform]', 'memberOf: []')
      .replace('dependsOn: [resource:orders-db]', 'dependsOn: []');
    expect(await taken(tenant, next)).toMatchObject({ ...NOTHING, updated: 4, unchanged: 4 });
    const [orders] = await listed(tenant, `${RESOURCES}?name=orders`);
    expect([orders.description, orders.version]).toEqual(['Takes all orders', 2]);
    const { items } = (await api.get(`${RESOURCES}/${orders.id}/relations`)).body;
    expect(items.map(({ type }: any) => type).sort()).toEqual(['part_of', 'provides_api']);
    const [platform] = await listed(tenant, '/api/v1/teams?slug=platform');
    expect((await api.get(`/api/v1/teams/${platform.id}`)).body.members).toEqual([]);
  });

  it('that say the same in other words have a version of their own, and a second time none', async () => {
    const tenant = aTenant();
    await taken(tenant, ORDERS);
    const next = ORDERS.replace('openapi: 3.1.0', 'openapi: 3.1.1')
      .replace('email: jane@example.com', 'email: jane@example.com, picture: https://example.com/j.png')
      .replace('{type: team,', '{type: crew,');
    const query = 'source=acme&change_reason=other+words';
    expect(await taken(tenant, next, query)).toMatchObject({ ...NOTHING, updated: 3, unchanged: 5 });
    for (const path of ['resources?name=orders-api', 'users', 'teams?slug=platform']) {
      const [{ id }] = await listed(tenant, `/api/v1/${path}`);
      const { items } = (await api.get(`/api/v1/${path.split('?')[0]}/${id}/versions`)).body;
      expect([path, items[0].type, items[0].change_reason]).toEqual([path, 'described', 'other words']);
    }
    const before = await listed(tenant, RESOURCES);
    expect(await taken(tenant, next, query)).toMatchObject({ ...NOTHING, unchanged: 8 });
    expect(await listed(tenant, RESOURCES)).toEqual(before);
  });

  it('may come as JSON: one, a list, or items', async () => {
    const tenant = aTenant();
    const one = entity('Component', 'a');
    expect(await taken(tenant, one)).toMatchObject({ ...NOTHING, created: 1 });
    expect(await taken(tenant, [one, entity('Component', 'b')])).toMatchObject({
      ...NOTHING,
      created: 1,
      unchanged: 1,
    });
    expect(await taken(tenant, { items: [one] })).toMatchObject({ ...NOTHING, orphaned: 1, unchanged: 1 });
    for (const type of ['text/yaml', 'application/x-yaml']) {
      const reply = await api.post(`${IMPORT}?tenant_id=${tenant}&source=acme`, ORDERS, {
        headers: { 'Content-Type': type },
      });
      expect(reply.status).toBe(200);
    }
    expect(outcome(await importing(tenant, { items: 5 }))).toEqual([400, 'invalid_input']);
    expect(outcome(await importing(tenant, { format: 'x', items: [] }))).toEqual([400, 'invalid_input']);
  });

  it('keep what somebody said of members and relations', async () => {
    const tenant = aTenant();
    await taken(tenant, ORDERS);
    const [company] = await listed(tenant, '/api/v1/companies');
    const [jane] = await listed(tenant, '/api/v1/users');
    const [platform] = await listed(tenant, '/api/v1/teams?slug=platform');
    await api.put(`/api/v1/teams/${platform.id}/members/${jane.id}`, { role: 'owner' });
    const bob = (
      await api.post('/api/v1/users', { company_id: company.id, name: 'Bob', email: 'bob@example.com' })
    ).body;
    await api.put(`/api/v1/teams/${platform.id}/members/${bob.id}`, { role: 'member' });
    const resources = await listed(tenant, RESOURCES);
    const idOf = (name: string) => resources.find((one) => one.name === name).id;
    await api.post(`${RESOURCES}/${idOf('orders')}/relations`, {
      type: 'deployed_to',
      to_id: idOf('orders-db'),
    });
    expect(await taken(tenant, ORDERS)).toMatchObject({ ...NOTHING, unchanged: 8 });
    const { members } = (await api.get(`/api/v1/teams/${platform.id}`)).body;
    expect(members.map(({ role }: any) => role)).toEqual(['owner', 'member']);
    expect((await api.get(`${RESOURCES}/${idOf('orders')}/relations`)).body.items).toHaveLength(4);
    const gone = await taken(tenant, ORDERS.replace('memberOf: [platform]', 'memberOf: []'));
    expect(gone.errors).toMatchObject([{ entity: 'group:default/platform', code: 'last_owner' }]);
  });
});

describe('what is wrong', () => {
  it('with one entity is told with its line, keeps it as it was, and keeps no other out', async () => {
    const tenant = aTenant();
    const good =
      'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: good}\nspec: {type: service}\n';
    const other = good.replace('good', 'other');
    await taken(tenant, `${good}---\n${other}`);
    const broken = `${good.replace('{type: service}', '\n  lifecycle: production')}---\n${other.replace('service', 'website')}---\napiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\nspec: {targets: []}\n`;
    const answer = await taken(tenant, broken);
    expect(answer).toMatchObject({ updated: 1, orphaned: 0, deleted: 0 });
    expect(
      answer.errors.map(({ line, entity: ref, pointer, code }: any) => [line, ref, pointer, code]),
    ).toEqual([
      [4, 'component:default/good', '/spec/type', 'required'],
      [13, 'location:default/all', '/kind', 'kind_unknown'],
    ]);
    const types = (await listed(tenant, RESOURCES)).map(({ name, type, orphan }) => [name, type, orphan]);
    expect(types).toEqual([
      ['good', 'service', false],
      ['other', 'website', false],
    ]);
  });

  it('in the words of the catalog is told in those of the entity', async () => {
    const tenant = aTenant();
    const bad = [
      entity('Component', 'a', {}, { labels: { 'not a key': 'x' }, links: [{ url: 'javascript:alert(1)' }] }),
      entity('User', 'u', { profile: { email: 'nobody' } }),
      entity(
        'Component',
        'e',
        {},
        {
          annotations: {
            'metastore.io/endpoints': '[{"name":"http"}]',
            'metastore.io/environment': 'No Key',
          },
        },
      ),
      entity('Component', 'j', {}, { annotations: { 'metastore.io/endpoints': '[' } }),
      entity('Component', 'a'),
      'text',
    ];
    const answer = await taken(tenant, bad);
    expect(answer).toMatchObject({ created: 0, updated: 0 });
    expect(answer.errors.map(({ pointer, code }: any) => `${pointer} ${code}`).sort()).toEqual([
      '/0/metadata/labels/not a key label_key',
      '/0/metadata/links/0/url url',
      '/1/spec/profile/email email',
      '/2/metadata/annotations/metastore.io~1endpoints required',
      '/2/metadata/annotations/metastore.io~1environment pattern',
      '/3/metadata/annotations/metastore.io~1endpoints json',
      '/4 duplicate',
      '/5 type',
    ]);
  });

  it('with the whole is 400, and makes no orphans', async () => {
    const tenant = aTenant();
    await taken(tenant, ORDERS);
    const reply = await importing(tenant, `${ORDERS}---\na: [`);
    expect([reply.status, mistakes(reply), reply.body.errors[0].line]).toEqual([
      400,
      [' malformed_yaml'],
      ORDERS.split('\n').length + 1,
    ]);
    expect(outcome(await importing(tenant, ORDERS, 'prune=none'))).toEqual([400, 'invalid_input']);
    expect(await listed(tenant, `${RESOURCES}?orphan=true`)).toEqual([]);
  });

  it('with references is a warning: the rest goes in, and the next import finds what came meanwhile', async () => {
    const tenant = aTenant();
    const company = await aCompany(api, { tenant_id: tenant });
    const body = entity('Component', 'a', { owner: 'later', dependsOn: ['component:b', 'component:a'] });
    const first = await taken(tenant, body);
    expect(first).toMatchObject({ created: 1, errors: [] });
    expect(first.warnings.map(({ pointer, code }: any) => `${pointer} ${code}`)).toEqual([
      '/spec/owner catalog_reference_unknown',
      '/spec/dependsOn relation_to_itself',
      '/spec/dependsOn catalog_reference_unknown',
    ]);
    const team = await aTeam(api, company.id, { name: 'later', slug: 'later' });
    expect(await taken(tenant, [body, entity('Component', 'b')])).toMatchObject({ created: 1, updated: 1 });
    const [a] = await listed(tenant, `${RESOURCES}?name=a`);
    expect(a.owner_team_id).toBe(team.id);
    expect((await api.get(`${RESOURCES}/${a.id}/relations`)).body.items).toMatchObject([
      { type: 'depends_on' },
    ]);
  });

  it('with a circle of teams is told of each, and of those below it', async () => {
    const tenant = aTenant();
    const group = (name: string, parent: string) => entity('Group', name, { parent });
    const answer = await taken(tenant, [
      group('a', 'b'),
      group('b', 'a'),
      group('c', 'a'),
      entity('Group', 'd'),
    ]);
    expect(answer).toMatchObject({ created: 1 });
    expect(answer.errors.map(({ entity: ref, code }: any) => `${ref} ${code}`)).toEqual(
      ['a', 'b', 'c'].map((name) => `group:default/${name} team_cycle`),
    );
  });
});
