import { randomUUID } from 'node:crypto';
import { InvalidInput } from '#shared-kernel';
import { scanJson, type ExactSpan, type JsonReading } from './json-scanner.js';
import type { Step } from './level.js';

/** The exact texts met by the `stringifyExact` that is running, in the order in which they are written. */
let met: string[] | null = null;

/**
 * Stands for an exact text until it is put in. Not to be guessed, and with a character that no accepted input
 * has: so no other string is ever taken for it.
 */
const TOKEN = `\0${randomUUID()}`;
const WRITTEN_TOKEN = JSON.stringify(TOKEN);

/** An array or object just parsed: the scan saw that the steps to its exact values are there. */
type Holder = Record<Step, unknown>;

/**
 * A JSON value that stays as it was written: the text of its numbers, the order of its keys, its white space.
 */
export class JsonText {
  private constructor(readonly text: string) {}

  /** The JSON text of a value. @throws TypeError when it has none, as `undefined`. */
  static of(value: unknown): JsonText {
    return new JsonText(stringifyExact(value));
  }

  /** Takes a text that was checked before, on its way in, by {@link parseJson}: it is not checked again. */
  static restore(text: string): JsonText {
    return new JsonText(text);
  }

  /** The value itself, in which numbers are as near to the text as doubles come. */
  value(): unknown {
    return JSON.parse(this.text);
  }

  /** Whether both are written alike; `1.0` is not `1` here. */
  equals(other: JsonText): boolean {
    return this.text === other.text;
  }

  /**
   * For `JSON.stringify` alone: written by {@link stringifyExact} the text stays exact, otherwise it is the
   * value.
   */
  toJSON(): unknown {
    if (met === null) return this.value();
    met.push(this.text);
    return TOKEN;
  }
}

/**
 * Reads a JSON text as `JSON.parse` does, but refuses whatever would not survive being handed on, and puts a
 * {@link JsonText} wherever an exact value is asked for.
 * @throws InvalidInput with everything that is wrong; the codes are those of `scanJson`.
 */
export function parseJson(text: string, reading: JsonReading = {}): unknown {
  const { violations, exact } = scanJson(text, reading);
  if (violations.length > 0) throw new InvalidInput(violations);
  return exact.length === 0 ? JSON.parse(text) : parseAround(text, exact);
}

/**
 * Writes a payload as `JSON.stringify` does, and each {@link JsonText} in it byte for byte.
 * @throws TypeError when the payload has no JSON text, as `undefined`.
 */
export function stringifyExact(payload: unknown): string {
  const outer = met;
  const texts: string[] = [];
  met = texts;
  let json: string | undefined;
  try {
    json = JSON.stringify(payload);
  } finally {
    met = outer;
  }
  if (json === undefined) throw new TypeError('This value has no JSON text.');
  return texts.length === 0 ? json : putIn(texts, json);
}

function putIn(texts: readonly string[], json: string): string {
  const [first = '', ...others] = json.split(WRITTEN_TOKEN);
  // A `toJSON` that calls `JSON.stringify` by itself swallows tokens: better no text at all than a wrong one.
  if (others.length !== texts.length) throw new Error('An exact text was written where it cannot be put in.');
  return others.reduce((written, part, index) => `${written}${texts[index]}${part}`, first);
}

/** Parses what is around the exact values, with a zero in place of each, and then puts them there. */
function parseAround(text: string, exact: readonly ExactSpan[]): unknown {
  let around = '';
  let from = 0;
  for (const { start, end } of exact) {
    around += `${text.slice(from, start)}0`;
    from = end;
  }
  const document: Holder = { root: JSON.parse(around + text.slice(from)) };
  for (const { start, end, path } of exact) {
    let holder = document;
    let last: Step = 'root';
    for (const step of path) {
      holder = holder[last] as Holder;
      last = step;
    }
    holder[last] = JsonText.restore(text.slice(start, end));
  }
  return document['root'];
}
