import { ask, startModule, stopChild } from '../children.js';
import { ENGINES } from '../evaluation-engines.js';
import type { EngineName } from '../evaluation-engines.js';
import type { EvaluationReport } from '../evaluation-process.js';
import { ROLLOUT_PERCENTAGE } from '../flag-sample.js';
import type { Bench, Figure, Row } from '../row.js';
import type { Scope } from '../scope.js';
import { median } from '../statistics.js';

const ROUNDS = 2;
const RATIO_MIN = 2;
/** Of the visitors three quarters meet the conditions, and of those a quarter is in. */
const SHARE = (0.75 * ROLLOUT_PERCENTAGE) / 100;
const SHARE_DEVIATION_MAX = 0.03;

/** The same flag and the same visitors in four libraries, each in a process of its own, with nothing around it. */
export const evaluation: Row = {
  name: 'evaluation',
  async run({ scope, seconds }: Bench): Promise<Figure[]> {
    const names = Object.keys(ENGINES) as EngineName[];
    const rates = new Map(names.map((name) => [name, [] as number[]]));
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const name of names) rates.get(name)?.push(await rateOf(scope, name, seconds));
    }
    const medians = names.map((name) => ({ name, perSecond: median(rates.get(name) ?? []) }));
    const others = medians.filter(({ name }) => name !== 'metastore');
    return [
      {
        work: 'evaluation in process, 3 conditions and 25 %',
        unit: '/ s',
        measured: medians.find(({ name }) => name === 'metastore')?.perSecond ?? 0,
        yardstick: Math.max(...others.map(({ perSecond }) => perSecond)),
        bar: { kind: 'at least', value: RATIO_MIN },
        details: { perSecond: Object.fromEntries(medians.map(({ name, perSecond }) => [name, perSecond])) },
      },
    ];
  },
};

/** @throws when the library does not do the same work */
async function rateOf(scope: Scope, engine: EngineName, seconds: number): Promise<number> {
  const child = startModule(new URL('../evaluation-process.js', import.meta.url));
  scope.defer(() => stopChild(child));
  const { perSecond, share } = await ask<EvaluationReport>(child, { engine, seconds });
  await stopChild(child);
  if (Math.abs(share - SHARE) > SHARE_DEVIATION_MAX) {
    throw new Error(`${engine} lets in ${share} of the visitors, and not ${SHARE}.`);
  }
  return perSecond;
}
