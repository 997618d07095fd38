import { AggregateRoot, checkedLabels, InvalidInput, lengthOf, sameJson, together } from '#shared-kernel';
import type { Labels, Stamp } from '#shared-kernel';
import { checkedName, DESCRIPTION_LENGTH_MAX } from './company.js';
import { slug } from './identity.js';
import type { CompanyId, Slug, TeamId, UserId } from './identity.js';
import { MEMBERSHIPS_MAX } from './member.js';
import type { Member, MemberRole } from './member.js';
import { LastOwner, MembershipLimit, MembershipNotFound } from './member-errors.js';
import { checkedEmail } from './user-email.js';

/** The part of a team that can be rolled back. */
export interface TeamContent {
  readonly name: string;
  readonly slug: Slug;
  readonly description: string | null;
  readonly email: string | null;
  readonly parentId: TeamId | null;
  readonly labels: Labels;
}

/** Which team, and where it belongs; fixed for life. */
export interface TeamIdentity {
  readonly id: TeamId;
  readonly tenant: string | null;
  readonly companyId: CompanyId;
}

/** Everything there is to know about a team. */
export interface TeamState extends TeamIdentity, TeamContent {
  readonly version: number;
  readonly stamp: Stamp | null;
  /** In the order of joining. */
  readonly members: readonly Member[];
}

/** What is to change; absent leaves as it is. */
export type TeamRevision = Partial<TeamContent>;

/** What became of a request to have somebody in a team. */
export type Admission = 'joined' | 'changed' | 'unchanged';

/** Somebody in a team, and since when: now, or before. */
export interface Admitted {
  readonly outcome: Admission;
  readonly member: Member;
}

/** People who own things together. */
export class Team extends AggregateRoot<TeamState> {
  /** @throws InvalidInput */
  static create(identity: TeamIdentity, content: TeamContent, reason: string | null = null): Team {
    const team = new Team({ ...identity, ...checked(content), version: 0, stamp: null, members: [] });
    team.record('created', { reason });
    return team;
  }

  /** Rebuilds a stored team; for repositories and tests alone. */
  static restore(state: TeamState): Team {
    return new Team(state);
  }

  memberOf(userId: UserId): Member | null {
    return this.state.members.find((member) => member.userId === userId) ?? null;
  }

  /** True when without this user the team would have no owner. */
  isOwnedAloneBy(userId: UserId): boolean {
    const owners = this.state.members.filter(({ role }) => role === 'owner');
    return owners.length === 1 && owners[0]?.userId === userId;
  }

  /**
   * Changes what is named and leaves the rest. What is as it was before makes no new version. Where it stands in the
   * tree is for the caller to check.
   * @throws InvalidInput
   */
  revise(revision: TeamRevision, reason: string | null): void {
    const content = contentOf(this.state);
    const next = checked({ ...content, ...revision });
    if (sameJson(next, content)) return;
    this.state = { ...this.state, ...next };
    this.record('updated', { reason });
  }

  /** Going back is going forward: an old content becomes the newest version. The members stay. */
  revertTo(past: TeamContent, version: number, reason: string | null): void {
    this.state = { ...this.state, ...contentOf(past) };
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** Has the user in this role from now on; who was in before stays in since then. @throws LastOwner, MembershipLimit */
  admit(userId: UserId, role: MemberRole, { now, reason }: Occasion): Admitted {
    const { members } = this.state;
    const before = this.memberOf(userId);
    if (before?.role === role) return { outcome: 'unchanged', member: before };
    if (before && this.isOwnedAloneBy(userId)) throw new LastOwner([this.state]);
    if (!before && members.length >= MEMBERSHIPS_MAX) throw new MembershipLimit('team');
    const member = { userId, role, since: before?.since ?? now };
    this.state = {
      ...this.state,
      members: before ? members.map((other) => (other === before ? member : other)) : [...members, member],
    };
    this.record(before ? 'member_changed' : 'member_added', { reason });
    return { outcome: before ? 'changed' : 'joined', member };
  }

  /** @throws MembershipNotFound, LastOwner */
  dismiss(userId: UserId, reason: string | null): void {
    if (!this.memberOf(userId)) throw new MembershipNotFound();
    if (this.isOwnedAloneBy(userId)) throw new LastOwner([this.state]);
    this.state = {
      ...this.state,
      members: this.state.members.filter((member) => member.userId !== userId),
    };
    this.record('member_removed', { reason });
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

/** When something happens, and why. */
export interface Occasion {
  readonly now: Date;
  readonly reason: string | null;
}

/** The part of a state that can be rolled back. */
export const contentOf = ({
  name,
  slug: called,
  description,
  email,
  parentId,
  labels,
}: TeamContent): TeamContent => ({ name, slug: called, description, email, parentId, labels });

/** @throws InvalidInput with everything that breaks a rule */
const checked = (content: TeamContent): TeamContent =>
  together<TeamContent>({
    name: () => checkedName(content.name),
    slug: () => slug(content.slug, '/slug'),
    description: () => checkedDescription(content.description),
    email: () => (content.email === null ? null : checkedEmail(content.email)),
    parentId: () => content.parentId,
    labels: () => checkedLabels(content.labels),
  });

function checkedDescription(description: string | null): string | null {
  if (description === null || lengthOf(description) <= DESCRIPTION_LENGTH_MAX) return description;
  throw InvalidInput.at('/description', 'too_long', `It has at most ${DESCRIPTION_LENGTH_MAX} characters.`);
}
