import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aBody, aConfiguration, at, aTenant, CONFIGURATIONS, mistakes, outcome } from './made.js';
import { aName, aSchema, SCHEMAS } from './schemas.js';

describe('schemas', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api.stop());

  it('are registered as version 1.0.0, with a place and an ETag that never changes', async () => {
    const name = aName();
    const reply = await api.post(SCHEMAS, { name, json_schema: { type: 'object' } });
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({
      name,
      version: '1.0.0',
      json_schema: { type: 'object' },
      compatibility: 'none',
      description: null,
      tenant_id: null,
      refers_to: [],
    });
    expect(reply.headers.get('etag')).toBe('"1"');
    const location = reply.headers.get('location') ?? '';
    expect(location).toBe(`${SCHEMAS}/${reply.body.id}`);
    const read = await api.get(location);
    expect(read.body).toEqual(reply.body);
    expect((await api.get(location, { headers: { 'If-None-Match': '"1"' } })).status).toBe(304);
  });

  it('are refused with every mistake of the body at once', async () => {
    const reply = await api.post(SCHEMAS, { name: 'Not A Name', version: '1', json_schema: [], extra: 1 });
    expect(reply.status).toBe(400);
    expect(reply.body.errors.map(({ pointer }: any) => pointer).sort()).toEqual([
      '/extra',
      '/json_schema',
      '/name',
      '/version',
    ]);
  });

  it('have each version once, and the refusal tells which one has it', async () => {
    const first = await aSchema(api, {});
    const again = await api.post(SCHEMAS, { name: first.name, json_schema: true });
    expect(outcome(again)).toEqual([409, 'schema_version_taken']);
    expect(again.body.conflicting_id).toBe(first.id);
  });

  it('may be sent again under their id', async () => {
    const body = { id: randomUUID(), name: aName(), json_schema: { type: 'string' } };
    expect((await api.post(SCHEMAS, body)).status).toBe(201);
    const again = await api.post(SCHEMAS, body);
    expect([again.status, again.headers.get('etag')]).toEqual([200, '"1"']);
    expect(outcome(await api.post(SCHEMAS, { ...body, json_schema: true }))).toEqual([409, 'id_conflict']);
  });

  it('hold a document, and tell every place at which it is wrong', async () => {
    const { id } = await aSchema(api, {
      type: 'object',
      properties: {
        port: { type: 'integer', maximum: 65535 },
        host: { type: 'string', format: 'hostname' },
        name: true,
      },
      required: ['host', 'name'],
      additionalProperties: false,
    });
    const reply = await api.post(`${SCHEMAS}/${id}/validate`, {
      document: { port: 70000, host: 'not a host', extra: true },
    });
    expect(reply.status).toBe(200);
    expect(reply.body.valid).toBe(false);
    expect(reply.body.errors.map(({ pointer, keyword }: any) => `${pointer} ${keyword}`).sort()).toEqual([
      '/extra additionalProperties',
      '/host format',
      '/name required',
      '/port maximum',
    ]);
    const right = await api.post(`${SCHEMAS}/${id}/validate`, {
      document: { host: 'a.example', name: null },
    });
    expect(right.body).toEqual({ valid: true, errors: [] });
  });

  it('take any text where a document stands for a secret', async () => {
    const { id } = await aSchema(api, {
      properties: { password: { type: 'integer' }, port: { type: 'integer' } },
    });
    const secret = { $secret_ref: { path: 'secret/app', field: 'password' } };
    const validate = (document: object) => api.post(`${SCHEMAS}/${id}/validate`, { document });
    expect((await validate({ password: secret, port: 1 })).body.valid).toBe(true);
    expect((await validate({ password: secret, port: 'x' })).body.errors).toEqual([
      { pointer: '/port', keyword: 'type', detail: 'It must be integer.' },
    ]);
  });

  it('refer to registered ones, which stay as long as they do', async () => {
    const part = await aSchema(api, { $defs: { port: { type: 'integer', maximum: 9 } } });
    const $ref = `urn:metastore:schema:${part.name}:1.0.0#/$defs/port`;
    const whole = await aSchema(api, { properties: { port: { $ref } } });
    expect(whole.refers_to).toEqual([{ id: part.id, name: part.name, version: '1.0.0' }]);
    const reply = await api.post(`${SCHEMAS}/${whole.id}/validate`, { document: { port: 10 } });
    expect(reply.body.errors).toMatchObject([{ pointer: '/port', keyword: 'maximum' }]);
    const kept = await api.delete(`${SCHEMAS}/${part.id}`);
    expect(outcome(kept)).toEqual([409, 'schema_in_use']);
    expect(kept.body.used_by).toEqual([
      { type: 'schema', id: whole.id, name: `${whole.name}:1.0.0`, tenant_id: null },
    ]);
    expect((await api.delete(`${SCHEMAS}/${whole.id}`)).status).toBe(204);
    expect((await api.delete(`${SCHEMAS}/${part.id}`)).status).toBe(204);
  });

  it('are told apart from ones that are not there, or not of the same dialect', async () => {
    const old = await aSchema(api, { $schema: 'http://json-schema.org/draft-07/schema#' });
    const reply = await api.post(SCHEMAS, {
      name: aName(),
      json_schema: {
        properties: {
          a: { $ref: 'urn:metastore:schema:nobody:1.0.0' },
          b: { $ref: `urn:metastore:schema:${old.name}:1.0.0` },
        },
      },
    });
    expect(outcome(reply)).toEqual([422, 'schema_refused']);
    expect(mistakes(reply)).toEqual([
      '/json_schema/properties/a/$ref reference_unknown',
      '/json_schema/properties/b/$ref dialect_mixed',
    ]);
  });

  it('stay as long as configurations name them, active or not', async () => {
    const { id } = await aSchema(api, { type: 'object' });
    const configuration = await aConfiguration(api, { schema_id: id, is_active: false });
    const kept = await api.delete(`${SCHEMAS}/${id}`);
    expect(outcome(kept)).toEqual([409, 'schema_in_use']);
    expect(kept.body.used_by).toMatchObject([{ type: 'configuration', id: configuration.id }]);
    expect((await api.delete(at(configuration))).status).toBe(204);
    expect((await api.delete(`${SCHEMAS}/${id}`)).status).toBe(204);
    expect(outcome(await api.get(`${SCHEMAS}/${id}`))).toEqual([404, 'schema_not_found']);
  });

  it('are never both deleted and used, however close the two come', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id, name } = await aSchema(api, { type: 'object' });
      const $ref = `urn:metastore:schema:${name}:1.0.0`;
      const [deleted, referring, using] = await Promise.all([
        api.delete(`${SCHEMAS}/${id}`),
        api.post(SCHEMAS, { name: aName(), json_schema: { items: { $ref } } }),
        api.post(CONFIGURATIONS, aBody({ schema_id: id })),
      ]);
      expect([204, 409]).toContain(deleted.status);
      if (deleted.status === 204) expect([referring.status, using.status]).toEqual([422, 422]);
      else expect([referring.status, using.status]).toContain(201);
    }
  });

  it('are deleted only in the version that was looked at', async () => {
    const { id } = await aSchema(api, true);
    expect((await api.delete(`${SCHEMAS}/${id}`, { headers: { 'If-Match': '"2"' } })).status).toBe(412);
    expect((await api.delete(`${SCHEMAS}/${id}`, { headers: { 'If-Match': '"1"' } })).status).toBe(204);
  });

  it('are listed by name, by words, and page by page', async () => {
    const name = aName();
    for (const version of ['1.0.0', '2.0.0', '10.0.0'])
      await aSchema(api, true, { name, version, description: `Of ${name}!` });
    await aSchema(api, true);
    const all = await api.get(`${SCHEMAS}?name=${name}&sort=created_at&limit=2&include_total=true`);
    expect(all.body).toMatchObject({
      has_more: true,
      total: 3,
      items: [{ version: '1.0.0' }, { version: '2.0.0' }],
    });
    const rest = await api.get(
      `${SCHEMAS}?name=${name}&sort=created_at&limit=2&cursor=${all.body.next_cursor}`,
    );
    expect(rest.body.items).toMatchObject([{ version: '10.0.0' }]);
    const found = await api.get(`${SCHEMAS}?q=${encodeURIComponent(`OF ${name}!`)}`);
    expect(found.body.items).toHaveLength(3);
  });

  it('of a tenant are seen by the tenant alone, shared ones by all', async () => {
    const [mine, other] = [aTenant(), aTenant()];
    const [key, stranger] = [await api.key('editor', mine), await api.key('editor', other)];
    const own = await aSchema(api, { type: 'string' }, {}, { key });
    const shared = await aSchema(api, { type: 'string' });
    expect(own.tenant_id).toBe(mine);
    expect((await api.get(`${SCHEMAS}/${own.id}`, { key: stranger })).status).toBe(404);
    const strange = await api.post(`${SCHEMAS}/${own.id}/validate`, { document: 1 }, { key: stranger });
    expect(strange.status).toBe(404);
    expect((await api.delete(`${SCHEMAS}/${own.id}`, { key: stranger })).status).toBe(404);
    expect((await api.delete(`${SCHEMAS}/${shared.id}`, { key })).status).toBe(403);
    const checked = await api.post(`${SCHEMAS}/${shared.id}/validate`, { document: 1 }, { key });
    expect(checked.body.valid).toBe(false);
    const twin = await aSchema(api, { const: 7 }, { name: shared.name }, { key });
    const $ref = `urn:metastore:schema:${shared.name}:1.0.0`;
    const whole = await aSchema(api, { $ref }, {}, { key });
    expect(whole.refers_to).toMatchObject([{ id: twin.id }]);
    expect((await aSchema(api, { $ref })).refers_to).toMatchObject([{ id: shared.id }]);
  });

  it('tell of themselves as events', async () => {
    const { id, name } = await aSchema(api, { type: 'null' });
    await api.delete(`${SCHEMAS}/${id}?change_reason=unused`);
    const { body } = await api.get(`/api/v1/events?aggregate_id=${id}`);
    expect(body.items.map(({ type, subject }: any) => [type, subject])).toEqual([
      ['io.metastore.configuration.schema.created.v1', `${name}/1.0.0`],
      ['io.metastore.configuration.schema.deleted.v1', `${name}/1.0.0`],
    ]);
  });
});
