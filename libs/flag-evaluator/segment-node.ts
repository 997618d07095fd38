import { callerKey } from './bucketing-key.js';
import { allOf } from './condition.js';
import type { SegmentDefinition, SegmentInput } from './definition.js';
import type { Circumstances, EvaluationContext } from './evaluation.js';
import { Memo } from './scope.js';
import type { Scope } from './scope.js';

/** A segment, compiled: exclude beats include beats conditions. */
export class SegmentNode {
  readonly name: string;
  readonly definition: SegmentDefinition;
  readonly include: ReadonlySet<string>;
  readonly exclude: ReadonlySet<string>;
  readonly memo = new Memo<boolean>();
  readonly #holds: ReturnType<typeof allOf>;

  constructor({ name, definition }: SegmentInput) {
    this.name = name;
    this.definition = definition;
    this.include = new Set(definition.include);
    this.exclude = new Set(definition.exclude);
    this.#holds = allOf(definition.conditions);
  }

  /** A caller without a key is in by the conditions alone. */
  has(context: EvaluationContext, at: Circumstances, scope: Scope): boolean {
    const key = callerKey(context);
    if (key !== '' && this.exclude.has(key)) return false;
    if (key !== '' && this.include.has(key)) return true;
    return this.definition.conditions.length > 0 && this.#holds(context, at, scope);
  }
}
