import { Choice, Instant, listResponse, Nested, Text, Uuid, Whole } from '#platform/http';
import { STATUS_CODES } from '../domain/request-state.js';
import { ClaimResponse, PRIORITY, ResponseResponse, TEAM } from './supervisor-request.dto.js';

/** One thing that happened to a request, and what it had come to by then; nulls where it was deleted. */
export class RequestEventResponse {
  @Whole({ min: 1 })
  readonly version!: number;

  @Text({ description: 'What happened, in the past tense.', example: 'responded' })
  readonly type!: string;

  @Instant()
  readonly at!: string;

  @Text({ example: 'key:4fJ2mPq7' })
  readonly by!: string;

  @Text({ nullable: true })
  readonly change_reason!: string | null;

  @Choice(STATUS_CODES, { nullable: true })
  readonly status_code!: string | null;

  @Choice(['resolved', 'unresolved'], { nullable: true })
  readonly resolution!: string | null;

  @Whole({ ...PRIORITY, nullable: true })
  readonly priority!: number | null;

  @Uuid(TEAM)
  readonly assignee_team_id!: string | null;

  @Nested(() => ClaimResponse, { nullable: true })
  readonly claim!: ClaimResponse | null;

  @Nested(() => ResponseResponse, { nullable: true })
  readonly response!: ResponseResponse | null;
}

export class RequestHistoryResponse extends listResponse(() => RequestEventResponse) {}
