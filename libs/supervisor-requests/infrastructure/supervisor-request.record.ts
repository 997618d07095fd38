import { tenantFromColumn } from '#platform/context';
import type { SupervisorRequestView } from '../application/supervisor-request.queries.js';
import type { SupervisorRequestId } from '../domain/identity.js';
import type {
  Answer,
  Claim,
  Decision,
  EscalationStep,
  OnTimeout,
  RequestKind,
  Resolution,
  Response,
  StatusCode,
} from '../domain/request-state.js';

type Moment = Date | string;

/** An answer in its JSON column. */
export interface StoredAnswer {
  readonly text: string | null;
  readonly decision: Decision;
  readonly data: unknown;
}

/** A response in its JSON column; when it came is a column of its own. */
export interface StoredResponse extends StoredAnswer {
  readonly responded_by: string;
  readonly late: boolean;
}

/** A step of the escalation in its JSON column. */
export interface StoredStep {
  readonly after_seconds: number;
  readonly priority: number | null;
  readonly assignee_team_id: string | null;
}

/** A row by column name: what statements of our own give, and what the change log keeps. */
export interface SupervisorRequestRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly store_id: string;
  readonly kind: RequestKind;
  readonly question: string;
  readonly options: readonly string[] | null;
  readonly response_schema: Readonly<Record<string, unknown>> | boolean | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly priority: number;
  readonly request_timestamp: Moment;
  readonly expires_at: Moment;
  readonly status_code: StatusCode;
  readonly resolution: Resolution | null;
  readonly settled_at: Moment | null;
  readonly assignee_team_id: string | null;
  readonly claimed_by: string | null;
  readonly claim_expires_at: Moment | null;
  readonly first_claimed_at: Moment | null;
  readonly response: StoredResponse | null;
  readonly responded_at: Moment | null;
  readonly on_timeout: OnTimeout;
  readonly default_response: StoredAnswer | null;
  readonly allow_late_response: boolean;
  readonly dedupe_key: string | null;
  readonly callback_url: string | null;
  readonly requested_by: string;
  readonly escalation: readonly StoredStep[];
  readonly escalated: number;
  readonly created_at: Moment;
  readonly created_by: string;
  readonly updated_at: Moment;
  readonly updated_by: string;
}

const columnsOf = (names: string): string => names.replaceAll(/\w+/g, 't.$&');

/** Every column that is read, of the table called `t`. */
export const REQUEST_COLUMNS = [
  columnsOf('id, tenant, version, store_id, kind, question, options, response_schema, details, priority'),
  columnsOf('request_timestamp, expires_at, status_code, resolution, settled_at, assignee_team_id'),
  columnsOf(
    'claimed_by, claim_expires_at, first_claimed_at, response, responded_at, on_timeout, default_response, allow_late_response',
  ),
  columnsOf('dedupe_key, callback_url, requested_by, escalation, escalated'),
  columnsOf('created_at, created_by, updated_at, updated_by'),
].join(', ');

/** As it is shown. */
export function toSupervisorRequestView(record: SupervisorRequestRecord): SupervisorRequestView {
  return {
    id: record.id as SupervisorRequestId,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
    storeId: record.store_id,
    kind: record.kind,
    question: record.question,
    options: record.options,
    responseSchema: record.response_schema,
    details: record.details,
    priority: record.priority,
    requestTimestamp: new Date(record.request_timestamp),
    expiresAt: new Date(record.expires_at),
    statusCode: record.status_code,
    resolution: record.resolution,
    settledAt: toMoment(record.settled_at),
    assigneeTeamId: record.assignee_team_id,
    claim: toClaim(record.claimed_by, record.claim_expires_at),
    firstClaimedAt: toMoment(record.first_claimed_at),
    response: toResponse(record.response, record.responded_at),
    onTimeout: record.on_timeout,
    defaultResponse: record.default_response as Answer | null,
    allowLateResponse: record.allow_late_response,
    dedupeKey: record.dedupe_key,
    callbackUrl: record.callback_url,
    requestedBy: record.requested_by,
    escalation: record.escalation.map(toStep),
    escalated: record.escalated,
  };
}

const toMoment = (moment: Moment | null): Date | null => (moment === null ? null : new Date(moment));

export const toClaim = (by: string | null, expiresAt: Moment | null): Claim | null =>
  by === null || expiresAt === null ? null : { by, expiresAt: new Date(expiresAt) };

export function toResponse(response: StoredResponse | null, respondedAt: Moment | null): Response | null {
  if (response === null || respondedAt === null) return null;
  const { responded_by: respondedBy, text, decision, data, late } = response;
  return { text, decision, data, respondedBy, respondedAt: new Date(respondedAt), late };
}

export const toStep = (step: StoredStep): EscalationStep => ({
  afterSeconds: step.after_seconds,
  priority: step.priority,
  assigneeTeamId: step.assignee_team_id,
});
