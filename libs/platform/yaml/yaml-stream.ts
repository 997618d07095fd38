import { isMap, isScalar, isSeq } from 'yaml';
import type { Document } from 'yaml';
import { Breather, InvalidInput, tokenName } from '#shared-kernel';
import { sentenceOf, stepsOf } from './yaml-documents.js';
import { offsetOf, YamlMistake, YamlNodes } from './yaml-nodes.js';
import { readDocument } from './yaml-value.js';
import type { DocumentReading } from './yaml-value.js';

/** Of all documents together, about: twice the largest body. */
const EXPANDED_LENGTH_MAX = 2 * 1_048_576;

/** Of one document; what takes them all is a step of some tenths of a second. */
const LEXEMES_MAX = 50_000;

/** One document of a text that may have several. */
export interface YamlDocument extends DocumentReading {
  /** The line of what stands at a JSON Pointer, or of the nearest around it that there is; the first line is 1. */
  lineOf(pointer: string): number;
}

/**
 * The documents of a text, each as `parseYaml` reads one; those that hold nothing are left out. What a document holds
 * that JSON has no words for is told with it; what is no YAML at all is told of the whole text. Whatever else the
 * process does goes on meanwhile.
 * @throws InvalidInput `malformed_yaml`, with the line; `too_many` documents, those that hold nothing counted
 */
export async function parseYamlStream(text: string, documentsMax: number): Promise<YamlDocument[]> {
  const breather = new Breather();
  const lines = new Lines(text);
  const read: YamlDocument[] = [];
  let length = 0;
  try {
    let documents = 0;
    for (const document of stepsOf(text, LEXEMES_MAX)) {
      await breather.pause();
      if (!document) continue;
      documents += 1;
      if (documents > documentsMax)
        throw InvalidInput.at('', 'too_many', `There are at most ${documentsMax} documents in it.`);
      length += new YamlNodes(EXPANDED_LENGTH_MAX - length).check(document.contents);
      if (document.contents === null || isEmpty(document.contents)) continue;
      read.push({
        ...readDocument(document, (offset) => lines.at(offset)),
        lineOf: (pointer) => lines.at(offsetAt(document, pointer)),
      });
    }
    return read;
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    const offset = error instanceof YamlMistake ? error.offset : null;
    const line = offset === null ? {} : { line: lines.at(offset) };
    const detail = sentenceOf(error, text);
    throw new InvalidInput([{ pointer: '', code: 'malformed_yaml', detail, ...line }]);
  }
}

const isEmpty = (node: unknown): boolean => isScalar(node) && node.value === null;

/** Where the deepest node on the way to a place begins; for a member of a mapping, its name. */
function offsetAt({ contents, range }: Document.Parsed, pointer: string): number {
  let node: unknown = contents;
  let offset = offsetOf((contents ?? {}) as object) ?? range[0];
  for (const name of pointer.split('/').slice(1).map(tokenName)) {
    if (isSeq(node)) {
      node = node.items[Number(name)];
    } else if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === name);
      offset = offsetOf((pair?.key ?? {}) as object) ?? offset;
      node = pair?.value;
      continue;
    } else return offset;
    offset = offsetOf((node ?? {}) as object) ?? offset;
  }
  return offset;
}

/** Where lines begin, so that each question costs a few steps. */
class Lines {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  at(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
