import { TestApi } from '../api.js';
import { aDevice, aDeviceType, aMac, at, aTenant, DEVICES, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const matching = (version: string) => ({ headers: { 'If-Match': version } });

describe('an address', () => {
  it('is of one device of a tenant', async () => {
    const mac_address = aMac();
    const device = await aDevice(api, { mac_address });
    const taken = await api.post(DEVICES, {
      device_type: 'generic',
      mac_address: mac_address.replaceAll(':', '').toUpperCase(),
    });
    expect([...outcome(taken), taken.body.conflicting_id]).toEqual([409, 'mac_address_taken', device.id]);
    const other = await aDevice(api);
    const moved = await api.put(at(other), { mac_address });
    expect([...outcome(moved), moved.body.conflicting_id]).toEqual([409, 'mac_address_taken', device.id]);
    expect((await aDevice(api, { mac_address, tenant_id: aTenant() })).mac_address).toBe(mac_address);
  });

  it('is taken once by fifty at one time', async () => {
    const mac_address = aMac();
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => api.post(DEVICES, { device_type: 'generic', mac_address })),
    );
    const [first, ...others] = replies.filter(({ status }) => status === 201);
    expect([first?.status, others]).toEqual([201, []]);
    const refused = replies.filter(({ status }) => status !== 201);
    expect(
      new Set(refused.map(({ status, body }) => `${status} ${body.code} ${body.conflicting_id}`)),
    ).toEqual(new Set([`409 mac_address_taken ${first?.body.id}`]));
  });

  it('registers its device, or replaces the registration and keeps the rest', async () => {
    const mac = aMac();
    const path = `${DEVICES}/by-mac/${mac.replaceAll(':', '-')}`;
    const body = {
      device_type: 'generic',
      name: 'n',
      ip_address: '10.0.0.1',
      labels: { a: '1' },
      attributes: { x: 1 },
    };
    const first = await api.put(path, { ...body, registration_date: '2026-01-01T00:00:00Z' });
    expect([first.status, first.headers.get('etag'), first.body.mac_address]).toEqual([201, '"1"', mac]);
    await api.put(at(first.body, '/desired'), { document: { on: true } });
    const second = await api.put(path, { device_type: 'thermostat', mac_address: mac.toUpperCase() });
    expect([second.status, second.body]).toEqual([
      200,
      {
        ...first.body,
        device_type: 'thermostat',
        name: null,
        ip_address: null,
        labels: {},
        version: 3,
        updated_at: second.body.updated_at,
      },
    ]);
    expect((await api.get(at(first.body, '/versions/3'))).body.state).toMatchObject({
      attributes: { x: 1 },
      desired: { document: { on: true }, version: 1 },
    });
    expect((await api.put(path, { device_type: 'thermostat' })).body.version).toBe(3);
    expect(outcome(await api.put(path, { device_type: 'generic' }, matching('"1"')))).toEqual([
      412,
      'stale_version',
    ]);
    const absent = await api.put(`${DEVICES}/by-mac/${aMac()}`, { device_type: 'generic' }, matching('"1"'));
    expect(outcome(absent)).toEqual([412, 'stale_version']);
    const onlyNew = { headers: { 'If-None-Match': '*' } };
    expect(outcome(await api.put(path, body, onlyNew))).toEqual([412, 'stale_version']);
    const anew = await api.put(`${DEVICES}/by-mac/${aMac()}`, { device_type: 'generic' }, onlyNew);
    expect([anew.status, anew.body.version]).toEqual([201, 1]);
    expect(mistakes(await api.put(path, { mac_address: aMac() }))).toEqual([
      '/device_type required',
      '/mac_address contradiction',
    ]);
    expect(mistakes(await api.put(`${DEVICES}/by-mac/00:00:00:00:00:00`, body))).toEqual([
      '/mac mac_reserved',
    ]);
    expect(outcome(await api.get(`${DEVICES}/by-mac/${aMac()}`))).toEqual([404, 'device_not_found']);
  });

  it('is registered once by twenty at one time', async () => {
    const path = `${DEVICES}/by-mac/${aMac()}`;
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => api.put(path, { device_type: 'generic' })),
    );
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      ...Array.from({ length: 19 }, () => 200),
      201,
    ]);
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
  });
});

describe('the documents of a device', () => {
  it('are attributes, replaced or patched', async () => {
    const device = await aDevice(api, { attributes: { a: { b: 1, c: 2 }, d: 3 } });
    const patch = await api.patch(at(device, '/attributes'), { a: { b: null }, e: [1] }, matching('"1"'));
    expect([patch.status, patch.headers.get('etag'), patch.body.attributes]).toEqual([
      200,
      '"2"',
      { a: { c: 2 }, d: 3, e: [1] },
    ]);
    const put = await api.put(at(device, '/attributes?change_reason=why'), { change_reason: 'mine' });
    expect(put.body.attributes).toEqual({ change_reason: 'mine' });
    expect(outcome(await api.patch(at(device, '/attributes'), {}, matching('"1"')))).toEqual([
      412,
      'stale_version',
    ]);
    expect((await api.get(at(device, '/versions/3'))).body.change_reason).toBe('why');
  });

  it('are what is desired, which has a version of its own', async () => {
    const device = await aDevice(api);
    const first = await api.put(at(device, '/desired'), { document: { on: true, level: 3 } });
    expect([first.body.version, first.body.desired]).toEqual([
      2,
      { document: { on: true, level: 3 }, version: 1 },
    ]);
    const patch = { document: { level: null }, desired_version: 1 };
    const second = await api.patch(at(device, '/desired'), patch);
    expect(second.body.desired).toEqual({ document: { on: true }, version: 2 });
    const stale = await api.patch(at(device, '/desired'), patch);
    const { current_version, current_desired_version } = stale.body;
    expect([...outcome(stale), current_version, current_desired_version]).toEqual([
      412,
      'stale_version',
      3,
      2,
    ]);
    expect(stale.headers.get('etag')).toBe('"3"');
    await api.put(at(device), { name: 'other' });
    expect((await api.put(at(device, '/desired'), { document: { on: true } })).body.desired.version).toBe(2);
    expect(mistakes(await api.put(at(device, '/desired'), { on: true }))).toEqual([
      '/document required',
      '/on unknown_property',
    ]);
    expect(mistakes(await api.put(at(device, '/desired'), { document: [] }))).toEqual(['/document type']);
    expect(mistakes(await api.put(at(device, '/desired'), { document: { t: 'x'.repeat(40_000) } }))).toEqual([
      '/document too_large',
    ]);
  });

  it('are held against the schema of the type', async () => {
    const { key } = await aDeviceType(api, {
      attributes_schema: {
        type: 'object',
        properties: { floor: { type: 'integer', minimum: 0 }, room: { type: 'string' } },
        required: ['floor'],
      },
    });
    const wrong = await api.post(DEVICES, { device_type: key, attributes: { floor: -1, room: 7 } });
    expect([...outcome(wrong), mistakes(wrong)]).toEqual([
      422,
      'attributes_invalid',
      ['/attributes/floor minimum', '/attributes/room type'],
    ]);
    const device = await aDevice(api, { device_type: key, attributes: { floor: 1 } });
    const inside = await api.put(at(device, '/attributes'), { floor: -1, attributes: 1 });
    expect([...outcome(inside), mistakes(inside)]).toEqual([422, 'attributes_invalid', ['/floor minimum']]);
    const large = await api.put(at(device, '/attributes'), { floor: 1, note: 'x'.repeat(40_000) });
    expect([large.status, mistakes(large)]).toEqual([400, [' too_large']]);
    const generic = await aDevice(api);
    expect(outcome(await api.put(at(generic), { device_type: key }))).toEqual([422, 'attributes_invalid']);
    expect((await api.put(at(generic), { device_type: key, attributes: { floor: 2 } })).status).toBe(200);
  });
});
