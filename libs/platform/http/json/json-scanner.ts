import type { Violation } from '#shared-kernel';
import { exactMember, exactMembers, type ExactMembers } from './exact-members.js';
import { isExactNumber } from './exact-number.js';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  END,
  ESCAPED,
  JsonTokens,
  LONE_SURROGATE,
  NUL,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  startsNumber,
} from './json-tokens.js';
import { Level, pointerTo, unescaped, type Step } from './level.js';

/** How a text is read. */
export interface JsonReading {
  /**
   * JSON Pointers (RFC 6901) to the values that are kept as exact text, `*` standing for any index of an
   * array and '' for the whole document. Numbers of any size and precision are allowed in them. Keep the list
   * in a constant.
   */
  readonly exact?: readonly string[];
  /** How many arrays and objects may be open at once; 64 unless said. */
  readonly maxDepth?: number;
}

/**
 * Where an exact value stands: its text from `start` to `end` without the space around it, and the way to it.
 */
export interface ExactSpan {
  readonly start: number;
  readonly end: number;
  readonly path: readonly Step[];
}

/** What was found in a text. */
export interface JsonScan {
  /**
   * All that is wrong, in the order of the text, 100 at most; after a syntax error nothing more is looked
   * for.
   */
  readonly violations: readonly Violation[];
  /** The exact values, in the order of the text. Means nothing when there are violations. */
  readonly exact: readonly ExactSpan[];
}

const DEPTH_MAX = 64;
const VIOLATIONS_MAX = 100;

/** The two keys by which a careless merge reaches what all objects share. */
const FORBIDDEN_KEYS = ['__proto__', 'constructor'];

/** Thrown to leave the scan from wherever it is; never leaves this file. */
const STOP = new Error('The scan is over.');

/**
 * Reads a JSON text (RFC 8259) once, without recursion and without making anything of it, and finds all in it
 * that would not survive being handed on. The codes are `malformed_json` (at most one), `too_deep` (nothing
 * but syntax is judged further down), `duplicate_key`, `forbidden_key`, `nul_character`, `lone_surrogate` and
 * `inexact_number`. Takes time linear in the text, whatever is in it.
 */
export function scanJson(text: string, reading: JsonReading = {}): JsonScan {
  const scanner = new JsonScanner(text, reading);
  try {
    scanner.scan();
  } catch (error) {
    if (error !== STOP) throw error;
  }
  return scanner;
}

class JsonScanner extends JsonTokens implements JsonScan {
  readonly violations: Violation[] = [];
  readonly exact: ExactSpan[] = [];

  private readonly depthMax: number;
  private depth = 0;
  /** The innermost container that is open and not too deep; at first one that stands for the document. */
  private level = new Level();
  private readonly levels = [this.level];
  private inObject = false;
  /** For each container that is too deep, whether it is an object. */
  private readonly tooDeep: boolean[] = [];
  /**
   * True from the end of one value to the start of the next: what is wrong there is wrong with the container.
   */
  private between = false;
  /** What the patterns of exact members say of the value that comes next. */
  private next: ExactMembers | null;
  /** Where the exact value that is being read began, and at which depth; -1 outside of any. */
  private exactStart = -1;
  private exactDepth = -1;

  constructor(text: string, { exact, maxDepth = DEPTH_MAX }: JsonReading) {
    super(text);
    this.depthMax = maxDepth;
    this.next = exact === undefined ? null : exactMembers(exact);
  }

  scan(): void {
    while (this.descend() || this.advance());
    if (this.peek() !== END) this.malformed('the end of the text');
  }

  /** Passes a value that has none in it; or opens one that has, up to the first of them, and returns true. */
  private descend(): boolean {
    const char = this.peek();
    this.between = false;
    if (this.next !== null && this.next.here && this.exactStart < 0) {
      this.exactStart = this.at;
      this.exactDepth = this.depth;
    }
    if (char === QUOTE) {
      const traits = this.string();
      if (traits > ESCAPED) this.judgeText(traits, 'This string');
    } else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      return this.open(char === OPEN_BRACE);
    } else if (startsNumber(char)) {
      const start = this.at;
      if (!this.number() && this.exactStart < 0) this.judgeNumber(start);
    } else {
      this.literal();
    }
    return false;
  }

  /** After a value: closes what ends with it and goes on to the next one; false when that was the last. */
  private advance(): boolean {
    this.between = true;
    for (;;) {
      if (this.depth === this.exactDepth) this.keepExact();
      if (this.depth === 0) return false;
      const char = this.peek();
      if (char === COMMA) {
        this.at++;
        if (this.inObject) this.key();
        else this.element(this.level.index + 1);
        return true;
      }
      if (char !== (this.inObject ? CLOSE_BRACE : CLOSE_BRACKET)) {
        this.malformed(this.inObject ? 'a comma or "}"' : 'a comma or "]"');
      }
      this.close();
    }
  }

  private open(isObject: boolean): boolean {
    this.at++;
    if (this.depth < this.depthMax) {
      this.depth++;
      this.level = this.levels[this.depth] ??= new Level();
      this.level.open(isObject, this.next);
    } else {
      this.openTooDeep(isObject);
    }
    this.inObject = isObject;
    this.between = true;
    if (this.peek() === (isObject ? CLOSE_BRACE : CLOSE_BRACKET)) {
      this.close();
      return false;
    }
    if (isObject) this.key();
    else this.element(0);
    return true;
  }

  private openTooDeep(isObject: boolean): void {
    this.report('too_deep', `This is nested deeper than ${this.depthMax} levels.`);
    this.depth++;
    this.tooDeep.push(isObject);
  }

  private close(): void {
    this.at++;
    this.depth--;
    if (this.tooDeep.length > 0) {
      this.tooDeep.pop();
      this.inObject = this.tooDeep.at(-1) ?? this.level.isObject;
    } else {
      this.level = this.levels[this.depth] ?? this.level;
      this.inObject = this.level.isObject;
    }
  }

  private element(index: number): void {
    if (this.tooDeep.length > 0) return;
    this.level.index = index;
    this.next = this.level.exact === null ? null : this.level.exact.elements;
  }

  /** Passes a key and its colon. */
  private key(): void {
    if (this.peek() !== QUOTE) this.malformed('a key in double quotes');
    const start = this.at + 1;
    const traits = this.string();
    if (this.tooDeep.length === 0) this.judgeKey(start, this.at - 1, traits);
    if (this.peek() !== COLON) this.malformed('a colon');
    this.at++;
  }

  private judgeKey(start: number, end: number, traits: number): void {
    const { text, level } = this;
    level.keyStart = start;
    level.keyEnd = end;
    if (traits === 0) {
      const isNew = level.keys.add(text, start, end);
      this.judgeName(isNew, text, start, end);
    } else {
      const name = unescaped(text.slice(start, end));
      const isNew = level.keys.addName(text, name);
      this.judgeName(isNew, name, 0, name.length);
      this.judgeText(traits, 'A key in this object');
    }
  }

  private judgeName(isNew: boolean, text: string, start: number, end: number): void {
    const { exact } = this.level;
    this.next = exact === null ? null : exactMember(exact, text, start, end);
    if (!isNew) this.report('duplicate_key', 'This key appears more than once in its object.');
    if (isForbidden(text, start, end)) {
      this.report('forbidden_key', 'This key is refused, because it reaches for a prototype.');
    }
  }

  private judgeText(traits: number, what: string): void {
    if ((traits & NUL) !== 0) this.report('nul_character', `${what} has the character NUL in it.`);
    if ((traits & LONE_SURROGATE) !== 0) {
      this.report('lone_surrogate', `${what} has half of a surrogate pair in it.`);
    }
  }

  private judgeNumber(start: number): void {
    if (isExactNumber(this.text.slice(start, this.at))) return;
    this.report('inexact_number', 'A 64-bit floating-point number does not carry this exactly.');
  }

  private keepExact(): void {
    const path = this.levels.slice(1, this.depth + 1).map((level) => level.step(this.text));
    this.exact.push({ start: this.exactStart, end: this.at, path });
    this.exactStart = -1;
    this.exactDepth = -1;
  }

  /** Notes what is wrong with the value, or the key, that is being read. */
  private report(code: string, detail: string): void {
    if (this.tooDeep.length === 0) this.note(code, detail, this.depth);
  }

  protected override malformed(expected: string): never {
    const depth = Math.min(this.between ? this.depth - 1 : this.depth, this.depthMax);
    this.note('malformed_json', `Expected ${expected} at ${lineAndColumn(this.text, this.at)}.`, depth);
    throw STOP;
  }

  private note(code: string, detail: string, depth: number): void {
    const pointer = pointerTo(this.text, this.levels.slice(1, depth + 1));
    if (this.violations.push({ pointer, code, detail }) >= VIOLATIONS_MAX) throw STOP;
  }
}

function isForbidden(text: string, start: number, end: number): boolean {
  for (const key of FORBIDDEN_KEYS) {
    if (key.length === end - start && text.startsWith(key, start)) return true;
  }
  return false;
}

/** Counted from 1, the columns in UTF-16 units, as editors do. */
function lineAndColumn(text: string, at: number): string {
  const before = text.slice(0, at).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
