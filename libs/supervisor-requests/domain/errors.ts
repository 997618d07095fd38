import { DomainError } from '#shared-kernel';
import type { ErrorFacts, Violation } from '#shared-kernel';
import { standingOf } from './standing.js';
import type { Claim, SupervisorRequestState } from './request-state.js';

export class SupervisorRequestNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'supervisor_request_not_found';
  constructor() {
    super('There is no such supervisor request.');
  }
}

/** Somebody else, or time, was first; says what became of the request. */
export class AlreadyResolved extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'already_resolved';
  override readonly facts: ErrorFacts;

  constructor(readonly winner: SupervisorRequestState) {
    super(`The request is not pending any more: ${winner.statusCode}.`);
    this.facts = { current_version: winner.version, ...standingOf(winner) };
  }
}

/** Only what is settled may be deleted. */
export class StillPending extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'still_pending';
  constructor() {
    super('The request is pending: somebody may be at work on it. Cancel it first.');
  }
}

/** Somebody else works on it. */
export class Claimed extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'claimed';
  override readonly facts: ErrorFacts;

  constructor({ by, expiresAt }: Claim) {
    super(`The request is claimed by ${by} until ${expiresAt.toISOString()}.`);
    this.facts = { claim: { by, expires_at: expiresAt.toISOString() } };
  }
}

/** A response that the request does not take; all reasons at once. */
export class ResponseRefused extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'response_refused';
  override readonly facts: ErrorFacts;

  constructor(readonly violations: readonly Violation[]) {
    super(violations.map(({ pointer, detail }) => `${pointer}: ${detail}`).join(' '));
    this.facts = { errors: violations };
  }
}

/** Nobody says yes to what they asked for themselves. */
export class SelfApproval extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'self_approval';
  constructor() {
    super('Whoever asked for an approval cannot give it.');
  }
}

/** No step is left, and none was named. */
export class NothingToEscalate extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'nothing_to_escalate';
  constructor() {
    super('Every step of the escalation was applied. Name a priority or a team.');
  }
}

/** Another open request of the store has this key. */
export class DedupeKeyTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'dedupe_key_taken';
  constructor() {
    super('An open request of the store has this dedupe key.');
  }
}
