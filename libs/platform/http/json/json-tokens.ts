export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
/** What `peek` gives when nothing is left. */
export const END = -1;

const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_E = 0x65;
const LOWER_U = 0x75;
const SPACE = 0x20;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const FIRST_SURROGATE = 0xd800;
/** Turns an upper-case letter into its lower-case one. */
const LOWER = 0x20;

/** What there is to know about a string that was read: a sum of these. */
export const ESCAPED = 1;
export const NUL = 2;
export const LONE_SURROGATE = 4;

const SIMPLE_ESCAPES = '"\\/bfnrt';
const LITERALS = ['true', 'false', 'null'];
const HEX_DIGITS = '0123456789abcdef';
/**
 * Every decimal number of up to 15 digits survives being a double, as long as it is not near the ends of the
 * range.
 */
const ALWAYS_EXACT_DIGITS = 15;
const ALWAYS_EXACT_POWER_DIGITS = 2;

/**
 * Goes over the tokens of a JSON text. Looks at each character once and allocates nothing: what a token says
 * is told by where it begins and ends.
 */
export abstract class JsonTokens {
  protected at = 0;
  private readonly end: number;

  protected constructor(protected readonly text: string) {
    this.end = text.length;
  }

  /** Called where the text is not JSON, with what would have been, for example `a colon`. */
  protected abstract malformed(expected: string): never;

  /** The first character that is not white space, from here on; it is not passed yet. */
  protected peek(): number {
    const { text, end } = this;
    let at = this.at;
    while (at < end) {
      const char = text.charCodeAt(at);
      if (char > SPACE || !isSpace(char)) {
        this.at = at;
        return char;
      }
      at++;
    }
    this.at = at;
    return END;
  }

  /** Passes a string whose opening quote is here, and tells its traits. */
  protected string(): number {
    const { text, end } = this;
    let traits = 0;
    let at = this.at + 1;
    while (at < end) {
      const char = text.charCodeAt(at);
      if (char > BACKSLASH && char < FIRST_SURROGATE) {
        at++; // The most frequent case by far: a small letter.
      } else if (char === QUOTE) {
        this.at = at + 1;
        return traits;
      } else if (char === BACKSLASH) {
        this.at = at;
        traits |= this.escape();
        at = this.at;
      } else if (char < SPACE) {
        this.at = at;
        this.malformed('an escape in place of a control character');
      } else if (!isSurrogate(char)) {
        at++;
      } else if (isPair(char, text.charCodeAt(at + 1))) {
        at += 2;
      } else {
        traits |= LONE_SURROGATE;
        at++;
      }
    }
    this.at = end;
    return this.malformed('a closing quote');
  }

  /** Passes an escape. A pair of surrogates is written as two escapes, one right after the other. */
  private escape(): number {
    const letter = this.text.charCodeAt(this.at + 1);
    if (letter !== LOWER_U) {
      if (!SIMPLE_ESCAPES.includes(String.fromCharCode(letter))) this.malformed('a valid escape');
      this.at += 2;
      return ESCAPED;
    }
    const unit = this.hexadecimal(this.at + 2);
    this.at += 6;
    if (unit === 0) return ESCAPED | NUL;
    if (!isSurrogate(unit)) return ESCAPED;
    if (!this.text.startsWith('\\u', this.at) || !isPair(unit, this.hexadecimal(this.at + 2))) {
      return ESCAPED | LONE_SURROGATE;
    }
    this.at += 6;
    return ESCAPED;
  }

  private hexadecimal(start: number): number {
    let unit = 0;
    for (let at = start; at < start + 4; at++) {
      const digit = at < this.end ? HEX_DIGITS.indexOf(this.text.charAt(at).toLowerCase()) : -1;
      if (digit < 0) this.malformed('four hexadecimal digits after "\\u"');
      unit = unit * 16 + digit;
    }
    return unit;
  }

  /** Passes a number, and says whether it is so short that a double certainly carries it. */
  protected number(): boolean {
    const { text } = this;
    if (text.charCodeAt(this.at) === MINUS) this.at++;
    const start = this.at;
    if (text.charCodeAt(start) === ZERO) this.at++;
    else this.digits();
    if (text.charCodeAt(this.at) === POINT) {
      this.at++;
      this.digits();
    }
    const isShort = this.at - start <= ALWAYS_EXACT_DIGITS;
    if ((text.charCodeAt(this.at) | LOWER) !== LOWER_E) return isShort;
    this.at++;
    const sign = text.charCodeAt(this.at);
    if (sign === PLUS || sign === MINUS) this.at++;
    const power = this.at;
    this.digits();
    return isShort && this.at - power <= ALWAYS_EXACT_POWER_DIGITS;
  }

  private digits(): void {
    const { text, end } = this;
    let at = this.at;
    while (at < end && isDigit(text.charCodeAt(at))) at++;
    if (at === this.at) this.malformed('a digit');
    this.at = at;
  }

  /** Passes `true`, `false` or `null`; whatever else stands here is no value. */
  protected literal(): void {
    const word = LITERALS.find((literal) => this.text.startsWith(literal, this.at));
    if (word === undefined) this.malformed('a value');
    else this.at += word.length;
  }
}

export function startsNumber(char: number): boolean {
  return char === MINUS || isDigit(char);
}

function isDigit(char: number): boolean {
  return char >= ZERO && char <= NINE;
}

function isSpace(char: number): boolean {
  return char === SPACE || char === LINE_FEED || char === CARRIAGE_RETURN || char === TAB;
}

function isSurrogate(unit: number): boolean {
  return (unit & 0xf800) === 0xd800;
}

/** Whether the two make one character: a high half, then a low one. */
function isPair(high: number, low: number): boolean {
  return (high & 0xfc00) === 0xd800 && (low & 0xfc00) === 0xdc00;
}
