import type { Circumstances, Evaluation, EvaluationContext } from './evaluation.js';

/** Where the flags and segments that a definition names are found: among those its author saw. */
export interface Scope {
  /** What another flag serves to the same caller; undefined when there is no such flag. */
  referencedFlag(name: string, context: EvaluationContext, at: Circumstances): Evaluation | undefined;
  /** False when there is no such segment. */
  isInSegment(name: string, context: EvaluationContext, at: Circumstances): boolean;
}

/** A condition, compiled. */
export type Predicate = (context: EvaluationContext, at: Circumstances, scope: Scope) => boolean;

/** What one caller was told, kept while one evaluation lasts, so that no web of references takes longer than its size. */
export class Memo<T> {
  #evaluation = 0;
  #value: T | undefined;

  /** What was told in this evaluation. @throws ReferenceCycle when it is still being found out. */
  recall(evaluation: number): T | undefined {
    if (this.#evaluation !== evaluation) return undefined;
    if (this.#value === undefined) throw new ReferenceCycle();
    return this.#value;
  }

  begin(evaluation: number): void {
    this.#evaluation = evaluation;
    this.#value = undefined;
  }

  keep(evaluation: number, value: T): T {
    this.#evaluation = evaluation;
    this.#value = value;
    return value;
  }
}

/** Definitions that need each other's result. The checks refuse them; this stops what slipped past. */
export class ReferenceCycle extends Error {
  constructor() {
    super('The definitions refer to each other in a circle.');
  }
}
