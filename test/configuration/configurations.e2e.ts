import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import {
  aBody,
  aConfiguration,
  aService,
  at,
  CONFIGURATIONS,
  inHours,
  mistakes,
  outcome,
  outcomes,
} from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

describe('a configuration', () => {
  it('is created with its defaults, read and listed', async () => {
    const service = aService();
    const reply = await api.post(CONFIGURATIONS, {
      service_id: service,
      name: 'database',
      environment: 'production',
      values: { host: 'db.example.com', port: 5432, pool: { size: 20 }, ssl: true },
    });
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"1"',
      `${CONFIGURATIONS}/${reply.body.id}`,
    ]);
    expect(reply.body).toEqual({
      id: expect.any(String),
      tenant_id: null,
      version: 1,
      service_id: service,
      name: 'database',
      environment: 'production',
      values: { host: 'db.example.com', port: 5432, pool: { size: 20 }, ssl: true },
      schema_id: null,
      secret_refs: [],
      final_keys: [],
      is_active: true,
      effective_from: null,
      effective_until: null,
      description: null,
      secret_keys: [],
      is_effective: true,
      created_at: expect.any(String),
      updated_at: reply.body.created_at,
      created_by: 'anonymous',
      updated_by: 'anonymous',
    });
    const byName = `${CONFIGURATIONS}/service/${service}/database?environment=production`;
    for (const path of [at(reply.body), byName]) expect((await api.get(path)).body).toEqual(reply.body);
    expect((await api.get(`${CONFIGURATIONS}/service/${service}?include_total=true`)).body).toEqual({
      items: [reply.body],
      limit: 100,
      has_more: false,
      next_cursor: null,
      total: 1,
    });
    const known = await api.get(at(reply.body), { headers: { 'If-None-Match': '"1"' } });
    expect([known.status, known.text]).toEqual([304, '']);
  });

  it('has everything that was said of it', async () => {
    const said = {
      is_active: false,
      effective_from: inHours(1),
      effective_until: inHours(2),
      description: 'why it is',
      final_keys: ['host', String.raw`a\.b.c`],
    };
    const { id } = await aConfiguration(api, { ...said, values: { host: 'x', off: null } });
    const { body } = await api.get(at({ id }));
    expect(body).toMatchObject({ ...said, values: { host: 'x', off: null }, is_effective: false });
  });

  it('is changed by PUT: values are merged, what is absent stays, null clears', async () => {
    const first = await aConfiguration(api, {
      values: { a: 1, list: [1, 2], deep: { x: 1, y: { z: 1 } }, gone: 1 },
      description: 'd',
      final_keys: ['a'],
    });
    const put = await api.put(at(first), {
      values: { b: 2, list: [3], deep: { y: { w: 2 } }, gone: null },
      description: null,
      final_keys: null,
      change_reason: 'why',
    });
    expect([put.status, put.headers.get('etag')]).toEqual([200, '"2"']);
    expect(put.body).toEqual({
      ...first,
      version: 2,
      updated_at: put.body.updated_at,
      description: null,
      final_keys: [],
      values: { a: 1, list: [3], deep: { x: 1, y: { z: 1, w: 2 } }, b: 2 },
    });
    expect((await api.get(at(first))).body).toEqual(put.body);
  });

  it('is replaced by PUT where it says so, nulls and all', async () => {
    const first = await aConfiguration(api, { values: { a: 1, b: 2 } });
    const put = await api.put(at(first), { values: { b: null, c: 3 }, merge: false });
    expect(put.body.values).toEqual({ b: null, c: 3 });
    const kept = await api.put(at(first), { merge: false, description: 'd' });
    expect([kept.body.version, kept.body.values]).toEqual([3, { b: null, c: 3 }]);
  });

  it('is changed by a merge patch, deep in its values', async () => {
    const first = await aConfiguration(api, { values: { a: { b: 1, c: 2 } }, final_keys: ['x'] });
    const patch = await api.patch(at(first), { values: { a: { b: null, d: 3 } }, final_keys: null });
    expect([patch.status, patch.body.values, patch.body.final_keys]).toEqual([
      200,
      { a: { c: 2, d: 3 } },
      [],
    ]);
    expect(mistakes(await api.patch(at(first), { merge: true }))).toEqual(['/merge unknown_property']);
  });

  it('makes no version where nothing changes, whatever the order of names is', async () => {
    const first = await aConfiguration(api, { values: { a: 1, b: { c: 2, d: 3 } } });
    const again = { values: { b: { d: 3, c: 2 }, a: 1 }, description: null, is_active: true };
    for (const body of [{}, again, { ...again, merge: false }])
      expect((await api.put(at(first), body)).body).toEqual(first);
    expect((await api.patch(at(first), again)).body).toEqual(first);
  });

  it('is found where it may be said again what it is of, and keeps its scope', async () => {
    const first = await aConfiguration(api);
    const { service_id, name, environment, tenant_id } = first;
    const same = await api.put(at(first), { service_id, name, environment, tenant_id, description: 'd' });
    expect([same.status, same.body.version]).toEqual([200, 2]);
    const other = { service_id: 'other', name: 'other', environment: 'test', tenant_id: 'acme' };
    for (const reply of [await api.put(at(first), other), await api.patch(at(first), other)]) {
      expect([reply.status, mistakes(reply)]).toEqual([
        400,
        ['/environment fixed', '/name fixed', '/service_id fixed', '/tenant_id fixed'],
      ]);
    }
  });

  it('is deleted, and its history stays', async () => {
    const first = await aConfiguration(api);
    const reply = await api.delete(at(first, '?change_reason=over'));
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect(outcome(await api.get(at(first)))).toEqual([404, 'configuration_not_found']);
    expect(outcome(await api.delete(at(first)))).toEqual([404, 'configuration_not_found']);
    const { body } = await api.get(at(first, '/versions'));
    expect(body.items.map(({ type, change_reason }: any) => [type, change_reason])).toEqual([
      ['deleted', 'over'],
      ['created', null],
    ]);
  });

  it('is activated and deactivated, once', async () => {
    const first = await aConfiguration(api);
    const off = await api.post(at(first, '/deactivate'), { change_reason: 'off' });
    expect([off.status, off.body.version, off.body.is_active, off.body.is_effective]).toEqual([
      200,
      2,
      false,
      false,
    ]);
    expect((await api.post(at(first, '/deactivate'))).body).toEqual(off.body);
    const on = await api.post(at(first, '/activate'));
    expect([on.body.version, on.body.is_active, on.body.is_effective]).toEqual([3, true, true]);
    expect((await api.post(at(first, '/activate'))).body).toEqual(on.body);
  });

  it.each([
    ['whose window is open', -1, 1, true],
    ['whose window opens later', 1, 2, false],
    ['whose window has closed', -2, -1, false],
  ])('is effective only while its window is open: one %s', async (_, from, until, expected) => {
    const body = { effective_from: inHours(from), effective_until: inHours(until) };
    const { id, is_effective } = await aConfiguration(api, body);
    expect([is_effective, (await api.get(at({ id }))).body.is_effective]).toEqual([expected, expected]);
  });

  it('takes an offset for a time and gives it in UTC', async () => {
    const { effective_from } = await aConfiguration(api, { effective_from: '2026-05-01T12:00:00+02:00' });
    expect(effective_from).toBe('2026-05-01T10:00:00.000Z');
  });
});

describe('an id of the caller’s choice', () => {
  it('may be sent again with the same content, and with no other', async () => {
    const id = randomUUID();
    const body = aBody({ id, values: { a: 1, b: 2 } });
    const first = await api.post(CONFIGURATIONS, body);
    const again = await api.post(CONFIGURATIONS, { ...body, values: { b: 2, a: 1 } });
    expect([first.status, again.status, again.headers.get('etag')]).toEqual([201, 200, '"1"']);
    expect(again.body).toEqual(first.body);
    for (const change of [{ values: {} }, { name: 'other' }, { is_active: false }, { tenant_id: 'acme' }]) {
      const other = await api.post(CONFIGURATIONS, { ...body, ...change });
      expect([outcome(other), other.body.conflicting_id]).toEqual([[409, 'id_conflict'], id]);
    }
  });

  it('is not given again after a delete', async () => {
    const body = aBody({ id: randomUUID() }) as { id: string };
    await aConfiguration(api, body);
    await api.delete(at(body));
    expect(outcome(await api.post(CONFIGURATIONS, body))).toEqual([409, 'id_conflict']);
  });

  it('is made once by many who send it at once', async () => {
    const body = aBody({ id: randomUUID() });
    const replies = await Promise.all(Array.from({ length: 10 }, () => api.post(CONFIGURATIONS, body)));
    expect(outcomes(replies)).toEqual({ 200: 9, 201: 1 });
  });
});

describe('whoever saw an older version', () => {
  it('is refused at every write, and told the present one', async () => {
    const first = await aConfiguration(api);
    await api.put(at(first), { description: 'newer' });
    const headers = { 'If-Match': '"1"' };
    const replies = [
      await api.put(at(first), { description: 'x' }, { headers }),
      await api.patch(at(first), { description: 'x' }, { headers }),
      await api.post(at(first, '/activate'), undefined, { headers }),
      await api.post(at(first, '/deactivate'), undefined, { headers }),
      await api.post(at(first, '/rollback/1'), undefined, { headers }),
      await api.delete(at(first), { headers }),
    ];
    for (const reply of replies) {
      expect(outcome(reply)).toEqual([412, 'stale_version']);
      expect([reply.body.current_version, reply.headers.get('etag')]).toEqual([2, '"2"']);
    }
  });

  it('wins with nobody else who saw the same', async () => {
    const first = await aConfiguration(api);
    const edit = (n: number) =>
      api.put(at(first), { values: { [`k${n}`]: n } }, { headers: { 'If-Match': '"1"' } });
    const replies = await Promise.all(Array.from({ length: 12 }, (_, n) => edit(n)));
    expect(outcomes(replies)).toEqual({ 200: 1, '412 stale_version': 11 });
    expect((await api.get(at(first))).body.version).toBe(2);
  });

  it('loses nothing where all merge without saying what they saw', async () => {
    const first = await aConfiguration(api, { values: {} });
    const count = 12;
    await Promise.all(
      Array.from({ length: count }, (_, n) => api.patch(at(first), { values: { [`k${n}`]: n } })),
    );
    const { body } = await api.get(at(first));
    expect([body.version, Object.keys(body.values).length]).toEqual([count + 1, count]);
  });
});
