import { DomainError } from '#shared-kernel';
import type { ErrorFacts } from '#shared-kernel';
import { MEMBERSHIPS_MAX } from './member.js';

/** The user is not in the team. */
export class MembershipNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'membership_not_found';
  constructor() {
    super('The team has no such member.');
  }
}

/** A team that somebody is the only owner of. */
export interface OwnedAlone {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

/** The user is the only owner of teams, which are not to be left without one. */
export class LastOwner extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'last_owner';
  override readonly facts: ErrorFacts;

  constructor(teams: readonly OwnedAlone[]) {
    super(`The user is the only owner of ${teams.map(({ slug }) => `"${slug}"`).join(', ')}.`);
    this.facts = { teams: teams.map(({ id, slug, name }) => ({ id, slug, name })) };
  }
}

/** The team has as many members as it may have, or the user as many teams. */
export class MembershipLimit extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'membership_limit';
  constructor(what: 'team' | 'user') {
    super(
      what === 'team'
        ? `A team has at most ${MEMBERSHIPS_MAX} members.`
        : `A user is in at most ${MEMBERSHIPS_MAX} teams.`,
    );
  }
}
