import { DomainError } from '#shared-kernel';
import type { ErrorFacts } from '#shared-kernel';
import { Claimed } from './errors.js';
import type { Claim, SupervisorRequestState } from './request-state.js';

export const LEASE_SECONDS_MIN = 10;
export const LEASE_SECONDS_MAX = 3_600;
export const LEASE_SECONDS_DEFAULT = 300;
const SECOND_MS = 1_000;

/** Who wants to work on a request, from when on, and how long nobody else may. */
export interface Lease {
  readonly by: string;
  readonly at: Date;
  readonly seconds: number;
}

/** Who lets go of a claim: its holder, or somebody who may let go of anyone's. */
export interface Release {
  readonly by: string;
  readonly at: Date;
  readonly of: 'own' | 'anyone';
}

/** The claim is not the caller's, or not any more; says whose it is now. */
export class ClaimLost extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'claim_lost';
  override readonly facts: ErrorFacts;

  constructor(current: Claim | null) {
    super(
      current
        ? `The request is claimed by ${current.by}.`
        : 'Nobody has a claim on the request: it ran out, or there never was one.',
    );
    this.facts = { claim: current && { by: current.by, expires_at: current.expiresAt.toISOString() } };
  }
}

/** The claim, where it has not run out. */
export const liveClaim = ({ claim }: SupervisorRequestState, at: Date): Claim | null =>
  claim && claim.expiresAt > at ? claim : null;

/** Whoever has it already keeps it as long as they say now. @throws Claimed */
export function claimed(state: SupervisorRequestState, lease: Lease): SupervisorRequestState {
  const live = liveClaim(state, lease.at);
  if (live && live.by !== lease.by) throw new Claimed(live);
  return leased(state, lease);
}

/** @throws ClaimLost */
export function renewed(state: SupervisorRequestState, lease: Lease): SupervisorRequestState {
  const live = liveClaim(state, lease.at);
  if (live?.by !== lease.by) throw new ClaimLost(live);
  return leased(state, lease);
}

/** Where nobody has it, nothing is to be done. @throws Claimed */
export function released(state: SupervisorRequestState, { by, at, of }: Release): SupervisorRequestState {
  const live = liveClaim(state, at);
  if (!live) return state;
  if (live.by !== by && of === 'own') throw new Claimed(live);
  return { ...state, claim: null };
}

const leased = (state: SupervisorRequestState, { by, at, seconds }: Lease): SupervisorRequestState => ({
  ...state,
  claim: { by, expiresAt: new Date(at.getTime() + seconds * SECOND_MS) },
  firstClaimedAt: state.firstClaimedAt ?? at,
});
