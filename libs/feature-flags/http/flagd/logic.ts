import type { Json } from '#flag-evaluator';

/** An expression of JsonLogic (https://jsonlogic.com), with the operations that flagd adds to it. */
export type Logic = Json;

/** Something that flagd has no words for, so that the flag would be another one there. */
export class NotInFlagd extends Error {
  constructor(
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** Expressions that many flags need, written once under `$evaluators`. */
export interface Evaluators {
  use(name: string, logic: Logic): Logic;
}

/** Inside of an evaluator others cannot be named: not every SDK looks there. */
export const INLINE: Evaluators = { use: (_, logic) => logic };

/** What is looked at inside of `some`. */
export const ELEMENT: Logic = { var: '' };

const NUMBER_STEPS = 64;
const DIGITS = '0123456789';
const PROTOTYPES: readonly object[] = [
  Object.prototype,
  Array.prototype,
  String.prototype,
  Number.prototype,
  Boolean.prototype,
];

export function allOf(parts: readonly Logic[]): Logic {
  if (parts.includes(false)) return false;
  const [first = true, ...more] = parts.filter((part) => part !== true);
  return more.length === 0 ? first : { and: [first, ...more] };
}

export function anyOf(parts: readonly Logic[]): Logic {
  if (parts.includes(true)) return true;
  const [first = false, ...more] = parts.filter((part) => part !== false);
  return more.length === 0 ? first : { or: [first, ...more] };
}

export const not = (logic: Logic): Logic => (typeof logic === 'boolean' ? !logic : { '!': [logic] });

/** A condition, and what it leads to. */
export type Step = readonly [condition: Logic, outcome: Logic];

/** The outcome of the first step whose condition holds. */
export function firstOf(steps: readonly Step[], otherwise: Logic): Logic {
  const possible = steps.filter(([condition]) => condition !== false);
  const certain = possible.findIndex(([condition]) => condition === true);
  const open = certain < 0 ? possible : possible.slice(0, certain);
  const last = possible[certain]?.[1] ?? null;
  const rest = certain < 0 ? otherwise : last;
  return open.length === 0 ? rest : { if: [...open.flat(), rest] };
}

/** @throws NotInFlagd when it would read what nobody sent, such as the length of a text */
function expectReadable(path: string): void {
  const [first = '', ...inner] = path.split('.');
  const isReadable =
    [first, ...inner].every((name) => name !== '' && !name.includes('\\')) &&
    first !== '$flagd' &&
    !(first in Object.prototype) &&
    inner.every((name) => !/^\d+$/.test(name) && !PROTOTYPES.some((prototype) => name in prototype));
  if (!isReadable) throw new NotInFlagd('attribute', `flagd reads something else as "${path}".`);
}

/** What the context has under a path; null when that is nothing. A literal key with dots wins. @throws NotInFlagd */
export function attribute(path: string): Logic {
  expectReadable(path);
  const variable: Logic = { var: path };
  if (!path.includes('.')) return variable;
  const literal: Logic = { var: path.replaceAll('.', String.raw`\.`) };
  return { if: [{ '!==': [literal, null] }, literal, variable] };
}

/** True of an attribute when it is of one of its elements, where it is a list. */
export const someElement = (path: string, test: Logic): Logic => ({
  some: [{ merge: [attribute(path)] }, test],
});

/** A list is no member of itself taken apart. */
const isNoList = (value: Logic): Logic => ({ in: [value, { merge: [value] }] });

export const isText = (value: Logic): Logic => ({ '===': [{ cat: [value] }, value] });

/**
 * Numbers, and texts that are written like one, as far as 64 characters: a machine that eats a text from the left. Its
 * states are letters before what is left: S the start, M a minus, I whole digits, P the point, F its digits, E the
 * exponent, G its sign, X its digits. JsonLogic itself can only fail at a text that is no number.
 */
export function isNumeric(value: Logic): Logic {
  const left: Logic = { var: 'accumulator' };
  const state: Logic = { substr: [left, 0, 1] };
  const next: Logic = { substr: [left, 1, 1] };
  const go = (to: string): Logic => ({ cat: [to, { substr: [left, 2] }] });
  const digitIn = (states: string): Logic => ({ and: [{ in: [next, DIGITS] }, { in: [state, states] }] });
  const oneOf = (...pairs: string[]): Logic => ({ in: [{ substr: [left, 0, 2] }, pairs] });
  const step = firstOf(
    [
      [{ '===': [next, ''] }, left],
      [digitIn('SMI'), go('I')],
      [digitIn('PF'), go('F')],
      [digitIn('EGX'), go('X')],
      [oneOf('S-'), go('M')],
      [oneOf('I.'), go('P')],
      [oneOf('Ie', 'IE', 'Fe', 'FE'), go('E')],
      [oneOf('E+', 'E-'), go('G')],
    ],
    '!',
  );
  // What is reduced has to hold the value: one engine takes a reduction of constants for one, whatever it starts from.
  const steps: Logic = { merge: [Array.from({ length: NUMBER_STEPS }, () => 0), value] };
  const end: Logic = { reduce: [steps, step, { cat: ['S', value] }] };
  return { and: [isNoList(value), { in: [end, ['I', 'F', 'X']] }] };
}

/** Texts, numbers, true and false. */
export const isScalar = (value: Logic): Logic => ({
  or: [isText(value), { in: [value, [true, false]] }, isNumeric(value)],
});

const sizes = new WeakMap<object, number>();

/** The length of the text; what is used several times is looked at once. */
export function sizeOf(logic: Logic): number {
  if (typeof logic !== 'object' || logic === null) return JSON.stringify(logic).length;
  const known = sizes.get(logic);
  if (known !== undefined) return known;
  let size = 2;
  for (const [name, inner] of Object.entries<Json>(logic)) size += name.length + 4 + sizeOf(inner);
  sizes.set(logic, size);
  return size;
}
