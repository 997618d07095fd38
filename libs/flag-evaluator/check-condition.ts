import type { Condition } from './definition.js';
import { checkAttribute } from './check-condition-value.js';
import type { Budget } from './check-condition-value.js';
import { checkText, checkValue } from './check-value.js';
import type { Report } from './check-value.js';

const CONDITIONS_MAX = 1000;
const DEPTH_MAX = 16;
const INSTRUCTIONS_MAX = 20_000;
const NAME_LENGTH_MAX = 255;

/** Checks the conditions at a pointer. */
export type ConditionsCheck = (conditions: readonly Condition[], pointer: string) => void;

interface Place {
  readonly pointer: string;
  readonly depth: number;
}

/** A check for all conditions of one definition, which together keep to its limits. */
export function conditionsCheck(report: Report): ConditionsCheck {
  const budget: Budget = { conditions: CONDITIONS_MAX, instructions: INSTRUCTIONS_MAX };

  /** False when the definition has too many; then nobody looks at the rest. */
  function checkAll(conditions: readonly Condition[], { pointer, depth }: Place): boolean {
    for (const [index, condition] of conditions.entries())
      if (!checkOne(condition, { pointer: `${pointer}/${index}`, depth })) return false;
    return true;
  }

  function checkOne(condition: Condition, { pointer, depth }: Place): boolean {
    if (--budget.conditions < 0) {
      if (budget.conditions === -1)
        report(pointer, 'too_many', 'There are at most 1,000 conditions in one definition.');
      return false;
    }
    if (depth > DEPTH_MAX) {
      report(pointer, 'too_deep', `Conditions stand at most ${DEPTH_MAX} levels deep.`);
      return true;
    }
    const inside = depth + 1;
    if ('any' in condition) return checkAll(condition.any, { pointer: `${pointer}/any`, depth: inside });
    if ('all' in condition) return checkAll(condition.all, { pointer: `${pointer}/all`, depth: inside });
    if ('not' in condition) return checkOne(condition.not, { pointer: `${pointer}/not`, depth: inside });
    if ('segment' in condition) checkText(condition.segment, NAME_LENGTH_MAX, `${pointer}/segment`, report);
    else if ('flag' in condition) {
      checkText(condition.flag, NAME_LENGTH_MAX, `${pointer}/flag`, report);
      checkValue(condition.equals, `${pointer}/equals`, report);
    } else checkAttribute(condition, pointer, budget, report);
    return true;
  }

  return (conditions, pointer) => {
    checkAll(conditions, { pointer, depth: 1 });
  };
}
