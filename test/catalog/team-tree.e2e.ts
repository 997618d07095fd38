import { TestApi } from '../api.js';
import { aCompany, aName, aTeam, mistakes, outcome, TEAMS } from './made.js';

let api: TestApi;
let company: any;

beforeAll(async () => {
  api = await TestApi.start();
  company = await aCompany(api);
});

afterAll(() => api.stop());

/** Teams each below the one before, the first below the team named. */
async function aChain(length: number, below: string | null = null): Promise<any[]> {
  const chain: any[] = [];
  for (let level = 0; level < length; level += 1) {
    const parent = chain.at(-1)?.id ?? below;
    chain.push(await aTeam(api, company.id, { parent_team_id: parent }));
  }
  return chain;
}

const move = (team: any, below: any): Promise<any> =>
  api.put(`${TEAMS}/${team.id}`, { parent_team_id: below === null ? null : below.id });
const parentOf = async (team: any): Promise<string | null> =>
  (await api.get(`${TEAMS}/${team.id}`)).body.parent_team_id;

describe('the tree of teams', () => {
  it('has eight levels at most, also for what comes with a team that moves', async () => {
    const chain = await aChain(8);
    const ninth = { company_id: company.id, name: aName(), parent_team_id: chain[7].id };
    const created = await api.post(TEAMS, ninth);
    expect([...outcome(created), mistakes(created), created.body.depth, created.body.depth_max]).toEqual([
      422,
      'team_too_deep',
      ['/parent_team_id team_too_deep'],
      9,
      8,
    ]);
    const pair = await aChain(2);
    const moved = await move(pair[0], chain[6]);
    expect([...outcome(moved), moved.body.depth]).toEqual([422, 'team_too_deep', 9]);
    expect((await move(pair[0], chain[5])).status).toBe(200);
    expect(outcome(await move(chain[0], (await aChain(1))[0]))).toEqual([422, 'team_too_deep']);
    expect((await move(pair[0], null)).body.parent_team_id).toBeNull();
    const patched = await api.patch(`${TEAMS}/${chain[4].id}`, { parent_team_id: pair[1].id });
    expect([patched.status, patched.body.parent_team_id]).toEqual([200, pair[1].id]);
  });

  it('has no team below itself', async () => {
    const [top, middle, bottom] = await aChain(3);
    for (const [below, path] of [
      [top, [top, top]],
      [middle, [top, middle, top]],
      [bottom, [top, bottom, middle, top]],
    ]) {
      const reply = await move(top, below);
      expect([...outcome(reply), mistakes(reply), reply.body.path]).toEqual([
        422,
        'team_cycle',
        ['/parent_team_id team_cycle'],
        path.map(({ id, slug }: any) => ({ id, slug })),
      ]);
    }
    expect([await parentOf(top), await parentOf(middle)]).toEqual([null, top.id]);
    const id = '0193aaaa-7c41-7bd4-a1a5-0f6a8d7c9e10';
    const ownParent = await api.post(TEAMS, { id, company_id: company.id, name: 'x', parent_team_id: id });
    expect(outcome(ownParent)).toEqual([422, 'catalog_reference_unknown']);
  });

  it('is not left by going back to where a team stood once', async () => {
    const [top, middle] = await aChain(2);
    await move(middle, null);
    await move(top, middle);
    const reply = await api.post(`${TEAMS}/${middle.id}/rollback/1`);
    expect(outcome(reply)).toEqual([422, 'team_cycle']);
    expect([await parentOf(top), await parentOf(middle)]).toEqual([middle.id, null]);
  });

  it('lets a team be renamed wherever it stands', async () => {
    const chain = await aChain(8);
    const reply = await api.put(`${TEAMS}/${chain[7].id}`, {
      name: 'Renamed',
      parent_team_id: chain[6].id,
    });
    expect([reply.status, reply.body.name]).toEqual([200, 'Renamed']);
  });

  it('loses a team with the teams below it going to an heir, as deep as they come', async () => {
    const [gone, ...below] = await aChain(4);
    const heirs = await aChain(5);
    expect(outcome(await api.delete(`${TEAMS}/${gone.id}?reassign_to=${heirs[4].id}`))).toEqual([
      204,
      undefined,
    ]);
    expect(await parentOf(below[0])).toBe(heirs[4].id);
    expect(await parentOf(below[2])).toBe(below[1].id);
  });
});
