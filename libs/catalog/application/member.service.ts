import { Injectable } from '@nestjs/common';
import { Clock, StaleVersion } from '#shared-kernel';
import type { UpsertOptions } from '#shared-kernel';
import { CatalogReferenceUnknown } from '../domain/errors.js';
import type { UserId } from '../domain/identity.js';
import type { MemberRole } from '../domain/member.js';
import type { Admission, Team } from '../domain/team.js';
import { TeamRepository } from '../domain/team.repository.js';
import type { User } from '../domain/user.js';
import { UserRepository } from '../domain/user.repository.js';
import type { MemberView } from './member.queries.js';
import { TeamChanges } from './team-changes.js';
import type { TeamAt } from './team-changes.js';

/** Who is to be in a team, and as what. */
export interface AskedMember {
  readonly userId: UserId;
  /** Null: what the user is already, or a plain member. */
  readonly role: MemberRole | null;
  readonly reason: string | null;
}

/** What became of the request, and how things are afterwards. */
export interface Admitted {
  readonly outcome: Admission;
  readonly member: MemberView;
  readonly teamVersion: number;
}

/** Who is in which team: what the team says and what the user says change together. */
@Injectable()
export class MemberService {
  constructor(
    private readonly changes: TeamChanges,
    private readonly teams: TeamRepository,
    private readonly users: UserRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws TeamNotFound, StaleVersion, CatalogReferenceUnknown, LastOwner, MembershipLimit */
  admit(
    { createOnly, ...target }: TeamAt & Partial<UpsertOptions>,
    { userId, role: wanted, reason }: AskedMember,
  ): Promise<Admitted> {
    return this.changes.change(target, async (team) => {
      const user = await this.#colleague(team, userId);
      if (createOnly && team.memberOf(userId)) throw new StaleVersion(team.snapshot.version);
      const role = wanted ?? team.memberOf(userId)?.role ?? 'member';
      const { outcome, member } = team.admit(userId, role, { now: this.clock.now(), reason });
      const belonging = { teamId: target.id, role, since: member.since };
      if (outcome === 'joined') user.join(belonging, reason);
      if (outcome === 'changed') user.changeRole(belonging, reason);
      await this.#save(team, user);
      const { name, email, active } = user.snapshot;
      const view = { userId, name, email, active, role, since: member.since, teamId: target.id };
      return { outcome, member: view, teamVersion: team.snapshot.version };
    });
  }

  /** @throws TeamNotFound, StaleVersion, MembershipNotFound, LastOwner */
  dismiss(target: TeamAt, userId: UserId, reason: string | null): Promise<void> {
    return this.changes.change(target, async (team) => {
      team.dismiss(userId, reason);
      const user = await this.#colleague(team, userId);
      user.leave(target.id, reason);
      await this.#save(team, user);
    });
  }

  async #save(team: Team, user: User): Promise<void> {
    await this.teams.save(team);
    await this.users.save(user);
  }

  /** A user of another company is as unknown as one that never was. @throws CatalogReferenceUnknown */
  async #colleague(team: Team, userId: UserId): Promise<User> {
    const user = await this.users.findIn(team.snapshot.companyId, userId);
    if (user) return user;
    const detail = 'There is no such user in the company of the team.';
    throw new CatalogReferenceUnknown([{ pointer: '/user_id', code: 'catalog_reference_unknown', detail }]);
  }
}
