import { AggregateRoot, checkedLabels, sameJson, together } from '#shared-kernel';
import type { Labels, Stamp } from '#shared-kernel';
import { checkedName } from './company.js';
import type { CompanyId, TeamId, UserId } from './identity.js';
import { MEMBERSHIPS_MAX } from './member.js';
import type { Belonging } from './member.js';
import { MembershipLimit } from './member-errors.js';
import { checkedEmail } from './user-email.js';

/** The part of a user that can be rolled back. */
export interface UserContent {
  readonly name: string;
  readonly email: string;
  readonly active: boolean;
  readonly labels: Labels;
}

/** Which user, and where it belongs; fixed for life. */
export interface UserIdentity {
  readonly id: UserId;
  readonly tenant: string | null;
  readonly companyId: CompanyId;
}

/** Everything there is to know about a user. */
export interface UserState extends UserIdentity, UserContent {
  readonly version: number;
  readonly stamp: Stamp | null;
  /** In the order of joining; what the teams say of their members, from the other side. */
  readonly teams: readonly Belonging[];
}

/** What is to change; absent leaves as it is. */
export type UserRevision = Partial<UserContent>;

/** Somebody who works for a company. */
export class User extends AggregateRoot<UserState> {
  /** @throws InvalidInput */
  static create(identity: UserIdentity, content: UserContent, reason: string | null = null): User {
    const user = new User({ ...identity, ...checked(content), version: 0, stamp: null, teams: [] });
    user.record('created', { reason });
    return user;
  }

  /** Rebuilds a stored user; for repositories and tests alone. */
  static restore(state: UserState): User {
    return new User(state);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput */
  revise(revision: UserRevision, reason: string | null): void {
    const content = contentOf(this.state);
    const next = checked({ ...content, ...revision });
    if (sameJson(next, content)) return;
    this.state = { ...this.state, ...next };
    this.record('updated', { reason });
  }

  /** Going back is going forward: an old content becomes the newest version. The teams stay. */
  revertTo(past: UserContent, version: number, reason: string | null): void {
    this.state = { ...this.state, ...contentOf(past) };
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** For whoever has something else to change before the user joins. @throws MembershipLimit */
  expectRoom(): void {
    if (this.state.teams.length >= MEMBERSHIPS_MAX) throw new MembershipLimit('user');
  }

  /** What the team did already. @throws MembershipLimit */
  join(belonging: Belonging, reason: string | null): void {
    this.expectRoom();
    this.state = { ...this.state, teams: [...this.state.teams, belonging] };
    this.record('joined_team', { reason });
  }

  /** What the team did already. */
  changeRole(belonging: Belonging, reason: string | null): void {
    const teams = this.state.teams.map((other) => (other.teamId === belonging.teamId ? belonging : other));
    this.state = { ...this.state, teams };
    this.record('team_role_changed', { reason });
  }

  /** What the team did already. */
  leave(teamId: TeamId, reason: string | null): void {
    this.state = { ...this.state, teams: this.state.teams.filter((other) => other.teamId !== teamId) };
    this.record('left_team', { reason });
  }

  /** An import says it in other words: nothing that is known here changes, and history tells it all the same. */
  describeAnew(reason: string | null): void {
    this.record('described', { reason });
  }

  /** Takes it away; its history stays. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }
}

/** The part of a state that can be rolled back. */
export const contentOf = ({ name, email, active, labels }: UserContent): UserContent => ({
  name,
  email,
  active,
  labels,
});

/** @throws InvalidInput with everything that breaks a rule */
const checked = ({ name, email, active, labels }: UserContent): UserContent =>
  together<UserContent>({
    name: () => checkedName(name),
    email: () => checkedEmail(email),
    active: () => active,
    labels: () => checkedLabels(labels),
  });
