import { Document, isAlias, isMap, isScalar, isSeq, visit } from 'yaml';
import type { Alias, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { at, isExactNumber, parseJson } from '#platform/http';
import { DEPTH_MAX, documentsOf, lineAt, sentenceOf } from './yaml-documents.js';
import { offsetOf, YamlMistake, YamlNodes } from './yaml-nodes.js';

/** About twice the largest body: a mapping is a little shorter as YAML than its nodes are counted. */
const EXPANDED_LENGTH_MAX = 2 * 1_048_576;
const VIOLATIONS_MAX = 100;
const MERGE_KEY = '<<';
/** The library writes a text of several lines as a block, in which space at either end of a line gets lost. */
const NOT_IN_A_BLOCK = /^\s|[^\S\n](?:\n|$)|[\r\t\u0085\u2028\u2029\ufeff]/;

/**
 * The value of a text that is one document of YAML 1.2, where it could be written as JSON too. Takes time that grows
 * with the text alone.
 * @throws InvalidInput `malformed_yaml`, or with all that JSON has no words for, each at its pointer and line
 */
export function parseYaml(text: string): unknown {
  const reading = new YamlReading((offset) => lineAt(text, offset));
  const value = reading.read(text);
  if (reading.violations.length > 0) throw new InvalidInput(reading.violations);
  return parseJson(JSON.stringify(value)); // What JSON refuses has no other way in.
}

/** What one of several documents holds. */
export interface DocumentReading {
  /** Null where something is wrong. */
  readonly value: unknown;
  readonly violations: readonly Violation[];
}

/**
 * What `parseYaml` would make of the document, with what is wrong with it beside it.
 * @throws YamlMistake when it is no YAML that could be read at all
 */
export function readDocument(document: Document.Parsed, lineOf: (offset: number) => number): DocumentReading {
  const reading = new YamlReading(lineOf);
  const value = reading.readDocument(document);
  if (reading.violations.length > 0) return { value: null, violations: reading.violations };
  try {
    return { value: parseJson(JSON.stringify(value)), violations: [] };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { value: null, violations: error.violations };
  }
}

/** A text that `parseYaml` reads as this value; it has no aliases and no lines that are folded. */
export function writeYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && NOT_IN_A_BLOCK.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0 });
}

class YamlReading {
  readonly violations: Violation[] = [];
  readonly #anchored = new Map<string, unknown>();
  /** How many collections lie within each other, itself included. */
  readonly #heights = new WeakMap<object, number>();

  constructor(private readonly lineOf: (offset: number) => number) {}

  /** @throws InvalidInput */
  read(text: string): unknown {
    try {
      const documents = [...documentsOf(text)];
      const [first] = documents;
      if (documents.length > 1)
        throw new YamlMistake('more than one document', documents[1]?.range[0] ?? null);
      if (!first) return null;
      new YamlNodes(EXPANDED_LENGTH_MAX).check(first.contents);
      return this.readDocument(first);
    } catch (error) {
      if (error instanceof InvalidInput) throw error;
      throw InvalidInput.at('', 'malformed_yaml', sentenceOf(error, text));
    }
  }

  /** What its aliases make of it was judged before. @throws YamlMistake */
  readDocument(document: Document.Parsed): unknown {
    this.#judgeTags(document);
    return this.#valueOf(document.contents, '', 0);
  }

  /** The library takes a value whose tag it does not know as if there were none. */
  #judgeTags({ warnings }: Document.Parsed): void {
    for (const { pos } of warnings) this.#note('unknown_tag', '', 'JSON has no such type.', pos[0]);
  }

  #valueOf(node: unknown, pointer: string, depth: number): unknown {
    if (isAlias(node)) return this.#ofAlias(node, depth);
    const value = this.#within(node, pointer, depth);
    const { anchor } = (node ?? {}) as { anchor?: string };
    if (anchor !== undefined) this.#anchored.set(anchor, value);
    return value;
  }

  /** Each anchor is read once, however often it is used. */
  #ofAlias(node: Alias, depth: number): unknown {
    const value = this.#anchored.get(node.source);
    if (depth + this.#heightOf(value) > DEPTH_MAX)
      throw new YamlMistake(`more than ${DEPTH_MAX} levels`, offsetOf(node));
    return value;
  }

  #heightOf(value: unknown): number {
    return typeof value === 'object' && value !== null ? (this.#heights.get(value) ?? 0) : 0;
  }

  #measured<T extends object>(collection: T): T {
    const highest = Object.values(collection).reduce<number>(
      (height, value) => Math.max(height, this.#heightOf(value)),
      0,
    );
    this.#heights.set(collection, highest + 1);
    return collection;
  }

  #within(node: unknown, pointer: string, depth: number): unknown {
    if (isMap(node)) return this.#ofMap(node, pointer, depth);
    if (isSeq(node)) return this.#ofSeq(node, pointer, depth);
    return isScalar(node) ? this.#ofScalar(node, pointer) : null;
  }

  #ofSeq({ items }: YAMLSeq, pointer: string, depth: number): unknown[] {
    return this.#measured(items.map((item, index) => this.#valueOf(item, at(pointer, index), depth + 1)));
  }

  #ofMap({ items }: YAMLMap, pointer: string, depth: number): object {
    const members = items.map((pair): [string, unknown] => {
      const name = this.#nameOf(pair, pointer);
      return [name, this.#valueOf(pair.value, at(pointer, name), depth + 1)];
    });
    return this.#measured(Object.fromEntries(members));
  }

  #nameOf({ key, value }: Pair, pointer: string): string {
    const name = isAlias(key) ? this.#anchored.get(key.source) : isScalar(key) ? key.value : null;
    const offset = offsetOf((key ?? {}) as Scalar);
    if (name === MERGE_KEY && (isAlias(value) || (isSeq(value) && value.items.some(isAlias))))
      this.#note('merge_key', pointer, 'YAML 1.2 has no merge keys.', offset);
    if (typeof name === 'string') return name;
    this.#note('key_type', pointer, 'A key is a text: write it in quotes.', offset);
    return '';
  }

  #ofScalar(node: Scalar, pointer: string): unknown {
    const { value, source = '' } = node;
    if (typeof value === 'number' && !isExact(value, source)) {
      const detail = 'A 64-bit floating-point number does not carry this exactly.';
      this.#note('inexact_number', pointer, detail, offsetOf(node));
      return 0;
    }
    return value;
  }

  #note(code: string, pointer: string, detail: string, offset: number | null): void {
    if (this.violations.length >= VIOLATIONS_MAX) return;
    const line = offset === null ? {} : { line: this.lineOf(offset) };
    this.violations.push({ pointer, code, detail, ...line });
  }
}

/** Hexadecimal and octal numbers are whole. */
const isExact = (value: number, source: string): boolean =>
  Number.isFinite(value) &&
  (/^0[xo]/.test(source) ? Number.isSafeInteger(value) : isExactNumber(source.replace('+', '')));
