import { TestApi } from '../api.js';
import { actsOf, aDevice, ago, DEVICES, historyOf, mistakes, sow, statusOf } from './reporting.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const patch = (id: string, document: unknown, observed_at?: string) =>
  api.patch(`${DEVICES}/${id}/reported`, { document, ...(observed_at && { observed_at }) });
const details = async (id: string, at?: string): Promise<any> =>
  (await api.get(`${DEVICES}/${id}/details${at === undefined ? '' : `?as_of=${at}`}`)).body;

async function desire(id: string, document: object): Promise<void> {
  const { status } = await api.put(`${DEVICES}/${id}/desired`, { document });
  expect(status).toBe(200);
}

/** A device that is registered over HTTP, so that it has versions. */
async function registered({
  desired,
  ...body
}: { desired?: object; [name: string]: unknown } = {}): Promise<any> {
  const reply = await api.post(DEVICES, { device_type: 'generic', ip_address: '192.0.2.1', ...body });
  if (reply.status !== 201) throw new Error(JSON.stringify(reply.body));
  if (desired) await desire(reply.body.id, desired);
  return reply.body;
}

describe('what a device reports', () => {
  it('is merged, counted, and told of where it changes', async () => {
    const id = await aDevice(api);
    const first = await patch(id, { a: 1, b: { c: 2 } }, ago(30));
    expect([first.status, first.body]).toEqual([
      200,
      { document: { a: 1, b: { c: 2 } }, version: 1, observed_at: expect.any(String), late: false },
    ]);
    const second = await patch(id, { a: null, b: { d: 3 } }, ago(20));
    expect(second.body).toMatchObject({ document: { b: { c: 2, d: 3 } }, version: 2 });
    const same = await patch(id, { b: { d: 3 } });
    expect(same.body).toMatchObject({ document: { b: { c: 2, d: 3 } }, version: 3 });
    const acts = (await actsOf(api, id)).filter(({ type }) => type === 'reported_changed');
    expect(acts.map(({ document, version }) => [document, version])).toEqual([
      [{ a: 1, b: { c: 2 } }, 1],
      [{ b: { c: 2, d: 3 } }, 2],
    ]);
    expect((await historyOf(api, id, 'reported')).map(({ document }) => document)).toEqual([
      { a: 1, b: { c: 2 } },
      { b: { c: 2, d: 3 } },
      { b: { c: 2, d: 3 } },
    ]);
  });

  it('late is merged into what it was then, and leaves what is', async () => {
    const id = await aDevice(api);
    await patch(id, { a: 1 }, ago(30));
    await patch(id, { b: 1 }, ago(10));
    const observed_at = ago(20);
    const late = await patch(id, { c: 1 }, observed_at);
    expect(late.body).toMatchObject({ document: { a: 1, b: 1 }, version: 2, late: true });
    const before = await patch(id, { z: 1 }, ago(60));
    expect(before.body).toMatchObject({ version: 2, late: true });
    expect((await historyOf(api, id, 'reported')).map(({ document, late: is }) => [document, is])).toEqual([
      [{ a: 1 }, false],
      [{ a: 1, b: 1 }, false],
      [{ a: 1, c: 1 }, true],
      [{ z: 1 }, true],
    ]);
    expect((await patch(id, { c: 1 }, observed_at)).status).toBe(200);
    expect(await historyOf(api, id, 'reported')).toHaveLength(4);
  });

  it('makes the delta to what is desired, whichever side changes', async () => {
    const { id } = await registered({ desired: { power: 'on', colour: { r: 1, g: 2 } } });
    const delta = async () => (await details(id)).delta;
    const listed = async (has: 'true' | 'false') =>
      (await api.get(`${DEVICES}?has_delta=${has}&limit=1000`)).body.items.some(
        (each: any) => each.id === id,
      );
    expect([await delta(), await listed('true')]).toEqual([{ power: 'on', colour: { r: 1, g: 2 } }, true]);
    await patch(id, { power: 'on', colour: { r: 1, g: 3 }, more: true });
    expect([await delta(), await listed('true')]).toEqual([{ colour: { g: 2 } }, true]);
    await patch(id, { colour: { g: 2 } });
    expect([await delta(), await listed('false')]).toEqual([{}, true]);
    await desire(id, { power: 'off' });
    expect([await listed('true'), (await details(id)).delta.power]).toEqual([true, 'off']);
  });

  it('and what is desired at the same time come to the right delta', async () => {
    const { id } = await registered();
    for (let round = 1; round <= 10; round += 1) {
      await Promise.all([desire(id, { n: round }), patch(id, { n: round })]);
      const [reply, { delta }] = [await api.get(`${DEVICES}?has_delta=true&limit=1000`), await details(id)];
      expect(delta).toEqual({});
      expect(reply.body.items.filter((each: any) => each.id === id)).toEqual([]);
    }
  });

  it('is refused with every mistake', async () => {
    const id = await aDevice(api);
    expect(mistakes(await patch(id, [1], 'x'))).toEqual([
      400,
      'invalid_input',
      '/document type',
      '/observed_at pattern',
    ]);
    expect(mistakes(await patch(id, undefined))).toEqual([400, 'invalid_input', '/document required']);
    expect(mistakes(await patch(id, { a: 'x'.repeat(33_000) }))).toEqual([
      400,
      'invalid_input',
      '/document too_large',
    ]);
    await patch(id, { a: 'x'.repeat(20_000) });
    expect(mistakes(await patch(id, { b: 'x'.repeat(20_000) }))).toEqual([
      400,
      'invalid_input',
      '/document too_large',
    ]);
    expect(mistakes(await patch(id, {}, ago(-400)))).toEqual([
      400,
      'invalid_input',
      '/observed_at too_large',
    ]);
    expect((await historyOf(api, id, 'reported')).length).toBe(1);
    const device = await api.key('device', 'acme-reported');
    const [own = ''] = await sow(api, [{ tenant: 'acme-reported' }]);
    const sent = { body: { document: { a: 1 } }, key: device };
    expect((await api.request('PATCH', `${DEVICES}/${own}/reported`, sent)).status).toBe(200);
    expect((await api.request('PATCH', `${DEVICES}/${id}/reported`, sent)).status).toBe(403);
  });
});

describe('the history', () => {
  it('has every kind, is paged, and takes a window and kinds', async () => {
    const { id } = await registered({
      labels: { floor: '2' },
      attributes: { colour: 'red' },
      desired: { a: 1 },
    });
    const [early, late] = [ago(100), ago(50)];
    await api.post(`${DEVICES}/${id}/status`, { value: 'on', observed_at: early });
    await api.post(`${DEVICES}/${id}/status`, { value: 'off', observed_at: late });
    await patch(id, { a: 1 }, late);
    const all = await historyOf(api, id);
    expect(all.map(({ kind }) => kind)).toEqual([
      ...['registered', 'labels', 'attributes', 'desired'],
      ...['status', 'connectivity', 'status', 'reported'],
    ]);
    const list = async (query: string) => (await api.get(`${DEVICES}/${id}/history?${query}`)).body;
    const window = await list(`from=${early}&until=${late}`);
    expect(window.items.map(({ document }: any) => document.value)).toEqual(['on']);
    expect((await list(`from=${late}&kind=status,reported`)).items.map(({ kind }: any) => kind)).toEqual([
      'reported',
      'status',
    ]);
    const pages = [];
    let cursor = '';
    do {
      const page = await list(`limit=3${cursor}`);
      pages.push(page.items);
      cursor = page.has_more ? `&cursor=${page.next_cursor}` : '';
    } while (cursor !== '');
    expect([pages.map((page) => page.length), pages.flat()]).toEqual([[3, 3, 2], all.toReversed()]);
    const { next_cursor } = await list('limit=3');
    const refused = await api.get(`${DEVICES}/${id}/history?kind=status&cursor=${next_cursor}`);
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_cursor']);
    for (const query of ['kind=colour', 'from=now', 'sort=seq', 'limit=0'])
      expect((await api.get(`${DEVICES}/${id}/history?${query}`)).status).toBe(400);
  });

  it('goes with the device, and the change log keeps its entries', async () => {
    const { id } = await registered();
    await api.post(`${DEVICES}/${id}/status`, { value: 'on' });
    expect((await api.delete(`${DEVICES}/${id}`)).status).toBe(204);
    for (const path of ['history', 'status', 'details'])
      expect([(await api.get(`${DEVICES}/${id}/${path}`)).body.code]).toEqual(['device_not_found']);
    expect((await actsOf(api, id)).map(({ type }) => type)).toEqual([
      'status_changed',
      'connectivity_changed',
    ]);
    expect((await api.post(`${DEVICES}/${id}/status`, { value: 'on' })).status).toBe(404);
  });

  it('tells readers of events what was told, in the words of the wire', async () => {
    const { id } = await registered();
    await api.post(`${DEVICES}/${id}/status`, { value: 'on', observed_at: ago(5) });
    const { text } = await api.get(`/api/v1/events?limit=1000`);
    expect(text).toContain(`"device_id":"${id}"`);
    expect(text).toContain('"previous_value":null');
  });
});

describe('a past state', () => {
  it('has what was recorded and what was observed by then, late ones counted in', async () => {
    const born = Date.now();
    const { id, created_at } = await registered({ attributes: { colour: 'red' } });
    const [first, second, third] = [0, 1, 2].map((n) =>
      new Date(Date.parse(created_at) + n).toISOString(),
    ) as [string, string, string];
    await api.post(`${DEVICES}/${id}/status`, { value: 'a', observed_at: first });
    await api.post(`${DEVICES}/${id}/status`, { value: 'c', observed_at: third });
    await api.post(`${DEVICES}/${id}/status`, { value: 'b', data: { n: 1 }, observed_at: second });
    await patch(id, { n: 1 }, first);
    await patch(id, { n: 3 }, third);
    await patch(id, { n: 2 }, second);
    const changed = await api.put(`${DEVICES}/${id}/attributes`, { colour: 'blue' });
    const seen = async (at: string) => {
      const { status, reported, last_seen_at, attributes } = await details(id, at);
      return [status?.value, reported.document, last_seen_at, attributes];
    };
    expect([await seen(first), await seen(second), await seen(third)]).toEqual([
      ['a', { n: 1 }, first, { colour: 'red' }],
      ['b', { n: 2 }, second, { colour: 'red' }],
      ['c', { n: 3 }, third, { colour: 'red' }],
    ]);
    expect((await details(id, second)).status).toEqual({ value: 'b', data: { n: 1 }, observed_at: second });
    expect((await details(id)).status).toEqual({ value: 'c', data: null, observed_at: third });
    expect((await details(id, changed.body.updated_at)).attributes).toEqual({ colour: 'blue' });
    const before = await api.get(`${DEVICES}/${id}/details?as_of=${new Date(born - 60_000).toISOString()}`);
    expect(before.status).toBe(404);
    await api.delete(`${DEVICES}/${id}`);
    const after = await api.get(`${DEVICES}/${id}/details?as_of=${ago(-60)}`);
    const then = await api.get(`${DEVICES}/${id}/details?as_of=${third}`);
    expect([after.status, after.body.code, then.status, then.body.status]).toEqual([410, 'gone', 200, null]);
  });

  it('needs devices:read, and an instant', async () => {
    const id = await aDevice(api);
    const key = await api.key('device', null);
    for (const path of ['details', 'history', 'status'])
      expect((await api.get(`${DEVICES}/${id}/${path}`, { key })).status).toBe(403);
    expect((await api.get(`${DEVICES}/${id}/details?as_of=yesterday`)).status).toBe(400);
    expect((await statusOf(api, id)).connectivity).toBe('never');
  });
});
