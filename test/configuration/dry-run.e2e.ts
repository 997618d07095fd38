import { TestApi } from '../api.js';
import { aBody, aConfiguration, aService, aTenant, at, CONFIGURATIONS, inHours, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

/** Everything that a rehearsal must leave as it was. */
const stored = async (service: string): Promise<unknown> => {
  const { items } = (await api.get(`${CONFIGURATIONS}/service/${service}`)).body;
  return Promise.all(
    items.map(async (item: any) => [item, (await api.get(at(item, '/versions'))).body.items]),
  );
};
const affectedOf = ({ affected }: any): unknown[] =>
  affected.map(({ environment, tenant_id, name }: any) => `${tenant_id ?? 'shared'} ${environment} ${name}`);

describe('a rehearsal', () => {
  it('of a create tells what it would be and whom it would reach, and writes nothing', async () => {
    const service_id = aService();
    const reply = await api.post(`${CONFIGURATIONS}?dry_run=true`, aBody({ service_id }));
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      200,
      null,
      null,
    ]);
    expect(reply.body).toEqual({
      dry_run: true,
      diff: [{ op: 'replace', path: '', value: expect.objectContaining({ service_id, is_active: true }) }],
      affected: [
        {
          service_id,
          environment: 'production',
          tenant_id: null,
          name: 'database',
          from: null,
          diff: [{ op: 'replace', path: '', value: { host: 'db.example.com', port: 5432 } }],
        },
      ],
    });
    expect(await stored(service_id)).toEqual([]);
  });

  it('of any write tells the patch of the resource and of every document, and writes nothing', async () => {
    const [service_id, tenant_id] = [aService(), aTenant()];
    const base = await aConfiguration(api, { service_id, environment: 'base', values: { a: 1, b: 1 } });
    await aConfiguration(api, { service_id, values: { b: 2 } });
    await aConfiguration(api, { service_id, tenant_id, values: { c: 3 } });
    await api.put(at(base), { values: { b: 5 } });
    const before = await stored(service_id);
    const everywhere = ['shared base', 'shared production', `${tenant_id} production`, `${tenant_id} base`];
    const reached = (places: string[]): Set<string> => new Set(places.map((place) => `${place} database`));
    const writes = [
      [await api.put(at(base, '?dry_run=true'), { values: { a: 2 } }), '/values/a', everywhere],
      [await api.patch(at(base, '?dry_run=true'), { values: { a: 2 } }), '/values/a', everywhere],
      [await api.post(at(base, '/deactivate?dry_run=true')), '/is_active', everywhere],
      [await api.delete(at(base, '?dry_run=true')), '', everywhere],
    ] as const;
    for (const [reply, path, places] of writes) {
      expect([reply.status, reply.body.dry_run]).toEqual([200, true]);
      expect(reply.body.diff).toEqual([expect.objectContaining({ op: 'replace', path })]);
      for (const place of reply.body.affected) expect(place.service_id).toBe(service_id);
      for (const place of affectedOf(reply.body)) expect([...reached([...places])]).toContain(place);
      expect(new Set(affectedOf(reply.body)).has('shared production database')).toBe(true);
    }
    const back = await api.post(at(base, '/rollback/1?dry_run=true'));
    expect(back.body.diff).toEqual([{ op: 'replace', path: '/values/b', value: 1 }]);
    expect(affectedOf(back.body)).toContain('shared base database');
    expect(affectedOf(back.body)).not.toContain('shared production database');
    expect(await stored(service_id)).toEqual(before);
  });

  it('of a write that changes nothing is empty', async () => {
    const first = await aConfiguration(api);
    const nothing = { dry_run: true, diff: [], affected: [] };
    for (const reply of [
      await api.put(at(first, '?dry_run=true'), {}),
      await api.post(at(first, '/activate?dry_run=true')),
    ])
      expect([reply.status, reply.body]).toEqual([200, nothing]);
  });

  it('tells from when on a document would be otherwise', async () => {
    const first = await aConfiguration(api, { values: { a: 1 } });
    const { service_id } = first;
    const [from, until] = [inHours(1), inHours(2)];
    const body = aBody({ service_id, effective_from: from, effective_until: until, values: { a: 2 } });
    const reply = await api.post(`${CONFIGURATIONS}?dry_run=true`, body);
    expect(reply.body.affected).toEqual([
      expect.objectContaining({
        environment: 'production',
        from,
        diff: [{ op: 'replace', path: '/a', value: 2 }],
      }),
    ]);
  });

  it('of what very many documents depend on tells some of them, and that there are more', async () => {
    const base = await aConfiguration(api, { environment: 'base', values: { a: 1 } });
    const { service_id, name } = base;
    const operations = Array.from({ length: 100 }, (_, index) => ({
      ...{ op: 'create', service_id, name, environment: `e${index}`, values: {} },
    }));
    await api.post(`${CONFIGURATIONS}/batch`, { operations });
    const { body } = await api.put(at(base, '?dry_run=true'), { values: { a: 2 } });
    expect([body.affected.length, body.affected_has_more]).toEqual([100, true]);
  });

  it('is refused as the write would be', async () => {
    const first = await aConfiguration(api);
    const { service_id } = first;
    const create = await api.post(`${CONFIGURATIONS}?dry_run=true`, aBody({ service_id }));
    expect([outcome(create), create.body.conflicting_id]).toEqual([[409, 'overlapping_window'], first.id]);
    const stale = { headers: { 'If-Match': '"7"' } };
    expect(outcome(await api.put(at(first, '?dry_run=true'), {}, stale))).toEqual([412, 'stale_version']);
    expect(outcome(await api.delete(at(first, '?dry_run=true'), stale))).toEqual([412, 'stale_version']);
    expect(outcome(await api.put(at(first, '?dry_run=true'), { values: 7 }))).toEqual([400, 'invalid_input']);
    const missing = await api.put(at(first, '?dry_run=true'), {
      values: { a: '${config:database.nothing}' },
    });
    expect(outcome(missing)).toEqual([422, 'effective_invalid']);
  });

  it('with an Idempotency-Key is given again as it was, and the write is still to come', async () => {
    const body = aBody();
    const send = (query: string, key: string) =>
      api.post(`${CONFIGURATIONS}${query}`, body, { headers: { 'Idempotency-Key': key } });
    const [first, again] = [await send('?dry_run=true', 'k1'), await send('?dry_run=true', 'k1')];
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([first.text, 'true']);
    expect((await send('', 'k2')).status).toBe(201);
  });
});
