import type { Violation } from '#shared-kernel';

/** A line of a table, from 1; one with line breaks in its cells is known by its first. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** What a text of comma-separated values holds, up to the first place that cannot be read. */
export interface CsvTable {
  readonly rows: readonly CsvRow[];
  readonly mistake: Violation | null;
}

const QUOTE = '"';
const BYTE_ORDER_MARK = '\uFEFF';
/** What a spreadsheet takes for the beginning of a formula (https://owasp.org/www-community/attacks/CSV_Injection). */
const FORMULA = /^'*[=+\-@\t\r]/;
const DEFUSED = /^'+[=+\-@\t\r]/;
const QUOTED = /[",;\r\n]|^\s|\s$/;

/**
 * Reads RFC 4180, and what spreadsheets make of it: lines end with LF, CRLF or CR, a byte order mark may come first, and
 * where the first line has semicolons and no commas, cells are parted by them. Empty lines are none.
 */
export function readCsv(text: string): CsvTable {
  return new CsvReader(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text).read();
}

/** One line, with its end; cells that a spreadsheet would calculate are made texts, which `plainCell` takes back. */
export const writeCsvRow = (cells: readonly string[]): string =>
  `${cells.map((cell) => quoted(FORMULA.test(cell) ? `'${cell}` : cell)).join(',')}\r\n`;

/** A cell as it was before it was made safe for spreadsheets. */
export const plainCell = (cell: string): string => (DEFUSED.test(cell) ? cell.slice(1) : cell);

const quoted = (cell: string): string =>
  QUOTED.test(cell) ? `${QUOTE}${cell.replaceAll(QUOTE, QUOTE + QUOTE)}${QUOTE}` : cell;

class CsvReader {
  readonly #separator: string;
  #next = 0;
  #line = 1;

  constructor(private readonly text: string) {
    const [first = ''] = text.split(/[\r\n]/, 1);
    this.#separator = first.includes(';') && !first.includes(',') ? ';' : ',';
  }

  read(): CsvTable {
    const rows: CsvRow[] = [];
    while (this.#next < this.text.length) {
      const line = this.#line;
      const cells: string[] = [];
      do {
        const cell = this.#cell();
        if (cell === null) return { rows, mistake: this.#mistake(line) };
        cells.push(cell);
      } while (this.#skips(this.#separator));
      this.#endLine();
      if (cells.length > 1 || cells[0] !== '') rows.push({ line, cells });
    }
    return { rows, mistake: null };
  }

  /** Null where a quoted cell does not end, or does not end before the next one begins. */
  #cell(): string | null {
    if (this.#skips(QUOTE)) return this.#quotedCell();
    const start = this.#next;
    while (!this.#isAtEnd()) this.#next += 1;
    const cell = this.text.slice(start, this.#next);
    return cell.includes(QUOTE) ? null : cell;
  }

  #quotedCell(): string | null {
    const pieces: string[] = [];
    for (;;) {
      const end = this.text.indexOf(QUOTE, this.#next);
      if (end === -1) return null;
      pieces.push(this.text.slice(this.#next, end));
      this.#next = end + 1;
      if (!this.#skips(QUOTE)) break;
      pieces.push(QUOTE);
    }
    const cell = pieces.join('');
    this.#line += cell.match(/\r\n|\r|\n/g)?.length ?? 0;
    return this.#isAtEnd() ? cell : null;
  }

  #isAtEnd(): boolean {
    const next = this.text[this.#next];
    return next === undefined || next === this.#separator || next === '\r' || next === '\n';
  }

  #skips(sign: string): boolean {
    if (this.text[this.#next] !== sign) return false;
    this.#next += 1;
    return true;
  }

  #endLine(): void {
    const hasReturn = this.#skips('\r');
    if (this.#skips('\n') || hasReturn) this.#line += 1;
  }

  #mistake(line: number): Violation {
    const detail =
      'A cell with quotes in it stands in quotes, each quote of its own doubled, and ends before the next separator.';
    return { pointer: '', code: 'malformed_csv', detail, line };
  }
}
