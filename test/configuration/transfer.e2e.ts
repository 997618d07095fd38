import { parse as parseYaml } from 'yaml';
import { TestApi } from '../api.js';
import { aSchema, anItem, counts, exportOf, importInto, YAML } from './documents.js';
import { aConfiguration, aService, aTenant, at, CONFIGURATIONS, inHours, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

/** Some of everything, of two services; what the tenant sees and does not own is not in it. */
async function aTenantWithConfigurations(): Promise<{ tenant: string; services: string[] }> {
  const [tenant, services] = [aTenant(), [aService(), aService()].sort()];
  const schema = `n-${tenant.slice(2)}`;
  const own = await aSchema(api, { name: schema, tenant_id: tenant });
  const shared = await aSchema(api, { name: schema, version: '2.1.0' });
  const make = (body: object): Promise<any> =>
    aConfiguration(api, { tenant_id: tenant, service_id: services[0], ...body });
  await make({
    environment: 'base',
    values: { 'a.b': { '': [null, 'ä\n', 1e21, {}] }, text: '123' },
    final_keys: ['a\\.b'],
  });
  await make({ values: { x: null }, schema_id: own.id, description: 'In\nuse' });
  await make({ values: { x: 2 }, effective_from: inHours(-1), effective_until: inHours(1) });
  await make({ values: { x: 3 }, effective_from: inHours(1) });
  await make({ values: { x: 4 }, is_active: false });
  await make({ values: { x: 5 }, is_active: false });
  await make({ service_id: services[1], name: 'logging', schema_id: shared.id });
  await aConfiguration(api, { service_id: services[0], values: { shared: true } });
  return { tenant, services };
}

it('exports what is the tenant’s own, as it can be imported', async () => {
  const { tenant, services } = await aTenantWithConfigurations();
  const reply = await api.get(`${CONFIGURATIONS}/export?tenant_id=${tenant}`);
  expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const { format, configurations } = reply.body;
  expect(format).toBe('metastore-configuration-export/1');
  expect(
    configurations.map(({ service_id, name, environment, values }: any) => [
      service_id,
      name,
      environment,
      values.x,
    ]),
  ).toEqual([
    [services[0], 'database', 'base', undefined],
    [services[0], 'database', 'production', null],
    ...[2, 3, 4, 5].map((x) => [services[0], 'database', 'production', x]),
    [services[1], 'logging', 'production', undefined],
  ]);
  expect(configurations[1]).toEqual({
    ...{ service_id: services[0], name: 'database', environment: 'production', values: { x: null } },
    ...{
      schema: { name: `n-${tenant.slice(2)}`, version: '1.0.0', shared: false },
      secret_refs: [],
      final_keys: [],
    },
    ...{ is_active: true, effective_from: null, effective_until: null, description: 'In\nuse' },
  });
  expect(configurations.at(-1).schema).toMatchObject({ version: '2.1.0', shared: true });
});

it.each(['json', 'yaml'])('imports as %s what it exported, and changes nothing', async (format) => {
  const { tenant } = await aTenantWithConfigurations();
  const { text } = await api.get(`${CONFIGURATIONS}/export?tenant_id=${tenant}&format=${format}`);
  const headers = format === 'yaml' ? YAML : {};
  for (const mode of ['merge', 'replace']) {
    const reply = await importInto(api, `tenant_id=${tenant}&mode=${mode}`, text, { headers });
    expect([reply.status, ...counts(reply)]).toEqual([200, 0, 0, 7, 0]);
  }
});

it.each(['json', 'yaml'])('gives as %s another tenant the same', async (format) => {
  const { tenant, services } = await aTenantWithConfigurations();
  const other = aTenant();
  const schema = `n-${tenant.slice(2)}`;
  await aSchema(api, { name: schema, tenant_id: other });
  const { text } = await api.get(`${CONFIGURATIONS}/export?tenant_id=${tenant}&format=${format}`);
  const headers = format === 'yaml' ? YAML : {};
  expect(counts(await importInto(api, `tenant_id=${other}`, text, { headers }))).toEqual([7, 0, 0, 0]);
  expect(await exportOf(api, `tenant_id=${other}`)).toEqual(await exportOf(api, `tenant_id=${tenant}`));
  expect(counts(await importInto(api, `tenant_id=${other}`, text, { headers }))).toEqual([0, 0, 7, 0]);
  const effective = async (whose: string): Promise<any> =>
    (await api.get(`${CONFIGURATIONS}/effective/${services[0]}?environment=production&tenant_id=${whose}`))
      .body.values;
  expect(await effective(other)).toEqual(await effective(tenant));
});

it('says in YAML what it says in JSON', async () => {
  const { tenant } = await aTenantWithConfigurations();
  const { text, headers } = await api.get(`${CONFIGURATIONS}/export?tenant_id=${tenant}&format=yaml`);
  expect(headers.get('content-type')).toBe('application/yaml; charset=utf-8');
  expect(parseYaml(text)).toEqual(await exportOf(api, `tenant_id=${tenant}`));
  const nothing = await api.get(`${CONFIGURATIONS}/export?tenant_id=${aTenant()}&format=yaml`);
  expect(parseYaml(nothing.text)).toEqual({ format: 'metastore-configuration-export/1', configurations: [] });
});

it('exports a part: of a service, an environment, a name', async () => {
  const { tenant, services } = await aTenantWithConfigurations();
  const count = async (query: string): Promise<number> =>
    (await exportOf(api, `tenant_id=${tenant}&${query}`)).configurations.length;
  expect(await count(`service_id=${services[0]}`)).toBe(6);
  expect(await count('environment=base')).toBe(1);
  expect(await count('name=logging')).toBe(1);
  expect(await count(`service_id=${services[1]}&name=database`)).toBe(0);
});

it('exports more than it reads at once, each once', async () => {
  const [service, tenant] = [aService(), aTenant()];
  const configurations = Array.from({ length: 205 }, (_, index) =>
    anItem({ service_id: service, name: `n${index % 70}`, environment: `e${index}` }),
  );
  expect(counts(await importInto(api, `tenant_id=${tenant}`, { configurations }))).toEqual([205, 0, 0, 0]);
  const exported = (await exportOf(api, `tenant_id=${tenant}`)).configurations;
  expect(new Set(exported.map(({ environment }: any) => environment)).size).toBe(205);
  expect(exported).toHaveLength(205);
});

it('makes and changes configurations by their scope and window, and leaves the others alone', async () => {
  const [service, until] = [aService(), inHours(1)];
  const make = (body: object): Promise<any> => aConfiguration(api, { service_id: service, ...body });
  const permanent = await make({ values: { a: 1 }, description: 'Old', final_keys: ['b'] });
  const temporary = await make({ values: { a: 2 }, effective_until: until });
  const other = await make({ name: 'logging' });
  const reply = await importInto(api, 'change_reason=Moved', {
    configurations: [
      anItem({ service_id: service, values: { a: 9 } }),
      anItem({ service_id: service, values: { a: 8 }, effective_until: until, description: 'Soon over' }),
      anItem({ service_id: service, effective_from: until }),
    ],
  });
  expect(counts(reply)).toEqual([1, 2, 0, 0]);
  expect(reply.body.items.map(({ status, id }: any) => [status, id])).toEqual([
    ['updated', permanent.id],
    ['updated', temporary.id],
    ['created', expect.any(String)],
  ]);
  expect((await api.get(at(permanent))).body).toMatchObject({
    values: { a: 9 },
    description: null,
    final_keys: [],
    version: 2,
  });
  expect((await api.get(at(temporary))).body).toMatchObject({ values: { a: 8 }, description: 'Soon over' });
  expect((await api.get(at(other))).body.version).toBe(1);
  const { body } = await api.get(at(permanent, '/versions'));
  expect(body.items[0].change_reason).toBe('Moved');
});

it('replaces: what the document does not name of its services is deleted, within the bounds of the import', async () => {
  const [service, untouched] = [aService(), aService()];
  const make = (body: object): Promise<any> => aConfiguration(api, { service_id: service, ...body });
  const kept = await make({ values: { a: 1 } });
  const staging = await make({ environment: 'staging' });
  const window = await make({ effective_from: inHours(1) });
  const elsewhere = await aConfiguration(api, { service_id: untouched });
  const tenants = await make({ tenant_id: aTenant() });
  const configurations = [anItem({ service_id: service })];
  const bounded = await importInto(api, `mode=replace&service_id=${service}&environment=production`, {
    configurations,
  });
  expect(counts(bounded)).toEqual([0, 0, 1, 1]);
  expect(bounded.body.items[1]).toMatchObject({ status: 'deleted', id: window.id });
  expect((await api.get(at(staging))).status).toBe(200);
  expect(counts(await importInto(api, 'mode=replace', { configurations }))).toEqual([0, 0, 1, 1]);
  const statuses = await Promise.all(
    [kept, staging, window, elsewhere, tenants].map((one) => api.get(at(one))),
  );
  expect(statuses.map(({ status }) => status)).toEqual([200, 404, 404, 200, 200]);
  const nothing = await importInto(api, 'mode=replace', { configurations: [] });
  expect([nothing.status, mistakes(nothing)]).toEqual([400, ['/configurations too_few']]);
});

it('moves windows and turns on and off in any order, if only the end is right', async () => {
  const service = aService();
  const [one, two] = [inHours(1), inHours(2)];
  await aConfiguration(api, { service_id: service, effective_from: one });
  await aConfiguration(api, {
    service_id: service,
    effective_from: one,
    effective_until: two,
    is_active: false,
  });
  const configurations = [
    anItem({ service_id: service, effective_from: one, effective_until: two }),
    anItem({ service_id: service, effective_from: one, is_active: false }),
  ];
  expect(counts(await importInto(api, '', { configurations }))).toEqual([0, 2, 0, 0]);
  const replaced = [anItem({ service_id: service, effective_from: one })];
  expect(counts(await importInto(api, 'mode=replace', { configurations: replaced }))).toEqual([0, 1, 0, 1]);
});

it('says what it would do, and does not do it', async () => {
  const service = aService();
  const stored = await aConfiguration(api, { service_id: service, values: { a: 1 } });
  const document = {
    configurations: [
      anItem({ service_id: service, values: { a: 2 } }),
      anItem({ service_id: service, name: 'queue' }),
    ],
  };
  const { body } = await importInto(api, 'dry_run=true', document);
  expect(body).toMatchObject({ dry_run: true, created: 1, updated: 1, unchanged: 0, deleted: 0 });
  expect(body.items).toEqual([
    expect.objectContaining({
      status: 'updated',
      id: stored.id,
      diff: [{ op: 'replace', path: '/values/a', value: 2 }],
    }),
    expect.objectContaining({ status: 'created', id: null }),
  ]);
  expect(body.affected.map(({ name, diff }: any) => [name, diff[0].value])).toEqual(
    expect.arrayContaining([
      ['database', 2],
      ['queue', { a: 1 }],
    ]),
  );
  expect((await exportOf(api, `service_id=${service}`)).configurations).toHaveLength(1);
  expect((await api.get(at(stored))).body.version).toBe(1);
});

it('takes documents that refer to each other, in any order', async () => {
  const service = aService();
  const configurations = [
    anItem({ service_id: service, name: 'app', values: { url: '${config:database.host}' } }),
    anItem({ service_id: service, values: { host: 'db' } }),
  ];
  expect(counts(await importInto(api, '', { configurations }))).toEqual([2, 0, 0, 0]);
});

it('keeps to the tenant of the credential, and to its permissions', async () => {
  const [own, other, service] = [aTenant(), aTenant(), aService()];
  const [editor, viewer] = [{ key: await api.key('editor', own) }, { key: await api.key('viewer', own) }];
  const document = { configurations: [anItem({ service_id: service })] };
  expect(outcome(await api.get(`${CONFIGURATIONS}/export?tenant_id=${other}`, editor))).toEqual([
    403,
    'tenant_forbidden',
  ]);
  expect(outcome(await importInto(api, `tenant_id=${other}`, document, editor))).toEqual([
    403,
    'tenant_forbidden',
  ]);
  expect(outcome(await importInto(api, '', document, viewer))).toEqual([403, 'permission_denied']);
  expect((await importInto(api, '', document, editor)).body.created).toBe(1);
  const { body } = await api.get(`${CONFIGURATIONS}/export`, viewer);
  expect(body.configurations).toHaveLength(1);
  expect((await exportOf(api, `service_id=${service}`)).configurations).toEqual([]);
});

it('repeats the answer for an Idempotency-Key, and stores once', async () => {
  const document = { configurations: [anItem({ service_id: aService() })] };
  const sent = { headers: { 'Idempotency-Key': aService() } };
  const [first, second] = [
    await importInto(api, '', document, sent),
    await importInto(api, '', document, sent),
  ];
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(second.body).toEqual(first.body);
  const rehearsed = { headers: { 'Idempotency-Key': aService() } };
  const dry = { configurations: [anItem({ service_id: aService() })] };
  expect((await importInto(api, 'dry_run=true', dry, rehearsed)).body.created).toBe(1);
  expect((await importInto(api, '', dry)).body.created).toBe(1);
});
