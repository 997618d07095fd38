/** Conditions of a query joined by AND, with their values bound, never written into the text. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly #values: unknown[] = [];

  /** `?` stands for the next value. */
  and(text: string, ...values: unknown[]): this {
    let next = 0;
    return this.raw(text.replaceAll('?', () => this.bind(values[next++])));
  }

  /** One alone is compared as it is: only then does an index give rows in the order of what comes after the column. */
  isOneOf(column: string, values: readonly unknown[]): this {
    return values.length === 1
      ? this.and(`${column} = ?`, values[0])
      : this.and(`${column} = any (?)`, [...values]);
  }

  /** Only when the value was given. */
  when<T>(value: T | null | undefined, add: (where: this, value: T) => unknown): this {
    if (value !== undefined && value !== null) add(this, value);
    return this;
  }

  /** Text whose values are bound already. */
  raw(text: string): this {
    this.#parts.push(text);
    return this;
  }

  /** Gives the parameter's name in the text. */
  bind(value: unknown): string {
    this.#values.push(value);
    return `$${this.#values.length}`;
  }

  get text(): string {
    return this.#parts.length === 0 ? 'true' : this.#parts.join(' and ');
  }

  get values(): unknown[] {
    return [...this.#values];
  }

  copy(): Conditions {
    const copy = new Conditions();
    copy.#parts.push(...this.#parts);
    copy.#values.push(...this.#values);
    return copy;
  }
}

/** The smallest text that sorts after everything with this prefix (collation "C"); null when there is none. */
export function prefixEnd(prefix: string): string | null {
  const points = [...prefix].map((character) => character.codePointAt(0) ?? 0);
  while (points.length > 0) {
    const last = points.pop() ?? 0;
    if (last === 0x10_ffff) continue;
    const next = last === 0xd7ff ? 0xe000 : last + 1; // No text holds a surrogate.
    return String.fromCodePoint(...points, next);
  }
  return null;
}

/**
 * A text as it is searched: in lower case by Unicode. A sigma at the end of a word has a form of its own, but not as a
 * part of a longer one: both are one letter here.
 */
export const foldCase = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ');

/** A pattern for LIKE that matches the text anywhere in what `foldCase` gives, whatever characters it has. */
export const containsPattern = (text: string): string => `%${foldCase(text).replaceAll(/[\\%_]/g, '\\$&')}%`;
