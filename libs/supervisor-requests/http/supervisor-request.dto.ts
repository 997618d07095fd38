import {
  AlwaysDescribed,
  AnyJson,
  Choice,
  FreeObject,
  Instant,
  ListOf,
  Nested,
  ResourceResponse,
  Text,
  TextList,
  Uuid,
  Whole,
  YesNo,
} from '#platform/http';
import { STEP_SECONDS_MAX } from '../domain/escalation.js';
import { OPTIONS_MAX, OPTION_LENGTH_MAX, PRIORITY_MAX } from '../domain/request-content.js';
import { DECISIONS, KINDS, ON_TIMEOUT, STATUS_CODES, STATUSES } from '../domain/request-state.js';

export const PRIORITY = { min: 1, max: PRIORITY_MAX, description: '1 is the most urgent.' } as const;
export const TEAM = { nullable: true, description: 'The team of the catalog that is to answer.' } as const;
export const SCHEMA = {
  oneOf: [{ type: 'object', additionalProperties: true }, { type: 'boolean' }],
  nullable: true,
  description: 'A JSON Schema of `data` of a response; it refers to nothing but itself.',
  example: { type: 'object', properties: { percent: { type: 'integer', maximum: 100 } } },
} as const;
export const STEP_SECONDS = {
  min: 1,
  max: STEP_SECONDS_MAX,
  description: 'Seconds after the request was made.',
} as const;

/** A lease: whoever holds it may respond, until then. */
export class ClaimResponse {
  @Text({ example: 'key:4fJ2mPq7' })
  readonly by!: string;

  @Instant()
  readonly expires_at!: string;
}

export class AnswerResponse {
  @Text({ nullable: true, example: 'Yes' })
  readonly text!: string | null;

  @Choice(DECISIONS, { description: 'Of approvals approved or rejected, of all others answered.' })
  readonly decision!: string;

  @AnyJson({ description: 'As the response schema wants it.' })
  readonly data!: unknown;
}

export class ResponseResponse extends AnswerResponse {
  @Text({ example: 'key:4fJ2mPq7' })
  readonly responded_by!: string;

  @Instant()
  readonly responded_at!: string;

  @YesNo({ description: 'It came after the timeout.' })
  readonly late!: boolean;
}

export class EscalationStepResponse {
  @Whole(STEP_SECONDS)
  readonly after_seconds!: number;

  @Whole({ ...PRIORITY, nullable: true })
  readonly priority!: number | null;

  @Uuid(TEAM)
  readonly assignee_team_id!: string | null;
}

export class SupervisorRequestResponse extends ResourceResponse {
  @Text({ example: 'store-042' })
  readonly store_id!: string;

  @Choice(KINDS)
  readonly kind!: string;

  @Text({ example: 'May the freezer be switched off for ten minutes?' })
  readonly question!: string;

  @TextList({ nullable: true, maxItems: OPTIONS_MAX, max: OPTION_LENGTH_MAX, example: ['Yes', 'No'] })
  readonly options!: readonly string[] | null;

  @AlwaysDescribed(SCHEMA)
  readonly response_schema!: object | boolean | null;

  @FreeObject({ example: { freezer: 'F-7' } })
  readonly details!: object;

  @Whole(PRIORITY)
  readonly priority!: number;

  @Instant()
  readonly request_timestamp!: string;

  @Instant({ description: 'When it times out, by itself and by the clock of the database.' })
  readonly expires_at!: string;

  @Choice(STATUSES, { description: 'pending exactly while status_code is pending_response.' })
  readonly status!: string;

  @Choice(STATUS_CODES)
  readonly status_code!: string;

  @Choice(['resolved', 'unresolved'], {
    nullable: true,
    description: 'Whether the asker got what was asked for; null while that is open.',
  })
  readonly resolution!: string | null;

  @Instant({ nullable: true, description: 'When it was answered in time, timed out or was cancelled.' })
  readonly settled_at!: string | null;

  @Uuid(TEAM)
  readonly assignee_team_id!: string | null;

  @Nested(() => ClaimResponse, { nullable: true, description: 'Who works on it; null once that ran out.' })
  readonly claim!: ClaimResponse | null;

  @Nested(() => ResponseResponse, { nullable: true })
  readonly response!: ResponseResponse | null;

  @Choice(ON_TIMEOUT)
  readonly on_timeout!: string;

  @Nested(() => AnswerResponse, { nullable: true })
  readonly default_response!: AnswerResponse | null;

  @YesNo()
  readonly allow_late_response!: boolean;

  @Text({ nullable: true })
  readonly dedupe_key!: string | null;

  @Text({ nullable: true, example: 'https://orders.example.com/answers' })
  readonly callback_url!: string | null;

  @Text({ example: 'key:7Jd2kLm9' })
  readonly requested_by!: string;

  @ListOf(() => EscalationStepResponse)
  readonly escalation!: readonly EscalationStepResponse[];

  @Whole({ min: 0, description: 'How many steps of the escalation were applied.' })
  readonly escalated!: number;
}
