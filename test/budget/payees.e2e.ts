import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aName, aPayee, aTenant, mistakes, outcome, PAYEES } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const namesOf = async (query: string): Promise<string[]> =>
  (await api.get(`${PAYEES}?${query}`)).body.items.map(({ name }: any) => name);

describe('a payee', () => {
  it('is created with its defaults, read and listed', async () => {
    const name = aName();
    const reply = await api.post(PAYEES, { name: `  ${name} ` });
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"1"',
      `${PAYEES}/${reply.body.id}`,
    ]);
    expect(reply.body).toEqual({
      ...{ id: expect.any(String), tenant_id: null, version: 1 },
      ...{ name, email: null, phone: null, labels: {} },
      ...{ created_at: expect.any(String), updated_at: reply.body.created_at },
      ...{ created_by: 'anonymous', updated_by: 'anonymous' },
    });
    expect((await api.get(`${PAYEES}/${reply.body.id}`)).body).toEqual(reply.body);
    expect((await api.get(`${PAYEES}?q=${name.toUpperCase()}&include_total=true`)).body).toEqual({
      ...{ items: [reply.body], limit: 100, has_more: false, next_cursor: null, total: 1 },
    });
    expect(outcome(await api.get(`${PAYEES}/${randomUUID()}`))).toEqual([404, 'payee_not_found']);
  });

  it('is changed by PUT, which replaces labels, and by PATCH, which merges them', async () => {
    const { id } = await aPayee(api, { email: 'a@b.c', phone: '+4930123456', labels: { a: '1', b: '2' } });
    const put = await api.put(`${PAYEES}/${id}`, { email: null, labels: { a: '2' } });
    expect([put.body.version, put.body.email, put.body.phone, put.body.labels]).toEqual([
      2,
      null,
      '+4930123456',
      { a: '2' },
    ]);
    const patch = await api.patch(`${PAYEES}/${id}`, { phone: null, labels: { c: '3', a: null } });
    expect([patch.body.version, patch.body.phone, patch.body.labels]).toEqual([3, null, { c: '3' }]);
    expect((await api.put(`${PAYEES}/${id}`, { labels: { c: '3' } })).body).toEqual(patch.body);
    const stale = await api.put(`${PAYEES}/${id}`, { name: 'x' }, { headers: { 'If-Match': '"2"' } });
    expect([...outcome(stale), stale.body.current_version]).toEqual([412, 'stale_version', 3]);
  });

  it('is refused with everything that is wrong at once', async () => {
    const wrong = { name: '', email: 7, phone: '0301', labels: { 'a b': 'x' }, iban: 'DE' };
    expect(mistakes(await api.post(PAYEES, wrong))).toEqual([
      '/email type',
      '/iban unknown_property',
      '/labels/a b label_key',
      '/name too_short',
    ]);
    const odd = { name: 'a\nb', email: 'a b@c', phone: '+49 30 123456' };
    expect(mistakes(await api.post(PAYEES, odd))).toEqual([
      '/email email',
      '/name pattern',
      '/phone pattern',
    ]);
    expect(mistakes(await api.post(PAYEES, { name: ' \u00a0 ' }))).toEqual(['/name length']);
    expect(mistakes(await api.post(PAYEES, { name: 'x'.repeat(201) }))).toEqual(['/name too_long']);
    for (const phone of ['+0123456', '+1', `+${'1'.repeat(16)}`, '4930123456'])
      expect((await api.post(PAYEES, { name: 'x', phone })).status).toBe(400);
    expect((await api.post(PAYEES, { name: '😀'.repeat(200), phone: `+${'1'.repeat(15)}` })).status).toBe(
      201,
    );
    const { id } = await aPayee(api);
    expect(mistakes(await api.patch(`${PAYEES}/${id}`, { name: null, labels: { a: 1 } }))).toEqual([
      '/labels/a label_value',
      '/name type',
    ]);
    expect(outcome(await api.put(`${PAYEES}/${randomUUID()}`, { labels: 7 }))).toEqual([
      404,
      'payee_not_found',
    ]);
  });

  it('has an id of the caller, and a name that others may have, too', async () => {
    const body = { id: randomUUID(), name: aName(), labels: { a: '1', b: '2' } };
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => api.post(PAYEES, { ...body, labels: { b: '2', a: '1' } })),
    );
    const statuses = replies.map(({ status }) => status);
    expect([statuses.filter((status) => status === 201).length, Math.max(...statuses)]).toEqual([1, 201]);
    expect((await api.post(PAYEES, { ...body, name: ` ${body.name}` })).status).toBe(200);
    expect(outcome(await api.post(PAYEES, { ...body, labels: {} }))).toEqual([409, 'id_conflict']);
    expect((await api.post(PAYEES, { name: body.name })).status).toBe(201);
    expect(await namesOf(`name=${body.name.toUpperCase()}`)).toEqual([body.name, body.name]);
  });

  it('is found by name, email, labels and text, and sorted', async () => {
    const tenant = aTenant();
    const b = await aPayee(api, { tenant_id: tenant, name: 'Bäcker  Groß', email: 'Baker@Example.com' });
    const a = await aPayee(api, { tenant_id: tenant, name: 'Apotheke', labels: { tier: 'gold' } });
    const c = await aPayee(api, {
      tenant_id: tenant,
      name: 'Café',
      phone: '+4930777',
      labels: { tier: 'tin' },
    });
    const of = (query: string) => namesOf(`tenant_id=${tenant}${query}`);
    const names = [a, b, c].map(({ name }) => name);
    expect((await of('&limit=1000')).filter((name) => names.includes(name))).toEqual(names);
    expect(await of(`&name=${encodeURIComponent('BÄCKER GROSS')}`)).toEqual([b.name]);
    expect(await of(`&name=${encodeURIComponent('Cafe\u0301')}`)).toEqual([c.name]);
    expect(await of('&email=baker@example.COM')).toEqual([b.name]);
    expect(await of(`&selector=${encodeURIComponent('tier in (gold,tin)')}`)).toEqual([a.name, c.name]);
    await api.patch(`${PAYEES}/${c.id}`, { labels: { tier: null } });
    expect(await of('&selector=tier')).toEqual([a.name]);
    expect(await of('&q=4930777')).toEqual([c.name]);
    expect((await of('&sort=-created_at')).filter((name) => names.includes(name))).toEqual([
      c.name,
      a.name,
      b.name,
    ]);
    expect(mistakes(await api.get(`${PAYEES}?selector=(&sort=email`))).toEqual(['/selector selector']);
    expect(mistakes(await api.get(`${PAYEES}?sort=email`))).toEqual(['/sort choice']);
  });

  it('keeps its past', async () => {
    const { id, name } = await aPayee(api, { email: 'a@b.c' });
    await api.put(`${PAYEES}/${id}`, { name: 'Other', email: null, change_reason: 'moved' });
    const diff = await api.get(`${PAYEES}/${id}/versions/1/diff/2`);
    expect(diff.body).toEqual([
      { op: 'replace', path: '/name', value: 'Other' },
      { op: 'replace', path: '/email', value: null },
    ]);
    const back = await api.post(`${PAYEES}/${id}/rollback/1`, {});
    expect([back.body.version, back.body.name, back.body.email]).toEqual([3, name, 'a@b.c']);
    expect(await namesOf(`name=${name}`)).toEqual([name]);
    const { body } = await api.get(`${PAYEES}/${id}/versions`);
    expect(body.items.map(({ type, change_reason }: any) => [type, change_reason])).toEqual([
      ['rolled_back', null],
      ['updated', 'moved'],
      ['created', null],
    ]);
  });

  it('is a tenant’s own, and no other’s', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    const [key, foreign] = [await api.key('editor', tenant), await api.key('editor', other)];
    const own = await aPayee(api, {}, { key });
    const shared = await aPayee(api);
    expect(own.tenant_id).toBe(tenant);
    expect((await api.get(`${PAYEES}/${own.id}`, { key: foreign })).status).toBe(404);
    expect((await api.get(`${PAYEES}/${shared.id}`, { key })).status).toBe(200);
    expect(outcome(await api.put(`${PAYEES}/${shared.id}`, { name: 'x' }, { key }))).toEqual([
      403,
      'tenant_forbidden',
    ]);
    expect(outcome(await api.post(PAYEES, { name: 'x', tenant_id: other }, { key }))).toEqual([
      403,
      'tenant_forbidden',
    ]);
  });
});

describe('a batch of payees', () => {
  it('is all or nothing, or each by itself', async () => {
    const payee = await aPayee(api);
    const heir = await aPayee(api);
    const id = randomUUID();
    const operations = [
      { op: 'create', id, name: 'One' },
      { op: 'create', id, name: 'Two' },
      { op: 'create', name: 'x', phone: 'y', if_version: 1 },
      { op: 'update', id: payee.id, name: 'n', if_version: 2 },
      { op: 'update', name: 'n' },
      { op: 'delete', id: randomUUID() },
      { op: 'delete', id: payee.id, name: 'n' },
      { op: 'delete', id: payee.id, merge_into: randomUUID() },
      { op: 'paint' },
      { op: 'update', id: payee.id, tenant_id: 'acme', merge_into: heir.id },
      { op: 'create', name: 'n', merge_into: heir.id },
    ];
    const atomic = await api.post(`${PAYEES}/batch`, { operations });
    expect([...outcome(atomic), mistakes(atomic)]).toEqual([
      422,
      'batch_refused',
      [
        '/operations/1 id_conflict',
        '/operations/10/merge_into unknown_property',
        '/operations/2/if_version unknown_property',
        '/operations/3 stale_version',
        '/operations/4/id required',
        '/operations/5 payee_not_found',
        '/operations/6/name unknown_property',
        '/operations/7/merge_into payee_unknown',
        '/operations/8/op choice',
        '/operations/9/merge_into unknown_property',
        '/operations/9/tenant_id unknown_property',
      ],
    ]);
    expect((await api.get(`${PAYEES}/${id}`)).status).toBe(404);
    const partial = await api.post(`${PAYEES}/batch`, { mode: 'partial', operations });
    expect([partial.status, partial.body.results.map(({ status }: any) => status)]).toEqual([
      207,
      [201, 409, 400, 412, 400, 404, 400, 422, 400, 400, 400],
    ]);
    const right = [
      { op: 'update', id: payee.id, labels: { a: '1' }, if_version: 1 },
      { op: 'delete', id, merge_into: heir.id },
      { op: 'delete', id: heir.id },
    ];
    expect((await api.post(`${PAYEES}/batch`, { operations: right })).body.results).toEqual([
      { index: 0, status: 200, id: payee.id, version: 2 },
      { index: 1, status: 204, id },
      { index: 2, status: 204, id: heir.id },
    ]);
  });
});
