import { DomainError } from '#shared-kernel';
import type { ErrorFacts } from '#shared-kernel';
import type { CompanyId, TeamId } from './identity.js';

/** A team in the tree of its company. */
export interface TeamNode {
  readonly id: TeamId;
  readonly slug: string;
}

/** There is no such team, or not for this caller. */
export class TeamNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'team_not_found';
  constructor() {
    super('There is no such team.');
  }
}

/** Another team of the company has this slug. */
export class TeamSlugTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'team_slug_taken';
  override readonly facts: ErrorFacts;

  /** The holder's id, once it is known. */
  constructor(
    readonly companyId: CompanyId,
    readonly slug: string,
    conflictingId: string | null,
  ) {
    super(`The slug "${slug}" is taken.`);
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}

/** A team would stand below itself. */
export class TeamCycle extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'team_cycle';
  override readonly facts: ErrorFacts;

  /** @param path from the team at the bottom to the one at the top */
  constructor(path: readonly TeamNode[], pointer: string) {
    const detail = 'A team does not stand below itself.';
    super(`${detail.slice(0, -1)}: ${path.map(({ slug }) => slug).join(' → ')}.`);
    this.facts = {
      errors: [{ pointer, code: 'team_cycle', detail }],
      path: path.map(({ id, slug }) => ({ id, slug })),
    };
  }
}

/** The tree of teams would be too deep. */
export class TeamTooDeep extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'team_too_deep';
  override readonly facts: ErrorFacts;

  constructor(depth: number, depthMax: number, pointer: string) {
    const detail = `There are at most ${depthMax} levels.`;
    super(`The tree would have ${depth} levels, and ${depthMax} are the most.`);
    this.facts = { errors: [{ pointer, code: 'team_too_deep', detail }], depth, depth_max: depthMax };
  }
}

/** How much a team owns, by kind. */
export type TeamPossessions = Readonly<Record<string, number>>;

/** The team owns something still, so that it cannot go. */
export class TeamInUse extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'team_in_use';
  override readonly facts: ErrorFacts;

  constructor(possessions: TeamPossessions | null) {
    super('The team owns something: name an heir with reassign_to, or give it away first.');
    this.facts = { ...possessions };
  }
}
