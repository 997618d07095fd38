import type { EvaluationContext } from '#flag-evaluator';

/** For whom is evaluated. */
export interface CircumstancesBody {
  readonly context: EvaluationContext;
  readonly tenant_id?: string | null;
  readonly environment?: string | null;
}

/** Which flag is evaluated, and for whom. */
export interface EvaluateBody extends CircumstancesBody {
  readonly name: string;
}

/** Which flags are evaluated, and for whom. */
export interface BulkEvaluateBody extends CircumstancesBody {
  /** Absent: all. */
  readonly flags?: readonly string[];
}

const NAME_LENGTH_MAX = 255;
const FLAGS_MAX = 10_000;

const CIRCUMSTANCES = {
  context: {
    type: 'object',
    description: 'Who is asking: any JSON object.',
    examples: [{ user_id: 'user-123', country: 'US' }],
  },
  tenant_id: {
    type: 'string',
    nullable: true,
    maxLength: 63,
    description: 'The tenant evaluated for. Absent: the one of the credential; null: none.',
  },
  environment: {
    type: 'string',
    nullable: true,
    maxLength: 63,
    description: 'Whose overrides apply. Absent or null: none.',
    examples: ['production'],
  },
};

const NAME = { type: 'string', minLength: 1, maxLength: NAME_LENGTH_MAX };

export const EVALUATE_BODY = {
  type: 'object',
  additionalProperties: false,
  properties: { name: { ...NAME, examples: ['new-checkout-flow'] }, ...CIRCUMSTANCES },
  required: ['name', 'context'],
};

export const BULK_EVALUATE_BODY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    flags: {
      type: 'array',
      items: NAME,
      maxItems: FLAGS_MAX,
      description: 'The names of the flags. Absent: all of them.',
    },
    ...CIRCUMSTANCES,
  },
  required: ['context'],
};
