import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import { nextDue } from '../domain/falling-due.js';
import type { SupervisorRequestId } from '../domain/identity.js';
import type { Answer, EscalationStep, Response, SupervisorRequestState } from '../domain/request-state.js';
import { toClaim, toResponse, toStep } from './supervisor-request.record.js';
import type { StoredAnswer, StoredResponse, StoredStep } from './supervisor-request.record.js';

export const SUPERVISOR_REQUEST_TYPE = 'supervisor.request';

/** A supervisor request as it is stored. */
export interface SupervisorRequestRow extends StoredRow {
  readonly storeId: string;
  readonly kind: SupervisorRequestState['kind'];
  readonly question: string;
  readonly options: readonly string[] | null;
  readonly responseSchema: Readonly<Record<string, unknown>> | boolean | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly priority: number;
  readonly requestTimestamp: Date;
  readonly expiresAt: Date;
  readonly statusCode: SupervisorRequestState['statusCode'];
  readonly resolution: SupervisorRequestState['resolution'];
  readonly settledAt: Date | null;
  readonly assigneeTeamId: string | null;
  readonly claimedBy: string | null;
  readonly claimExpiresAt: Date | null;
  readonly firstClaimedAt: Date | null;
  readonly response: StoredResponse | null;
  readonly respondedAt: Date | null;
  readonly onTimeout: SupervisorRequestState['onTimeout'];
  readonly defaultResponse: StoredAnswer | null;
  readonly allowLateResponse: boolean;
  readonly dedupeKey: string | null;
  readonly callbackUrl: string | null;
  readonly requestedBy: string;
  readonly escalation: readonly StoredStep[];
  readonly escalated: number;
}

/** A row as it is written: with what is only searched and scheduled by, and not read back. */
export interface WrittenSupervisorRequestRow extends SupervisorRequestRow {
  readonly dueAt: Date | null;
  readonly searchText: string;
}

export const SupervisorRequestTable = new EntitySchema<WrittenSupervisorRequestRow>({
  name: 'SupervisorRequest',
  schema: 'supervisor',
  tableName: 'request',
  columns: {
    ...storedColumns,
    storeId: { name: 'store_id', type: 'text' },
    kind: { type: 'text' },
    question: { type: 'text' },
    options: { type: 'json', nullable: true },
    responseSchema: { name: 'response_schema', type: 'json', nullable: true },
    details: { type: 'json' },
    priority: { type: 'int' },
    requestTimestamp: { name: 'request_timestamp', type: 'timestamptz', precision: 3 },
    expiresAt: { name: 'expires_at', type: 'timestamptz', precision: 3 },
    statusCode: { name: 'status_code', type: 'text' },
    resolution: { type: 'text', nullable: true },
    settledAt: { name: 'settled_at', type: 'timestamptz', precision: 3, nullable: true },
    assigneeTeamId: { name: 'assignee_team_id', type: 'uuid', nullable: true },
    claimedBy: { name: 'claimed_by', type: 'text', nullable: true },
    claimExpiresAt: { name: 'claim_expires_at', type: 'timestamptz', precision: 3, nullable: true },
    firstClaimedAt: { name: 'first_claimed_at', type: 'timestamptz', precision: 3, nullable: true },
    response: { type: 'json', nullable: true },
    respondedAt: { name: 'responded_at', type: 'timestamptz', precision: 3, nullable: true },
    onTimeout: { name: 'on_timeout', type: 'text' },
    defaultResponse: { name: 'default_response', type: 'json', nullable: true },
    allowLateResponse: { name: 'allow_late_response', type: 'bool' },
    dedupeKey: { name: 'dedupe_key', type: 'text', nullable: true },
    callbackUrl: { name: 'callback_url', type: 'text', nullable: true },
    requestedBy: { name: 'requested_by', type: 'text' },
    escalation: { type: 'json' },
    escalated: { type: 'int' },
    dueAt: { name: 'due_at', type: 'timestamptz', precision: 3, nullable: true, select: false },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** What its events are about: whoever follows a store finds its requests by it. */
export const subjectOf = ({ storeId }: Pick<SupervisorRequestState, 'storeId'>): string => storeId;

export const SUPERVISOR_REQUEST_MAPPING: Mapping<SupervisorRequestState, WrittenSupervisorRequestRow> = {
  table: SupervisorRequestTable,
  hidden: ['searchText'],
  aggregateType: SUPERVISOR_REQUEST_TYPE,
  subject: subjectOf,
  toRow: (request) => ({
    storeId: request.storeId,
    kind: request.kind,
    question: request.question,
    options: request.options,
    responseSchema: request.responseSchema,
    details: request.details,
    priority: request.priority,
    requestTimestamp: request.requestTimestamp,
    expiresAt: request.expiresAt,
    statusCode: request.statusCode,
    resolution: request.resolution,
    settledAt: request.settledAt,
    assigneeTeamId: request.assigneeTeamId,
    claimedBy: request.claim?.by ?? null,
    claimExpiresAt: request.claim?.expiresAt ?? null,
    firstClaimedAt: request.firstClaimedAt,
    response: request.response && toStoredResponse(request.response),
    respondedAt: request.response?.respondedAt ?? null,
    onTimeout: request.onTimeout,
    defaultResponse: request.defaultResponse && toStoredAnswer(request.defaultResponse),
    allowLateResponse: request.allowLateResponse,
    dedupeKey: request.dedupeKey,
    callbackUrl: request.callbackUrl,
    requestedBy: request.requestedBy,
    escalation: request.escalation.map(toStoredStep),
    escalated: request.escalated,
    dueAt: nextDue(request),
    searchText: foldCase(request.question),
  }),
};

const toStoredAnswer = ({ text, decision, data }: Answer): StoredAnswer => ({ text, decision, data });

const toStoredResponse = (response: Response): StoredResponse => ({
  ...toStoredAnswer(response),
  responded_by: response.respondedBy,
  late: response.late,
});

const toStoredStep = (step: EscalationStep): StoredStep => ({
  after_seconds: step.afterSeconds,
  priority: step.priority,
  assignee_team_id: step.assigneeTeamId,
});

/** What was checked on its way in is trusted on its way out. */
export function toSupervisorRequestState(row: SupervisorRequestRow): SupervisorRequestState {
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: row.id as SupervisorRequestId,
    tenant: tenantFromColumn(row.tenant),
    version: row.version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    storeId: row.storeId,
    kind: row.kind,
    question: row.question,
    options: row.options,
    responseSchema: row.responseSchema,
    details: row.details,
    priority: row.priority,
    requestTimestamp: row.requestTimestamp,
    expiresAt: row.expiresAt,
    statusCode: row.statusCode,
    resolution: row.resolution,
    settledAt: row.settledAt,
    assigneeTeamId: row.assigneeTeamId,
    claim: toClaim(row.claimedBy, row.claimExpiresAt),
    firstClaimedAt: row.firstClaimedAt,
    response: toResponse(row.response, row.respondedAt),
    onTimeout: row.onTimeout,
    defaultResponse: row.defaultResponse,
    allowLateResponse: row.allowLateResponse,
    dedupeKey: row.dedupeKey,
    callbackUrl: row.callbackUrl,
    requestedBy: row.requestedBy,
    escalation: row.escalation.map(toStep),
    escalated: row.escalated,
  };
}
