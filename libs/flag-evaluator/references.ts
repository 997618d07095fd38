import type { Condition, FlagDefinition, SegmentDefinition } from './definition.js';
import type { Reference } from './evaluation.js';

/** A reference, and where in the definition the name stands. */
export interface PlacedReference extends Reference {
  readonly pointer: string;
}

interface PlacedCondition {
  readonly condition: Condition;
  readonly pointer: string;
}

const placed = (conditions: readonly Condition[], pointer: string): PlacedCondition[] =>
  conditions.map((condition, index) => ({ condition, pointer: `${pointer}/${index}` }));

/** What stands inside of a condition. */
function inside({ condition, pointer }: PlacedCondition): PlacedCondition[] {
  if ('any' in condition) return placed(condition.any, `${pointer}/any`);
  if ('all' in condition) return placed(condition.all, `${pointer}/all`);
  return 'not' in condition ? [{ condition: condition.not, pointer: `${pointer}/not` }] : [];
}

/** Without recursion: it is asked of definitions that nobody has checked yet. */
function fromConditions(roots: readonly PlacedCondition[]): PlacedReference[] {
  const references: PlacedReference[] = [];
  const open = [...roots].reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { condition, pointer } = next;
    if ('segment' in condition)
      references.push({ pointer: `${pointer}/segment`, kind: 'segment', name: condition.segment });
    else if ('flag' in condition)
      references.push({ pointer: `${pointer}/flag`, kind: 'flag', name: condition.flag });
    for (const nested of inside(next).reverse()) open.push(nested);
  }
  return references;
}

/** The flags and segments that a definition names, each as often as it does, in its order. */
export function referencesOf(definition: FlagDefinition | SegmentDefinition): PlacedReference[] {
  if ('include' in definition) return fromConditions(placed(definition.conditions, '/conditions'));
  const { prerequisites, targetingRules } = definition;
  return [
    ...prerequisites.map(({ flag }, index): PlacedReference => ({
      pointer: `/prerequisites/${index}/flag`,
      kind: 'flag',
      name: flag,
    })),
    ...fromConditions(
      targetingRules.flatMap(({ conditions }, index) =>
        placed(conditions, `/targetingRules/${index}/conditions`),
      ),
    ),
  ];
}
