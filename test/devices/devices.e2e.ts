import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aDevice, aMac, at, aTenant, DEVICES, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const matching = (version: string) => ({ headers: { 'If-Match': version } });

describe('a device', () => {
  it('is registered, read in short, and never shows its status there', async () => {
    const body = {
      name: 'Kitchen light',
      device_type: 'smart_light',
      mac_address: '00-1A-2B-3C-4D-5E',
      ip_address: '2001:DB8:0:0::1',
      registration_date: '2026-01-02T03:04:05+01:00',
      environment: 'production',
      store_id: 'store-1',
      labels: { tier: 'edge' },
      attributes: { floor: 3 },
    };
    const reply = await api.post(DEVICES, body);
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"1"',
      at(reply.body),
    ]);
    expect(reply.body).toEqual({
      id: expect.any(String),
      tenant_id: null,
      version: 1,
      name: 'Kitchen light',
      device_type: 'smart_light',
      mac_address: '00:1a:2b:3c:4d:5e',
      ip_address: '2001:db8::1',
      registration_date: '2026-01-02T02:04:05.000Z',
      environment: 'production',
      owner_team_id: null,
      store_id: 'store-1',
      labels: { tier: 'edge' },
      heartbeat_seconds: 300,
      connectivity: 'never',
      last_seen_at: null,
      created_at: expect.any(String),
      updated_at: reply.body.created_at,
      created_by: 'anonymous',
      updated_by: 'anonymous',
    });
    for (const path of [at(reply.body), `${DEVICES}/by-mac/001a.2b3c.4d5e`])
      expect((await api.get(path)).body).toEqual(reply.body);
    expect((await api.get(`${DEVICES}?q=KITCHEN`)).body.items).toEqual([reply.body]);
    await api.post(at(reply.body, '/status'), { value: 'on' });
    for (const path of [at(reply.body), `${DEVICES}?q=kitchen`])
      expect((await api.get(path)).text).not.toContain('"status"');
  });

  it('is registered now and with nothing more, when nothing more is said', async () => {
    const device = await aDevice(api, { mac_address: undefined, ip_address: undefined });
    expect(device).toMatchObject({ name: null, mac_address: null, ip_address: null, labels: {} });
    expect(Math.abs(Date.parse(device.registration_date) - Date.parse(device.created_at))).toBeLessThan(
      5_000,
    );
  });

  it('is refused with everything that is wrong at once', async () => {
    const reply = await api.post(DEVICES, {
      device_type: 'No Type',
      mac_address: '00:1a:2b:3c:3r:5e',
      ip_address: '192.168.001.010',
      registration_date: 'yesterday',
      owner_team_id: 'x',
      labels: { 'a b': 'c' },
      attributes: [],
      heartbeat_seconds: 0,
      status: 'on',
    });
    expect([reply.status, mistakes(reply)]).toEqual([
      400,
      [
        '/attributes type',
        '/device_type pattern',
        '/heartbeat_seconds too_small',
        '/ip_address pattern',
        '/labels/a b label_key',
        '/mac_address pattern',
        '/owner_team_id pattern',
        '/registration_date pattern',
        '/status unknown_property',
      ],
    ]);
    expect(mistakes(await api.post(DEVICES, {}))).toEqual(['/device_type required']);
    const large = await api.post(DEVICES, {
      device_type: 'generic',
      attributes: { text: 'ä'.repeat(17_000) },
    });
    expect([large.status, mistakes(large)]).toEqual([400, ['/attributes too_large']]);
  });

  it('refers only to what is there', async () => {
    const type = await api.post(DEVICES, { device_type: 'unheard_of' });
    expect([...outcome(type), mistakes(type)]).toEqual([
      422,
      'device_type_unknown',
      ['/device_type device_type_unknown'],
    ]);
    const team = await api.post(DEVICES, { device_type: 'generic', owner_team_id: randomUUID() });
    expect([...outcome(team), mistakes(team)]).toEqual([
      422,
      'catalog_reference_unknown',
      [expect.stringMatching(/^\/owner_team_id /)],
    ]);
  });

  it('has an id of the caller, and the same may be sent again', async () => {
    const body = { id: randomUUID(), device_type: 'generic', mac_address: aMac() };
    const first = await api.post(DEVICES, body);
    const again = await api.post(DEVICES, body);
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
    expect(outcome(await api.post(DEVICES, { ...body, name: 'x' }))).toEqual([409, 'id_conflict']);
    const other = { ...body, tenant_id: aTenant(), mac_address: aMac() };
    expect(outcome(await api.post(DEVICES, other))).toEqual([409, 'id_conflict']);
  });

  it('is one, when the same is sent several times at once', async () => {
    const body = { id: randomUUID(), device_type: 'generic', mac_address: aMac() };
    const all = await Promise.all(Array.from({ length: 12 }, () => api.post(DEVICES, body)));
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(all.filter(({ status }) => status === 200)).toHaveLength(11);
    const id = randomUUID();
    const others = ['a', 'b', 'c', 'd'].map((name) => ({ id, device_type: 'generic', name }));
    const some = await Promise.all(others.map((other) => api.post(DEVICES, other)));
    expect(some.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(some.filter(({ body }) => body.code === 'id_conflict')).toHaveLength(3);
  });

  it('is changed by PUT and by PATCH, and only where something changes', async () => {
    const device = await aDevice(api, {
      name: 'a',
      labels: { a: '1', b: '2' },
      attributes: { x: { y: 1, z: 2 } },
    });
    const put = await api.put(at(device), { name: null, labels: { c: '3' } }, matching('"1"'));
    expect(put.body).toEqual({
      ...device,
      name: null,
      labels: { c: '3' },
      version: 2,
      updated_at: put.body.updated_at,
    });
    const patch = await api.patch(at(device), {
      labels: { c: null, d: '4' },
      attributes: { x: { y: null } },
      heartbeat_seconds: 60,
    });
    expect(patch.body).toMatchObject({ version: 3, labels: { d: '4' }, heartbeat_seconds: 60 });
    expect((await api.get(at(device, '/versions/3'))).body.state.attributes).toEqual({ x: { z: 2 } });
    expect((await api.put(at(device), { labels: { d: '4' }, heartbeat_seconds: 60 })).body.version).toBe(3);
    expect((await api.put(at(device), { heartbeat_seconds: null, labels: null })).body).toMatchObject({
      heartbeat_seconds: 300,
      labels: {},
    });
    expect(outcome(await api.put(at(device), {}, matching('"1"')))).toEqual([412, 'stale_version']);
    expect(mistakes(await api.put(at(device), { device_type: null, tenant_id: 'x' }))).toEqual([
      '/device_type type',
      '/tenant_id unknown_property',
    ]);
    expect(outcome(await api.put(`${DEVICES}/${randomUUID()}`, { name: 1 }))).toEqual([
      404,
      'device_not_found',
    ]);
  });

  it('has a history and goes back in it', async () => {
    const mac = aMac();
    const device = await aDevice(api, { mac_address: mac, attributes: { a: 1 } });
    await api.put(at(device, '/desired'), { document: { on: true } });
    await api.put(at(device), { mac_address: aMac(), attributes: { a: 2 } });
    const back = await api.post(at(device, '/rollback/1'), { change_reason: 'oh' });
    expect([back.status, back.body.mac_address, back.body.attributes, back.body.desired]).toEqual([
      200,
      mac,
      { a: 1 },
      { document: {}, version: 2 },
    ]);
    const { items } = (await api.get(at(device, '/versions'))).body;
    expect(items.map(({ type, change_reason }: any) => [type, change_reason])).toEqual([
      ['rolled_back', 'oh'],
      ['updated', null],
      ['updated', null],
      ['registered', null],
    ]);
    expect((await api.get(at(device, '/versions/1/diff/2'))).body).toEqual([
      { op: 'add', path: '/desired/document/on', value: true },
      { op: 'replace', path: '/desired/version', value: 1 },
    ]);
    const past = (await api.get(at(device, `?as_of=${items[3].changed_at}`))).body;
    expect([past.version, past.mac_address, past.connectivity]).toEqual([1, mac, null]);
    await api.put(at(device), { mac_address: null });
    const other = await aDevice(api, { mac_address: mac });
    const taken = await api.post(at(device, '/rollback/1'));
    expect([...outcome(taken), taken.body.conflicting_id]).toEqual([409, 'mac_address_taken', other.id]);
  });

  it('is deleted with its history of reports, and leaves its versions', async () => {
    const device = await aDevice(api);
    expect(outcome(await api.delete(at(device), matching('"2"')))).toEqual([412, 'stale_version']);
    expect((await api.delete(at(device, '?change_reason=scrapped'))).status).toBe(204);
    expect(outcome(await api.get(at(device)))).toEqual([404, 'device_not_found']);
    expect(outcome(await api.get(at(device, '/history')))).toEqual([404, 'device_not_found']);
    const { items } = (await api.get(at(device, '/versions'))).body;
    expect(items.map(({ type, change_reason }: any) => [type, change_reason])).toEqual([
      ['deleted', 'scrapped'],
      ['registered', null],
    ]);
    expect((await aDevice(api, { mac_address: device.mac_address })).version).toBe(1);
  });

  it('tells what was said of it in its history', async () => {
    const device = await aDevice(api, { labels: { a: '1' }, attributes: { x: 1 } });
    await api.patch(at(device, '/attributes'), { x: 2 });
    await api.put(at(device), { name: 'n', labels: {} });
    const { items } = (await api.get(at(device, '/history'))).body;
    expect(items.map(({ kind, document }: any) => [kind, document.name ?? document]).toReversed()).toEqual([
      ['registered', expect.objectContaining({ device_type: 'generic', mac_address: device.mac_address })],
      ['labels', { a: '1' }],
      ['attributes', { x: 1 }],
      ['attributes', { x: 2 }],
      ['registered', 'n'],
      ['labels', {}],
    ]);
  });
});

describe('the devices of a tenant', () => {
  it('are its own, and those of all are read alone', async () => {
    const tenant = aTenant();
    const key = await api.key('editor', tenant);
    const shared = await aDevice(api);
    const own = await aDevice(api, {}, { key });
    const foreign = await aDevice(api, { tenant_id: aTenant() });
    expect(own.tenant_id).toBe(tenant);
    expect((await api.get(at(shared), { key })).status).toBe(200);
    expect(outcome(await api.put(at(shared), { name: 'x' }, { key }))).toEqual([403, 'tenant_forbidden']);
    for (const reply of [
      await api.get(at(foreign), { key }),
      await api.put(at(foreign), { name: 'x' }, { key }),
      await api.delete(at(foreign), { key }),
      await api.get(`${DEVICES}/by-mac/${foreign.mac_address}`, { key }),
    ])
      expect(outcome(reply)).toEqual([404, 'device_not_found']);
    expect(
      (await api.post(DEVICES, { device_type: 'generic', mac_address: foreign.mac_address }, { key })).status,
    ).toBe(201);
  });
});
