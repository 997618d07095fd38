import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aDevice, aDeviceType, aMac, at, aTenant, DEVICES, made, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

describe('a batch', () => {
  it('is all or nothing, or each by itself', async () => {
    const device = await aDevice(api);
    const mac = aMac();
    const operations = [
      { op: 'create', device_type: 'generic', mac_address: mac },
      { op: 'create', device_type: 'generic', mac_address: mac },
      { op: 'update', id: device.id, name: 'n', if_version: 2 },
      { op: 'update', id: device.id, tenant_id: 'x' },
      { op: 'update', name: 'n' },
      { op: 'delete', id: randomUUID() },
      { op: 'delete', id: device.id, name: 'n' },
      { op: 'create', device_type: 'generic', mac_address: 'x' },
      { op: 'paint' },
    ];
    const atomic = await api.post(`${DEVICES}/batch`, { operations });
    expect([...outcome(atomic), mistakes(atomic)]).toEqual([
      422,
      'batch_refused',
      [
        '/operations/1 mac_address_taken',
        '/operations/2 stale_version',
        '/operations/3/tenant_id unknown_property',
        '/operations/4/id required',
        '/operations/5 device_not_found',
        '/operations/6/name unknown_property',
        '/operations/7/mac_address pattern',
        '/operations/8/op choice',
      ],
    ]);
    expect(outcome(await api.get(`${DEVICES}/by-mac/${mac}`))).toEqual([404, 'device_not_found']);
    const partial = await api.post(`${DEVICES}/batch`, { mode: 'partial', operations });
    expect([partial.status, partial.body.results.map(({ status }: any) => status)]).toEqual([
      207,
      [201, 409, 412, 400, 400, 404, 400, 400, 400],
    ]);
    expect(partial.body.results[1].problem.conflicting_id).toBe(partial.body.results[0].id);
    const right = [
      { op: 'update', id: device.id, name: 'n', if_version: 1 },
      { op: 'delete', id: partial.body.results[0].id },
    ];
    expect((await api.post(`${DEVICES}/batch`, { operations: right })).body).toEqual({
      mode: 'atomic',
      results: [
        { index: 0, status: 200, id: device.id, version: 2 },
        { index: 1, status: 204, id: partial.body.results[0].id },
      ],
    });
  });

  it('holds many attributes against their type', async () => {
    const { key } = await aDeviceType(api, { attributes_schema: { properties: { n: { maximum: 250 } } } });
    const operations = Array.from({ length: 300 }, (_, n) => ({
      op: 'create',
      device_type: key,
      attributes: { n },
    }));
    const { body } = await api.post(`${DEVICES}/batch`, { mode: 'partial', operations });
    expect(body.results.filter(({ status }: any) => status === 201)).toHaveLength(251);
    expect(body.results[299].problem.errors).toEqual([
      expect.objectContaining({ pointer: '/operations/299/attributes/n', code: 'maximum' }),
    ]);
  });
});

describe('the devices of a team', () => {
  it('are handed over when the team goes', async () => {
    const tenant = aTenant();
    const company = made(await api.post('/api/v1/companies', { name: `c ${tenant}`, tenant_id: tenant }));
    const team = async (slug: string): Promise<any> =>
      made(await api.post('/api/v1/teams', { name: slug, slug, company_id: company.id }));
    const [one, two] = [await team('one'), await team('two')];
    const device = await aDevice(api, { tenant_id: tenant, owner_team_id: one.id });
    expect((await api.get(`${DEVICES}?tenant_id=${tenant}&owner_team_id=${one.id}`)).body.items).toEqual([
      device,
    ]);
    const held = await api.delete(`/api/v1/teams/${one.id}`);
    expect([...outcome(held), held.body.devices]).toEqual([409, 'team_in_use', 1]);
    expect((await api.delete(`/api/v1/teams/${one.id}?reassign_to=${two.id}`)).status).toBe(204);
    const after = (await api.get(at(device))).body;
    expect([after.owner_team_id, after.version]).toEqual([two.id, 2]);
    const foreign = await api.post(DEVICES, {
      device_type: 'generic',
      owner_team_id: two.id,
      tenant_id: aTenant(),
    });
    expect(outcome(foreign)).toEqual([422, 'catalog_reference_unknown']);
  });
});
