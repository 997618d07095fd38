import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aDevice, aDeviceType, aMac, at, aTenant, DEVICES, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const CSV = { headers: { 'Content-Type': 'text/csv' } };
const load = (query: string, body: unknown): Promise<Reply> =>
  api.post(`${DEVICES}/import?${query}`, body, typeof body === 'string' ? CSV : {});
const counts = ({ created, updated, unchanged, failed }: any): number[] => [
  created,
  updated,
  unchanged,
  failed,
];
const told = ({ body }: Reply): string[] =>
  body.errors.map(({ line, pointer, code }: any) => `${line} ${pointer} ${code}`);
const exported = async (tenant: string, format: string): Promise<string> =>
  (await api.get(`${DEVICES}/export?tenant_id=${tenant}&format=${format}`)).text;

describe('an import of CSV', () => {
  it('registers, changes and leaves, and is the same when repeated', async () => {
    const tenant = aTenant();
    const [one, two] = [aMac(), aMac()];
    const text = [
      'mac_address,device_type,name,labels,attributes,heartbeat_seconds',
      `${one},generic,"Lamp, ""big""","{""a"":""1""}","{""x"":[1,null]}",60`,
      `${two.replaceAll(':', '')},thermostat,,,,`,
      '',
    ].join('\r\n');
    const first = await load(`tenant_id=${tenant}`, `\uFEFF${text}`);
    expect([first.status, first.body]).toEqual([
      200,
      { dry_run: false, mode: 'partial', created: 2, updated: 0, unchanged: 0, failed: 0, errors: [] },
    ]);
    const lamp = (await api.get(`${DEVICES}/by-mac/${one}?tenant_id=${tenant}`)).body;
    expect(lamp).toMatchObject({ name: 'Lamp, "big"', labels: { a: '1' }, heartbeat_seconds: 60 });
    expect((await api.get(at(lamp, '/versions/1'))).body.state.attributes).toEqual({ x: [1, null] });
    expect(counts((await load(`tenant_id=${tenant}`, text)).body)).toEqual([0, 0, 2, 0]);
    const changed = await load(
      `tenant_id=${tenant}&change_reason=why`,
      `Mac_Address;Name\n${one};\n${two};b, c`,
    );
    expect(counts(changed.body)).toEqual([0, 2, 0, 0]);
    const after = (await api.get(at(lamp))).body;
    expect([after.name, after.labels, after.version]).toEqual([null, { a: '1' }, 2]);
    expect((await api.get(at(lamp, '/versions/2'))).body.change_reason).toBe('why');
  });

  it('tells each line that is wrong, and takes the others', async () => {
    const { key } = await aDeviceType(api, { attributes_schema: { required: ['floor'] } });
    const [mac, taken] = [aMac(), aMac()];
    await aDevice(api, { mac_address: taken });
    const text = [
      'id,mac_address,device_type,attributes,heartbeat_seconds,ip_address',
      `,${mac},generic,,,`,
      ',00:1a:2b:3c:3r:5e,generic,,soon,1.2.3',
      `,${aMac()},${key},{},,`,
      ',,generic,,,',
      `,${aMac()},unheard_of,,,`,
      `,${aMac()},,,,`,
      `${randomUUID()},${taken},generic,,,`,
      `,${aMac()},generic,{not json},,`,
      'too,few',
      `,${aMac()},generic,"[1]",0,`,
      `,${mac},generic,"{"a"`,
    ].join('\n');
    const reply = await load('', text);
    expect([reply.status, counts(reply.body), told(reply)]).toEqual([
      200,
      [1, 0, 0, 10],
      [
        '3 /heartbeat_seconds type',
        '3 /mac_address pattern',
        '3 /ip_address pattern',
        '4 /attributes/floor required',
        '5 /mac_address required',
        '6 /device_type device_type_unknown',
        '7 /device_type type',
        '8  mac_address_taken',
        '9 /attributes malformed_json',
        '10  malformed_csv',
        '11 /heartbeat_seconds too_small',
        '11 /attributes type',
        '12  malformed_csv',
      ],
    ]);
    expect((await api.get(`${DEVICES}/by-mac/${mac}`)).status).toBe(200);
  });

  it('needs a header that it knows', async () => {
    const reply = await load('', 'mac,name,name\n1,2,3');
    expect([reply.status, reply.body.errors.map(({ line, code }: any) => `${line} ${code}`)]).toEqual([
      400,
      ['1 unknown_property', '1 duplicate'],
    ]);
    expect(mistakes(await load('', ''))).toEqual([' required']);
    expect(
      outcome(await api.post(`${DEVICES}/import`, 'a', { headers: { 'Content-Type': 'text/plain' } })),
    ).toEqual([415, 'unsupported_media_type']);
    const many = `mac_address\n${'x\n'.repeat(10_001)}`;
    expect(mistakes(await load('', many))).toEqual([' too_many']);
  });
});

describe('an import', () => {
  it('takes a list of JSON, and what a list of devices shows', async () => {
    const tenant = aTenant();
    const device = await aDevice(api, { tenant_id: tenant, name: 'a' });
    const renamed = { ...device, name: 'b', tenant_id: tenant };
    const list = [renamed, { mac_address: aMac(), device_type: 'generic', desired: { on: true } }, 7];
    const reply = await load(`tenant_id=${tenant}`, list);
    expect([counts(reply.body), told(reply)]).toEqual([[1, 1, 0, 1], ['3  type']]);
    expect((await api.get(at(device))).body.name).toBe('b');
    expect(counts((await load(`tenant_id=${tenant}`, { devices: list.slice(0, 2) })).body)).toEqual([
      0, 0, 2, 0,
    ]);
    expect(told(await load(`tenant_id=${aTenant()}`, [renamed]))).toEqual(['1 /tenant_id other_tenant']);
    expect(mistakes(await load('', { device: [] }))).toEqual(['/device unknown_property']);
    expect(mistakes(await load('', {}))).toEqual(['/devices required']);
  });

  it('says why, for all or for one', async () => {
    const tenant = aTenant();
    const [one, other] = [{ mac_address: aMac() }, { mac_address: aMac(), change_reason: 'mine' }];
    const list = [one, other].map((each) => ({ ...each, device_type: 'generic' }));
    await load(`tenant_id=${tenant}&change_reason=ours`, list);
    const reasonOf = async ({ mac_address }: { mac_address: string }, version: number): Promise<unknown> => {
      const { body } = await api.get(`${DEVICES}/by-mac/${mac_address}?tenant_id=${tenant}`);
      return (await api.get(at(body, `/versions/${version}`))).body.change_reason;
    };
    expect([await reasonOf(one, 1), await reasonOf(other, 1)]).toEqual(['ours', 'mine']);
    await load(
      `tenant_id=${tenant}&change_reason=ours`,
      list.map((each) => ({ ...each, name: 'n' })),
    );
    expect([await reasonOf(one, 2), await reasonOf(other, 2)]).toEqual(['ours', 'mine']);
  });

  it('is all or nothing on demand, and rehearsed', async () => {
    const tenant = aTenant();
    const right = { mac_address: aMac(), device_type: 'generic' };
    const wrong = { mac_address: 'x', device_type: 'generic' };
    const refused = await load(`tenant_id=${tenant}&mode=atomic`, [right, wrong]);
    expect([...outcome(refused), told(refused)]).toEqual([
      422,
      'device_import_refused',
      ['2 /mac_address pattern'],
    ]);
    const rehearsed = await load(`tenant_id=${tenant}&dry_run=true`, [right, right, wrong]);
    expect([rehearsed.status, counts(rehearsed.body), rehearsed.body.dry_run]).toEqual([
      200,
      [1, 0, 1, 1],
      true,
    ]);
    expect(JSON.parse(await exported(tenant, 'json'))).toEqual({ devices: [] });
    expect(counts((await load(`tenant_id=${tenant}&mode=atomic`, [right])).body)).toEqual([1, 0, 0, 0]);
  });

  it('never reaches another tenant', async () => {
    const tenant = aTenant();
    const key = await api.key('editor', tenant);
    const foreign = await aDevice(api, { tenant_id: aTenant() });
    const shared = await aDevice(api);
    const lines = [foreign, shared].map(({ id }) => ({ id, device_type: 'generic', name: 'mine' }));
    const reply = await api.post(`${DEVICES}/import`, lines, { key });
    expect([counts(reply.body), told(reply)]).toEqual([
      [0, 0, 0, 2],
      ['1  id_conflict', '2  id_conflict'],
    ]);
    expect(outcome(await api.post(`${DEVICES}/import?tenant_id=other`, [], { key }))).toEqual([
      403,
      'tenant_forbidden',
    ]);
    expect((await api.get(`${DEVICES}/export`, { key })).body.devices).toEqual([]);
  });
});

describe('an export', () => {
  it('is, imported, what it was', async () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((one) => !one.includes('\0'));
    const awkward = fc.constantFrom('=1+1', "'=x", '-', '"', ';', 'a,b', '\r\n', ' x ', '@', '+1', '\t');
    const name = fc.option(fc.oneof(text, awkward));
    const ip = fc.option(fc.oneof(fc.ipV4(), fc.ipV6()));
    const documents = fc.dictionary(fc.stringMatching(/^[a-z"',;=]{1,5}$/), fc.oneof(fc.integer(), name), {
      maxKeys: 3,
    });
    const labels = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.stringMatching(/^[a-z]{0,5}$/), {
      maxKeys: 3,
    });
    const device = fc.record({
      name,
      store_id: name,
      ip_address: ip,
      attributes: documents,
      labels,
      heartbeat_seconds: fc.integer({ min: 1, max: 2_592_000 }),
      environment: fc.constantFrom('production', 'testing', null),
      registration_date: fc.date({
        min: new Date('2000-01-01'),
        max: new Date('2100-01-01'),
        noInvalidDate: true,
      }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(device, { minLength: 1, maxLength: 8 }), async (devices) => {
        const tenant = aTenant();
        const sent = devices.map((one) => ({
          ...one,
          device_type: 'generic',
          mac_address: aMac(),
          desired: one.attributes,
        }));
        expect(counts((await load(`tenant_id=${tenant}&mode=atomic`, sent)).body)).toEqual([
          sent.length,
          0,
          0,
          0,
        ]);
        const [json, csv] = [await exported(tenant, 'json'), await exported(tenant, 'csv')];
        for (const body of [JSON.parse(json), csv])
          expect(counts((await load(`tenant_id=${tenant}`, body)).body)).toEqual([0, 0, sent.length, 0]);
        const operations = JSON.parse(json).devices.map(({ id }: any) => ({ op: 'delete', id }));
        await api.post(`${DEVICES}/batch`, { operations });
        const elsewhere = aTenant();
        const anew = csv.replaceAll(/^[0-9a-f-]{36},/gm, ',');
        expect(counts((await load(`tenant_id=${elsewhere}`, anew)).body)).toEqual([sent.length, 0, 0, 0]);
        const without = ({ id: _, ...rest }: any): object => rest;
        const byMac = (one: any, other: any): number => (one.mac_address < other.mac_address ? -1 : 1);
        expect(
          JSON.parse(await exported(elsewhere, 'json'))
            .devices.map(without)
            .sort(byMac),
        ).toEqual(JSON.parse(json).devices.map(without).sort(byMac));
      }),
      { numRuns: 5 },
    );
  });

  it('is of what was asked for, as a text of its kind', async () => {
    const tenant = aTenant();
    for (const store_id of ['s1', 's2'])
      await aDevice(api, { tenant_id: tenant, store_id, labels: { of: store_id } });
    const query = `tenant_id=${tenant}&selector=of=s2`;
    const json = await api.get(`${DEVICES}/export?${query}`);
    expect([
      json.headers.get('content-type'),
      json.body.devices.map(({ store_id }: any) => store_id),
    ]).toEqual(['application/json; charset=utf-8', ['s2']]);
    const csv = await api.get(`${DEVICES}/export?${query}&format=csv`);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.text.split('\r\n')).toEqual([
      'id,name,device_type,mac_address,ip_address,registration_date,environment,owner_team_id,store_id,heartbeat_seconds,labels,attributes,desired',
      expect.stringContaining(',s2,300,"{""of"":""s2""}",{},{}'),
      '',
    ]);
    expect(mistakes(await api.get(`${DEVICES}/export?format=xml`))).toEqual(['/format choice']);
  });
});
