import { conditionsCheck } from './check-condition.js';
import { checkText, isWithin } from './check-value.js';
import type { Report } from './check-value.js';
import type { SegmentDefinition } from './definition.js';
import type { DefinitionProblem } from './evaluation.js';

const KEYS_MAX = 10_000;
const KEY_LENGTH_MAX = 1000;

function checkKeys(keys: readonly string[], pointer: string, report: Report): void {
  if (!isWithin({ count: keys.length, max: KEYS_MAX }, pointer, report)) return;
  for (const [index, key] of keys.entries()) checkText(key, KEY_LENGTH_MAX, `${pointer}/${index}`, report);
}

/** Everything that is wrong with a segment, by itself; whether what it refers to is there is not asked here. Never throws. */
export function checkSegment({ include, exclude, conditions }: SegmentDefinition): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  const report: Report = (pointer, code, detail) => problems.push({ pointer, code, detail });
  checkKeys(include, '/include', report);
  checkKeys(exclude, '/exclude', report);
  conditionsCheck(report)(conditions, '/conditions');
  return problems;
}
