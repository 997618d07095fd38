import { RE2JS } from 're2js';
import type { Condition, Operator } from './definition.js';
import { checkText, checkValue, isWithin } from './check-value.js';
import type { Report } from './check-value.js';
import { instantOf } from './instant.js';
import { networkTest } from './ip-network.js';
import { commaSeparated, numberOf } from './operator-test.js';
import { versionOf } from './version.js';

/** What one definition may still spend: a matcher takes time and memory by the size of its pattern's program. */
export interface Budget {
  conditions: number;
  instructions: number;
}

type AttributeCondition = Extract<Condition, { readonly attribute: string }>;
type Scalar = boolean | number | string;

const ELEMENTS_MAX = 10_000;
const ATTRIBUTE_LENGTH_MAX = 1000;
const PATTERN_LENGTH_MAX = 1000;
const PATTERN_INSTRUCTIONS_MAX = 2000;

/** What an operator compares with, for those that do not take every scalar. */
const EXPECTATIONS: Partial<Record<Operator, readonly [fits: (value: Scalar) => boolean, detail: string]>> = {
  gt: [isNumber, 'gt compares with a number.'],
  gte: [isNumber, 'gte compares with a number.'],
  lt: [isNumber, 'lt compares with a number.'],
  lte: [isNumber, 'lte compares with a number.'],
  before: [isInstant, 'before compares with an RFC 3339 date-time, or milliseconds since 1970.'],
  after: [isInstant, 'after compares with an RFC 3339 date-time, or milliseconds since 1970.'],
  semver_gt: [isVersion, 'semver_gt compares with a version, such as 1.4.0.'],
  semver_gte: [isVersion, 'semver_gte compares with a version, such as 1.4.0.'],
  semver_lt: [isVersion, 'semver_lt compares with a version, such as 1.4.0.'],
  semver_lte: [isVersion, 'semver_lte compares with a version, such as 1.4.0.'],
  in_cidr: [isNetwork, 'in_cidr compares with a network, such as 10.0.0.0/8.'],
};

function isNumber(value: Scalar): boolean {
  return Number.isFinite(numberOf(value));
}

function isInstant(value: Scalar): boolean {
  return Number.isFinite(instantOf(value));
}

function isVersion(value: Scalar): boolean {
  return typeof value === 'string' && versionOf(value) !== undefined;
}

function isNetwork(value: Scalar): boolean {
  return typeof value === 'string' && networkTest(value) !== undefined;
}

const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';

function patternProblem(pattern: Scalar, budget: Budget): string | null {
  if (typeof pattern !== 'string') return 'regex compares with a pattern in the syntax of RE2.';
  if (pattern.length > PATTERN_LENGTH_MAX) return `A pattern has at most ${PATTERN_LENGTH_MAX} characters.`;
  if (budget.instructions < 0) return 'The patterns of one definition are too complex together.';
  try {
    const size = RE2JS.compile(pattern).programSize();
    budget.instructions -= size;
    if (size > PATTERN_INSTRUCTIONS_MAX) return 'The pattern is too complex: it repeats too much.';
    return budget.instructions < 0 ? 'The patterns of one definition are too complex together.' : null;
  } catch (error) {
    return `This is no pattern of RE2: ${error instanceof Error ? error.message : 'it cannot be read'}.`;
  }
}

interface Expected {
  readonly operator: Operator;
  readonly value: Scalar;
  readonly pointer: string;
}

function checkOne({ operator, value, pointer }: Expected, budget: Budget, report: Report): void {
  if (!isScalar(value)) {
    report(
      pointer,
      'operator_value',
      `${operator} compares with a text, a number, true or false, or a list of them.`,
    );
    return;
  }
  if (operator === 'regex') {
    const problem = patternProblem(value, budget);
    if (problem !== null) report(pointer, 'regex', problem);
    return;
  }
  const [fits, detail] = EXPECTATIONS[operator] ?? [];
  if (fits !== undefined && !fits(value)) report(pointer, 'operator_value', detail ?? '');
  else checkValue(value, pointer, report);
}

function elementsOf({ operator, value }: AttributeCondition): number {
  if (Array.isArray(value)) return value.length;
  const isList = typeof value === 'string' && (operator === 'in' || operator === 'not_in');
  return isList ? commaSeparated(value).length : 1;
}

/** Checks one attribute's condition, and pays for its patterns. */
export function checkAttribute(
  condition: AttributeCondition,
  pointer: string,
  budget: Budget,
  report: Report,
): void {
  const { attribute, operator, value } = condition;
  const at = `${pointer}/value`;
  checkText(attribute, ATTRIBUTE_LENGTH_MAX, `${pointer}/attribute`, report);
  if (operator === 'exists' || operator === 'not_exists') {
    if (value !== undefined) report(at, 'operator_value', `${operator} compares with nothing.`);
    return;
  }
  if (value === undefined || value === null) {
    report(at, 'required', `${operator} needs a value to compare with.`);
    return;
  }
  if (!isWithin({ count: elementsOf(condition), max: ELEMENTS_MAX }, at, report)) return;
  if (isScalar(value)) checkOne({ operator, value, pointer: at }, budget, report);
  else if (Array.isArray(value)) {
    const list: readonly Scalar[] = value;
    for (const [index, element] of list.entries())
      checkOne({ operator, value: element, pointer: `${at}/${index}` }, budget, report);
  } else report(at, 'operator_value', `${operator} does not compare with an object.`);
}
