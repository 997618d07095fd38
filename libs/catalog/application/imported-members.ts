import { Injectable } from '@nestjs/common';
import { Clock } from '#shared-kernel';
import { factsOf } from '../domain/backstage/entity-facts.js';
import type { TeamFacts } from '../domain/backstage/facts.js';
import type { MemberRole } from '../domain/member.js';
import type { Team } from '../domain/team.js';
import { TeamRepository } from '../domain/team.repository.js';
import type { TeamId, UserId } from '../domain/identity.js';
import type { User } from '../domain/user.js';
import { UserRepository } from '../domain/user.repository.js';
import type { ImportedEntity } from './catalog-import.js';
import type { EntityOf, ImportRun } from './import-run.js';

/**
 * Who is in which team, as an import has it: who is said to be in one joins, who is said so no more leaves, and whoever
 * somebody put in stays. Each team and each user is stored once, however many come and go.
 */
@Injectable()
export class ImportedMembers {
  constructor(
    private readonly users: UserRepository,
    private readonly teams: TeamRepository,
    private readonly clock: Clock,
  ) {}

  /** By reference: those that the import stored. */
  async store(
    run: ImportRun,
    users: ReadonlyMap<string, User>,
    teams: ReadonlyMap<string, Team>,
  ): Promise<void> {
    const crowd = new Crowd(
      run,
      new Loaded([...users.values()], (id) => this.users.findIn(run.home.companyId, id as UserId)),
      new Loaded([...teams.values()], (id) => this.teams.get(id as TeamId)),
      this.clock.now(),
    );
    for (const entity of run.entitiesOf('team')) if (teams.has(entity.ref)) await crowd.settleTeam(entity);
    const stored = new Set<string>([...teams.values()].map(({ snapshot }) => snapshot.id));
    for (const entity of run.entitiesOf('user'))
      if (users.has(entity.ref)) await crowd.settleUser(entity, stored);
    for (const team of crowd.teams.all) await run.saving(() => this.teams.save(team));
    for (const user of crowd.users.all) await run.saving(() => this.users.save(user));
    await run.settle();
  }
}

/** What is looked up once and kept. */
class Loaded<One extends { readonly snapshot: { readonly id: string } }> {
  readonly #all: Map<string, One>;

  constructor(
    known: readonly One[],
    private readonly load: (id: string) => Promise<One | null>,
  ) {
    this.#all = new Map(known.map((one) => [one.snapshot.id, one]));
  }

  async get(id: string): Promise<One | null> {
    const known = this.#all.get(id);
    if (known) return known;
    const one = await this.load(id);
    if (one) this.#all.set(id, one);
    return one;
  }

  /** In the order of ids, so that nobody waits for another who waits. */
  get all(): One[] {
    return [...this.#all.values()].sort((one, other) => (one.snapshot.id < other.snapshot.id ? -1 : 1));
  }
}

/** Everybody who comes or goes. */
class Crowd {
  constructor(
    private readonly run: ImportRun,
    readonly users: Loaded<User>,
    readonly teams: Loaded<Team>,
    private readonly now: Date,
  ) {}

  async settleTeam(entity: EntityOf<'team'>): Promise<void> {
    const { run } = this;
    const team = run.idOf(entity.ref, 'team') ?? '';
    const wanted = new Set<string>();
    for (const [ref, role] of ownersFirst(entity.facts.members)) {
      const user = run.resolve(entity, { ref, is: 'user', pointer: '/spec/members' });
      if (user === null) continue;
      wanted.add(user);
      await this.#admit(entity, { team, user, role });
    }
    for (const user of saidBefore(run, entity))
      if (!wanted.has(user)) await this.#dismiss(entity, { team, user, role: null });
  }

  /** In teams that the import does not store. */
  async settleUser(entity: EntityOf<'user'>, stored: ReadonlySet<string>): Promise<void> {
    const { run } = this;
    const user = run.idOf(entity.ref, 'user') ?? '';
    const wanted = new Set<string>();
    for (const ref of entity.facts.memberOf) {
      const team = run.resolve(entity, { ref, is: 'team', pointer: '/spec/memberOf' });
      if (team === null || stored.has(team)) continue;
      wanted.add(team);
      await this.#admit(entity, { team, user, role: null });
    }
    for (const team of saidBefore(run, entity))
      if (!wanted.has(team) && !stored.has(team)) await this.#dismiss(entity, { team, user, role: null });
  }

  /** A role that is not said stays what it is. */
  #admit(entity: ImportedEntity, { team: teamId, user: userId, role }: Seat): Promise<boolean> {
    return this.run.trying(entity, async () => {
      const [team, user] = [await this.teams.get(teamId), await this.users.get(userId)];
      if (!team || !user) return;
      const { id } = user.snapshot;
      const next = role ?? team.memberOf(id)?.role ?? 'member';
      const { reason } = this.run.asked;
      if (!team.memberOf(id)) user.expectRoom();
      const { outcome, member } = team.admit(id, next, { now: this.now, reason });
      if (outcome === 'unchanged') return;
      const belonging = { teamId: team.snapshot.id, role: next, since: member.since };
      if (outcome === 'joined') user.join(belonging, reason);
      else user.changeRole(belonging, reason);
      this.#changed(entity);
    });
  }

  #dismiss(entity: ImportedEntity, { team: teamId, user: userId }: Seat): Promise<boolean> {
    return this.run.trying(entity, async () => {
      const [team, user] = [await this.teams.get(teamId), await this.users.get(userId)];
      if (!team || !user?.snapshot.teams.some((one) => one.teamId === team.snapshot.id)) return;
      team.dismiss(user.snapshot.id, this.run.asked.reason);
      user.leave(team.snapshot.id, this.run.asked.reason);
      this.#changed(entity);
    });
  }

  #changed(entity: ImportedEntity): void {
    this.run.became(entity, this.run.idOf(entity.ref, entity.facts.is) ?? '', 'updated');
  }
}

/** Somebody in a team; null: no role is said. */
interface Seat {
  readonly team: string;
  readonly user: string;
  readonly role: MemberRole | null;
}

/** So that a team that changes its only owner has one all the time. */
const ownersFirst = (members: TeamFacts['members']): [string, MemberRole | null][] =>
  Object.entries(members).sort(([, one], [, other]) => Number(other === 'owner') - Number(one === 'owner'));

/** The members of a team, or the teams of a user, by what the source said last. */
function saidBefore(run: ImportRun, { ref }: ImportedEntity): string[] {
  const entity = run.before(ref)?.entity;
  if (!entity) return [];
  const { facts } = factsOf(entity);
  if (facts.is === 'user') return facts.memberOf.flatMap((team) => run.idOf(team, 'team') ?? []);
  if (facts.is !== 'team') return [];
  return Object.keys(facts.members).flatMap((user) => run.idOf(user, 'user') ?? []);
}
