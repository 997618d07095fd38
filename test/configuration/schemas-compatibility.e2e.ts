import { TestApi } from '../api.js';
import { aConfiguration, aService, aTenant, mistakes, outcome, outcomes } from './made.js';
import { aName, aSchema, SCHEMAS } from './schemas.js';

const PORT = { type: 'object', properties: { port: { type: 'integer', minimum: 1 } } };
const STRICTER = { type: 'object', properties: { port: { type: 'integer', minimum: 1024 } } };

describe('versions of a schema', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api.stop());

  const add = (name: string, body: object) => api.post(`${SCHEMAS}/${name}/versions`, body);

  it('keep what the newest one promises, and promise it in turn', async () => {
    const { name } = await aSchema(api, PORT, { compatibility: 'backward' });
    const refused = await add(name, { version: '1.1.0', json_schema: STRICTER });
    expect(outcome(refused)).toEqual([409, 'schema_incompatible']);
    expect(refused.body).toMatchObject({ mode: 'backward', against: '1.0.0' });
    expect(mistakes(refused)).toEqual(['/properties/port/minimum incompatible']);
    const added = await add(name, { version: '1.1.0', json_schema: { type: 'object' } });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({ name, version: '1.1.0', compatibility: 'backward' });
    expect(added.headers.get('location')).toBe(`${SCHEMAS}/${added.body.id}`);
    const otherwise = await add(name, { version: '2.0.0', json_schema: STRICTER, compatibility: 'forward' });
    expect([otherwise.status, otherwise.body.compatibility]).toEqual([201, 'forward']);
  });

  it('keep it also when they come as new schemas of the name', async () => {
    const { name } = await aSchema(api, PORT, { compatibility: 'full' });
    const refused = await api.post(SCHEMAS, { name, version: '1.0.1', json_schema: STRICTER });
    expect(outcome(refused)).toEqual([409, 'schema_incompatible']);
    const older = await api.post(SCHEMAS, { name, version: '0.9.0', json_schema: PORT });
    expect(outcome(older)).toEqual([409, 'schema_version_not_newer']);
  });

  it('come one after another, by Semantic Versioning and not by the alphabet', async () => {
    const { name, id } = await aSchema(api, true, { version: '9.0.0' });
    expect(outcome(await add(name, { version: '8.10.0', json_schema: true }))).toEqual([
      409,
      'schema_version_not_newer',
    ]);
    const same = await add(name, { version: '9.0.0', json_schema: true });
    expect([same.body.code, same.body.conflicting_id]).toEqual(['schema_version_taken', id]);
    expect((await add(name, { version: '10.0.0-rc.1', json_schema: true })).status).toBe(201);
    expect((await add(name, { version: '10.0.0', json_schema: true })).status).toBe(201);
    expect((await add(name, { version: '10.0.0+build', json_schema: true })).status).toBe(400);
  });

  it('are added once, however many try it at the same time', async () => {
    const { name } = await aSchema(api, true);
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => add(name, { version: '1.1.0', json_schema: true })),
    );
    expect(outcomes(replies)).toEqual({ '201': 1, '409 schema_version_taken': 4 });
  });

  it('are added only to a name of one’s own', async () => {
    expect(outcome(await add(aName(), { version: '1.1.0', json_schema: true }))).toEqual([
      404,
      'schema_not_found',
    ]);
    const { name } = await aSchema(api, true);
    const key = await api.key('editor', aTenant());
    const reply = await api.post(
      `${SCHEMAS}/${name}/versions`,
      { version: '2.0.0', json_schema: true },
      { key },
    );
    expect(reply.status).toBe(404);
  });

  it('can be asked for beforehand, with the documents that they would break', async () => {
    const { name, id } = await aSchema(api, PORT, { compatibility: 'backward' });
    const service = aService();
    const tenant = aTenant();
    const of = { service_id: service, name: 'web', schema_id: id };
    const base = await aConfiguration(api, { ...of, environment: 'base', values: { port: 80 } });
    const fine = { service_id: service, name: 'web', environment: 'production', values: { port: 8080 } };
    await aConfiguration(api, fine);
    await aConfiguration(api, { ...fine, environment: 'staging', tenant_id: tenant, values: { port: 443 } });
    await aConfiguration(api, { service_id: service, name: 'other', values: { port: 1 } });

    const reply = await api.post(`${SCHEMAS}/${name}/check-compatibility`, { json_schema: STRICTER });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ compatible: false, mode: 'backward', against: '1.0.0' });
    expect(mistakes(reply)).toEqual(['/properties/port/minimum incompatible']);
    const { checked, complete, broken } = reply.body.documents;
    expect([checked, complete]).toEqual([6, true]);
    const places = broken.map(({ environment, tenant_id }: any) => `${environment} ${tenant_id}`);
    expect(places.sort()).toEqual(
      ['base null', `base ${tenant}`, 'staging null', `staging ${tenant}`].sort(),
    );
    expect(broken[0]).toMatchObject({ service_id: service, name: 'web', configuration_id: base.id });
    expect(broken[0].errors).toMatchObject([{ pointer: '/port', keyword: 'minimum' }]);

    const other = await api.post(`${SCHEMAS}/${name}/check-compatibility`, {
      json_schema: { type: 'object' },
      mode: 'full',
      against: '1.0.0',
    });
    expect(other.body).toMatchObject({ compatible: false, mode: 'full', documents: { broken: [] } });
    const right = await api.post(`${SCHEMAS}/${name}/check-compatibility`, {
      json_schema: { type: 'object' },
    });
    expect(right.body).toMatchObject({ compatible: true, errors: [], documents: { checked: 6, broken: [] } });
    expect((await api.get(`${SCHEMAS}?name=${name}`)).body.items).toHaveLength(1);
  });

  it('that are not there cannot be compared with', async () => {
    const { name } = await aSchema(api, true);
    const reply = await api.post(`${SCHEMAS}/${name}/check-compatibility`, {
      json_schema: true,
      against: '3.0.0',
    });
    expect(outcome(reply)).toEqual([404, 'schema_not_found']);
  });
});
