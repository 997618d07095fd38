import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import {
  aCompany,
  aName,
  aTeam,
  aTenant,
  aUser,
  COMPANIES,
  ENVIRONMENTS,
  outcome,
  RESOURCES,
  TEAMS,
  USERS,
} from './made.js';

let api: TestApi;
let replica: TestApi;
let company: any;

beforeAll(async () => {
  api = await TestApi.start();
  replica = await TestApi.start({ beside: api });
  company = await aCompany(api);
});

afterAll(async () => {
  await replica.stop();
  await api.stop();
});

/** The same work of each at once, half of them at another replica. */
const atOnce = <T>(things: readonly T[], act: (thing: T, at: TestApi) => Promise<Reply>): Promise<Reply[]> =>
  Promise.all(things.map((thing, index) => act(thing, index % 2 === 0 ? api : replica)));

const several = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make));

const inWords = (replies: readonly Reply[]): string[] =>
  replies.map((reply) => outcome(reply).join(' ').trim()).sort();

describe('changes at the same time', () => {
  it('never move teams into a circle', async () => {
    for (let round = 0; round < 4; round += 1) {
      const tops = await several(4, () => aTeam(api, company.id));
      const below = await Promise.all(tops.map(({ id }) => aTeam(api, company.id, { parent_team_id: id })));
      // Each below what stands below the next one, the last below the first one's: no two touch the same team.
      const replies = await atOnce(tops, (top, at) =>
        at.put(`${TEAMS}/${top.id}`, {
          parent_team_id: below[(tops.indexOf(top) + 1) % tops.length].id,
        }),
      );
      expect(inWords(replies).filter((words) => words !== '200')).toEqual([
        expect.stringMatching(/^422 team_/),
      ]);
    }
  });

  it('never make the tree deeper than it may be', async () => {
    for (let round = 0; round < 3; round += 1) {
      let [upper, lower] = [await aTeam(api, company.id), await aTeam(api, company.id)];
      const root = lower;
      for (let level = 0; level < 3; level += 1) {
        upper = await aTeam(api, company.id, { parent_team_id: upper.id });
        lower = await aTeam(api, company.id, { parent_team_id: lower.id });
      }
      // Four levels below four, and a fifth below those: one of them is too much.
      const replies = await atOnce([0, 1], (which, at) =>
        which === 0
          ? at.put(`${TEAMS}/${root.id}`, { parent_team_id: upper.id })
          : at.post(TEAMS, { company_id: company.id, name: aName(), parent_team_id: lower.id }),
      );
      const refused = replies.filter(({ status }) => status === 422);
      expect(refused.map((reply) => outcome(reply))).toEqual([[422, 'team_too_deep']]);
    }
  });

  it('never leave a team without an owner', async () => {
    const team = await aTeam(api, company.id);
    const owners = await several(6, () => aUser(api, company.id));
    for (const { id } of owners) await api.put(`${TEAMS}/${team.id}/members/${id}`, { role: 'owner' });
    const replies = await atOnce(owners, (owner, at) => {
      const path = `${TEAMS}/${team.id}/members/${owner.id}`;
      const ways = [
        () => at.delete(path),
        () => at.put(path, { role: 'member' }),
        () => at.delete(`${USERS}/${owner.id}`),
      ];
      return (ways[owners.indexOf(owner) % ways.length] ?? ways[0])?.() as Promise<Reply>;
    });
    const refused = replies.filter(({ status }) => status === 409);
    expect(refused.map((reply) => outcome(reply))).toEqual([[409, 'last_owner']]);
    const { members } = (await api.get(`${TEAMS}/${team.id}`)).body;
    expect(members.filter(({ role }: any) => role === 'owner').length).toBe(1);
  });

  it('keep what both sides say of each other the same, and the rows beside it', async () => {
    const teams = await several(3, () => aTeam(api, company.id));
    const users = await several(3, () => aUser(api, company.id));
    const pairs = teams.flatMap((team) => users.map((user) => ({ team, user })));
    const joined = await atOnce(pairs, ({ team, user }, at) =>
      at.put(`${TEAMS}/${team.id}/members/${user.id}`),
    );
    expect(inWords(joined)).toEqual(pairs.map(() => '201'));
    const [gone] = users;
    const mixed = await atOnce([0, 1, 2, 3], (which, at) => {
      if (which === 0) return at.delete(`${USERS}/${gone.id}`);
      if (which === 1) return at.delete(`${TEAMS}/${teams[0].id}`);
      if (which === 2) return at.put(`${TEAMS}/${teams[1].id}/members/${users[1].id}`, { role: 'owner' });
      return at.delete(`${TEAMS}/${teams[2].id}/members/${users[1].id}`);
    });
    expect(inWords(mixed)).toEqual(['200', '204', '204', '204']);
    const left = [teams[1], teams[2]];
    const said: string[] = [];
    const listed: string[] = [];
    for (const { id } of left) {
      for (const { user_id, role, since } of (await api.get(`${TEAMS}/${id}`)).body.members)
        said.push([id, user_id, role, since].join(' '));
      for (const { user_id, role, since } of (await api.get(`${TEAMS}/${id}/members`)).body.items)
        listed.push([id, user_id, role, since].join(' '));
    }
    const mirrored: string[] = [];
    for (const { id } of users.slice(1))
      for (const { team_id, role, since } of (await api.get(`${USERS}/${id}`)).body.teams)
        mirrored.push([team_id, id, role, since].join(' '));
    expect(said.length).toBe(3);
    expect([mirrored.sort(), listed.sort()]).toEqual([said.sort(), said.sort()]);
  });

  it('let one of several have an address, a slug or an id', async () => {
    const [email, slug] = [`${aName()}@example.com`, aName()];
    const four = [0, 1, 2, 3];
    const user = { company_id: company.id, name: 'Ada', email };
    expect(inWords(await atOnce(four, (_, at) => at.post(USERS, user)))).toEqual([
      '201',
      ...['409 user_email_taken', '409 user_email_taken', '409 user_email_taken'],
    ]);
    const team = { company_id: company.id, name: 'Team', slug };
    expect(inWords(await atOnce(four, (_, at) => at.post(TEAMS, team)))).toEqual([
      '201',
      ...['409 team_slug_taken', '409 team_slug_taken', '409 team_slug_taken'],
    ]);
    const { id, name } = await aTeam(api, company.id);
    const edits = await atOnce(four, (which, at) =>
      at.put(`${TEAMS}/${id}`, { name: `${name}-${which}` }, { headers: { 'If-Match': '"1"' } }),
    );
    expect(inWords(edits)).toEqual(['200', '412 stale_version', '412 stale_version', '412 stale_version']);
  });

  it('do not delete a team under what comes to it', async () => {
    for (let round = 0; round < 4; round += 1) {
      const team = await aTeam(api, company.id);
      const environment = { company_id: company.id, key: aName(), owner_team_id: team.id };
      const [made, deleted] = await atOnce([0, 1], (which, at) =>
        which === 0 ? at.post('/api/v1/environments', environment) : at.delete(`${TEAMS}/${team.id}`),
      );
      const words = inWords([made, deleted] as Reply[]);
      expect([
        ['201', '409 team_in_use'],
        ['204', '422 catalog_reference_unknown'],
      ]).toContainEqual(words);
      if (deleted?.status === 409) expect(deleted.body.environments).toBe(1);
    }
  });
});

it('the same sent several times at once is made once, and everybody gets it', async () => {
  const bodies: Readonly<Record<string, object>> = {
    [COMPANIES]: { tenant_id: aTenant(), name: aName() },
    [USERS]: { company_id: company.id, name: 'Ada', email: `${aName()}@example.com` },
    [TEAMS]: { company_id: company.id, name: aName() },
    [ENVIRONMENTS]: { company_id: company.id, key: aName() },
    [RESOURCES]: { company_id: company.id, name: aName(), type: 'service' },
  };
  for (const [path, body] of Object.entries(bodies)) {
    const sent = Array.from({ length: 8 }, () => ({ ...body, id: randomUUID() }));
    const replies = await atOnce(sent, (_, at) => at.post(path, sent[0]));
    expect([path, inWords(replies)]).toEqual([path, [...Array(7).fill('200'), '201']]);
    expect(new Set(replies.map((reply) => reply.body.id))).toEqual(new Set([sent[0]?.id]));
  }
});
