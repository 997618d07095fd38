import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aDevice, aDeviceType, aKey, aTenant, at, DEVICE_TYPES, DEVICES, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const of = ({ id }: { id: string }, rest = ''): string => `${DEVICE_TYPES}/${id}${rest}`;

describe('a device type', () => {
  it('is there from the start for the commonest devices', async () => {
    const { items } = (await api.get(`${DEVICE_TYPES}?sort=created_at&limit=4`)).body;
    expect(items.map(({ key, status_values, version }: any) => [key, status_values, version])).toEqual([
      ['smart_light', ['on', 'off'], 1],
      ['thermostat', ['on', 'off'], 1],
      ['security_camera', ['armed', 'disarmed', 'alarm', 'off'], 1],
      ['generic', [], 1],
    ]);
    const light = (await api.get(`${DEVICE_TYPES}/by-key/smart_light`)).body;
    expect(items[0]).toEqual(light);
    expect((await api.get(of(light, '/versions/1'))).body.state).toEqual(light);
  });

  it('is made with its defaults, changed, and goes back', async () => {
    const key = aKey();
    const reply = await api.post(DEVICE_TYPES, { key, name: 'Pump' });
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"1"',
      of(reply.body),
    ]);
    expect(reply.body).toEqual({
      id: expect.any(String),
      tenant_id: null,
      version: 1,
      key,
      name: 'Pump',
      status_values: [],
      attributes_schema: null,
      status_data_schema: null,
      created_at: expect.any(String),
      updated_at: reply.body.created_at,
      created_by: 'anonymous',
      updated_by: 'anonymous',
    });
    const schema = { type: 'object', required: ['bar'] };
    const put = await api.put(of(reply.body), { status_values: ['on'], attributes_schema: schema });
    expect(put.body).toMatchObject({
      version: 2,
      name: 'Pump',
      status_values: ['on'],
      attributes_schema: schema,
    });
    expect((await api.put(of(reply.body), { status_values: ['on'] })).body.version).toBe(2);
    const patch = await api.patch(of(reply.body), {
      name: 'Pump 2',
      attributes_schema: null,
      status_values: null,
    });
    expect(patch.body).toMatchObject({
      version: 3,
      name: 'Pump 2',
      attributes_schema: null,
      status_values: [],
    });
    const back = await api.post(of(reply.body, '/rollback/2'));
    expect(back.body).toMatchObject({ version: 4, name: 'Pump', attributes_schema: schema });
    expect((await api.get(of(reply.body, '/versions/3/diff/4'))).body).toHaveLength(3);
    const stale = await api.put(of(reply.body), { name: 'x' }, { headers: { 'If-Match': '"3"' } });
    expect(outcome(stale)).toEqual([412, 'stale_version']);
    expect((await api.get(`${DEVICE_TYPES}?q=PUMP`)).body.items).toEqual([back.body]);
    expect((await api.delete(of(reply.body))).status).toBe(204);
    expect(outcome(await api.get(of(reply.body)))).toEqual([404, 'device_type_not_found']);
    expect(outcome(await api.get(`${DEVICE_TYPES}/by-key/${key}`))).toEqual([404, 'device_type_not_found']);
  });

  it('is refused with everything that is wrong at once', async () => {
    const reply = await api.post(DEVICE_TYPES, {
      key: 'Smart-Light',
      name: '',
      status_values: ['on', 7],
      attributes_schema: [],
      other: 1,
    });
    expect([reply.status, mistakes(reply)]).toEqual([
      400,
      [
        '/attributes_schema type',
        '/key pattern',
        '/name too_short',
        '/other unknown_property',
        '/status_values/1 type',
      ],
    ]);
    const twice = await api.post(DEVICE_TYPES, { key: aKey(), name: 'n', status_values: ['on', '', 'on'] });
    expect(mistakes(twice)).toEqual(['/status_values/1 too_short', '/status_values/2 duplicate']);
    const { id } = await aDeviceType(api);
    expect(mistakes(await api.put(of({ id }), { key: 'other' }))).toEqual(['/key unknown_property']);
  });

  it('has a key and an id of its own', async () => {
    const body = { id: randomUUID(), key: aKey(), name: 'n' };
    const first = await api.post(DEVICE_TYPES, body);
    const again = await api.post(DEVICE_TYPES, body);
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
    expect(outcome(await api.post(DEVICE_TYPES, { ...body, name: 'm' }))).toEqual([409, 'id_conflict']);
    const another = { id: randomUUID(), key: aKey(), name: 'n' };
    const all = await Promise.all(Array.from({ length: 12 }, () => api.post(DEVICE_TYPES, another)));
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(all.filter(({ status }) => status === 200)).toHaveLength(11);
    const taken = await api.post(DEVICE_TYPES, { key: body.key, name: 'm' });
    expect([...outcome(taken), taken.body.conflicting_id]).toEqual([409, 'device_type_key_taken', body.id]);
  });

  it.each([
    ['no schema', { type: 'nothing' }],
    ['a reference abroad', { $ref: 'https://example.com/schema' }],
    ['a registered schema', { $ref: 'urn:metastore:schema:order:1.0.0' }],
    ['a reference to nowhere', { $ref: '#/$defs/none' }],
    ['a circle', { $ref: '#' }],
    ['a pattern of exponential time', { type: 'string', pattern: '(?<=a)b' }],
    ['more than a schema may have', { description: 'x'.repeat(300_000) }],
  ])('does not take %s', async (_, schema) => {
    for (const place of ['attributes_schema', 'status_data_schema']) {
      const reply = await api.post(DEVICE_TYPES, { key: aKey(), name: 'n', [place]: schema });
      expect(outcome(reply)).toEqual([422, 'schema_refused']);
      expect(reply.body.errors[0].pointer).toMatch(new RegExp(`^/${place}`));
    }
  });

  it('stays while devices are of it', async () => {
    const type = await aDeviceType(api);
    const own = await aDevice(api, { device_type: type.key });
    const foreign = await aDevice(api, { device_type: type.key, tenant_id: aTenant() });
    const used = await api.delete(of(type));
    expect([...outcome(used), used.body.devices]).toEqual([409, 'device_type_in_use', 2]);
    await api.delete(at(own));
    expect((await api.delete(of(type))).body.devices).toBe(1);
    await api.delete(at(foreign));
    expect((await api.delete(of(type))).status).toBe(204);
  });

  it('does not go while a device becomes one of it', async () => {
    const type = await aDeviceType(api);
    const [deleted, ...registered] = await Promise.all([
      api.delete(of(type)),
      ...Array.from({ length: 5 }, () => api.post(DEVICES, { device_type: type.key })),
    ]);
    const isThere = (await api.get(of(type))).status === 200;
    const devices = registered.filter(({ status }) => status === 201).length;
    expect([deleted?.status, devices > 0]).toEqual(isThere ? [409, true] : [204, false]);
  });

  it('of a tenant comes before the shared one of its key', async () => {
    const tenant = aTenant();
    const key = await api.key('editor', tenant);
    const shared = await aDeviceType(api, { attributes_schema: { required: ['a'] } });
    const own = await aDeviceType(api, { key: shared.key, attributes_schema: { required: ['b'] } }, { key });
    expect((await api.get(`${DEVICE_TYPES}/by-key/${shared.key}`, { key })).body).toEqual(own);
    expect((await api.get(`${DEVICE_TYPES}/by-key/${shared.key}`)).body).toEqual(shared);
    await aDevice(api, { device_type: shared.key, attributes: { b: 1 } }, { key });
    await aDevice(api, { device_type: shared.key, attributes: { a: 1 } });
    const other = await aTenantDevice(shared.key, { a: 1 });
    expect((await api.delete(of(own), { key })).body.devices).toBe(1);
    expect((await api.delete(of(shared))).body.devices).toBe(2);
    expect(outcome(await api.put(of(shared), { name: 'x' }, { key }))).toEqual([403, 'tenant_forbidden']);
    expect(other.device_type).toBe(shared.key);
  });

  it('has new rules for what is written from now on', async () => {
    const type = await aDeviceType(api);
    const device = await aDevice(api, { device_type: type.key, attributes: { a: 1 } });
    await api.put(of(type), { attributes_schema: { required: ['b'] } });
    expect((await api.put(at(device), { name: 'still' })).status).toBe(200);
    expect(outcome(await api.patch(at(device, '/attributes'), { c: 1 }))).toEqual([
      422,
      'attributes_invalid',
    ]);
    expect((await api.patch(at(device, '/attributes'), { b: 1 })).status).toBe(200);
  });
});

const aTenantDevice = (device_type: string, attributes: object): Promise<any> =>
  aDevice(api, { device_type, attributes, tenant_id: aTenant() });
