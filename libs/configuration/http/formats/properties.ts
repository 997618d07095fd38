import { parseLines, stringify } from 'dot-properties';
import type { Pair } from 'dot-properties';
import type { Violation } from '#shared-kernel';
import type { JsonObject, JsonValue } from '../../domain/json.js';
import { flatten, inferred, needsMark, unmarked } from './flat.js';
import type { FlatLine, FlatReading, Step, Types } from './flat.js';

const VIOLATIONS_MAX = 1_000;
const ONE_LINE = { keySep: '=', lineWidth: null } as const;
const NOT_ASCII = /[^\n\x20-\x7e]/g;
/** In a name: what would end it. */
const ESCAPED_IN_NAME = /[\\.[]/g;
/** A name as it is written, and the indexes behind it. */
const SEGMENT = /^((?:[^\\.[]|\\[\\.[])*)((?:\[(?:0|[1-9]\d{0,8})\])*)$/;
const BROKEN_UNICODE = /(?:^|[^\\])(?:\\\\)*\\u(?![\dA-Fa-f]{4})/;

/**
 * Java properties (`java.util.Properties`) of a document: `a.b[0]=1`, in the order of the document, in ASCII. A dot, a
 * bracket or a backslash in a name has a backslash before it. A text that looks like something else begins with a
 * Unicode escape, which other readers do not notice.
 */
export function writeProperties(values: JsonObject): string {
  return flatten(values)
    .map(({ steps, value }) => `${lineOf(keyOf(steps), value)}\n`)
    .join('')
    .replaceAll(NOT_ASCII, unicodeEscape);
}

/** A value that is written with an escape in it is a text. Logical lines are counted by where they begin. */
export function readProperties(text: string, types: Types): FlatReading {
  const source = text.replaceAll(/\r\n?/g, '\n');
  const lines: FlatLine[] = [];
  const violations: Violation[] = [];
  let [line, counted] = [1, 0];
  for (const node of parseLines(source, true)) {
    const [start = 0] = node.range;
    for (; counted < start; counted += 1) if (source[counted] === '\n') line += 1;
    if (node.type !== 'PAIR') continue;
    const read = readPair(node as Required<Pair>, source, types);
    if ('steps' in read) lines.push({ ...read, line });
    else if (violations.length < VIOLATIONS_MAX) violations.push({ ...read, line });
  }
  return { lines, violations };
}

type Read = Omit<FlatLine, 'line'> | Violation;

function readPair({ key, value, range }: Required<Pair>, source: string, types: Types): Read {
  const [keyStart, keyEnd, valueStart, valueEnd] = range;
  const raw = source.slice(valueStart, valueEnd);
  if (BROKEN_UNICODE.test(source.slice(keyStart, keyEnd)) || BROKEN_UNICODE.test(raw))
    return { pointer: '', code: 'malformed_escape', detail: 'After \\u there are four hexadecimal digits.' };
  const steps = stepsOf(key);
  if (!steps)
    return {
      pointer: '',
      code: 'malformed_key',
      detail: 'A key is names with dots between, each with indexes: a.b[0].',
    };
  return { steps, value: types === 'text' || raw !== value ? value : inferred(value) };
}

function lineOf(key: string, value: JsonValue): string {
  if (typeof value !== 'string') return stringify([[key, unmarked(value)]], ONE_LINE);
  if (!needsMark(value)) return stringify([[key, value]], ONE_LINE);
  return `${stringify([[key, '']], ONE_LINE)}${unicodeEscape(value.charAt(0))}${value.slice(1)}`;
}

const unicodeEscape = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const keyOf = ([first, ...rest]: readonly Step[]): string =>
  `${escaped(first)}${rest.map((step) => (typeof step === 'number' ? `[${step}]` : `.${escaped(step)}`)).join('')}`;

const escaped = (name: Step | undefined): string => String(name).replaceAll(ESCAPED_IN_NAME, '\\$&');

function stepsOf(key: string): Step[] | null {
  const steps: Step[] = [];
  for (const part of partsOf(key)) {
    const [, name, indexes] = SEGMENT.exec(part) ?? [];
    if (name === undefined || indexes === undefined) return null;
    steps.push(name.replaceAll(/\\(.)/g, '$1'));
    for (const [, index] of indexes.matchAll(/\[(\d+)\]/g)) steps.push(Number(index));
  }
  return steps;
}

/** What is between dots; a backslash takes the next character with it. */
function partsOf(key: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let index = 0; index < key.length; index += 1) {
    const character = key.charAt(index);
    if (character === '.') {
      parts.push(part);
      part = '';
    } else if (character === '\\') {
      part += key.slice(index, index + 2);
      index += 1;
    } else part += character;
  }
  return [...parts, part];
}
