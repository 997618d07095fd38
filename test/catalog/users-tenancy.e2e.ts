import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aCompany, aTenant, aUser, mistakes, outcome, USERS } from './made.js';

let api: TestApi;
let company: any;

beforeAll(async () => {
  api = await TestApi.start();
  company = await aCompany(api);
});

afterAll(() => api.stop());

describe('a tenant', () => {
  it('has users by its company, and sees nothing of those of others', async () => {
    const [acme, globex] = [aTenant(), aTenant()];
    const key = await api.key('admin', acme);
    const foreign = await aCompany(api, { tenant_id: globex });
    const stranger = await aUser(api, foreign.id);
    const body = { name: 'Ada', email: stranger.email };
    const none = await api.post(USERS, body, { key });
    expect([none.status, mistakes(none)]).toEqual([400, ['/company_id required']]);
    const own = await aCompany(api, {}, { key });
    const made = await api.post(USERS, body, { key });
    expect([made.status, made.body.company_id, made.body.tenant_id]).toEqual([201, own.id, acme]);
    await aCompany(api, {}, { key });
    expect(mistakes(await api.post(USERS, { ...body, email: 'b@b.b' }, { key }))).toEqual([
      '/company_id required',
    ]);
    const unknown = await api.post(USERS, { ...body, company_id: randomUUID() }, { key });
    const other = await api.post(USERS, { ...body, company_id: foreign.id }, { key });
    expect(other.body).toEqual({ ...unknown.body, request_id: other.body.request_id });
    expect([...outcome(other), mistakes(other)]).toEqual([
      422,
      'catalog_reference_unknown',
      ['/company_id catalog_reference_unknown'],
    ]);
    const shared = await api.post(USERS, { ...body, company_id: company.id }, { key });
    expect(outcome(shared)).toEqual([403, 'tenant_forbidden']);
    const path = `${USERS}/${stranger.id}`;
    expect(outcome(await api.get(path, { key }))).toEqual([404, 'user_not_found']);
    expect(outcome(await api.put(path, {}, { key }))).toEqual([404, 'user_not_found']);
    expect(outcome(await api.delete(path, { key }))).toEqual([404, 'user_not_found']);
    const common = await aUser(api, company.id);
    expect((await api.get(`${USERS}/${common.id}`, { key })).status).toBe(200);
    for (const reply of [
      await api.put(`${USERS}/${common.id}`, {}, { key }),
      await api.delete(`${USERS}/${common.id}`, { key }),
    ])
      expect(outcome(reply)).toEqual([403, 'tenant_forbidden']);
    const ids = (await api.get(`${USERS}?limit=1000`, { key })).body.items.map(({ id }: any) => id);
    expect([ids.includes(made.body.id), ids.includes(stranger.id), ids.includes(common.id)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(
      (await api.get(`${USERS}?team_id=${stranger.id}&company_id=${foreign.id}`, { key })).body.items,
    ).toEqual([]);
    const reused = await api.post(
      USERS,
      { id: stranger.id, company_id: own.id, ...body, email: 'c@c.c' },
      { key },
    );
    expect(outcome(reused)).toEqual([409, 'id_conflict']);
  });

  it('named beside another tenant’s company, is refused', async () => {
    const { id } = await aCompany(api, { tenant_id: aTenant() });
    const reply = await api.post(USERS, { tenant_id: aTenant(), company_id: id, name: 'A', email: 'a@a.a' });
    expect([...outcome(reply), mistakes(reply)]).toEqual([
      422,
      'catalog_reference_unknown',
      ['/company_id catalog_reference_unknown'],
    ]);
  });
});
