import type { Condition, Operator } from '#flag-evaluator';
import {
  allOf,
  anyOf,
  attribute,
  ELEMENT,
  isNumeric,
  isScalar,
  isText,
  not,
  NotInFlagd,
  someElement,
} from './logic.js';
import type { Evaluators, Logic } from './logic.js';

type AttributeCondition = Extract<Condition, { readonly attribute: string }>;
type Scalar = boolean | number | string;

const IS_THERE: Logic = { '!==': [ELEMENT, null] };
/** What flagd reads as a version just as we do: all parts and no leading zeros, or digits alone. */
const VERSION =
  /^[vV]?(?:0|[1-9]\d{0,14})(?:\.(?:0|[1-9]\d{0,14})(?:\.(?:0|[1-9]\d{0,14})(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?)?)?$/;

const COMPARISONS: Readonly<Partial<Record<Operator, string>>> = { gt: '>', gte: '>=', lt: '<', lte: '<=' };
const VERSION_COMPARISONS: Readonly<Partial<Record<Operator, string>>> = {
  semver_gt: '>',
  semver_gte: '>=',
  semver_lt: '<',
  semver_lte: '<=',
};

/** Scalars are equal when they are written alike: "5" and 5, "true" and true. */
function alike(value: Scalar): Scalar[] {
  const text = String(value);
  const number = Number(text);
  return [
    text,
    ...(String(number) === text && Number.isFinite(number) ? [number] : []),
    ...(text === 'true' || text === 'false' ? [text === 'true'] : []),
  ];
}

function expectedOf({ operator, value = [] }: AttributeCondition): Scalar[] {
  if (typeof value === 'object') return [...value];
  if (typeof value !== 'string' || (operator !== 'in' && operator !== 'not_in')) return [value];
  return value
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
}

/** With all three parts, as the schema wants it. */
function fullVersion(version: string): string {
  const plain = version.replace(/^[vV]/, '');
  return /^\d+(?:\.\d+)?$/.test(plain) ? `${plain}${plain.includes('.') ? '.0' : '.0.0'}` : plain;
}

/** Not element by element: an operation that flagd has added fails inside of a list in its SDK for JavaScript. */
function versionLogic(path: string, operator: string, expected: readonly Scalar[]): Logic {
  const value = attribute(path);
  return allOf([
    isText(value),
    anyOf(
      expected.map((version) => {
        if (!VERSION.test(String(version)))
          throw new NotInFlagd('version', `flagd does not read "${version}" as a version.`);
        return { sem_ver: [value, operator, fullVersion(String(version))] };
      }),
    ),
  ]);
}

/** By parts of the text, since `starts_with` and `ends_with` fail inside of a list as above. */
function affixTest(operator: 'starts_with' | 'ends_with', text: string): Logic {
  if (text === '') return true;
  const part = operator === 'starts_with' ? [0, text.length] : [-text.length];
  return { '===': [{ substr: [{ cat: [ELEMENT] }, ...part] }, text] };
}

/** Whether an operator holds of one element. @throws NotInFlagd */
function elementTest(condition: AttributeCondition, evaluators: Evaluators): Logic {
  const { operator } = condition;
  const expected = expectedOf(condition);
  const texts = expected.map(String);
  // Of an empty text one engine says that it holds nothing, not even itself.
  const isWithin = (text: string): Logic => text === '' || { in: [text, { cat: [ELEMENT] }] };
  const onText = (test: (text: string) => Logic): Logic =>
    allOf([evaluators.use('scalar', isScalar(ELEMENT)), anyOf(texts.map(test))]);
  switch (operator) {
    case 'eq':
    case 'in':
      return { in: [ELEMENT, expected.flatMap(alike)] };
    case 'neq':
    case 'not_in':
      return allOf([IS_THERE, not({ in: [ELEMENT, expected.flatMap(alike)] })]);
    case 'contains':
      return onText(isWithin);
    case 'not_contains':
      return allOf([IS_THERE, not(onText(isWithin))]);
    case 'starts_with':
    case 'ends_with':
      return onText((text) => affixTest(operator, text));
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return allOf([
        evaluators.use('numeric', isNumeric(ELEMENT)),
        anyOf(expected.map((bound) => ({ [COMPARISONS[operator] ?? '']: [ELEMENT, Number(bound)] }))),
      ]);
    default:
      throw new NotInFlagd('operator', `flagd has no operation for ${operator}.`);
  }
}

/** A condition on one attribute. @throws NotInFlagd */
export function attributeLogic(condition: AttributeCondition, evaluators: Evaluators): Logic {
  const { operator } = condition;
  if (operator === 'exists') return { '!==': [attribute(condition.attribute), null] };
  if (operator === 'not_exists') return { '===': [attribute(condition.attribute), null] };
  const comparison = VERSION_COMPARISONS[operator];
  if (comparison !== undefined) return versionLogic(condition.attribute, comparison, expectedOf(condition));
  const test = elementTest(condition, evaluators);
  return test === false ? false : someElement(condition.attribute, test);
}
