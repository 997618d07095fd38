import fc from 'fast-check';
import type { ResourceFacts, TeamFacts, UserFacts } from '../../libs/catalog/domain/backstage/facts.js';
import type { RelationType } from '../../libs/catalog/domain/relation.js';
import { entities, resource, team, user } from '../../libs/catalog/testing/descriptors.js';
import { TestApi } from '../api.js';
import { importsInto } from './imported.js';
import { aHome, aTenant, RESOURCES, TEAMS, USERS } from './made.js';

const RUNS = 10;

let api: TestApi;
const { taken } = importsInto(() => api);

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const exported = async (tenant: string): Promise<string> =>
  (await api.get(`/api/v1/catalog/export?tenant_id=${tenant}`)).text;

it('what was exported after an import is what the catalog has: it changes nothing, and comes out the same', async () => {
  await fc.assert(
    fc.asyncProperty(entities, async (all) => {
      const tenant = aTenant();
      const { created } = await taken(tenant, { items: all });
      const text = await exported(tenant);
      expect(await taken(tenant, text)).toMatchObject({
        ...{ created: 0, updated: 0, unchanged: created, orphaned: 0, errors: [] },
      });
      expect(await exported(tenant)).toBe(text);
    }),
    { numRuns: RUNS },
  );
});

const some = fc.nat({ max: 30 });
const byHand = fc.record({
  people: fc.array(user, { maxLength: 3 }),
  teams: fc.array(fc.tuple(team, fc.option(some)), { maxLength: 3 }),
  members: fc.array(fc.tuple(some, some, fc.constantFrom('member', 'maintainer', 'owner')), { maxLength: 4 }),
  resources: fc.array(fc.tuple(resource, fc.option(some)), { minLength: 1, maxLength: 6 }),
  relations: fc.array(
    fc.tuple(
      some,
      fc.constantFrom<RelationType>('depends_on', 'part_of', 'provides_api', 'consumes_api', 'deployed_to'),
      some,
    ),
    { maxLength: 6 },
  ),
});

/** The id of one of those that were made, if any was. */
const idOf = (made: readonly any[], n: number | null): string | null =>
  n === null || made.length === 0 ? null : made[n % made.length].id;

/** Those that were made; what is there already is not made twice. */
async function make(path: string, bodies: readonly object[]): Promise<any[]> {
  const all: any[] = [];
  for (const body of bodies) {
    const reply = await api.post(path, body);
    expect([body, [201, 409].includes(reply.status), reply.body]).toEqual([body, true, expect.anything()]);
    if (reply.status === 201) all.push(reply.body);
  }
  return all;
}

const userBody = ({ name, email, active, labels }: UserFacts): object => ({ name, email, active, labels });
const teamBody = ({ name, slug, description, email, labels }: TeamFacts): object => ({
  ...{ name, slug, description, email, labels },
});
const resourceBody = (facts: ResourceFacts): object => ({
  ...{ namespace: facts.namespace, name: facts.name, type: facts.type, description: facts.description },
  ...{ labels: facts.labels, annotations: facts.annotations, links: facts.links },
  environment: facts.environment === 'qa' ? 'staging' : facts.environment,
  lifecycle_status: facts.lifecycleStatus,
  endpoints: [...new Map(facts.endpoints.map((one) => [one.name, one])).values()],
  ttl_seconds: facts.ttlSeconds,
});

it('what was made by hand survives an export, an import into an empty tenant, and another export', async () => {
  await fc.assert(
    fc.asyncProperty(byHand, async (wanted) => {
      const { tenant, company } = await aHome(api);
      const of = { company_id: company.id };
      const people = await make(
        USERS,
        wanted.people.map(userBody).map((body) => ({ ...body, ...of })),
      );
      const teams: any[] = [];
      for (const [facts, parent] of wanted.teams)
        teams.push(
          ...(await make(TEAMS, [{ ...teamBody(facts), ...of, parent_team_id: idOf(teams, parent) }])),
        );
      for (const [team, user, role] of wanted.members) {
        const [at, who] = [idOf(teams, team), idOf(people, user)];
        if (at && who) await api.put(`${TEAMS}/${at}/members/${who}`, { role });
      }
      const bodies = wanted.resources.map(([facts, owner]) => ({
        ...{ ...resourceBody(facts), ...of },
        owner_team_id: idOf(teams, owner),
      }));
      const resources = await make(RESOURCES, bodies);
      for (const [from, type, to] of wanted.relations)
        await api.post(`${RESOURCES}/${idOf(resources, from)}/relations`, {
          ...{ type, to_id: idOf(resources, to) },
        });
      const text = await exported(tenant);
      const copy = aTenant();
      const created = people.length + teams.length + resources.length;
      expect(await taken(copy, text)).toMatchObject({ created, updated: 0, errors: [], warnings: [] });
      expect(await exported(copy)).toBe(text);
    }),
    { numRuns: RUNS },
  );
});
