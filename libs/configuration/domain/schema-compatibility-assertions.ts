import { isJsonObject } from './json.js';
import type { JsonValue } from './json.js';
import type { SchemaNode } from './schema-compatibility-node.js';
import { kindsIn, kindsOf, textOf, valuesOf } from './schema-compatibility-types.js';
import type { Kind } from './schema-compatibility-types.js';

/** Which values each keyword says something about. */
const ABOUT: Readonly<Record<string, readonly Kind[]>> = {
  minimum: ['integer', 'fraction'],
  exclusiveMinimum: ['integer', 'fraction'],
  maximum: ['integer', 'fraction'],
  exclusiveMaximum: ['integer', 'fraction'],
  multipleOf: ['integer', 'fraction'],
  minLength: ['string'],
  maxLength: ['string'],
  pattern: ['string'],
  format: ['string'],
  minItems: ['array'],
  maxItems: ['array'],
  uniqueItems: ['array'],
  minProperties: ['object'],
  maxProperties: ['object'],
  required: ['object'],
  dependentRequired: ['object'],
};

/** Keywords that hold no schema, and whose promises can be compared. */
export const COMPARED: ReadonlySet<string> = new Set(['type', 'enum', 'const', ...Object.keys(ABOUT)]);

/** Whether whatever satisfies all of the conjuncts satisfies this keyword, too. False where it is not known. */
export function promises(conjuncts: readonly SchemaNode[], keyword: string, expected: JsonValue): boolean {
  const kinds = kindsOf(conjuncts);
  if (keyword === 'type') return isSubset(kinds, kindsIn(expected));
  if (keyword === 'enum') return lists(conjuncts, expected);
  if (keyword === 'const') return lists(conjuncts, [expected]);
  if ((ABOUT[keyword] ?? []).every((kind) => !kinds.has(kind))) return true;
  return IMPLIES[keyword]?.(new Said(conjuncts, kinds), expected) ?? false;
}

function lists(conjuncts: readonly SchemaNode[], expected: JsonValue): boolean {
  const values = valuesOf(conjuncts);
  if (!values || !Array.isArray(expected)) return false;
  const allowed = new Set((expected as JsonValue[]).map(textOf));
  return values.every((value) => allowed.has(textOf(value)));
}

const isSubset = <T>(part: ReadonlySet<T>, whole: ReadonlySet<T>): boolean =>
  [...part].every((item) => whole.has(item));

/** What several schemas say together. */
class Said {
  constructor(
    private readonly conjuncts: readonly SchemaNode[],
    readonly kinds: ReadonlySet<Kind>,
  ) {}

  of(keyword: string): readonly JsonValue[] {
    return this.conjuncts.flatMap(({ schema, document }) => {
      const isKnown = keyword !== 'dependentRequired' || document.dialect !== 'draft-07';
      const value = isKnown && isJsonObject(schema) ? schema[keyword] : undefined;
      return value === undefined ? [] : [value];
    });
  }

  numbers(keyword: string): readonly number[] {
    return this.of(keyword).filter((value) => typeof value === 'number');
  }

  get required(): ReadonlySet<JsonValue> {
    return new Set(this.of('required').flatMap((names) => (Array.isArray(names) ? names : [])));
  }
}

type Implies = (said: Said, expected: JsonValue) => boolean;

const atLeast =
  (keyword: string): Implies =>
  (said, expected) =>
    expected === 0 || said.numbers(keyword).some((number) => number >= Number(expected));
const atMost =
  (keyword: string): Implies =>
  (said, expected) =>
    said.numbers(keyword).some((number) => number <= Number(expected));
const sameText =
  (keyword: string): Implies =>
  (said, expected) =>
    said.of(keyword).includes(expected);

const IMPLIES: Readonly<Record<string, Implies>> = {
  minimum: (said, expected) =>
    [...said.numbers('minimum'), ...said.numbers('exclusiveMinimum')].some((low) => low >= Number(expected)),
  maximum: (said, expected) =>
    [...said.numbers('maximum'), ...said.numbers('exclusiveMaximum')].some(
      (high) => high <= Number(expected),
    ),
  exclusiveMinimum: (said, expected) =>
    said.numbers('exclusiveMinimum').some((low) => low >= Number(expected)) ||
    said.numbers('minimum').some((low) => low > Number(expected)),
  exclusiveMaximum: (said, expected) =>
    said.numbers('exclusiveMaximum').some((high) => high <= Number(expected)) ||
    said.numbers('maximum').some((high) => high < Number(expected)),
  multipleOf: (said, expected) =>
    (expected === 1 && !said.kinds.has('fraction')) ||
    said.numbers('multipleOf').some((step) => isMultiple(step, Number(expected))),
  minLength: atLeast('minLength'),
  maxLength: atMost('maxLength'),
  pattern: sameText('pattern'),
  format: sameText('format'),
  minItems: atLeast('minItems'),
  maxItems: atMost('maxItems'),
  uniqueItems: (said, expected) => expected === false || said.of('uniqueItems').includes(true),
  minProperties: (said, expected) =>
    atLeast('minProperties')(said, expected) || said.required.size >= Number(expected),
  maxProperties: atMost('maxProperties'),
  required: (said, expected) => isSubset(new Set(expected as readonly JsonValue[]), said.required),
  dependentRequired: (said, expected) =>
    isJsonObject(expected) &&
    Object.entries(expected).every(([name, needed]) => {
      const known = said.of('dependentRequired').flatMap((map) => (isJsonObject(map) ? map[name] : []));
      return isSubset(new Set(needed as readonly JsonValue[]), new Set([...said.required, ...known.flat()]));
    }),
};

const isMultiple = (step: number, of: number): boolean =>
  step === of || (Number.isInteger(step) && Number.isInteger(of) && step % of === 0);
