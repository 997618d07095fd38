import { attributeReader } from './attribute.js';
import type { AttributeReader } from './attribute.js';
import type { Condition, FlagValue } from './definition.js';
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

const presencePredicate =
  (read: AttributeReader): Predicate =>
  (context) =>
    read(context) !== undefined;

const absencePredicate =
  (read: AttributeReader): Predicate =>
  (context) =>
    read(context) === undefined;

/** A list holds when one of its elements does; a missing attribute never. */
const valuePredicate =
  (read: AttributeReader, test: ValueTest): Predicate =>
  (context) => {
    const actual = read(context);
    if (actual === undefined) return false;
    return Array.isArray(actual) ? anyElement(actual, test) : test(actual);
  };

function attributePredicate({ attribute, operator, value }: AttributeCondition): Predicate {
  const read = attributeReader(attribute);
  if (operator === 'exists') return presencePredicate(read);
  if (operator === 'not_exists') return absencePredicate(read);
  return valuePredicate(read, operatorTest(operator, value));
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

function noneOf(condition: Condition): Predicate {
  const holds = predicateOf(condition);
  return (context, at, scope) => !holds(context, at, scope);
}

const segmentPredicate =
  (segment: string): Predicate =>
  (context, at, scope) =>
    scope.isInSegment(segment, context, at);

const flagPredicate =
  (flag: string, equals: FlagValue): Predicate =>
  (context, at, scope) => {
    const evaluation = scope.referencedFlag(flag, context, at);
    return evaluation !== undefined && jsonEqual(evaluation.value, equals);
  };

/** Compiles a condition. Each kind has a function of its own, so that no closure holds on to the needs of another. */
export function predicateOf(condition: Condition): Predicate {
  if ('attribute' in condition) return attributePredicate(condition);
  if ('any' in condition) return anyOf(condition.any);
  if ('all' in condition) return allOf(condition.all);
  if ('not' in condition) return noneOf(condition.not);
  if ('segment' in condition) return segmentPredicate(condition.segment);
  return flagPredicate(condition.flag, condition.equals);
}
