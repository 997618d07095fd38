import { TestApi } from '../api.js';
import { aSchema, anItem, exportOf, importInto, YAML } from './documents.js';
import { aConfiguration, aService, inHours, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

it('tells all that cannot be read at its place, and stores nothing', async () => {
  const service = aService();
  const item = (body: object): object => anItem({ service_id: service, ...body });
  const reply = await importInto(api, `environment=production`, {
    format: 'other',
    more: 1,
    configurations: [
      item({}),
      5,
      item({ name: 'No', values: [], color: 'red', schema: { name: 5, version: '', other: 1 } }),
      item({ effective_from: inHours(2), effective_until: inHours(1) }),
      item({ environment: 'staging' }),
      item({ id: '1', tenant_id: 'x', schema_id: 'y', schema: 'z' }),
      item({ values: { b: 2 } }),
    ],
  });
  expect(outcome(reply)).toEqual([400, 'invalid_input']);
  expect(mistakes(reply)).toEqual([
    '/configurations/1 type',
    '/configurations/2/color unknown_property',
    '/configurations/2/name pattern',
    '/configurations/2/schema/name type',
    '/configurations/2/schema/other unknown_property',
    '/configurations/2/schema/version too_short',
    '/configurations/2/values type',
    '/configurations/3/effective_until order',
    '/configurations/4/environment out_of_bounds',
    '/configurations/5/id unknown_property',
    '/configurations/5/schema type',
    '/configurations/5/schema_id unknown_property',
    '/configurations/5/tenant_id unknown_property',
    '/configurations/6 duplicate',
    '/format choice',
    '/more unknown_property',
  ]);
  expect((await exportOf(api, `service_id=${service}`)).configurations).toEqual([]);
  for (const body of [undefined, {}, { configurations: {} }])
    expect((await importInto(api, '', body)).status).toBe(400);
});

it('tells all that cannot be stored at its place, and stores nothing', async () => {
  const service = aService();
  const item = (body: object): object => anItem({ service_id: service, ...body });
  await aConfiguration(api, { service_id: service, effective_from: inHours(1), effective_until: inHours(3) });
  const reply = await importInto(api, '', {
    configurations: [
      item({}),
      item({ name: 'a', schema: { name: 'nowhere', version: '1.0.0' } }),
      item({ effective_from: inHours(2) }),
      item({ name: 'b', secret_refs: [{ key: 'a', vault_path: 'x', vault_key: 'y', provider: 'nobody' }] }),
    ],
  });
  expect(outcome(reply)).toEqual([422, 'configuration_import_refused']);
  expect(mistakes(reply)).toEqual([
    '/configurations/1/schema schema_unknown',
    '/configurations/2 overlapping_window',
    '/configurations/3/secret_refs/0 provider_unknown',
  ]);
  expect((await exportOf(api, `service_id=${service}`)).configurations).toHaveLength(1);
});

it('tells where the results would break, and stores nothing', async () => {
  const [service, schema] = [aService(), `n-${aService()}`];
  await aSchema(api, { name: schema, json_schema: { properties: { port: { type: 'integer' } } } });
  const configurations = [
    anItem({ service_id: service, name: 'fine' }),
    anItem({ service_id: service, values: { port: 'x' }, schema: { name: schema, version: '1.0.0' } }),
  ];
  for (const query of ['', 'dry_run=true']) {
    const reply = await importInto(api, query, { configurations });
    expect(outcome(reply)).toEqual([422, 'effective_invalid']);
    expect(mistakes(reply)).toEqual(['/configurations/1/values/port type']);
  }
  expect((await exportOf(api, `service_id=${service}`)).configurations).toEqual([]);
});

it('tells mistakes of YAML by their lines', async () => {
  const broken = await importInto(api, '', 'configurations:\n- a: [1', { headers: YAML });
  expect([broken.status, mistakes(broken)]).toEqual([400, [' malformed_yaml']]);
  const yaml = 'configurations:\n- values:\n    1: a\n    b: .nan\n';
  const { body } = await importInto(api, '', yaml, { headers: YAML });
  expect(body.errors).toEqual([
    expect.objectContaining({ code: 'key_type', pointer: '/configurations/0/values', line: 3 }),
    expect.objectContaining({ code: 'inexact_number', pointer: '/configurations/0/values/b', line: 4 }),
  ]);
});
