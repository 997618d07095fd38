import { InvalidInput } from './domain-error.js';
import { isLabelKey, isLabelValue } from './labels.js';
import type { Labels } from './labels.js';

/** One condition of a selector; `!=` and `=` are `notin` and `in` with one value. */
export interface SelectorRequirement {
  readonly key: string;
  /** `notin` and `absent` hold for what has no such label, too. */
  readonly operator: 'in' | 'notin' | 'exists' | 'absent';
  /** Each once; none for `exists` and `absent`. */
  readonly values: readonly string[];
}

/**
 * What labels are to be like: all requirements hold. None: everything fits. In the words of Kubernetes
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors): `env in (a,b),!legacy`.
 */
export interface Selector {
  readonly requirements: readonly SelectorRequirement[];
  matches(labels: Labels): boolean;
}

const LENGTH_MAX = 4_096;
const REQUIREMENTS_MAX = 100;
const WHITESPACE = ' \t\r\n';
const SPECIAL = '=!(),<>';

/**
 * Reads a selector as Kubernetes does, in one pass: blanks, tabs and line ends part words and mean nothing else, `in`
 * and `notin` are words like others where a key or a value stands, and a value that is left out is the empty one.
 * @param pointer where the selector stands
 * @throws InvalidInput with the position of what cannot be read
 */
export function parseSelector(text: string, pointer = '/selector'): Selector {
  if (text.length > LENGTH_MAX) {
    throw InvalidInput.at(pointer, 'selector', `A selector has at most ${LENGTH_MAX} characters.`);
  }
  const requirements = new SelectorReader(text, pointer).requirements();
  return {
    requirements,
    matches: (labels) => requirements.every((requirement) => isMet(requirement, labels)),
  };
}

function isMet({ key, operator, values }: SelectorRequirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (operator === 'exists') return value !== undefined;
  if (operator === 'absent') return value === undefined;
  const isOneOf = value !== undefined && values.includes(value);
  return operator === 'in' ? isOneOf : !isOneOf;
}

/** A word or a sign, and where it begins. */
interface Token {
  /** `end` after the last one. */
  readonly kind: 'word' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

class SelectorReader {
  #next = 0;
  #token: Token;

  constructor(
    private readonly text: string,
    private readonly pointer: string,
  ) {
    this.#token = this.#scan();
  }

  requirements(): SelectorRequirement[] {
    const requirements: SelectorRequirement[] = [];
    if (this.#isEnd()) return requirements;
    for (;;) {
      if (requirements.length === REQUIREMENTS_MAX)
        throw this.#wrong(`there are at most ${REQUIREMENTS_MAX} requirements`);
      requirements.push(this.#requirement());
      if (this.#isEnd()) return requirements;
      this.#expect(',', 'a comma or the end');
    }
  }

  #requirement(): SelectorRequirement {
    if (this.#is('!')) {
      this.#take();
      return { key: this.#key(), operator: 'absent', values: [] };
    }
    const key = this.#key();
    if (this.#isEnd() || this.#is(',')) return { key, operator: 'exists', values: [] };
    const { kind, text } = this.#token;
    if (kind === 'sign' && (text === '=' || text === '==' || text === '!=')) {
      this.#take();
      return { key, operator: text === '!=' ? 'notin' : 'in', values: [this.#value()] };
    }
    if (kind === 'word' && (text === 'in' || text === 'notin')) {
      this.#take();
      return { key, operator: text, values: this.#values() };
    }
    throw this.#wrong('one of = == != in notin, a comma or the end is expected');
  }

  #key(): string {
    const { kind, text } = this.#token;
    if (kind !== 'word') throw this.#wrong('the key of a label or ! is expected');
    if (!isLabelKey(text)) throw this.#wrong('this is no key of a label');
    this.#take();
    return text;
  }

  /** In parentheses, with commas between; between two commas stands the empty value. */
  #values(): string[] {
    this.#expect('(', '(');
    if (this.#is(')')) throw this.#wrong('at least one value is expected');
    const values = new Set([this.#value()]);
    while (this.#is(',')) {
      this.#take();
      values.add(this.#value());
    }
    this.#expect(')', 'a comma or )');
    return [...values];
  }

  #value(): string {
    const { kind, text } = this.#token;
    if (this.#isEnd() || this.#is(',') || this.#is(')')) return '';
    if (kind !== 'word') throw this.#wrong('the value of a label is expected');
    if (!isLabelValue(text)) throw this.#wrong('this is no value of a label');
    this.#take();
    return text;
  }

  #isEnd(): boolean {
    return this.#token.kind === 'end';
  }

  #is(sign: string): boolean {
    return this.#token.kind === 'sign' && this.#token.text === sign;
  }

  #expect(sign: string, what: string): void {
    if (!this.#is(sign)) throw this.#wrong(`${what} is expected`);
    this.#take();
  }

  #take(): void {
    this.#token = this.#scan();
  }

  #scan(): Token {
    while (this.#next < this.text.length && WHITESPACE.includes(this.text.charAt(this.#next)))
      this.#next += 1;
    const at = this.#next;
    if (at === this.text.length) return { kind: 'end', text: '', at };
    const first = this.text.charAt(at);
    if (SPECIAL.includes(first)) {
      const isLong = '=!'.includes(first) && this.text.charAt(at + 1) === '=';
      this.#next += isLong ? 2 : 1;
      return { kind: 'sign', text: this.text.slice(at, this.#next), at };
    }
    while (this.#next < this.text.length && !isBoundary(this.text.charAt(this.#next))) this.#next += 1;
    return { kind: 'word', text: this.text.slice(at, this.#next), at };
  }

  #wrong(what: string): InvalidInput {
    const { pointer } = this;
    return InvalidInput.at(pointer, 'selector', `At character ${this.#token.at + 1}: ${what}.`);
  }
}

const isBoundary = (character: string): boolean =>
  WHITESPACE.includes(character) || SPECIAL.includes(character);
