import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import { SourceConflict } from '../domain/catalog-import-errors.js';
import { slug, teamId, userId } from '../domain/identity.js';
import type { TeamId } from '../domain/identity.js';
import { Team } from '../domain/team.js';
import type { TeamContent } from '../domain/team.js';
import { TeamSlugTaken } from '../domain/team-errors.js';
import { TeamRepository } from '../domain/team.repository.js';
import { User } from '../domain/user.js';
import { UserEmailTaken } from '../domain/user-errors.js';
import { UserRepository } from '../domain/user.repository.js';
import { ImportedMembers } from './imported-members.js';
import type { EntityOf, ImportRun } from './import-run.js';
import { TeamChanges } from './team-changes.js';
import type { KnownThing } from './catalog-import.store.js';

/** Users, teams and who is in them, as an import has them. Nobody else changes teams of the company meanwhile. */
@Injectable()
export class ImportedPeople {
  constructor(
    private readonly users: UserRepository,
    private readonly teams: TeamRepository,
    private readonly changes: TeamChanges,
    private readonly members: ImportedMembers,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async store(run: ImportRun): Promise<void> {
    const users = new Map<string, User>();
    const teams = new Map<string, Team>();
    const before = await this.#before(run);
    for (const user of run.entitiesOf('user'))
      await run.trying(user, async () => users.set(user.ref, await this.#storeUser(run, user, before)));
    await run.settle();
    const { sorted, circles } = parentsFirst(run.entitiesOf('team'));
    for (const team of sorted)
      await run.trying(team, async () => teams.set(team.ref, await this.#storeTeam(run, team, before)));
    for (const team of circles) run.errors.push(team.remark(IN_A_CIRCLE));
    for (const team of sorted) if (run.isIn(team.ref)) findChildren(run, team);
    await this.members.store(run, users, teams);
  }

  /** What the source spoke for before, in the order of ids, so that nobody waits for another who waits. */
  async #before(run: ImportRun): Promise<Before> {
    const known = [...run.entitiesOf('user'), ...run.entitiesOf('team')].flatMap(
      ({ ref }) => run.before(ref) ?? [],
    );
    const idsOf = (is: KnownThing['is']): string[] =>
      [...new Set(known.flatMap((thing) => (thing.is === is ? [thing.id] : [])))].sort();
    const [users, teams] = await Promise.all([
      Promise.all(idsOf('user').map((id) => this.users.get(userId(id)))),
      Promise.all(idsOf('team').map((id) => this.teams.get(teamId(id)))),
    ]);
    return { users: byId(users), teams: byId(teams) };
  }

  /** Those that are said in other words, as the last thing of all: by then it is known what leads nowhere. */
  async describe(run: ImportRun): Promise<void> {
    for (const { is, id } of run.describedAnew) {
      if (is === 'user') {
        const user = await this.users.get(userId(id));
        user.describeAnew(run.asked.reason);
        await run.saving(() => this.users.save(user));
      }
      if (is === 'team') {
        const team = await this.teams.get(teamId(id));
        team.describeAnew(run.asked.reason);
        await run.saving(() => this.teams.save(team));
      }
    }
    await run.settle();
  }

  async #storeUser(run: ImportRun, entity: EntityOf<'user'>, { users }: Before): Promise<User> {
    const { name, email, active, labels } = entity.facts;
    const content = { name, email, active, labels };
    const { reason } = run.asked;
    const before = users.get(run.before(entity.ref)?.id ?? '');
    const user = before ?? User.create({ id: userId(entity.newId), ...run.home }, content, reason);
    if (before) user.revise(content, reason);
    const becoming = before ? (user.change ? 'updated' : 'unchanged') : 'created';
    if (user.change) {
      const save = (): Promise<void> => this.users.save(user);
      await run.saving(save, () => this.#saveUser(user));
    }
    run.became(entity, user.snapshot.id, becoming);
    return user;
  }

  async #saveUser(user: User): Promise<void> {
    const isNew = user.snapshot.version === 0;
    try {
      await this.unitOfWork.attempt(() => this.users.save(user));
    } catch (error) {
      throw error instanceof UserEmailTaken && isNew ? new SourceConflict(null) : error;
    }
  }

  async #storeTeam(run: ImportRun, entity: EntityOf<'team'>, { teams }: Before): Promise<Team> {
    const { reason } = run.asked;
    const content = this.#contentOf(run, entity);
    const before = teams.get(run.before(entity.ref)?.id ?? '');
    const team = before ?? Team.create({ id: teamId(entity.newId), ...run.home }, content, reason);
    const was = before ? team.snapshot : null;
    if (before) team.revise(content, reason);
    const becoming = before ? (team.change ? 'updated' : 'unchanged') : 'created';
    try {
      if (team.change) await this.unitOfWork.attempt(() => this.changes.store(team, was));
    } catch (error) {
      throw error instanceof TeamSlugTaken && !before ? new SourceConflict(null) : error;
    }
    run.became(entity, team.snapshot.id, becoming);
    return team;
  }

  #contentOf(run: ImportRun, entity: EntityOf<'team'>): TeamContent {
    const { name, slug: called, description, email, labels, parent } = entity.facts;
    const naming = parent === null ? null : ({ ref: parent, is: 'team', pointer: '/spec/parent' } as const);
    const parentId = naming && (run.resolve(entity, naming) as TeamId | null);
    return { name, slug: slug(called, '/slug'), description, email, labels, parentId };
  }
}

/** Those that the import stored before, by id. */
interface Before {
  readonly users: ReadonlyMap<string, User>;
  readonly teams: ReadonlyMap<string, Team>;
}

const byId = <One extends User | Team>(all: readonly One[]): Map<string, One> =>
  new Map(all.map((one) => [one.snapshot.id, one]));

/** Each child says its parent itself by now; those that are not there are noted, so that an export says them still. */
function findChildren(run: ImportRun, team: EntityOf<'team'>): void {
  for (const ref of team.facts.children) run.resolve(team, { ref, is: 'team', pointer: '/spec/children' });
}

const IN_A_CIRCLE = {
  pointer: '/spec/parent',
  code: 'team_cycle',
  detail: 'It stands below itself, or below a team that does.',
};

/** Those that have no place because they stand in a circle, or below one, apart. */
function parentsFirst(teams: readonly EntityOf<'team'>[]): {
  readonly sorted: readonly EntityOf<'team'>[];
  readonly circles: readonly EntityOf<'team'>[];
} {
  const left = new Map(teams.map((team) => [team.ref, team]));
  const sorted: EntityOf<'team'>[] = [];
  for (let found = true; found;) {
    found = false;
    for (const [ref, team] of left) {
      const { parent } = team.facts;
      if (parent !== null && left.has(parent)) continue;
      left.delete(ref);
      sorted.push(team);
      found = true;
    }
  }
  return { sorted, circles: [...left.values()] };
}
