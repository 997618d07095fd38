import { attributeReader } from './attribute.js';
import type { Condition } from './definition.js';
import { jsonEqual } from './json.js';
import { operatorTest } from './operator-test.js';
import type { ValueTest } from './operator-test.js';
import type { Predicate } from './scope.js';

/** A condition on one attribute of the context. */
export type AttributeCondition = Extract<Condition, { readonly attribute: string }>;

function anyElement(list: readonly unknown[], test: ValueTest): boolean {
  for (const element of list) if (element !== null && element !== undefined && test(element)) return true;
  return false;
}

/** A list holds when one of its elements does; a missing attribute never, unless it is asked for its absence. */
function attributePredicate({ attribute, operator, value }: AttributeCondition): Predicate {
  const read = attributeReader(attribute);
  if (operator === 'exists') return (context) => read(context) !== undefined;
  if (operator === 'not_exists') return (context) => read(context) === undefined;
  const test = operatorTest(operator, value);
  return (context) => {
    const actual = read(context);
    if (actual === undefined) return false;
    return Array.isArray(actual) ? anyElement(actual, test) : test(actual);
  };
}

/** All of the conditions; none at all hold. */
export function allOf(conditions: readonly Condition[]): Predicate {
  const predicates = conditions.map(predicateOf);
  const [only] = predicates;
  if (predicates.length === 1 && only !== undefined) return only;
  return (context, at, scope) => {
    for (const holds of predicates) if (!holds(context, at, scope)) return false;
    return true;
  };
}

function anyOf(conditions: readonly Condition[]): Predicate {
  const predicates = conditions.map(predicateOf);
  return (context, at, scope) => {
    for (const holds of predicates) if (holds(context, at, scope)) return true;
    return false;
  };
}

/** Compiles a condition. */
export function predicateOf(condition: Condition): Predicate {
  if ('attribute' in condition) return attributePredicate(condition);
  if ('any' in condition) return anyOf(condition.any);
  if ('all' in condition) return allOf(condition.all);
  if ('not' in condition) {
    const holds = predicateOf(condition.not);
    return (context, at, scope) => !holds(context, at, scope);
  }
  if ('segment' in condition) {
    const { segment } = condition;
    return (context, at, scope) => scope.isInSegment(segment, context, at);
  }
  const { flag, equals } = condition;
  return (context, at, scope) => {
    const evaluation = scope.referencedFlag(flag, context, at);
    return evaluation !== undefined && jsonEqual(evaluation.value, equals);
  };
}
