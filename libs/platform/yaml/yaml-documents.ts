import { Composer, Lexer, Parser } from 'yaml';
import type { Document, YAMLParseError } from 'yaml';
import { YamlMistake, YamlNodes } from './yaml-nodes.js';

/** Collections within collections; as many as JSON may have. */
export const DEPTH_MAX = 64;
/** So many are read in about a millisecond. */
const STEP_LEXEMES = 200;
const COLLECTIONS = new Set(['block-map', 'block-seq', 'flow-collection']);

/**
 * The library compares each key with all before it and knows types of YAML 1.1 that do likewise: keys are compared by
 * {@link YamlNodes}, and types of 1.1 are names like any other. Its pretty errors cost more than its reading.
 */
const READING = {
  version: '1.2',
  uniqueKeys: false,
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** What is wrong with a text as YAML 1.2, in a sentence; null when nothing is. Takes time that grows with the text alone. */
export function yamlMistakeIn(text: string): string | null {
  try {
    for (const document of documentsOf(text)) new YamlNodes().check(document.contents);
    return null;
  } catch (error) {
    return sentenceOf(error, text);
  }
}

/** One document at a time, so that the first mistake ends the reading. @throws YamlMistake */
export function* documentsOf(text: string): Generator<Document.Parsed> {
  for (const document of stepsOf(text)) if (document) yield document;
}

/**
 * The same in steps of about a millisecond, between which something else may go on: null, where a document is not at its
 * end. A document of more than so many lexemes (a word, a colon, a space, …) is refused, because its end is one step.
 * @throws YamlMistake
 */
export function* stepsOf(text: string, lexemesMax = Infinity): Generator<Document.Parsed | null> {
  for (const document of composed(text, lexemesMax)) {
    const [mistake] = document?.errors ?? [];
    if (mistake) throw asMistake(mistake);
    yield document;
  }
}

/** What was thrown while a text was read; never in the parser's own words, which quote the text. */
export function sentenceOf(error: unknown, text: string): string {
  if (!(error instanceof YamlMistake)) return 'It cannot be read as YAML 1.2.';
  const { reason, offset } = error;
  return `It is not YAML 1.2: ${reason}${offset === null ? '' : ` in line ${lineAt(text, offset)}`}.`;
}

export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** @throws YamlMistake when it is too deep */
function* composed(text: string, lexemesMax: number): Generator<Document.Parsed | null> {
  const parser = new Parser();
  const composer = new Composer(READING);
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      lexemes = 0;
      yield* composer.next(token);
    }
    lexemes += 1;
    if (lexemes > lexemesMax) throw new YamlMistake('a document of too many parts', parser.offset);
    if (lexemes % STEP_LEXEMES === 0) yield null;
    if (parser.stack.length > DEPTH_MAX && depthOf(parser) > DEPTH_MAX) {
      throw new YamlMistake(`more than ${DEPTH_MAX} levels`, parser.offset);
    }
  }
  for (const token of parser.end()) yield* composer.next(token);
  yield* composer.end();
}

const depthOf = ({ stack }: Parser): number => stack.filter(({ type }) => COLLECTIONS.has(type)).length;

/** The text may be a secret, and the parser's words quote it. */
const asMistake = ({ code, pos }: YAMLParseError): YamlMistake =>
  new YamlMistake(code.toLowerCase().replaceAll('_', ' '), pos[0]);
