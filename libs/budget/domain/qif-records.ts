import { Breather } from '#shared-kernel';

const LINES_AT_ONCE = 100;

/** A field of a record: its letter, its text, and the line it stands in. */
export interface QifField {
  readonly letter: string;
  readonly text: string;
  readonly line: number;
}

/** The fields up to one `^`. */
export interface QifRecord {
  /** From 1: of its first field. */
  readonly line: number;
  readonly fields: readonly QifField[];
}

/** What a file of the Quicken Interchange Format holds. */
export interface QifFile {
  readonly records: readonly QifRecord[];
  /** Of the account that it says it is of. */
  readonly account: string | null;
  /** Sections that hold no payments, by the line that begins each. */
  readonly others: readonly { readonly line: number; readonly name: string }[];
}

/** What payments stand in. */
const PAYMENTS = new Set(['bank', 'cash', 'ccard', 'oth a', 'oth l']);
/** What stands in files of payments beside them, and is read over. */
const LISTS = new Set(['cat', 'class', 'memorized', 'tag', 'security', 'prices', 'budget', 'template']);

type Section = 'payments' | 'account' | 'ignored';

/** Reads the text line by line; a record that is not ended is ended by the end of its section. */
export async function readQif(text: string): Promise<QifFile> {
  const breather = new Breather();
  const reader = new QifReader();
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, line] of lines.entries()) {
    reader.take(line, index + 1);
    if (index % LINES_AT_ONCE === 0) await breather.pause();
  }
  return reader.end();
}

class QifReader {
  #section: Section = 'payments'; // Some banks leave the header out.
  #fields: QifField[] = [];
  #account: string | null = null;
  readonly #records: QifRecord[] = [];
  readonly #others: { readonly line: number; readonly name: string }[] = [];

  take(text: string, line: number): void {
    if (text.trim() === '') return;
    if (text.startsWith('!')) this.#begin(text.slice(1).trim(), line);
    else if (text.startsWith('^')) this.#close();
    else this.#fields.push({ letter: text.slice(0, 1), text: text.slice(1).trim(), line });
  }

  end(): QifFile {
    this.#close();
    return { records: this.#records, account: this.#account, others: this.#others };
  }

  #begin(header: string, line: number): void {
    this.#close();
    const [, word = '', name = ''] = /^(\w+)\s*(?::\s*(.*))?$/.exec(header) ?? [];
    const kind = word.toLowerCase();
    if (kind === 'option' || kind === 'clear') return;
    const type = kind === 'type' ? name.trim().toLowerCase() : kind;
    if (PAYMENTS.has(type)) this.#section = 'payments';
    else if (type === 'account') this.#section = 'account';
    else {
      this.#section = 'ignored';
      if (!LISTS.has(type)) this.#others.push({ line, name: name === '' ? header : name });
    }
  }

  #close(): void {
    const fields = this.#fields;
    this.#fields = [];
    const [first] = fields;
    if (!first) return;
    if (this.#section === 'payments') this.#records.push({ line: first.line, fields });
    if (this.#section === 'account')
      this.#account = fields.find(({ letter }) => letter === 'N')?.text ?? this.#account;
  }
}
