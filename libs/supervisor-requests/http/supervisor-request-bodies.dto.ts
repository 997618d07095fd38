import {
  AnyJson,
  Choice,
  Described,
  Instant,
  ListOf,
  Nested,
  REASON,
  TENANT,
  Text,
  TextList,
  Uuid,
  Whole,
  YesNo,
} from '#platform/http';
import { STEPS_MAX } from '../domain/escalation.js';
import {
  CALLBACK_LENGTH_MAX,
  DEDUPE_KEY_LENGTH_MAX,
  OPTION_LENGTH_MAX,
  OPTIONS_MAX,
  PRIORITY_DEFAULT,
  QUESTION_LENGTH_MAX,
  TIMEOUT_SECONDS_DEFAULT,
  TIMEOUT_SECONDS_MAX,
  TIMEOUT_SECONDS_MIN,
} from '../domain/request-content.js';
import { DECISIONS, KINDS, ON_TIMEOUT } from '../domain/request-state.js';
import type { Decision, OnTimeout, RequestKind } from '../domain/request-state.js';
import { TEXT_LENGTH_MAX } from '../domain/responses.js';
import { STORE_LENGTH_MAX } from '../domain/store-id.js';
import { PRIORITY, SCHEMA, STEP_SECONDS, TEAM } from './supervisor-request.dto.js';

const DETAILS = {
  type: 'object',
  additionalProperties: true,
  nullable: true,
  description: 'Whatever helps to answer: at most 32 KiB.',
  example: { freezer: 'F-7' },
} as const;
const STORE = { min: 1, max: STORE_LENGTH_MAX, example: 'store-042' } as const;

/** What is said to a request, or is to be taken where nobody says anything. */
export class AnswerBody {
  @Text({
    optional: true,
    nullable: true,
    max: TEXT_LENGTH_MAX,
    description: 'One of the options, where there are any.',
    example: 'Yes',
  })
  readonly text?: string | null;

  @Choice(DECISIONS, {
    optional: true,
    nullable: true,
    description: 'Of an approval approved or rejected; of all others answered, which may be left out.',
  })
  readonly decision?: Decision | null;

  @AnyJson({ optional: true, description: 'As the response schema wants it, at most 32 KiB.' })
  readonly data?: unknown;
}

export class RespondBody extends AnswerBody {
  @Text(REASON)
  readonly change_reason?: string | null;
}

export class EscalationStepBody {
  @Whole(STEP_SECONDS)
  readonly after_seconds!: number;

  @Whole({ ...PRIORITY, optional: true, nullable: true })
  readonly priority?: number | null;

  @Uuid({ ...TEAM, optional: true })
  readonly assignee_team_id?: string | null;
}

/** What the asker says, wherever it is said. */
abstract class QuestionProperties {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text(TENANT)
  readonly tenant_id?: string | null;

  @Choice(KINDS)
  readonly kind!: RequestKind;

  @Text({ min: 1, max: QUESTION_LENGTH_MAX, example: 'May the freezer be switched off for ten minutes?' })
  readonly question!: string;

  @TextList({
    optional: true,
    nullable: true,
    maxItems: OPTIONS_MAX,
    max: OPTION_LENGTH_MAX,
    description: 'The text of a response is one of them.',
    example: ['Yes', 'No'],
  })
  readonly options?: readonly string[] | null;

  @Described(SCHEMA)
  readonly response_schema?: object | boolean | null;

  @Described(DETAILS)
  readonly details?: object | null;

  @Whole({ ...PRIORITY, optional: true, default: PRIORITY_DEFAULT })
  readonly priority?: number;

  @Whole({
    optional: true,
    min: TIMEOUT_SECONDS_MIN,
    max: TIMEOUT_SECONDS_MAX,
    default: TIMEOUT_SECONDS_DEFAULT,
    description: 'How long somebody has to respond.',
  })
  readonly timeout_seconds?: number;

  @Uuid({ ...TEAM, optional: true })
  readonly assignee_team_id?: string | null;

  @Choice(ON_TIMEOUT, {
    optional: true,
    default: 'unresolved',
    description:
      'What nobody saying anything means. Of an approval it is unresolved: nobody approves by silence.',
  })
  readonly on_timeout?: OnTimeout;

  @Nested(() => AnswerBody, {
    optional: true,
    nullable: true,
    description: 'What is taken then, with on_timeout default_response.',
  })
  readonly default_response?: AnswerBody | null;

  @YesNo({ optional: true, default: false, description: 'Whether one response is taken after the timeout.' })
  readonly allow_late_response?: boolean;

  @Text({
    optional: true,
    nullable: true,
    min: 1,
    max: DEDUPE_KEY_LENGTH_MAX,
    description: 'Of the store; while a request with it is pending, another POST is answered with that one.',
    example: 'freezer-F-7',
  })
  readonly dedupe_key?: string | null;

  @Text({
    optional: true,
    nullable: true,
    min: 1,
    max: CALLBACK_LENGTH_MAX,
    description: 'Where what became of it is sent: http or https, without credentials.',
    example: 'https://orders.example.com/answers',
  })
  readonly callback_url?: string | null;

  @ListOf(() => EscalationStepBody, {
    optional: true,
    nullable: true,
    maxItems: STEPS_MAX,
    description: 'What changes while nobody responds, the earliest step first.',
  })
  readonly escalation?: readonly EscalationStepBody[] | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateSupervisorRequestBody extends QuestionProperties {
  @Text(STORE)
  readonly store_id!: string;
}

export class CreateStoreSupervisorRequestBody extends QuestionProperties {
  @Text({ ...STORE, optional: true, description: 'The one of the path, if anything.' })
  readonly store_id?: string;
}

export class ReviseSupervisorRequestBody {
  @Whole({ ...PRIORITY, optional: true })
  readonly priority?: number;

  @Instant({
    optional: true,
    description: 'In the future, and at most 2,592,000 seconds after request_timestamp.',
  })
  readonly expires_at?: string;

  @Uuid({ ...TEAM, optional: true })
  readonly assignee_team_id?: string | null;

  @Described(DETAILS)
  readonly details?: object | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class EscalateBody {
  @Whole({ ...PRIORITY, optional: true, nullable: true })
  readonly priority?: number | null;

  @Uuid({ ...TEAM, optional: true })
  readonly assignee_team_id?: string | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}
