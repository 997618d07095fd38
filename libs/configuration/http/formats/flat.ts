import type { Violation } from '#shared-kernel';
import { at } from '#platform/http';
import { isJsonObject } from '../../domain/json.js';
import type { JsonObject, JsonValue } from '../../domain/json.js';

/** A step into a document: the name of a member, or the index of an item. */
export type Step = string | number;

/** One line of a flat format: where something stands, and what it is. */
export interface FlatEntry {
  readonly steps: readonly Step[];
  /** A text, number, boolean or null, or an empty object or list. */
  readonly value: JsonValue;
}

/** The same, as it was read; lines are counted from 1. */
export interface FlatLine extends FlatEntry {
  readonly line: number;
}

/** What a flat text says. */
export interface FlatReading {
  readonly lines: readonly FlatLine[];
  readonly violations: readonly Violation[];
}

/** How the values of a flat text are taken: as what they look like, or each as a text. */
export type Types = 'infer' | 'text';

const WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['null', null],
  ['true', true],
  ['false', false],
  ['{}', {}],
  ['[]', []],
]);
const NUMBER = /^-?\d/;

/** What an unmarked text stands for: a number only where it is written exactly as JSON writes it. */
export function inferred(text: string): JsonValue {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  return NUMBER.test(text) && JSON.stringify(Number(text)) === text ? Number(text) : text;
}

/** A text that would be taken for something else unless it is marked as a text. */
export const needsMark = (text: string): boolean => inferred(text) !== text;

/** What stands for a value that is no text: `inferred` reads it back. */
export const unmarked = (value: Exclude<JsonValue, string>): string => JSON.stringify(value);

/** Everything in a document that has nothing inside, in its order. */
export function flatten(values: JsonObject): FlatEntry[] {
  const entries: FlatEntry[] = [];
  const add = (steps: readonly Step[], value: JsonValue): void => {
    const members = membersOf(value);
    if (members.length === 0) entries.push({ steps, value });
    for (const [step, member] of members) add([...steps, step], member);
  };
  for (const [name, value] of Object.entries(values)) add([name], value);
  return entries;
}

function membersOf(value: JsonValue): readonly (readonly [Step, JsonValue])[] {
  if (Array.isArray(value)) return [...(value as readonly JsonValue[]).entries()];
  return isJsonObject(value) ? Object.entries(value) : [];
}

export const pointerOf = (steps: readonly Step[]): string => steps.reduce<string>(at, '/values');
