import { nextStep } from './escalation.js';
import type { EscalationStep, Response, SupervisorRequestState } from './request-state.js';

/** In whose name things happen that nobody does. */
export const TIMEOUTS_ACTOR = 'system:supervisor-timeouts';

/** Something that happened by itself, and what the request was from then on. */
export interface Fallen {
  readonly type: 'escalated' | 'claim_expired' | 'timed_out';
  readonly at: Date;
  readonly state: SupervisorRequestState;
}

/** When something happens to the request by itself next; null when nothing will. */
export function nextDue(state: SupervisorRequestState): Date | null {
  return nextFall(state)?.at ?? null;
}

/** Everything that happened by itself until now, in its order, each at the instant at which it was due. */
export function whatFellDue(state: SupervisorRequestState, now: Date): readonly Fallen[] {
  const fallen: Fallen[] = [];
  let next = nextFall(state);
  while (next && next.at <= now) {
    fallen.push(next);
    next = nextFall(next.state);
  }
  return fallen;
}

/** Nobody responded in time. It is no rejection: either nothing is said, or what the asker wanted to be said then. */
export function timedOut(state: SupervisorRequestState, at: Date): SupervisorRequestState {
  const response = defaultResponse(state, at);
  return {
    ...state,
    statusCode: 'timeout',
    resolution: response ? 'resolved' : 'unresolved',
    settledAt: at,
    claim: null,
    response,
  };
}

/** What a step leaves open stays as it is. */
export function escalated(state: SupervisorRequestState, step: Escalation): SupervisorRequestState {
  return {
    ...state,
    priority: step.priority ?? state.priority,
    assigneeTeamId: step.assigneeTeamId ?? state.assigneeTeamId,
    escalated: state.escalated + 1,
  };
}

/** What a step changes, whenever it does. */
export type Escalation = Pick<EscalationStep, 'priority' | 'assigneeTeamId'>;

/** Of one instant the timeout comes first: a step that is due as the request expires never happens. */
function nextFall(state: SupervisorRequestState): Fallen | null {
  if (state.statusCode !== 'pending_response') return null;
  const { expiresAt, claim } = state;
  const next = nextStep(state);
  const falls: Fallen[] = [
    { type: 'timed_out', at: expiresAt, state: timedOut(state, expiresAt) },
    ...(next ? [{ type: 'escalated', at: next.dueAt, state: escalated(state, next.step) } as const] : []),
    ...(claim
      ? [{ type: 'claim_expired', at: claim.expiresAt, state: { ...state, claim: null } } as const]
      : []),
  ];
  return falls.reduce((first, other) => (other.at < first.at ? other : first));
}

function defaultResponse(state: SupervisorRequestState, at: Date): Response | null {
  if (state.onTimeout !== 'default_response' || !state.defaultResponse) return null;
  return { ...state.defaultResponse, respondedBy: TIMEOUTS_ACTOR, respondedAt: at, late: false };
}
