import type { Evaluation, FlagSet, TraceStep } from '#flag-evaluator';
import type { EvaluationResponse, TraceStepResponse } from './evaluation.dto.js';

/** An evaluation on the wire, as JSON text: made once for each, because an evaluation is shared by all who get it. */
export interface EvaluationText {
  /** The name of the flag in quotes. */
  readonly name: string;
  readonly value: string;
  /** The whole answer. */
  readonly whole: string;
  /** In quotes; null where all is well. */
  readonly errorCode: string | null;
}

const texts = new WeakMap<Evaluation, EvaluationText>();

/** `name` is that of the flag of the set which gave this evaluation. */
export function textOf(evaluation: Evaluation, set: FlagSet, name: string): EvaluationText {
  return texts.get(evaluation) ?? makeText(evaluation, set, name);
}

function makeText(evaluation: Evaluation, set: FlagSet, name: string): EvaluationText {
  const { errorCode } = evaluation;
  const text: EvaluationText = {
    name: JSON.stringify(name),
    value: JSON.stringify(evaluation.value),
    whole: JSON.stringify(toResponse(evaluation, set, name)),
    errorCode: errorCode && JSON.stringify(errorCode),
  };
  texts.set(evaluation, text);
  return text;
}

export function toResponse(evaluation: Evaluation, set: FlagSet, name: string): EvaluationResponse {
  const { value, enabled, reason, variant, ruleId, errorCode, expired, prerequisiteFailed } = evaluation;
  const metadata = {
    ...(expired && { expired }),
    ...(prerequisiteFailed !== null && { prerequisite_failed: prerequisiteFailed }),
  };
  return {
    name,
    value,
    enabled,
    reason,
    variant,
    rule_id: ruleId,
    version: set.flag(name)?.version ?? 0,
    error_code: errorCode,
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}

/** What was not looked at is left out. */
export function toTraceStepResponse({ ruleId, ...step }: TraceStep): TraceStepResponse {
  return { ...step, ...(ruleId !== undefined && { rule_id: ruleId }) };
}
