import { InvalidInput, pointerToken } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { toInstant } from './instant.js';

/** More than anybody reads; a body of 1 MiB may have a hundred times as many. */
const VIOLATIONS_MAX = 1_000;

type Members = Readonly<Record<string, unknown>>;

const INSTANT =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i;

/** The place of a member (RFC 6901). */
export const at = (pointer: string, name: string | number): string => `${pointer}/${pointerToken(name)}`;

/**
 * Reads the parts of a body whose shape no decorator can describe, and notes everything that is wrong at its place.
 * What could not be read is given as something harmless, so that the rest can be read and judged all the same.
 */
export class Reading {
  readonly violations: Violation[] = [];
  /** Places at which something is of another kind than it should be, so that nothing can be said of what is inside. */
  readonly #opaque = new Set<string>();

  note(code: string, pointer: string, detail: string): void {
    if (
      this.violations.length >= VIOLATIONS_MAX ||
      ancestorsOf(pointer).some((outer) => this.#opaque.has(outer))
    )
      return;
    if (code === 'type' || code === 'choice') this.#opaque.add(pointer);
    this.violations.push({ pointer, code, detail });
  }

  /** An object with no other members than these. */
  object(value: unknown, pointer: string, names: readonly string[]): Members {
    const members = this.map(value, pointer);
    for (const name of Object.keys(members)) {
      if (!names.includes(name))
        this.note('unknown_property', at(pointer, name), 'There is no such property.');
    }
    return members;
  }

  /** An object whose names are not known beforehand. */
  map(value: unknown, pointer: string): Members {
    if (isMembers(value)) return value;
    this.note('type', pointer, 'It must be an object.');
    return {};
  }

  list(value: unknown, pointer: string): readonly unknown[] {
    if (Array.isArray(value)) return value;
    if (value === undefined) this.note('required', pointer, 'It is required.');
    else this.note('type', pointer, 'It must be a list.');
    return [];
  }

  /** 1 to `max` UTF-16 units. */
  text(value: unknown, pointer: string, max: number): string {
    if (value === undefined) this.note('required', pointer, 'It is required.');
    else if (typeof value !== 'string') this.note('type', pointer, 'It must be a string.');
    else if (value === '') this.note('too_short', pointer, 'It must have at least 1 characters.');
    else if (value.length > max) this.note('too_long', pointer, `It must have at most ${max} characters.`);
    return typeof value === 'string' ? value : '';
  }

  number(value: unknown, pointer: string): number {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (value === undefined) this.note('required', pointer, 'It is required.');
    else this.note('type', pointer, 'It must be a number.');
    return 0;
  }

  whole(value: unknown, pointer: string): number {
    const number = this.number(value, pointer);
    if (Number.isSafeInteger(number)) return number;
    this.note('type', pointer, 'It must be a whole number.');
    return 0;
  }

  yesNo(value: unknown, pointer: string): boolean {
    if (typeof value !== 'boolean') this.note('type', pointer, 'It must be true or false.');
    return value === true;
  }

  /** One of a few words; the first stands for one that is none of them. */
  choice<Word extends string>(value: unknown, pointer: string, words: readonly [Word, ...Word[]]): Word {
    const word = words.find((known) => known === value);
    if (word !== undefined) return word;
    if (value === undefined) this.note('required', pointer, 'It is required.');
    else this.note('choice', pointer, `It must be one of ${words.join(', ')}.`);
    return words[0];
  }

  /** An RFC 3339 time, in milliseconds since 1970. */
  instant(value: unknown, pointer: string): number {
    if (value === undefined) this.note('required', pointer, 'It is required.');
    else if (typeof value !== 'string' || !INSTANT.test(value)) {
      this.note('pattern', pointer, 'It must be an RFC 3339 time, for example 2026-05-01T10:00:00.000Z.');
    } else return this.#instantOf(value, pointer);
    return 0;
  }

  #instantOf(text: string, pointer: string): number {
    try {
      return toInstant(text, pointer).getTime();
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      this.note('pattern', pointer, 'There is no such instant in the years 0001 to 9999.');
      return 0;
    }
  }
}

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The place itself and every place around it, the whole body included. */
export function ancestorsOf(pointer: string): string[] {
  const steps = pointer.split('/');
  return steps.map((_, index) => steps.slice(0, steps.length - index).join('/'));
}

/** @throws InvalidInput with all of them; what two parts found, once */
export function expectNone(violations: readonly Violation[]): void {
  const told = new Map(violations.map((violation) => [`${violation.code} ${violation.pointer}`, violation]));
  if (told.size > 0) throw new InvalidInput([...told.values()]);
}
