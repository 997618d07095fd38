import type { Evaluation } from '#flag-evaluator';

/** Counts what callers get. An abstract class, so that it is also its injection token. */
export abstract class FlagUsage {
  /**
   * Notes that somebody got this evaluation of the flag that a tenant has by this name, just now (milliseconds since 1970).
   * Costs a look-up in memory; called once for each answer that is given.
   */
  abstract count(evaluation: Evaluation, tenant: string | null, name: string, now: number): void;

  /** Writes down what was counted until now. What cannot be written stays counted. */
  abstract flush(): Promise<void>;
}
