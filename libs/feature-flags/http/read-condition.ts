import type { Reading } from '#platform/http';
import { OPERATORS } from '#flag-evaluator';
import type { Condition, FlagValue } from '#flag-evaluator';
import { at } from '#platform/http';

const NAME_MAX = 255;
const ATTRIBUTE_MAX = 1_000;
/** The member by which each form is known. */
const FORMS = ['attribute', 'any', 'all', 'not', 'segment', 'flag'] as const;
const HARMLESS: Condition = { all: [] };

type Members = Readonly<Record<string, unknown>>;

export const readConditions = (reading: Reading, value: unknown, pointer: string): Condition[] =>
  reading.list(value, pointer).map((item, index) => readCondition(reading, item, at(pointer, index)));

/** As deep as a body may be nested; how deep conditions may be is checked with the definition. */
function readCondition(reading: Reading, value: unknown, pointer: string): Condition {
  const members = reading.map(value, pointer);
  const [form, second] = FORMS.filter((name) => members[name] !== undefined);
  if (form === undefined || second !== undefined) {
    reading.note('choice', pointer, `A condition has one of ${FORMS.join(', ')}.`);
    return HARMLESS;
  }
  switch (form) {
    case 'attribute':
      return readComparison(
        reading,
        reading.object(value, pointer, ['attribute', 'operator', 'value']),
        pointer,
      );
    case 'any':
      reading.object(value, pointer, ['any']);
      return { any: readConditions(reading, members['any'], at(pointer, 'any')) };
    case 'all':
      reading.object(value, pointer, ['all']);
      return { all: readConditions(reading, members['all'], at(pointer, 'all')) };
    case 'not':
      reading.object(value, pointer, ['not']);
      return { not: readCondition(reading, members['not'], at(pointer, 'not')) };
    case 'segment':
      reading.object(value, pointer, ['segment']);
      return { segment: reading.text(members['segment'], at(pointer, 'segment'), NAME_MAX) };
    case 'flag':
      return readDependence(reading, value, pointer);
  }
}

/** `{flag, equals}`: also what a prerequisite is. */
export function readDependence(
  reading: Reading,
  value: unknown,
  pointer: string,
): { readonly flag: string; readonly equals: FlagValue } {
  const members = reading.object(value, pointer, ['flag', 'equals']);
  return {
    flag: reading.text(members['flag'], at(pointer, 'flag'), NAME_MAX),
    equals: readValue(reading, members['equals'], at(pointer, 'equals')),
  };
}

/** `attribute`, `operator` and `value` of a condition, or of a rule in its short form. */
export function readComparison(reading: Reading, members: Members, pointer: string): Condition {
  const operator = reading.choice(members['operator'], at(pointer, 'operator'), OPERATORS);
  const value = members['value'];
  return {
    attribute: reading.text(members['attribute'], at(pointer, 'attribute'), ATTRIBUTE_MAX),
    operator,
    ...(value !== undefined && { value: readOperand(reading, value, at(pointer, 'value')) }),
  };
}

type Scalar = boolean | number | string;

function readOperand(reading: Reading, value: unknown, pointer: string): Scalar | Scalar[] {
  if (isScalar(value)) return value;
  if (!Array.isArray(value)) {
    reading.note('type', pointer, 'It must be a string, a number, true, false, or a list of those.');
    return '';
  }
  return value.map((item: unknown, index) => {
    if (isScalar(item)) return item;
    reading.note('type', at(pointer, index), 'It must be a string, a number, true or false.');
    return '';
  });
}

const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Any JSON value but null: bodies hold nothing else. */
export function readValue(reading: Reading, value: unknown, pointer: string): FlagValue {
  if (value === undefined) reading.note('required', pointer, 'It is required.');
  else if (value === null) reading.note('type', pointer, 'It must not be null.');
  else return value as FlagValue;
  return false;
}
