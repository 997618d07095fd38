import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aCompany, aName, aTeam, aUser, made, mistakes, outcome, TEAMS, USERS } from './made.js';

let api: TestApi;
let company: any;

beforeAll(async () => {
  api = await TestApi.start();
  company = await aCompany(api);
});

afterAll(() => api.stop());

describe('a team that is deleted', () => {
  it('lets its members go', async () => {
    const team = await aTeam(api, company.id);
    const [owner, member] = [await aUser(api, company.id), await aUser(api, company.id)];
    await api.put(`${TEAMS}/${team.id}/members/${owner.id}`, { role: 'owner' });
    await api.put(`${TEAMS}/${team.id}/members/${member.id}`);
    expect((await api.delete(`${TEAMS}/${team.id}?change_reason=done`)).status).toBe(204);
    expect(outcome(await api.get(`${TEAMS}/${team.id}`))).toEqual([404, 'team_not_found']);
    const user = await api.get(`${USERS}/${owner.id}`);
    expect([user.body.version, user.body.teams, user.headers.get('etag')]).toEqual([3, [], '"3"']);
    expect((await api.get(`${USERS}/${owner.id}/versions/3`)).body).toMatchObject({
      type: 'left_team',
      change_reason: 'done',
    });
    expect((await api.get(`${USERS}/${member.id}/teams`)).body.items).toEqual([]);
    expect((await api.get(`${TEAMS}/${team.id}/versions/4`)).body).toMatchObject({
      type: 'deleted',
      state: null,
    });
  });

  it('stays as long as it owns something and nobody inherits', async () => {
    const team = await aTeam(api, company.id);
    await aTeam(api, company.id, { name: `${team.name}-b`, parent_team_id: team.id });
    const child = await aTeam(api, company.id, { name: `${team.name}-a`, parent_team_id: team.id });
    const environment = made(
      await api.post('/api/v1/environments', {
        company_id: company.id,
        key: aName(),
        tier: 'staging',
        owner_team_id: team.id,
      }),
    );
    const reply = await api.delete(`${TEAMS}/${team.id}`);
    expect([...outcome(reply), reply.body.teams, reply.body.environments]).toEqual([
      409,
      'team_in_use',
      2,
      1,
    ]);
    const owned = await api.get(`${TEAMS}/${team.id}/owned?include_total=true&limit=2`);
    expect([owned.body.total, owned.body.items]).toEqual([
      3,
      [
        {
          kind: 'environment',
          id: environment.id,
          name: environment.name,
          key: environment.key,
          type: 'staging',
          environment: null,
        },
        { kind: 'team', id: child.id, name: child.name, key: child.slug, type: null, environment: null },
      ],
    ]);
    const next = await api.get(`${TEAMS}/${team.id}/owned?limit=2&cursor=${owned.body.next_cursor}`);
    expect([next.body.items.length, next.body.has_more]).toEqual([1, false]);
    const other = await api.get(`${TEAMS}/${child.id}/owned?limit=2&cursor=${owned.body.next_cursor}`);
    expect(outcome(other)).toEqual([400, 'invalid_cursor']);
  });

  it('leaves everything to its heir, and each thing knows', async () => {
    const [team, heir] = [await aTeam(api, company.id), await aTeam(api, company.id)];
    const child = await aTeam(api, company.id, { parent_team_id: team.id });
    const environment = made(
      await api.post('/api/v1/environments', {
        company_id: company.id,
        key: aName(),
        owner_team_id: team.id,
      }),
    );
    const done = await api.delete(
      `${TEAMS}/${team.id}?reassign_to=${heir.id.toUpperCase()}&change_reason=merged`,
    );
    expect([done.status, done.body]).toEqual([204, null]);
    const moved = (await api.get(`${TEAMS}/${child.id}`)).body;
    expect([moved.parent_team_id, moved.version]).toEqual([heir.id, 2]);
    expect((await api.get(`${TEAMS}/${child.id}/versions/2`)).body).toMatchObject({
      type: 'updated',
      change_reason: 'merged',
    });
    const path = `/api/v1/environments/${environment.id}`;
    expect((await api.get(path)).body).toMatchObject({ owner_team_id: heir.id, version: 2 });
    expect((await api.get(`${path}/versions/2`)).body.change_reason).toBe('merged');
    expect((await api.get(`${TEAMS}/${heir.id}/owned`)).body.items.map(({ id }: any) => id)).toEqual([
      environment.id,
      child.id,
    ]);
    expect(outcome(await api.get(`${TEAMS}/${team.id}`))).toEqual([404, 'team_not_found']);
  });

  it('has no heir that cannot be one, and then nothing has happened', async () => {
    const elsewhere = await aCompany(api);
    const team = await aTeam(api, company.id);
    const child = await aTeam(api, company.id, { parent_team_id: team.id });
    const stranger = await aTeam(api, elsewhere.id);
    const deleting = (heir: string): Promise<any> => api.delete(`${TEAMS}/${team.id}?reassign_to=${heir}`);
    for (const heir of [stranger.id, randomUUID(), '00000000-0000-0000-0000-000000000000']) {
      const reply = await deleting(heir);
      expect([...outcome(reply), mistakes(reply)]).toEqual([
        422,
        'catalog_reference_unknown',
        ['/reassign_to catalog_reference_unknown'],
      ]);
    }
    for (const heir of [team.id, child.id]) {
      const reply = await deleting(heir);
      expect([...outcome(reply), mistakes(reply)]).toEqual([422, 'team_cycle', ['/reassign_to team_cycle']]);
    }
    expect((await deleting('x')).status).toBe(400);
    let deep = await aTeam(api, company.id);
    for (let depth = 2; depth <= 8; depth += 1)
      deep = await aTeam(api, company.id, { parent_team_id: deep.id });
    const tooDeep = await deleting(deep.id);
    expect([...outcome(tooDeep), mistakes(tooDeep)]).toEqual([
      422,
      'team_too_deep',
      ['/reassign_to team_too_deep'],
    ]);
    const stale = await api.delete(`${TEAMS}/${team.id}?reassign_to=${deep.parent_team_id}`, {
      headers: { 'If-Match': '"7"' },
    });
    expect(outcome(stale)).toEqual([412, 'stale_version']);
    expect((await api.get(`${TEAMS}/${child.id}`)).body).toEqual(child);
    const right = await api.delete(`${TEAMS}/${team.id}?reassign_to=${deep.parent_team_id}`, {
      headers: { 'If-Match': '"1"' },
    });
    expect(right.status).toBe(204);
  });
});
