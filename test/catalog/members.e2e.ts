import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aCompany, aTeam, aUser, mistakes, outcome, TEAMS, USERS } from './made.js';

let api: TestApi;
let company: any;

beforeAll(async () => {
  api = await TestApi.start();
  company = await aCompany(api);
});

afterAll(() => api.stop());

const memberPath = (team: any, user: any): string => `${TEAMS}/${team.id}/members/${user.id}`;
const typesOf = async (path: string): Promise<string[]> =>
  (await api.get(`${path}/versions`)).body.items.map(({ type }: any) => type).reverse();

describe('a member', () => {
  it('joins, changes and leaves, and both sides say so', async () => {
    const [team, user, boss] = [
      await aTeam(api, company.id),
      await aUser(api, company.id),
      await aUser(api, company.id),
    ];
    const first = await api.put(memberPath(team, boss), { role: 'owner', change_reason: 'founder' });
    expect([first.status, first.headers.get('etag'), first.headers.get('location')]).toEqual([
      201,
      '"2"',
      memberPath(team, boss),
    ]);
    const joined = await api.put(memberPath(team, user));
    expect([joined.status, joined.body]).toEqual([
      201,
      {
        user_id: user.id,
        name: user.name,
        email: user.email,
        active: true,
        role: 'member',
        since: expect.any(String),
        team_id: team.id,
      },
    ]);
    const { since } = joined.body;
    expect((await api.get(memberPath(team, user))).body).toEqual(joined.body);
    const same = await api.put(memberPath(team, user), { role: 'member' });
    expect([same.status, same.headers.get('etag'), same.body]).toEqual([200, '"3"', joined.body]);
    const raised = await api.put(memberPath(team, user), { role: 'maintainer' });
    expect([raised.status, raised.headers.get('etag'), raised.body]).toEqual([
      200,
      '"4"',
      { ...joined.body, role: 'maintainer' },
    ]);
    const kept = await api.put(memberPath(team, user), { change_reason: 'no role is said' });
    expect([kept.status, kept.headers.get('etag'), kept.body]).toEqual([200, '"4"', raised.body]);
    expect((await api.get(`${TEAMS}/${team.id}`)).body.members).toEqual([
      { user_id: boss.id, role: 'owner', since: first.body.since },
      { user_id: user.id, role: 'maintainer', since },
    ]);
    const shown = await api.get(`${USERS}/${user.id}`);
    expect([shown.headers.get('etag'), shown.body.teams]).toEqual([
      '"3"',
      [{ team_id: team.id, role: 'maintainer', since }],
    ]);
    const left = await api.delete(`${memberPath(team, user)}?change_reason=bye`);
    expect([left.status, left.body]).toEqual([204, null]);
    expect(outcome(await api.delete(memberPath(team, user)))).toEqual([404, 'membership_not_found']);
    expect(outcome(await api.get(memberPath(team, user)))).toEqual([404, 'membership_not_found']);
    expect(await typesOf(`${TEAMS}/${team.id}`)).toEqual([
      'created',
      'member_added',
      'member_added',
      'member_changed',
      'member_removed',
    ]);
    expect(await typesOf(`${USERS}/${user.id}`)).toEqual([
      'created',
      'joined_team',
      'team_role_changed',
      'left_team',
    ]);
    expect((await api.get(`${USERS}/${user.id}/versions/4`)).body.change_reason).toBe('bye');
    expect((await api.get(`${USERS}/${boss.id}/versions/2`)).body.change_reason).toBe('founder');
  });

  it('is decided on the version of the team', async () => {
    const [team, user] = [await aTeam(api, company.id), await aUser(api, company.id)];
    const at = (version: number): object => ({ headers: { 'If-Match': `"${version}"` } });
    expect(outcome(await api.put(memberPath(team, user), {}, at(2)))).toEqual([412, 'stale_version']);
    expect((await api.put(memberPath(team, user), {}, at(1))).status).toBe(201);
    const onlyNew = { headers: { 'If-None-Match': '*' } };
    const again = await api.put(memberPath(team, user), { role: 'maintainer' }, onlyNew);
    expect([...outcome(again), again.body.current_version]).toEqual([412, 'stale_version', 2]);
    const another = await aTeam(api, company.id);
    expect((await api.put(memberPath(another, user), {}, onlyNew)).status).toBe(201);
    expect(outcome(await api.delete(memberPath(team, user), at(1)))).toEqual([412, 'stale_version']);
    expect((await api.delete(memberPath(team, user), at(2))).status).toBe(204);
  });

  it('is a user of the same company', async () => {
    const elsewhere = await aCompany(api);
    const [team, stranger] = [await aTeam(api, company.id), await aUser(api, elsewhere.id)];
    const unknown = await api.put(memberPath(team, { id: randomUUID() }));
    const foreign = await api.put(memberPath(team, stranger));
    expect(foreign.body).toEqual({ ...unknown.body, request_id: foreign.body.request_id });
    expect([...outcome(foreign), mistakes(foreign)]).toEqual([
      422,
      'catalog_reference_unknown',
      ['/user_id catalog_reference_unknown'],
    ]);
    const user = await aUser(api, company.id);
    const wrong = await api.put(memberPath(team, user), { role: 'king', other: 1 });
    expect(mistakes(wrong)).toEqual(['/other unknown_property', '/role choice']);
    expect(mistakes(await api.put(memberPath(team, { id: 'x' })))).toEqual(['/user_id pattern']);
    expect(outcome(await api.put(memberPath({ id: randomUUID() }, user)))).toEqual([404, 'team_not_found']);
    expect((await api.get(`${TEAMS}/${team.id}`)).body.members).toEqual([]);
  });

  it('who is the last owner neither leaves nor becomes less, and is not deleted', async () => {
    const [team, owner, other] = [
      await aTeam(api, company.id),
      await aUser(api, company.id),
      await aUser(api, company.id),
    ];
    await api.put(memberPath(team, owner), { role: 'owner' });
    await api.put(memberPath(team, other), { role: 'maintainer' });
    for (const reply of [
      await api.delete(memberPath(team, owner)),
      await api.put(memberPath(team, owner), { role: 'maintainer' }),
      await api.put(memberPath(team, owner), { role: 'member' }),
      await api.delete(`${USERS}/${owner.id}`),
    ])
      expect([...outcome(reply), reply.body.teams]).toEqual([
        409,
        'last_owner',
        [{ id: team.id, slug: team.slug, name: team.name }],
      ]);
    await api.put(memberPath(team, other), { role: 'owner' });
    expect((await api.put(memberPath(team, owner), { role: 'member' })).status).toBe(200);
    expect((await api.delete(memberPath(team, owner))).status).toBe(204);
  });

  it('who is deleted has left the teams', async () => {
    const [team, owner, user] = [
      await aTeam(api, company.id),
      await aUser(api, company.id),
      await aUser(api, company.id),
    ];
    await api.put(memberPath(team, owner), { role: 'owner' });
    await api.put(memberPath(team, user), { role: 'owner' });
    expect((await api.delete(`${USERS}/${user.id}?change_reason=gone`)).status).toBe(204);
    const { body } = await api.get(`${TEAMS}/${team.id}`);
    expect([body.version, body.members.map(({ user_id }: any) => user_id)]).toEqual([4, [owner.id]]);
    expect((await api.get(`${TEAMS}/${team.id}/versions/4`)).body).toMatchObject({
      type: 'member_removed',
      change_reason: 'gone',
    });
  });
});

describe('lists of members and teams', () => {
  let [top, middle, bottom]: any[] = [];
  let [ada, bob, eve]: any[] = [];

  beforeAll(async () => {
    const { id } = await aCompany(api);
    top = await aTeam(api, id, { name: 'Top' });
    middle = await aTeam(api, id, { name: 'Middle', parent_team_id: top.id });
    bottom = await aTeam(api, id, { name: 'Bottom', parent_team_id: middle.id });
    const aside = await aTeam(api, id, { name: 'Aside', parent_team_id: top.id });
    ada = await aUser(api, id, { name: 'Ada' });
    bob = await aUser(api, id, { name: 'Bob', active: false });
    eve = await aUser(api, id, { name: 'Eve' });
    await api.put(memberPath(top, ada));
    await api.put(memberPath(bottom, ada), { role: 'owner' });
    await api.put(memberPath(middle, ada), { role: 'maintainer' });
    await api.put(memberPath(middle, bob));
    await api.put(memberPath(bottom, bob));
    await api.put(memberPath(aside, eve));
  });

  const members = async (team: any, query = ''): Promise<unknown[]> =>
    (await api.get(`${TEAMS}/${team.id}/members${query}`)).body.items.map((item: any) => [
      item.name,
      item.role,
      item.team_id,
    ]);
  const teams = async (user: any, query = ''): Promise<unknown[]> =>
    (await api.get(`${USERS}/${user.id}/teams${query}`)).body.items.map((item: any) => [
      item.name,
      item.role,
      item.via_team_id,
    ]);

  it('show a team’s own members, and with transitive those below it, each once with the strongest role', async () => {
    expect(await members(top)).toEqual([['Ada', 'member', top.id]]);
    expect(await members(middle)).toEqual([
      ['Ada', 'maintainer', middle.id],
      ['Bob', 'member', middle.id],
    ]);
    expect((await members(top, '?transitive=true')).slice(0, 2)).toEqual([
      ['Ada', 'owner', bottom.id],
      ['Bob', 'member', middle.id],
    ]);
    expect((await members(top, '?transitive=true')).length).toBe(3);
    expect(await members(middle, '?transitive=true')).toEqual([
      ['Ada', 'owner', bottom.id],
      ['Bob', 'member', middle.id],
    ]);
    expect(await members(bottom, '?transitive=false&sort=-name')).toEqual([
      ['Bob', 'member', bottom.id],
      ['Ada', 'owner', bottom.id],
    ]);
  });

  it('show a user’s own teams, and with transitive those above them', async () => {
    expect(await teams(bob)).toEqual([
      ['Bottom', 'member', bottom.id],
      ['Middle', 'member', middle.id],
    ]);
    expect(await teams(bob, '?transitive=true')).toEqual([
      ['Bottom', 'member', bottom.id],
      ['Middle', 'member', middle.id],
      ['Top', 'member', middle.id],
    ]);
    expect(await teams(ada, '?transitive=true')).toEqual([
      ['Bottom', 'owner', bottom.id],
      ['Middle', 'owner', bottom.id],
      ['Top', 'owner', bottom.id],
    ]);
    const [first] = (await api.get(`${USERS}/${eve.id}/teams`)).body.items;
    expect(first).toEqual({
      team_id: first.via_team_id,
      name: 'Aside',
      slug: 'aside',
      role: 'member',
      since: expect.any(String),
      via_team_id: expect.any(String),
    });
  });

  it('come page by page, counted where it is asked for', async () => {
    const path = `${TEAMS}/${top.id}/members?transitive=true&sort=-email&limit=2`;
    const first = await api.get(`${path}&include_total=true`);
    expect([first.body.items.length, first.body.has_more, first.body.total]).toEqual([2, true, 3]);
    const second = await api.get(`${path}&cursor=${first.body.next_cursor}`);
    const all = [...first.body.items, ...second.body.items].map(({ user_id }: any) => user_id);
    expect([new Set(all).size, second.body.next_cursor]).toEqual([3, null]);
    const other = `${TEAMS}/${middle.id}/members?transitive=true&sort=-email&limit=2`;
    expect(outcome(await api.get(`${other}&cursor=${first.body.next_cursor}`))).toEqual([
      400,
      'invalid_cursor',
    ]);
    const pages = await api.get(`${USERS}/${ada.id}/teams?transitive=true&sort=since&limit=1`);
    expect([pages.body.items.length, pages.body.has_more]).toEqual([1, true]);
    for (const query of ['sort=role', 'limit=0', 'transitive=perhaps', 'tenant_id=acme', 'cursor=x'])
      expect([(await api.get(`${TEAMS}/${top.id}/members?${query}`)).status, query]).toEqual([400, query]);
    expect(outcome(await api.get(`${TEAMS}/${randomUUID()}/members`))).toEqual([404, 'team_not_found']);
    expect(outcome(await api.get(`${USERS}/${randomUUID()}/teams`))).toEqual([404, 'user_not_found']);
  });
});
