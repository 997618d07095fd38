import { v7 as uuidv7 } from 'uuid';
import type { Entity } from '../domain/backstage/entity.js';
import { inNormalForm } from '../domain/backstage/normal-form.js';
import { slug, teamId, userId } from '../domain/identity.js';
import { MEMBERSHIPS_MAX } from '../domain/member.js';
import { Team } from '../domain/team.js';
import { User } from '../domain/user.js';
import { TeamServicesInMemory, THE_COMPANY } from '../testing/team-services-in-memory.js';
import { ImportedMembers } from './imported-members.js';
import { ImportRun } from './import-run.js';

const HOME = { companyId: THE_COMPANY, tenant: null };
const group = (name: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name },
  spec: { type: 'team', children: [], members: ['ada'] },
});

it('whoever is in too many teams already is in no other one, as the team says too', async () => {
  const parts = new TeamServicesInMemory();
  const identity = { ...HOME, id: userId(uuidv7()) };
  const ada = User.create(identity, { name: 'Ada', email: 'ada@example.com', active: true, labels: {} });
  await parts.users.save(ada);
  const names = Array.from({ length: MEMBERSHIPS_MAX + 1 }, (_, index) => `g-${index}`);
  const entities = [...inNormalForm(names.map(group))].map((one) => ({
    ...one,
    newId: uuidv7(),
    remark: (violation: object) => ({ ...violation, pointer: '', code: '', detail: '', entity: one.ref }),
  }));
  const asked = { source: 'acme', home: {}, newCompanyId: THE_COMPANY, entities, errors: [], unread: [] };
  const known = { source: null, entity: null, dangling: [] };
  const run = new ImportRun(
    { ...asked, prune: 'none', reason: null },
    HOME,
    [{ ...known, ref: 'user:default/ada', is: 'user', id: identity.id }],
    'one by one',
  );
  const teams = new Map<string, Team>();
  for (const entity of run.entitiesOf('team')) {
    const content = { name: entity.facts.name, slug: slug(entity.facts.slug, '/slug'), description: null };
    const rest = { email: null, parentId: null, labels: {} };
    const team = Team.create({ ...HOME, id: teamId(entity.newId) }, { ...content, ...rest });
    await parts.teams.save(team);
    run.became(entity, team.snapshot.id, 'created');
    teams.set(entity.ref, team);
  }
  await new ImportedMembers(parts.users, parts.teams, parts.clock).store(run, new Map(), teams);
  const stored = parts.teams.versions.all;
  expect(run.errors.map(({ entity }) => entity)).toEqual([`group:default/g-${MEMBERSHIPS_MAX}`]);
  expect(stored.filter(({ members }) => members.length === 0).map(({ slug: one }) => one)).toEqual([
    `g-${MEMBERSHIPS_MAX}`,
  ]);
  expect(parts.users.versions.get(identity.id)?.teams).toHaveLength(MEMBERSHIPS_MAX);
});
