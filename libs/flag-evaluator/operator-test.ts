import { RE2JS } from 're2js';
import type { Operator } from './definition.js';
import { instantOf } from './instant.js';
import { networkTest } from './ip-network.js';
import { compareVersions, versionOf } from './version.js';

/** Whether an operator holds of one value that is there; of a list it is asked element by element. */
export type ValueTest = (actual: unknown) => boolean;

type Scalar = boolean | number | string;
type Compiler = (expected: readonly Scalar[]) => ValueTest;

const NUMERIC = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A scalar as text, as JSON writes it; undefined for objects and lists. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A number, or a text that is one; NaN for anything else. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMERIC.test(value) ? Number(value) : NaN;
}

const never: ValueTest = () => false;

const not =
  (compile: Compiler): Compiler =>
  (expected) => {
    const test = compile(expected);
    return (actual) => !test(actual);
  };

/** Holds when one of several tests does. */
function anyOf(tests: readonly ValueTest[]): ValueTest {
  const [only] = tests;
  if (only === undefined) return never;
  if (tests.length === 1) return only;
  return (actual) => {
    for (const test of tests) if (test(actual)) return true;
    return false;
  };
}

/** The number that is written like a text, NaN when there is none. */
function numberWritten(text: string): number {
  const number = Number(text);
  return String(number) === text ? number : NaN;
}

function equalsOne(expected: string): ValueTest {
  const number = numberWritten(expected);
  return (actual) => {
    if (typeof actual === 'string') return actual === expected;
    if (typeof actual === 'number') return actual === number;
    return typeof actual === 'boolean' && String(actual) === expected;
  };
}

/** Above, a hashed set is faster than looking at one after the other; below, it takes far more memory. */
const LIST_LENGTH_MAX = 8;

function equalsListed(expected: readonly string[]): ValueTest {
  const numbers = expected.map(numberWritten);
  return (actual) => {
    if (typeof actual === 'string') return expected.includes(actual);
    if (typeof actual === 'number') return numbers.indexOf(actual) >= 0; // Unlike `includes`, it finds no NaN.
    return typeof actual === 'boolean' && expected.includes(String(actual));
  };
}

function equalsMember(expected: readonly string[]): ValueTest {
  const texts = new Set(expected);
  const numbers = new Set(expected.map(numberWritten).filter((number) => !Number.isNaN(number)));
  return (actual) => {
    if (typeof actual === 'string') return texts.has(actual);
    if (typeof actual === 'number') return numbers.has(actual);
    return typeof actual === 'boolean' && texts.has(String(actual));
  };
}

/** Scalars are equal when they are written alike: 5 and "5", true and "true". */
const equalsAny: Compiler = (expected) => {
  const texts = expected.map(String);
  const [only] = texts;
  if (texts.length === 1 && only !== undefined) return equalsOne(only);
  return texts.length <= LIST_LENGTH_MAX ? equalsListed(texts) : equalsMember(texts);
};

/** An operator on texts: `holds` compares what the context has with one expected text. */
const onText =
  (holds: (actual: string, expected: string) => boolean): Compiler =>
  (expected) =>
    anyOf(
      expected.map(String).map((text) => (actual) => {
        const own = textOf(actual);
        return own !== undefined && holds(own, text);
      }),
    );

/** An operator on numbers, instants: what cannot be read as one never holds, NaN being in no order. */
const ordered =
  (read: (value: unknown) => number, holds: (actual: number, expected: number) => boolean): Compiler =>
  (expected) =>
    anyOf(
      expected.map((value) => {
        const bound = read(value);
        return (actual) => holds(read(actual), bound);
      }),
    );

const onVersion =
  (holds: (order: number) => boolean): Compiler =>
  (expected) =>
    anyOf(
      expected.map((value) => {
        const bound = typeof value === 'string' ? versionOf(value) : undefined;
        if (bound === undefined) return never;
        return (actual) => {
          const version = typeof actual === 'string' ? versionOf(actual) : undefined;
          return version !== undefined && holds(compareVersions(version, bound));
        };
      }),
    );

function patternTest(pattern: string): ValueTest {
  let compiled: RE2JS | undefined;
  try {
    compiled = RE2JS.compile(pattern);
  } catch {
    return never; // Refused at save; what slipped through matches nobody.
  }
  const regex = compiled;
  return (actual) => {
    const text = textOf(actual);
    return text !== undefined && regex.test(text);
  };
}

function inNetwork(cidr: string): ValueTest {
  const test = networkTest(cidr);
  if (test === undefined) return never;
  return (actual) => typeof actual === 'string' && test(actual);
}

const contains = onText((actual, expected) => actual.includes(expected));

const COMPILERS: ReadonlyMap<Operator, Compiler> = new Map<Operator, Compiler>([
  ['eq', equalsAny],
  ['neq', not(equalsAny)],
  ['in', equalsAny],
  ['not_in', not(equalsAny)],
  ['contains', contains],
  ['not_contains', not(contains)],
  ['starts_with', onText((actual, expected) => actual.startsWith(expected))],
  ['ends_with', onText((actual, expected) => actual.endsWith(expected))],
  ['regex', (expected) => anyOf(expected.map(String).map(patternTest))],
  ['gt', ordered(numberOf, (actual, expected) => actual > expected)],
  ['gte', ordered(numberOf, (actual, expected) => actual >= expected)],
  ['lt', ordered(numberOf, (actual, expected) => actual < expected)],
  ['lte', ordered(numberOf, (actual, expected) => actual <= expected)],
  ['before', ordered(instantOf, (actual, expected) => actual < expected)],
  ['after', ordered(instantOf, (actual, expected) => actual > expected)],
  ['semver_gt', onVersion((order) => order > 0)],
  ['semver_gte', onVersion((order) => order >= 0)],
  ['semver_lt', onVersion((order) => order < 0)],
  ['semver_lte', onVersion((order) => order <= 0)],
  ['in_cidr', (expected) => anyOf(expected.map(String).map(inNetwork))],
]);

/** The elements of a list that is written as one text. */
export function commaSeparated(text: string): string[] {
  return text
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
}

function expectedValues(operator: Operator, value: Scalar | readonly Scalar[]): readonly Scalar[] {
  if (typeof value === 'string' && (operator === 'in' || operator === 'not_in')) return commaSeparated(value);
  return typeof value === 'object' ? value : [value];
}

/**
 * Compiles an operator with what it expects; of several values one has to hold, and none of them for a negated operator. What
 * the checks would have refused holds of nobody.
 */
export function operatorTest(operator: Operator, value: Scalar | readonly Scalar[] | undefined): ValueTest {
  const compile = COMPILERS.get(operator);
  return compile === undefined || value === undefined ? never : compile(expectedValues(operator, value));
}
