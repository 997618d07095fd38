import type { Violation } from '#shared-kernel';

/** One variable of a `.env` file. */
export interface DotenvPair {
  readonly key: string;
  readonly value: string;
  readonly isQuoted: boolean;
  /** Where it begins, from 1. */
  readonly line: number;
}

const SPACE = /\s*/y;
const LINE = /[^\n]*/y;
const KEY = /(?:export[^\S\n]+)?([A-Za-z_]\w*)[^\S\n]*=[^\S\n]*/y;
const UNQUOTED = /[^#\n]*/y;
/** What may follow a quoted value in its line. */
const REST = /[^\S\n]*(?:#[^\n]*)?(?=\n|$)/y;
const QUOTES = new Set(["'", '"', '`']);
const VIOLATIONS_MAX = 1_000;

/**
 * Reads the variables of a `.env` file, with `\n` between its lines, in time that grows with the text alone; the regular
 * expression of the package `dotenv` takes the square of it. Takes less than that package: a line is a variable, a comment or a
 * mistake.
 */
export class DotenvScanner {
  readonly pairs: DotenvPair[] = [];
  readonly violations: Violation[] = [];
  #at = 0;
  #line = 1;

  constructor(private readonly text: string) {
    this.#take(SPACE);
    while (this.#at < text.length) {
      if (text[this.#at] === '#') this.#take(LINE);
      else this.#variable();
      this.#take(SPACE);
    }
  }

  #variable(): void {
    const line = this.#line;
    const key = this.#take(KEY)?.[1];
    if (key === undefined)
      return this.#note('malformed_line', 'A line is KEY=value, or a comment after #.', line);
    const quote = this.text[this.#at] ?? '';
    if (QUOTES.has(quote)) return this.#quoted(key, quote, line);
    const value = this.#take(UNQUOTED)?.[0] ?? '';
    this.#take(LINE);
    this.pairs.push({ key, value: value.trim(), isQuoted: false, line });
  }

  #quoted(key: string, quote: string, line: number): void {
    const end = this.#closing(quote);
    if (end < 0) {
      this.#note('open_quote', 'The quotes are not closed.', line);
      this.#at = this.text.length; // Where the next variable begins cannot be told.
      return;
    }
    const value = this.text.slice(this.#at + 1, end);
    this.#moveTo(end + 1);
    if (!this.#take(REST))
      return this.#note('malformed_line', 'After the quotes there is a comment or nothing.', line);
    this.pairs.push({ key, value: quote === '"' ? expanded(value) : value, isQuoted: true, line });
  }

  /** A backslash keeps a quote from closing, and stays. */
  #closing(quote: string): number {
    let end = this.#at;
    do end = this.text.indexOf(quote, end + 1);
    while (end >= 0 && this.text[end - 1] === '\\');
    return end;
  }

  #note(code: string, detail: string, line: number): void {
    if (this.violations.length < VIOLATIONS_MAX) this.violations.push({ pointer: '', code, detail, line });
    this.#take(LINE);
  }

  /** Goes on behind what the pattern takes from here; null when it takes nothing. */
  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text);
    if (match) this.#moveTo(this.#at + match[0].length);
    return match;
  }

  #moveTo(end: number): void {
    for (; this.#at < end; this.#at += 1) if (this.text[this.#at] === '\n') this.#line += 1;
  }
}

const expanded = (value: string): string => value.replaceAll('\\n', '\n').replaceAll('\\r', '\r');
