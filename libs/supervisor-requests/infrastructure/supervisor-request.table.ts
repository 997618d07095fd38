import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { StoredRow } from '#platform/change-log';

export const SUPERVISOR_REQUEST_TYPE = 'supervisor.request';

/** A supervisor request as it is stored. */
export interface SupervisorRequestRow extends StoredRow {
  readonly storeId: string;
  readonly kind: string;
  readonly question: string;
  readonly options: object | null;
  readonly responseSchema: object | boolean | null;
  readonly details: object;
  readonly priority: number;
  readonly requestTimestamp: Date;
  readonly expiresAt: Date;
  readonly statusCode: string;
  readonly resolution: string | null;
  readonly settledAt: Date | null;
  readonly assigneeTeamId: string | null;
  readonly claimedBy: string | null;
  readonly claimExpiresAt: Date | null;
  readonly firstClaimedAt: Date | null;
  readonly response: object | null;
  readonly respondedAt: Date | null;
  readonly onTimeout: string;
  readonly defaultResponse: object | null;
  readonly allowLateResponse: boolean;
  readonly dedupeKey: string | null;
  readonly callbackUrl: string | null;
  readonly requestedBy: string;
  readonly escalation: object;
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
