import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { actsOf, aDevice, ago, DEVICES, historyOf, mistakes, sow, statusOf } from './reporting.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const report = (id: string, body: unknown, key?: string) =>
  api.post(`${DEVICES}/${id}/status`, body, key === undefined ? {} : { key });

describe('a status', () => {
  it('is none at first', async () => {
    expect(await statusOf(api, await aDevice(api))).toEqual({
      value: null,
      data: null,
      observed_at: null,
      connectivity: 'never',
      last_seen_at: null,
    });
  });

  it('is recorded, is current, and stands in the history', async () => {
    const id = await aDevice(api);
    const observed_at = ago(10);
    const reply = await report(id, { value: 'on', data: { volts: 3.3 }, observed_at });
    expect([reply.status, reply.body]).toEqual([
      201,
      { value: 'on', data: { volts: 3.3 }, observed_at, recorded_at: expect.any(String), late: false },
    ]);
    expect(await statusOf(api, id)).toEqual({
      value: 'on',
      data: { volts: 3.3 },
      observed_at,
      connectivity: 'online',
      last_seen_at: observed_at,
    });
    expect(await historyOf(api, id, 'status')).toEqual([
      {
        seq: expect.any(Number),
        kind: 'status',
        document: { value: 'on', data: { volts: 3.3 } },
        observed_at,
        recorded_at: reply.body.recorded_at,
        actor: 'anonymous',
        late: false,
      },
    ]);
  });

  it('is of now where nothing is said', async () => {
    const id = await aDevice(api);
    const { body } = await report(id, { value: 'on' });
    expect([body.observed_at, body.data]).toEqual([body.recorded_at, null]);
    expect((await report(id, { value: 'on', observed_at: null, data: null })).status).toBe(201);
  });

  it('that comes late is kept, and the current one stays', async () => {
    const id = await aDevice(api);
    await report(id, { value: 'b', observed_at: ago(10) });
    const late = await report(id, { value: 'a', observed_at: ago(20) });
    expect([late.status, late.body.late]).toEqual([201, true]);
    expect((await statusOf(api, id)).value).toBe('b');
    expect(
      (await historyOf(api, id, 'status')).map(({ document, late: is }) => [document.value, is]),
    ).toEqual([
      ['b', false],
      ['a', true],
    ]);
  });

  it('of the same instant as the current one replaces it', async () => {
    const id = await aDevice(api);
    const observed_at = ago(10);
    await report(id, { value: 'a', observed_at });
    expect((await report(id, { value: 'b', observed_at })).body.late).toBe(false);
    expect((await statusOf(api, id)).value).toBe('b');
  });

  it('that was recorded before is answered with 200 and what it was, also when it is no longer current', async () => {
    const id = await aDevice(api);
    const first = { value: 'a', data: { x: 1, y: [2] }, observed_at: ago(30) };
    const made = await report(id, first);
    await report(id, { value: 'b', observed_at: ago(20) });
    const late = { value: 'a', observed_at: ago(25) };
    const lateMade = await report(id, late);
    const again = await report(id, { observed_at: first.observed_at, data: { y: [2], x: 1 }, value: 'a' });
    const lateAgain = await report(id, late);
    expect([again.status, again.body, lateAgain.status, lateAgain.body]).toEqual([
      200,
      made.body,
      200,
      lateMade.body,
    ]);
    expect((await report(id, { ...first, data: { x: 1, y: [3] } })).status).toBe(201);
    expect(await historyOf(api, id, 'status')).toHaveLength(4);
    expect((await statusOf(api, id)).value).toBe('b');
  });

  it('is told of where its value changes, once each', async () => {
    const id = await aDevice(api);
    await report(id, { value: 'a', observed_at: ago(50) });
    await report(id, { value: 'a', data: { n: 1 }, observed_at: ago(40) });
    await report(id, { value: 'b', data: { n: 2 }, observed_at: ago(30) });
    await report(id, { value: 'c', observed_at: ago(35) });
    const acts = (await actsOf(api, id)).filter(({ type }) => type === 'status_changed');
    expect(acts.map(({ value, previous_value, data }) => [previous_value, value, data])).toEqual([
      [null, 'a', null],
      ['a', 'b', { n: 2 }],
    ]);
  });
});

describe('what is refused', () => {
  it('tells all mistakes of a body', async () => {
    const id = await aDevice(api);
    const bad = { value: 5, data: [1], observed_at: 'yesterday', colour: 'red' };
    expect(mistakes(await report(id, bad))).toEqual([
      400,
      'invalid_input',
      '/colour unknown_property',
      '/value type',
      '/data type',
      '/observed_at pattern',
    ]);
    expect(mistakes(await report(id, {}))).toEqual([400, 'invalid_input', '/value required']);
    expect(mistakes(await report(id, undefined))).toEqual([400, 'invalid_input', '/value required']);
    expect(mistakes(await report(id, { value: '' }))).toEqual([400, 'invalid_input', '/value too_short']);
    expect(mistakes(await report(id, { value: 'x'.repeat(101) }))).toEqual([
      400,
      'invalid_input',
      '/value too_long',
    ]);
    expect((await report(id, { value: '💡'.repeat(100) })).status).toBe(201);
    const large = { value: 'x', data: { text: 'x'.repeat(33_000) } };
    expect(mistakes(await report(id, large))).toEqual([400, 'invalid_input', '/data too_large']);
  });

  it.each(['\0', '\ud800'])('holds %j', async (text) => {
    const id = await aDevice(api);
    expect((await report(id, { value: `a${text}` })).status).toBe(400);
    expect((await report(id, { value: 'a', data: { a: `a${text}` } })).status).toBe(400);
    expect((await report(id, `{"value":"a","data":{"__proto__":{"a":1}}}`)).status).toBe(400);
  });

  it('is more than 5 minutes ahead; as much is taken', async () => {
    const id = await aDevice(api);
    expect(mistakes(await report(id, { value: 'a', observed_at: ago(-310) }))).toEqual([
      400,
      'invalid_input',
      '/observed_at too_large',
    ]);
    const ahead = ago(-290);
    expect((await report(id, { value: 'a', observed_at: ahead })).status).toBe(201);
    const { observed_at, last_seen_at } = await statusOf(api, id);
    expect([observed_at, last_seen_at < ahead]).toEqual([ahead, true]);
    expect((await report(id, { value: 'b' })).body.late).toBe(true);
  });

  it('is no value of the type, or data that its schema does not allow', async () => {
    const id = await aDevice(api, { type: 'thermostat' });
    const unknown = await report(id, { value: 'boiling' });
    expect(mistakes(unknown)).toEqual([422, 'status_invalid', '/value choice']);
    const data = { temperature: 'hot', humidity: 101 };
    expect(mistakes(await report(id, { value: 'on', data }))).toEqual([
      422,
      'status_invalid',
      '/data/temperature type',
      '/data/humidity maximum',
    ]);
    expect(mistakes(await report(id, { value: 'boiling', data: { humidity: -1 } }))).toEqual([
      422,
      'status_invalid',
      '/value choice',
      '/data/humidity minimum',
    ]);
    expect((await report(id, { value: 'on', data: { temperature: 21.5, humidity: 40 } })).status).toBe(201);
    expect((await report(id, { value: 'off' })).status).toBe(201);
    expect(await historyOf(api, id, 'status')).toHaveLength(2);
  });

  it('is judged by what the device is now, whatever it was when it reported last', async () => {
    const device = (await api.post(DEVICES, { device_type: 'smart_light' })).body;
    expect((await report(device.id, { value: 'on' })).status).toBe(201);
    await api.put(`${DEVICES}/${device.id}`, { device_type: 'security_camera' });
    expect((await report(device.id, { value: 'armed' })).status).toBe(201);
    expect(mistakes(await report(device.id, { value: 'on' }))).toEqual([
      422,
      'status_invalid',
      '/value choice',
    ]);
    expect((await api.delete(`${DEVICES}/${device.id}`)).status).toBe(204);
    for (const value of ['armed', 'on'])
      expect(mistakes(await report(device.id, { value }))).toEqual([404, 'device_not_found']);
  });

  it('is of a device that is not there, or not for this caller', async () => {
    const [acme, globex] = ['acme-status', 'globex-status'];
    const key = await api.key('device', acme);
    const [own = '', foreign = '', shared = ''] = await sow(api, [{ tenant: acme }, { tenant: globex }, {}]);
    const refused = async (id: string): Promise<unknown> => {
      const reply = await report(id, { value: 'a' }, key);
      return [reply.status, reply.body.code];
    };
    expect([await refused(own), await refused(foreign), await refused(shared)]).toEqual([
      [201, undefined],
      [404, 'device_not_found'],
      [403, 'tenant_forbidden'],
    ]);
    expect(await refused(randomUUID())).toEqual([404, 'device_not_found']);
    expect(mistakes(await report('none', { value: 'a' }))).toEqual([400, 'invalid_input', '/id pattern']);
    expect((await api.get(`${DEVICES}/${own}/status`, { key })).status).toBe(403);
    const viewer = await api.key('viewer', acme);
    expect((await api.get(`${DEVICES}/${own}/status`, { key: viewer })).status).toBe(200);
    expect((await api.get(`${DEVICES}/${foreign}/status`, { key: viewer })).status).toBe(404);
    expect((await report(own, { value: 'a' }, viewer)).status).toBe(403);
    expect((await historyOf(api, own, 'status')).map(({ actor }) => actor)).toEqual([
      expect.stringMatching(/^key:/),
    ]);
  });
});

describe('many reports of one device at once', () => {
  it('are all recorded, and what was observed last is current', async () => {
    const id = await aDevice(api);
    const start = Date.now() - 60_000;
    const times = Array.from({ length: 200 }, (_, index) => (index * 73) % 200);
    const replies = await Promise.all(
      times.map((n) =>
        report(id, { value: `v${n % 3}`, data: { n }, observed_at: new Date(start + n).toISOString() }),
      ),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    const { value, data } = await statusOf(api, id);
    expect([value, data]).toEqual(['v1', { n: 199 }]);
    const rows = await historyOf(api, id, 'status');
    expect(rows.map(({ document }) => document.data.n).sort((a, b) => a - b)).toEqual(
      times.toSorted((a, b) => a - b),
    );
    let newest = -1;
    for (const { document, late } of rows) {
      expect(late).toBe(document.data.n < newest);
      newest = Math.max(newest, document.data.n);
    }
  });

  it('of which all are the same are one, whoever comes first', async () => {
    const id = await aDevice(api);
    const body = { value: 'on', observed_at: ago(5) };
    const replies = await Promise.all(Array.from({ length: 30 }, () => report(id, body)));
    expect(replies.map(({ status }) => status).sort((one, other) => one - other)).toEqual([
      ...Array(29).fill(200),
      201,
    ]);
    expect(await historyOf(api, id, 'status')).toHaveLength(1);
    expect((await actsOf(api, id)).map(({ type }) => type)).toEqual([
      'status_changed',
      'connectivity_changed',
    ]);
  });

  it('that are refused refuse none of the others', async () => {
    const id = await aDevice(api, { type: 'smart_light' });
    const values = Array.from({ length: 40 }, (_, index) => (index % 4 === 3 ? 'purple' : 'on'));
    const replies = await Promise.all(values.map((value) => report(id, { value })));
    expect(replies.map(({ status }) => status)).toEqual(values.map((value) => (value === 'on' ? 201 : 422)));
    expect(await historyOf(api, id, 'status')).toHaveLength(30);
  });

  it('have each their own actor, though they share a transaction', async () => {
    const id = await aDevice(api);
    const keys = await Promise.all(Array.from({ length: 4 }, () => api.key('device', null)));
    const replies = await Promise.all(
      keys.flatMap((key) => Array.from({ length: 5 }, () => report(id, { value: 'on' }, key))),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    const actors = (await historyOf(api, id, 'status')).map(({ actor }) => actor);
    expect([actors.length, new Set(actors).size]).toEqual([20, 4]);
  });
});

it('a report with an Idempotency-Key happens once, with what it was answered', async () => {
  const id = await aDevice(api);
  const send = () =>
    api.post(`${DEVICES}/${id}/status`, { value: 'on' }, { headers: { 'Idempotency-Key': 'once-status' } });
  const [first, second] = [await send(), await send()];
  expect([first.status, second.status, second.body]).toEqual([201, 201, first.body]);
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(await historyOf(api, id, 'status')).toHaveLength(1);
});
