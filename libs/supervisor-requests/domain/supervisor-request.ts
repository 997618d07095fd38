import { AggregateRoot, InvalidInput, sameJson } from '#shared-kernel';
import { claimed, liveClaim, released, renewed } from './claims.js';
import type { Lease, Release } from './claims.js';
import { AlreadyResolved, Claimed, NothingToEscalate, SelfApproval, StillPending } from './errors.js';
import { escalated } from './falling-due.js';
import type { Escalation } from './falling-due.js';
import type { SupervisorRequestId } from './identity.js';
import { checkedContent, revisionMistakes } from './request-content.js';
import type { NewRequestContent, RequestRevision } from './request-content.js';
import type { Answer, SupervisorRequestState } from './request-state.js';
import { toAnswer } from './responses.js';

const SECOND_MS = 1_000;

/** Whose a request is, and who asks. */
export interface RequestIdentity {
  readonly id: SupervisorRequestId;
  readonly tenant: string | null;
  readonly requestedBy: string;
}

/** Who does something, and when by the database's clock, read once nobody else can decide any more. */
export interface Doing {
  readonly by: string;
  readonly at: Date;
  readonly reason: string | null;
}

/** Something that a person is asked, until somebody responds, nobody did in time, or the asker takes it back. */
export class SupervisorRequest extends AggregateRoot<SupervisorRequestState> {
  /** @throws InvalidInput */
  static ask(
    { id, tenant, requestedBy }: RequestIdentity,
    content: NewRequestContent,
    { at, reason }: Pick<Doing, 'at' | 'reason'>,
  ): SupervisorRequest {
    const { timeoutSeconds, defaultResponse, ...rest } = checkedContent(content);
    const request = new SupervisorRequest({
      ...rest,
      ...{ id, tenant, requestedBy, version: 0, stamp: null },
      defaultResponse: defaultResponse && toAnswer(defaultResponse),
      requestTimestamp: at,
      expiresAt: new Date(at.getTime() + timeoutSeconds * SECOND_MS),
      statusCode: 'pending_response',
      ...{ resolution: null, settledAt: null, response: null, claim: null, firstClaimedAt: null },
      escalated: 0,
    });
    request.record('created', { reason });
    return request;
  }

  /** Rebuilds a stored request; for repositories and tests alone. */
  static restore(state: SupervisorRequestState): SupervisorRequest {
    return new SupervisorRequest(state);
  }

  /** @throws AlreadyResolved */
  expectPending(): void {
    if (this.state.statusCode !== 'pending_response') throw new AlreadyResolved(this.state);
  }

  /** Pending, or timed out with a late response wanted that nobody has given yet. @throws AlreadyResolved */
  expectRespondable(): void {
    if (!this.#isLate) this.expectPending();
  }

  /**
   * Takes the answer, which fits, of whoever may give it. A late one leaves the request timed out, with what was asked for.
   * @throws AlreadyResolved, Claimed, SelfApproval
   */
  respond(answer: Answer, { by, at, reason }: Doing): void {
    this.expectRespondable();
    this.#expectUnclaimed({ by, at });
    if (answer.decision === 'approved' && by === this.state.requestedBy) throw new SelfApproval();
    const late = this.#isLate;
    const response = { ...answer, respondedBy: by, respondedAt: at, late };
    this.state = late
      ? { ...this.state, resolution: 'resolved', response }
      : {
          ...this.state,
          ...{
            statusCode: 'response_received',
            resolution: 'resolved',
            settledAt: at,
            claim: null,
            response,
          },
        };
    this.record(late ? 'responded_late' : 'responded', { reason });
  }

  /** The asker does not want to know any more. @throws AlreadyResolved */
  cancel({ at, reason }: Pick<Doing, 'at' | 'reason'>): void {
    this.expectPending();
    const settled = {
      statusCode: 'cancelled',
      resolution: 'unresolved',
      settledAt: at,
      claim: null,
    } as const;
    this.state = { ...this.state, ...settled };
    this.record('cancelled', { reason });
  }

  /** Nobody else may respond for a while. Whoever has the claim already renews it. @throws AlreadyResolved, Claimed */
  claim(lease: Lease, reason: string | null): void {
    this.expectPending();
    const type = liveClaim(this.state, lease.at) ? 'claim_renewed' : 'claimed';
    this.state = claimed(this.state, lease);
    this.record(type, { reason });
  }

  /** @throws AlreadyResolved, ClaimLost */
  renewClaim(lease: Lease, reason: string | null): void {
    this.expectPending();
    this.state = renewed(this.state, lease);
    this.record('claim_renewed', { reason });
  }

  /** Where nobody has a claim nothing happens. @throws Claimed */
  releaseClaim(release: Release, reason: string | null): void {
    const next = released(this.state, release);
    if (next === this.state) return;
    this.state = next;
    this.record('claim_released', { reason });
  }

  /**
   * Changes what is named and leaves the rest. What is as it was before makes no new version.
   * @throws AlreadyResolved, InvalidInput
   */
  revise(revision: RequestRevision, { at, reason }: Pick<Doing, 'at' | 'reason'>): void {
    this.expectPending();
    const violations = revisionMistakes(revision, this.state.requestTimestamp, at);
    if (violations.length > 0) throw new InvalidInput(violations);
    const next = { ...this.state, ...revision };
    if (sameJson(revised(next), revised(this.state))) return;
    this.state = next;
    this.record('updated', { reason });
  }

  /**
   * Does what is named, which is no step of those that are due by themselves; null: the next step, at once.
   * @throws AlreadyResolved, NothingToEscalate
   */
  escalate(change: Escalation | null, { reason }: Pick<Doing, 'reason'>): void {
    this.expectPending();
    const step = this.state.escalation[this.state.escalated];
    if (!change && !step) throw new NothingToEscalate();
    const next = change
      ? { ...escalated(this.state, change), escalated: this.state.escalated }
      : escalated(this.state, step as Escalation);
    if (change && sameJson(revised(next), revised(this.state))) return;
    this.state = next;
    this.record('escalated', { reason });
  }

  /** Takes it away; its entries in the change log stay. @throws StillPending */
  delete(reason: string | null): void {
    if (this.state.statusCode === 'pending_response') throw new StillPending();
    this.record('deleted', { reason, removes: true });
  }

  get #isLate(): boolean {
    const { statusCode, allowLateResponse, response } = this.state;
    return statusCode === 'timeout' && allowLateResponse && response?.late !== true;
  }

  #expectUnclaimed({ by, at }: Pick<Doing, 'by' | 'at'>): void {
    const { claim } = this.state;
    if (claim && claim.by !== by && claim.expiresAt > at) throw new Claimed(claim);
  }
}

/** What may be changed while it is pending. */
const revised = ({ priority, assigneeTeamId, details, expiresAt }: SupervisorRequestState): object => ({
  ...{ priority, assigneeTeamId, details },
  expiresAt: expiresAt.getTime(),
});
