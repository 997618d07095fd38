import { TestApi } from '../api.js';
import { administer } from '../test-database.js';
import { actsOf, aDevice, ago, DEVICES, historyOf, sow, statusOf } from './reporting.js';

const BATCH = `${DEVICES}/status/batch`;
const TENANT = 'acme-batch';

let api: TestApi;
let beside: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
  beside = await TestApi.start({ beside: api });
});

afterAll(async () => {
  await beside.stop();
  await api.stop();
});

const send = (reports: unknown, sent: { key?: string; query?: string } = {}) =>
  api.post(`${BATCH}${sent.query ?? ''}`, { reports }, sent.key === undefined ? {} : { key: sent.key });

const told = (body: any): unknown[] =>
  body.results.map(({ status, problem }: any) => [
    status,
    problem?.code,
    ...(problem?.errors ?? []).map(({ pointer, code }: any) => `${pointer} ${code}`),
  ]);

describe('a batch of reports', () => {
  it('tells of each in its place, and what is wrong with one stops no other', async () => {
    const [light = '', meter = ''] = await sow(api, [{ type: 'smart_light' }, { type: 'thermostat' }]);
    const reply = await send([
      { device_id: light, value: 'on' },
      { device_id: light.toUpperCase(), value: 'purple' },
      { device_id: meter, value: 'on', data: { temperature: 'warm' } },
      { device_id: meter, value: 'on', data: { temperature: 20 } },
      { device_id: '01937b2e-7c41-7000-8000-0000000000ff', value: 'on' },
      { value: 'on' },
      { device_id: light, mac_address: '00:1a:2b:3c:4d:5e', value: 'on' },
      { mac_address: '00:1a:2b:3c:3r:5e', value: 'on' },
      { mac_address: '00:1a:2b:3c:4d:5e', value: 'on' },
      { device_id: light, value: 'off', observed_at: ago(-400) },
      'nothing',
      null,
    ]);
    expect(reply.status).toBe(207);
    expect(reply.body.results.map(({ index }: any) => index)).toEqual([...Array(12).keys()]);
    expect(told(reply.body)).toEqual([
      [201, undefined],
      [422, 'status_invalid', '/reports/1/value choice'],
      [422, 'status_invalid', '/reports/2/data/temperature type'],
      [201, undefined],
      [404, 'device_not_found'],
      [400, 'invalid_input', '/reports/5/device_id required'],
      [400, 'invalid_input', '/reports/6/device_id choice'],
      [400, 'invalid_input', '/reports/7/mac_address pattern'],
      [404, 'device_not_found'],
      [400, 'invalid_input', '/reports/9/observed_at too_large'],
      [400, 'invalid_input', '/reports/10 type'],
      [400, 'invalid_input', '/reports/11 type'],
    ]);
    expect([(await statusOf(api, light)).value, (await statusOf(api, meter)).data]).toEqual([
      'on',
      { temperature: 20 },
    ]);
  });

  it('has several of one device in their order, with repeats and late ones', async () => {
    const id = await aDevice(api);
    const at = (seconds: number, value: string) => ({ device_id: id, value, observed_at: ago(seconds) });
    const [one, two, three] = [at(30, 'a'), at(10, 'b'), at(20, 'c')];
    const now = { device_id: id, value: 'd' };
    const reply = await send([one, two, three, two, now, now]);
    expect(told(reply.body).map((each: any) => each[0])).toEqual([201, 201, 201, 200, 201, 201]);
    const rows = await historyOf(api, id, 'status');
    expect(rows.map(({ document, late }) => [document.value, late])).toEqual([
      ['a', false],
      ['b', false],
      ['c', true],
      ['d', false],
      ['d', false],
    ]);
    expect(
      (await actsOf(api, id)).filter((each) => each.type === 'status_changed').map((each) => each.value),
    ).toEqual(['a', 'b', 'd']);
    expect((await send([one, three])).body.results.map(({ status }: any) => status)).toEqual([200, 200]);
  });

  it('knows of what came to another replica since it wrote the device itself', async () => {
    const [id = ''] = await sow(api, [{ type: 'smart_light' }]);
    const report = (server: TestApi, value: string, seconds: number) =>
      server.post(BATCH, { reports: [{ device_id: id, value, observed_at: ago(seconds) }] });
    for (const reply of [
      await report(api, 'on', 50),
      await report(api, 'off', 40),
      await report(beside, 'on', 10),
    ])
      expect(told(reply.body)).toEqual([[201, undefined]]);
    expect(told((await report(api, 'off', 30)).body)).toEqual([[201, undefined]]);
    expect(await statusOf(api, id)).toMatchObject({ value: 'on' });
    const late = (await historyOf(api, id))
      .filter(({ kind }: any) => kind === 'status')
      .map((row: any) => row.late);
    expect(late).toEqual([false, false, false, true]);
  });

  it('finds devices by their address: the tenant’s own, else the shared one', async () => {
    const macs = ['00:1a:2b:00:00:01', '00:1a:2b:00:00:02', '00:1a:2b:00:00:03'];
    const [shared = '', own = '', foreign = '', both = ''] = await sow(api, [
      { mac: macs[0] ?? null },
      { mac: macs[0] ?? null, tenant: TENANT },
      { mac: macs[1] ?? null, tenant: 'globex-batch' },
      { mac: macs[2] ?? null },
    ]);
    const key = await api.key('device', TENANT);
    const mine = await send(
      [
        { mac_address: '001A.2B00.0001', value: 'mine' },
        { mac_address: macs[1], value: 'mine' },
        { mac_address: macs[2], value: 'mine' },
        { device_id: own, value: 'mine too' },
      ],
      { key },
    );
    expect(told(mine.body)).toEqual([
      [201, undefined],
      [404, 'device_not_found'],
      [403, 'tenant_forbidden'],
      [201, undefined],
    ]);
    const whole = await send([{ mac_address: macs[0], value: 'shared' }]);
    const theirs = await send([{ mac_address: macs[1], value: 'theirs' }], {
      query: '?tenant_id=globex-batch',
    });
    expect([told(whole.body), told(theirs.body)]).toEqual([[[201, undefined]], [[201, undefined]]]);
    const values = await Promise.all([shared, own, foreign, both].map((id) => statusOf(api, id)));
    expect(values.map(({ value }) => value)).toEqual(['shared', 'mine too', 'theirs', null]);
    expect((await send([], { key, query: '?tenant_id=globex-batch' })).status).toBe(403);
  });

  it('is refused as a whole only where it is no batch', async () => {
    expect((await send([])).body).toEqual({ results: [] });
    for (const body of [{}, { reports: {} }, { reports: [], more: 1 }, [], undefined])
      expect([(await api.post(BATCH, body)).status]).toEqual([400]);
    const many = Array.from({ length: 501 }, () => ({ value: 'a' }));
    expect((await send(many)).body.errors).toMatchObject([{ pointer: '/reports', code: 'too_many' }]);
    expect((await send(Array.from({ length: 10_000 }, () => 1))).status).toBe(400);
    const viewer = await api.key('viewer', null);
    expect((await send([], { key: viewer })).status).toBe(403);
  });

  it('of which one is too much for the schema of its type refuses that one alone', async () => {
    const id = await aDevice(api, { type: 'thermostat' });
    const deep = JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`) as object;
    const reports = [{ temperature: 1 }, deep, { temperature: 'x' }, { temperature: 2 }].map((data) => ({
      ...{ device_id: id, value: 'on', data },
    }));
    expect(told((await send(reports)).body).map((each: any) => each[0])).toEqual([201, 201, 422, 201]);
  });
});

describe('ten thousand devices that report through gateways', () => {
  const DEVICES_COUNT = 10_000;
  const REPORTS_EACH = 3;
  const SENT_TWICE = 1_500;
  const CLIENTS = 6;
  const START = Date.UTC(2026, 0, 1);

  interface Sent {
    readonly device_id: string;
    readonly value: string;
    readonly data: { readonly n: number };
    readonly observed_at: string;
  }

  /** Always the same order, which looks like none. */
  function shuffled<T>(items: readonly T[]): T[] {
    let seed = 42;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    return items
      .map((item) => ({ item, at: random() }))
      .sort((one, other) => one.at - other.at)
      .map(({ item }) => item);
  }

  it('have a whole history, and each is as it was last', async () => {
    const ids = await sow(
      api,
      Array.from({ length: DEVICES_COUNT }, () => ({ tenant: TENANT })),
    );
    const made = ids.flatMap((device_id, device) =>
      Array.from({ length: REPORTS_EACH }, (_, n): Sent => ({
        device_id,
        value: ['on', 'off', 'idle'][(device + n) % 3] ?? '',
        data: { n },
        observed_at: new Date(START + n * 1_000).toISOString(),
      })),
    );
    const all = shuffled([...made, ...made.slice(0, SENT_TWICE)]);
    const batches = Array.from({ length: Math.ceil(all.length / 500) }, (_, n) =>
      all.slice(n * 500, (n + 1) * 500),
    );
    const statuses: number[] = [];
    const client = async (number: number): Promise<void> => {
      for (let batch = batches.shift(); batch; batch = batches.shift()) {
        const server = number % 2 === 0 ? api : beside;
        const reply = await server.post(BATCH, { reports: batch });
        expect(reply.status).toBe(207);
        statuses.push(...reply.body.results.map(({ status }: any) => status));
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
    expect([
      statuses.filter((each) => each === 201).length,
      statuses.filter((each) => each === 200).length,
    ]).toEqual([made.length, SENT_TWICE]);

    const rows = await administer<any>(
      api.database.url,
      `select device_id, document, observed_at, late from devices.history
       where tenant = '${TENANT}' and device_id = any ('{${ids.join(',')}}') and kind = 'status' order by seq`,
    );
    const replay = new Map<
      string,
      { count: number; newest: number; last: Sent['data'] & { value?: string } }
    >();
    for (const { device_id, document, observed_at, late } of rows) {
      const { count, newest } = replay.get(device_id) ?? { count: 0, newest: -1 };
      const at = observed_at.getTime();
      if (late !== at < newest) throw new Error(`A row of ${device_id} is wrong about being late.`);
      const last =
        at < newest ? (replay.get(device_id) as any).last : { value: document.value, ...document.data };
      replay.set(device_id, { count: count + 1, newest: Math.max(at, newest), last });
    }
    const live = await administer<any>(
      api.database.url,
      `select device_id, status_value, status_data, last_seen_at, told_connectivity from devices.live
       where device_id = any ('{${ids.join(',')}}')`,
    );
    const places = new Map(ids.map((id, place) => [id, place]));
    const wrong = live.filter((row) => {
      const device = places.get(row.device_id) ?? -1;
      const known = replay.get(row.device_id);
      const last = made[device * REPORTS_EACH + REPORTS_EACH - 1];
      return (
        known?.count !== REPORTS_EACH ||
        row.status_value !== last?.value ||
        row.status_value !== known.last.value ||
        row.status_data.n !== REPORTS_EACH - 1 ||
        row.last_seen_at.toISOString() !== last?.observed_at ||
        row.told_connectivity !== 'offline'
      );
    });
    expect([rows.length, live.length, wrong]).toEqual([made.length, DEVICES_COUNT, []]);
    const [{ acts }] = (await administer<any>(
      api.database.url,
      `select count(*)::int as acts from platform.change_log where type = 'connectivity_changed' and tenant = '${TENANT}'
       and aggregate_id = any ('{${ids.join(',')}}')`,
    )) as [{ acts: number }];
    expect(acts).toBe(DEVICES_COUNT);
  });
});
