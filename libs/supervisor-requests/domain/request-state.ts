import type { Stamp } from '#shared-kernel';
import type { SupervisorRequestId } from './identity.js';

export const KINDS = ['question', 'approval', 'alert'] as const;
export type RequestKind = (typeof KINDS)[number];

/** Where a request is in its life. All but the first are the end of it; a late response may follow a timeout. */
export const STATUS_CODES = ['pending_response', 'response_received', 'timeout', 'cancelled'] as const;
export type StatusCode = (typeof STATUS_CODES)[number];

export const STATUSES = ['pending', 'not_pending'] as const;
export type RequestStatus = (typeof STATUSES)[number];

export const DECISIONS = ['answered', 'approved', 'rejected'] as const;
export type Decision = (typeof DECISIONS)[number];

/** Whether the asker got what was asked for; null as long as that is open. */
export type Resolution = 'resolved' | 'unresolved';

/** What happens when nobody responds in time. */
export const ON_TIMEOUT = ['unresolved', 'default_response'] as const;
export type OnTimeout = (typeof ON_TIMEOUT)[number];

/** What a person says, or what is taken when nobody does. */
export interface Answer {
  readonly text: string | null;
  readonly decision: Decision;
  /** Any JSON that satisfies the request's response schema; null where none is said. */
  readonly data: unknown;
}

export interface Response extends Answer {
  readonly respondedBy: string;
  readonly respondedAt: Date;
  /** It came after the timeout. */
  readonly late: boolean;
}

/** A lease on a request: whoever holds it may respond, until then. */
export interface Claim {
  readonly by: string;
  readonly expiresAt: Date;
}

/** One step of what happens while nobody responds, so many seconds after the request was made. */
export interface EscalationStep {
  readonly afterSeconds: number;
  readonly priority: number | null;
  readonly assigneeTeamId: string | null;
}

/** What the asker says. */
export interface RequestContent {
  readonly storeId: string;
  readonly kind: RequestKind;
  readonly question: string;
  readonly options: readonly string[] | null;
  /** A JSON Schema for `data` of the response. */
  readonly responseSchema: Readonly<Record<string, unknown>> | boolean | null;
  readonly details: Readonly<Record<string, unknown>>;
  /** 1 is the most urgent. */
  readonly priority: number;
  readonly expiresAt: Date;
  readonly assigneeTeamId: string | null;
  readonly onTimeout: OnTimeout;
  readonly defaultResponse: Answer | null;
  readonly allowLateResponse: boolean;
  readonly dedupeKey: string | null;
  readonly callbackUrl: string | null;
  readonly escalation: readonly EscalationStep[];
}

/** Everything there is to know about a supervisor request. */
export interface SupervisorRequestState extends RequestContent {
  readonly id: SupervisorRequestId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
  readonly requestTimestamp: Date;
  readonly requestedBy: string;
  readonly statusCode: StatusCode;
  readonly resolution: Resolution | null;
  readonly settledAt: Date | null;
  readonly claim: Claim | null;
  readonly firstClaimedAt: Date | null;
  readonly response: Response | null;
  /** How many steps of the escalation were applied. */
  readonly escalated: number;
}
