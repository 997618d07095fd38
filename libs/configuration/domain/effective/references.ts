import type { Violation } from '#shared-kernel';
import { formatDottedPath, parseDottedPath, pointerStep } from '../dotted-path.js';
import type { Steps } from '../dotted-path.js';
import { NAME, NAME_LENGTH_MAX } from '../identity.js';
import { isJsonArray } from '../json.js';
import type { JsonValue } from '../json.js';
import { isMergeable } from '../merge.js';

/** What `${config:name.path}` takes over: something in a document of the same service at the same place. */
export interface Reference {
  /** Of the document. */
  readonly name: string;
  readonly path: Steps;
}

/** What a text is made of, in its order: texts as they are, and references. */
export type TextPart = string | Reference;

const OPENING = '${config:';

/** True when the text holds a reference, or something that looks like one. */
export const isReferring = (text: string): boolean => text.includes(OPENING);

/**
 * The parts of a text. `$${config:` says `${config:` itself. Inside a reference a dot, a backslash and a closing brace that
 * belong to a name have a backslash before them. Null where a reference is not well-formed.
 */
export function partsOf(text: string): readonly TextPart[] | null {
  const parts: TextPart[] = [];
  let literal = '';
  let at = 0;
  for (let opening = text.indexOf(OPENING); opening >= 0; opening = text.indexOf(OPENING, at)) {
    const isLiteral = opening > at && text.charAt(opening - 1) === '$';
    literal += text.slice(at, isLiteral ? opening - 1 : opening);
    at = opening + OPENING.length;
    if (isLiteral) {
      literal += OPENING;
      continue;
    }
    const end = closingAfter(text, at);
    const reference = end === null ? null : readReference(text.slice(at, end));
    if (end === null || !reference) return null;
    if (literal !== '') parts.push(literal);
    literal = '';
    parts.push(reference);
    at = end + 1;
  }
  literal += text.slice(at);
  return literal === '' ? parts : [...parts, literal];
}

/** The reference that the text is, when it is nothing else. */
export function wholeReference(parts: readonly TextPart[]): Reference | null {
  const [first] = parts;
  return parts.length === 1 && typeof first === 'object' ? first : null;
}

/** The text that is this reference. */
export const written = ({ name, path }: Reference): string =>
  `${OPENING}${name}.${formatDottedPath(path).replaceAll('}', String.raw`\}`)}}`;

/** What is wrong with the references in the texts of values that stand at `at`. */
export function referenceViolations(values: JsonValue, at: string): Violation[] {
  const violations: Violation[] = [];
  visitTexts(values, at, (text, pointer) => {
    if (!isReferring(text) || partsOf(text)) return;
    violations.push({ pointer, code: 'reference', detail: MALFORMED });
  });
  return violations;
}

/** Every well-formed reference in the texts of a value, in their order. */
export function referencesIn(value: JsonValue): Reference[] {
  const references: Reference[] = [];
  visitTexts(value, '', (text) => {
    if (!isReferring(text)) return;
    for (const part of partsOf(text) ?? []) if (typeof part === 'object') references.push(part);
  });
  return references;
}

/** What is wrong with a reference that cannot be read. */
export const MALFORMED =
  'A reference is ${config:name.path}, as ${config:database.host}; $${config: is the text ${config: itself.';

function closingAfter(text: string, start: number): number | null {
  for (let index = start; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '}') return index;
    if (character === '\\') index += 1;
  }
  return null;
}

function readReference(text: string): Reference | null {
  const dot = text.indexOf('.');
  const name = text.slice(0, Math.max(dot, 0));
  if (!NAME.test(name) || name.length > NAME_LENGTH_MAX) return null;
  const path = parseDottedPath(text.slice(dot + 1), '.\\}');
  return path && { name, path };
}

/** What stands for a secret holds no texts that count. */
function visitTexts(value: JsonValue, pointer: string, visit: (text: string, pointer: string) => void): void {
  if (typeof value === 'string') {
    visit(value, pointer);
  } else if (isJsonArray(value)) {
    value.forEach((item, index) => visitTexts(item, `${pointer}/${index}`, visit));
  } else if (isMergeable(value)) {
    for (const name of Object.keys(value)) {
      visitTexts(value[name] ?? null, pointer + pointerStep(name), visit);
    }
  }
}
