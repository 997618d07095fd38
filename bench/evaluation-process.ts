import { ENGINES } from './evaluation-engines.js';
import type { EngineName } from './evaluation-engines.js';
import { visitors } from './flag-sample.js';

/** Which library to measure, for how long. */
export interface EvaluationLoad {
  readonly engine: EngineName;
  readonly seconds: number;
}

/** What came of it. */
export interface EvaluationReport {
  readonly perSecond: number;
  /** Of the visitors, for whom the flag is on. */
  readonly share: number;
}

const VISITORS = 10_000;
const WARM_UP_SECONDS = 1;
const MILLISECONDS = 1_000;

process.once('message', ({ engine, seconds }: EvaluationLoad) => {
  const questions = ENGINES[engine](visitors(VISITORS));
  const share = questions.filter((ask) => ask()).length / VISITORS;
  ratePerSecond(questions, WARM_UP_SECONDS);
  process.send?.({ perSecond: ratePerSecond(questions, seconds), share });
});
process.once('disconnect', () => process.exit());

/** Counts what is on, so that nothing is left out as needless. */
function ratePerSecond(questions: readonly (() => boolean)[], seconds: number): number {
  const startedAt = performance.now();
  const until = startedAt + seconds * MILLISECONDS;
  let asked = 0;
  let on = 0;
  while (performance.now() < until) {
    for (const ask of questions) if (ask()) on += 1;
    asked += questions.length;
  }
  if (on === 0) throw new Error('The flag was on for nobody.');
  return (asked / (performance.now() - startedAt)) * MILLISECONDS;
}
