import { Parser } from 'htmlparser2';
import { Breather, InvalidInput } from '#shared-kernel';

/** The leaves of one transaction by their names, `PAYEE/NAME` for those of a part of it. */
export interface OfxTransaction {
  /** From 1: where it begins. */
  readonly line: number;
  readonly fields: ReadonlyMap<string, string>;
  readonly statement: OfxStatement;
  /** It has an end of its own. */
  readonly isClosed: boolean;
}

/** What is said of an account; it may come after its first transactions. */
export interface OfxStatement {
  readonly fields: ReadonlyMap<string, string>;
}

const CHUNK = 65_536;
const STATEMENTS = new Set(['STMTRS', 'CCSTMTRS', 'INVSTMTRS']);
const ACCOUNTS = new Set(['BANKACCTFROM', 'CCACCTFROM', 'INVACCTFROM']);
const TRANSACTION = 'STMTTRN';
const PARTS = new Set(['PAYEE', 'CURRENCY', 'ORIGCURRENCY', 'BANKACCTTO', 'CCACCTTO']);
const TEXT_MAX = 10_000;

/**
 * Reads the transactions of OFX 1.x, which is SGML whose values have no end tags, and of 2.x, which is XML: both have the
 * same tags and no attributes. Nothing that a file defines itself is expanded; one that tries to is refused.
 * @throws InvalidInput
 */
export async function readOfx(text: string): Promise<readonly OfxTransaction[]> {
  const breather = new Breather();
  const reader = new OfxReader(text);
  const parser: Parser = new Parser(
    reader.handler(() => parser.startIndex),
    { xmlMode: true },
  );
  for (let from = 0; from < text.length; from += CHUNK) {
    parser.write(text.slice(from, from + CHUNK));
    await breather.pause();
  }
  parser.end();
  return reader.result();
}

class OfxReader {
  readonly #transactions: OfxTransaction[] = [];
  #isOfx = false;
  #statement = new Map<string, string>();
  #isAccount = false;
  #transaction: { readonly line: number; readonly fields: Map<string, string> } | null = null;
  #part: string | null = null;
  #leaf: string | null = null;
  #text = '';
  #line = 1;
  #counted = 0;

  constructor(private readonly source: string) {}

  /** What the parser calls. */
  handler(index: () => number): {
    onopentagname(name: string): void;
    ontext(text: string): void;
    onclosetag(name: string, isImplied: boolean): void;
    onprocessinginstruction(name: string, data: string): void;
  } {
    return {
      onopentagname: (name) => this.#open(name.toUpperCase(), index()),
      ontext: (text) => {
        if (this.#leaf !== null && this.#text.length < TEXT_MAX) this.#text += text;
      },
      onclosetag: (name, isImplied) => this.#close(name.toUpperCase(), isImplied ? 'implied' : 'said'),
      onprocessinginstruction: (name) => {
        if (name.startsWith('!')) throw malformed('A file of OFX defines no entities: <!DOCTYPE is refused.');
      },
    };
  }

  /** @throws InvalidInput where it is none */
  result(): readonly OfxTransaction[] {
    if (!this.#isOfx) throw malformed('There is no <OFX> in the file.');
    return this.#transactions;
  }

  #open(name: string, index: number): void {
    this.#keep();
    if (name === 'OFX') this.#isOfx = true;
    if (STATEMENTS.has(name)) this.#statement = new Map();
    if (ACCOUNTS.has(name)) this.#isAccount = true;
    if (name === TRANSACTION) {
      this.#end('implied');
      this.#transaction = { line: this.#lineAt(index), fields: new Map() };
    } else if (this.#transaction && PARTS.has(name)) this.#part = name;
    this.#leaf = name;
  }

  #close(name: string, manner: 'implied' | 'said'): void {
    this.#keep();
    if (name === this.#part) this.#part = null;
    if (ACCOUNTS.has(name)) this.#isAccount = false;
    if (name === TRANSACTION) this.#end(manner);
  }

  /** What stood in the tag that was opened last is its value. */
  #keep(): void {
    const [leaf, value] = [this.#leaf, this.#text.trim()];
    this.#leaf = null;
    this.#text = '';
    if (leaf === null || value === '') return;
    const fields = this.#transaction?.fields ?? this.#statement;
    const isOfStatement = this.#isAccount || leaf === 'CURDEF';
    if (!this.#transaction && !isOfStatement) return;
    fields.set(this.#part === null ? leaf : `${this.#part}/${leaf}`, value.replaceAll('&nbsp;', ' '));
  }

  #end(manner: 'implied' | 'said'): void {
    if (!this.#transaction) return;
    const statement = { fields: this.#statement };
    this.#transactions.push({ ...this.#transaction, statement, isClosed: manner === 'said' });
    this.#transaction = null;
    this.#part = null;
  }

  #lineAt(index: number): number {
    for (
      let end = this.source.indexOf('\n', this.#counted);
      end >= 0 && end < index;
      end = this.source.indexOf('\n', this.#counted)
    ) {
      this.#line += 1;
      this.#counted = end + 1;
    }
    return this.#line;
  }
}

const malformed = (detail: string): InvalidInput => InvalidInput.at('', 'malformed_ofx', detail);
