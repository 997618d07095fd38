import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aCompany, aName, aTeam, aUser, mistakes, outcome, TEAMS, USERS } from './made.js';

let api: TestApi;
let company: any;

beforeAll(async () => {
  api = await TestApi.start();
  company = await aCompany(api);
});

afterAll(() => api.stop());

const emailOf = (name: string): string => `${name}@example.com`;

describe('a user', () => {
  it('is created with its defaults, read and listed', async () => {
    const name = aName();
    const body = { company_id: company.id, name, email: emailOf(name) };
    const reply = await api.post(USERS, body);
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"1"',
      `${USERS}/${reply.body.id}`,
    ]);
    expect(reply.body).toEqual({
      id: expect.any(String),
      tenant_id: null,
      version: 1,
      ...body,
      active: true,
      labels: {},
      teams: [],
      created_at: expect.any(String),
      updated_at: reply.body.created_at,
      created_by: 'anonymous',
      updated_by: 'anonymous',
    });
    expect((await api.get(`${USERS}/${reply.body.id}`)).body).toEqual(reply.body);
    expect((await api.get(`${USERS}?q=${name.toUpperCase()}&include_total=true`)).body).toEqual({
      items: [reply.body],
      limit: 100,
      has_more: false,
      next_cursor: null,
      total: 1,
    });
  });

  it('is changed by PUT and PATCH, and only where something changes', async () => {
    const user = await aUser(api, company.id, { labels: { a: '1', b: '2' } });
    const path = `${USERS}/${user.id}`;
    const put = await api.put(path, { active: false, labels: { a: '3' }, company_id: company.id });
    expect([put.status, put.body.version, put.body.active, put.body.labels]).toEqual([
      200,
      2,
      false,
      { a: '3' },
    ]);
    expect([put.body.name, put.body.email]).toEqual([user.name, user.email]);
    const patch = await api.patch(path, { labels: { a: null, c: '4' }, change_reason: 'why' });
    expect([patch.body.version, patch.body.labels]).toEqual([3, { c: '4' }]);
    expect((await api.patch(path, { labels: { c: '4' } })).body).toEqual(patch.body);
    expect((await api.patch(path, { labels: null })).body.labels).toEqual({});
    expect((await api.get(`${path}/versions/3`)).body.change_reason).toBe('why');
  });

  it('is refused with everything that is wrong at once', async () => {
    const wrong = {
      company_id: 'x',
      name: ' ',
      email: 'nobody',
      active: 'yes',
      labels: { '-': 'a', b: 1 },
      other: 1,
    };
    const expected = [
      '/active type',
      '/company_id pattern',
      '/email email',
      '/labels/- label_key',
      '/labels/b label_value',
      '/name length',
      '/other unknown_property',
    ];
    const reply = await api.post(USERS, wrong);
    expect([reply.status, mistakes(reply)]).toEqual([400, expected]);
    const { id } = await aUser(api, company.id);
    const put = await api.put(`${USERS}/${id}`, wrong);
    expect([put.status, mistakes(put)]).toEqual([400, ['/company_id fixed', ...expected].sort()]);
    expect(mistakes(await api.post(USERS, {}))).toEqual(['/email required', '/name required']);
    expect(mistakes(await api.put(`${USERS}/${id}`, { company_id: randomUUID() }))).toEqual([
      '/company_id fixed',
    ]);
    expect(mistakes(await api.put(`${USERS}/${id}`, { email: null, name: null }))).toEqual([
      '/email type',
      '/name type',
    ]);
  });

  it.each([
    'a@b@c.example',
    '@example.com',
    'ada@',
    'ada lovelace@example.com',
    'ada@-example.com',
    'ada@example..com',
    '<ada@example.com>',
    'ada@example.com, bob@example.com',
    `${'a'.repeat(65)}@example.com`,
    'ada@exam\u200bple.com',
  ])('has no address like %s', async (email) => {
    const reply = await api.post(USERS, { company_id: company.id, name: 'Ada', email });
    expect([reply.status, mistakes(reply)]).toEqual([400, ['/email email']]);
  });

  it('may have any address that could be one', async () => {
    for (const email of ["o'neil+tag@mail.example", 'jörg@bücher.example', 'root@localhost']) {
      const { body } = await api.post(USERS, { company_id: company.id, name: 'Ada', email });
      expect(body.email).toBe(email);
    }
    const endless = `${'a'.repeat(100_000)}@`;
    const reply = await api.post(USERS, { company_id: company.id, name: 'Ada', email: endless });
    expect(mistakes(reply)).toEqual(['/email too_long']);
  });

  it('has an address of its own in its company, whatever the case', async () => {
    const user = await aUser(api, company.id, { email: `${aName()}@Example.com` });
    const shouted = user.email.toUpperCase();
    const body = { company_id: company.id, name: 'Ada', email: shouted };
    const taken = await api.post(USERS, body);
    expect([...outcome(taken), taken.body.conflicting_id]).toEqual([409, 'user_email_taken', user.id]);
    const other = await aUser(api, company.id);
    const put = await api.put(`${USERS}/${other.id}`, { email: shouted });
    expect([...outcome(put), put.body.conflicting_id]).toEqual([409, 'user_email_taken', user.id]);
    const elsewhere = await aCompany(api);
    expect((await api.post(USERS, { ...body, company_id: elsewhere.id })).status).toBe(201);
    expect((await api.put(`${USERS}/${user.id}`, { email: shouted })).body.email).toBe(shouted);
  });

  it('has an id of the caller and a version', async () => {
    const name = aName();
    const body = { id: randomUUID(), company_id: company.id, name, email: emailOf(name), labels: { a: '1' } };
    const first = await api.post(USERS, body);
    const again = await api.post(USERS, body);
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
    expect(outcome(await api.post(USERS, { ...body, active: false }))).toEqual([409, 'id_conflict']);
    expect(outcome(await api.post(TEAMS, { id: body.id, company_id: company.id, name }))).toEqual([
      409,
      'id_conflict',
    ]);
    const path = `${USERS}/${body.id}`;
    const stale = { headers: { 'If-Match': '"2"' } };
    expect(outcome(await api.put(path, { name: 'x' }, stale))).toEqual([412, 'stale_version']);
    expect(outcome(await api.delete(path, stale))).toEqual([412, 'stale_version']);
    expect((await api.get(path, { headers: { 'If-None-Match': '"1"' } })).status).toBe(304);
  });

  it('has a history and goes back in it', async () => {
    const { id, name, email } = await aUser(api, company.id);
    const path = `${USERS}/${id}`;
    const later = aName();
    await api.put(path, { name: later, email: emailOf(later) });
    expect((await api.get(`${path}/versions/1/diff/2`)).body).toEqual([
      { op: 'replace', path: '/name', value: later },
      { op: 'replace', path: '/email', value: emailOf(later) },
    ]);
    const back = await api.post(`${path}/rollback/1`, { change_reason: 'oh' });
    expect([back.status, back.body.version, back.body.name, back.body.email]).toEqual([200, 3, name, email]);
    const squatter = await aUser(api, company.id, { email: emailOf(later) });
    const refused = await api.post(`${path}/rollback/2`);
    expect([...outcome(refused), refused.body.conflicting_id]).toEqual([
      409,
      'user_email_taken',
      squatter.id,
    ]);
    const { body } = await api.get(`${path}/versions`);
    expect(body.items.map(({ type, rolled_back_from }: any) => [type, rolled_back_from])).toEqual([
      ['rolled_back', 1],
      ['updated', null],
      ['created', null],
    ]);
    expect((await api.get(`${path}?as_of=${body.items[2].changed_at}`)).body.version).toBe(1);
    expect((await api.delete(`${path}?change_reason=left`)).status).toBe(204);
    expect(outcome(await api.get(path))).toEqual([404, 'user_not_found']);
    expect((await api.get(`${path}/versions/4`)).body).toMatchObject({
      type: 'deleted',
      change_reason: 'left',
      state: null,
    });
    expect(outcome(await api.get(`${path}?as_of=2999-01-01T00:00:00Z`))).toEqual([410, 'gone']);
    expect(outcome(await api.post(`${path}/rollback/1`))).toEqual([404, 'user_not_found']);
  });

  it('is shown in events as it is shown elsewhere', async () => {
    const user = await aUser(api, company.id);
    const { body } = await api.get(`/api/v1/events?aggregate_id=${user.id}`);
    expect(body.items.map(({ type, subject, data }: any) => [type, subject, data.state])).toEqual([
      ['io.metastore.catalog.user.created.v1', user.email, user],
    ]);
  });
});

describe('users', () => {
  it('are found by company, address, activity, team, labels, time and text', async () => {
    const { id: companyId } = await aCompany(api);
    const team = await aTeam(api, companyId);
    const [ada, bob, eve] = [
      await aUser(api, companyId, { name: 'Ada', labels: { site: 'berlin' } }),
      await aUser(api, companyId, { name: 'Bob', active: false, labels: { site: 'paris', legacy: '' } }),
      await aUser(api, companyId, { name: 'Eve' }),
    ];
    await api.put(`${TEAMS}/${team.id}/members/${eve.id}`);
    const found = async (query: string): Promise<string[]> =>
      (await api.get(`${USERS}?company_id=${companyId}&${query}`)).body.items.map(({ name }: any) => name);
    expect(await found('')).toEqual(['Ada', 'Bob', 'Eve']);
    expect(await found('sort=-name')).toEqual(['Eve', 'Bob', 'Ada']);
    expect(await found(`email=${ada.email.toUpperCase()},${bob.email}`)).toEqual(['Ada', 'Bob']);
    expect(await found('active=false')).toEqual(['Bob']);
    expect(await found(`team_id=${team.id}`)).toEqual(['Eve']);
    expect(await found(`team_id=${randomUUID()}`)).toEqual([]);
    expect(await found('selector=site in (berlin,paris),!legacy')).toEqual(['Ada']);
    expect(await found('selector=site!=paris')).toEqual(['Ada', 'Eve']);
    expect(await found(`updated_since=${(await api.get(`${USERS}/${eve.id}`)).body.updated_at}`)).toEqual([
      'Eve',
    ]);
    expect(await found('q=%25')).toEqual([]);
    const wrong = await api.get(`${USERS}?company_id=x&selector=a in`);
    expect(wrong.status).toBe(400);
    for (const query of [
      'team_id=x',
      'selector=(',
      'active=perhaps',
      'updated_since=now',
      'sort=labels',
      'x=1',
    ])
      expect([(await api.get(`${USERS}?${query}`)).status, query]).toEqual([400, query]);
  });

  it('are listed page by page, each once', async () => {
    const { id: companyId } = await aCompany(api);
    for (let index = 0; index < 5; index += 1) await aUser(api, companyId, { name: 'Same' });
    const ids = new Set<string>();
    let cursor = '';
    do {
      const { body } = await api.get(`${USERS}?company_id=${companyId}&sort=email&limit=2${cursor}`);
      for (const { id } of body.items) ids.add(id);
      cursor = body.next_cursor === null ? '' : `&cursor=${encodeURIComponent(body.next_cursor)}`;
    } while (cursor !== '');
    expect(ids.size).toBe(5);
  });
});
