import type { Violation } from '#shared-kernel';
import type { JsonObject } from '../../domain/json.js';
import { DotenvScanner } from './dotenv-scanner.js';
import { flatten, inferred, needsMark, pointerOf, unmarked } from './flat.js';
import type { FlatEntry, FlatLine, FlatReading, Step, Types } from './flat.js';

/** How the names of a document become names of variables: in upper case and back, or as they are. */
export type Names = 'upper' | 'keep';

/** What a document says and this format cannot. */
export interface Written {
  readonly text: string;
  readonly violations: readonly Violation[];
}

const BETWEEN = '__';
const INDEX = /^(?:0|[1-9]\d{0,8})$/;
/** A name of which `NAME` in upper case, between two underscores, can be told from its neighbours. */
const NAME = /^(?!\d+$)(?!.*__)\w*[A-Za-z\d]$/;
const VARIABLE = /^[A-Za-z_]\w*$/;
/** Text that no reader, and no shell, takes for something else. */
const PLAIN = /^[\w./:@%+,-]*$/;

/**
 * A `.env` file of a document: `A__B__0=1`, in the order of the document. A text that looks like something else, or has
 * more than plain characters, stands in quotes: in single ones where it can, because no shell looks into those.
 */
export function writeDotenv(values: JsonObject, names: Names): Written {
  const violations: Violation[] = [];
  const lines = flatten(values).map((entry) => {
    const [key, value] = [keyOf(entry.steps, names), valueOf(entry)];
    const pointer = pointerOf(entry.steps);
    if (key === null) violations.push({ pointer, code: 'name', detail: NAME_DETAILS[names] });
    if (value === null) violations.push({ pointer, code: 'text', detail: TEXT_DETAIL });
    return `${key}=${value}\n`;
  });
  return { text: lines.join(''), violations };
}

const NAME_DETAILS: Readonly<Record<Names, string>> = {
  upper:
    'A name of a variable has lower-case letters, digits and single underscores here, is more than digits, and does not end with an underscore; with names=keep also upper-case letters.',
  keep: 'A name of a variable has letters, digits and single underscores, is more than digits, and does not end with an underscore.',
};
const TEXT_DETAIL = 'No kind of quotes can hold this text.';

function keyOf(steps: readonly Step[], names: Names): string | null {
  const isKnown = (name: Step): boolean =>
    typeof name === 'number' || (NAME.test(name) && (names === 'keep' || name === name.toLowerCase()));
  if (!steps.every(isKnown)) return null;
  const key = steps.join(BETWEEN);
  return VARIABLE.test(key) ? (names === 'upper' ? key.toUpperCase() : key) : null;
}

function valueOf({ value }: FlatEntry): string | null {
  if (typeof value !== 'string') return unmarked(value);
  if (PLAIN.test(value) && !needsMark(value)) return value;
  const endsWell = !value.endsWith('\\');
  if (endsWell && !/['\r]/.test(value)) return `'${value}'`;
  if (endsWell && !/"|\\[nr]/.test(value))
    return `"${value.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}"`;
  return endsWell && !/[`\r]/.test(value) ? `\`${value}\`` : null;
}

/** What stands in quotes is a text. What is read is read as the package `dotenv` reads it; what that passes over is a mistake. */
export function readDotenv(text: string, types: Types, names: Names): FlatReading {
  const scanner = new DotenvScanner(text.replaceAll(/\r\n?/g, '\n'));
  const lines: FlatLine[] = [];
  const violations: Violation[] = [...scanner.violations];
  for (const { key, value, isQuoted, line } of scanner.pairs) {
    const steps = stepsOf(key, names);
    if (steps) lines.push({ steps, value: types === 'text' || isQuoted ? value : inferred(value), line });
    else
      violations.push({
        pointer: '',
        code: 'malformed_key',
        detail: 'A key is names with __ between: A__B__0.',
        line,
      });
  }
  return { lines, violations };
}

function stepsOf(key: string, names: Names): Step[] | null {
  const parts = key.split(BETWEEN);
  if (parts.includes('')) return null;
  return parts.map((part, index) => {
    if (index > 0 && INDEX.test(part)) return Number(part);
    return names === 'upper' ? part.toLowerCase() : part;
  });
}
