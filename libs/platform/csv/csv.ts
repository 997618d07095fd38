import { CsvError, parse } from 'csv-parse/sync';
import type { InfoRecord } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
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

const LINE_ENDS = ['\r\n', '\n', '\r'];
const LINE_BREAKS = /\r\n|\r|\n/g;
/** What a spreadsheet takes for the beginning of a formula (https://owasp.org/www-community/attacks/CSV_Injection). */
const FORMULA = /^'*[=+\-@\t\r]/;
const DEFUSED = /^'+[=+\-@\t\r]/;
/** What stands in quotes besides what RFC 4180 asks for, so that no other reader takes it for something else. */
const QUOTED = /[;\r\n]|^\s|\s$/;

/**
 * Reads RFC 4180, and what spreadsheets make of it: lines end with LF, CRLF or CR, a byte order mark may come first, and
 * where the first line has semicolons and no commas, cells are parted by them. Empty lines are none. What comes after
 * `rowsMax` rows is not looked at.
 */
export function readCsv(text: string, rowsMax: number, separator = separatorOf(text)): CsvTable {
  const rows: CsvRow[] = [];
  let linesRead = 0; // Counted here, because the parser counts a CRLF in a cell twice.
  const lineAfter = (emptyLines: number): number => linesRead + emptyLines + 1;
  const take = (cells: readonly string[], { empty_lines: emptyLines }: InfoRecord): null => {
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: lineAfter(emptyLines), cells });
    linesRead += 1 + breaksIn(cells);
    if (rows.length === rowsMax) throw new EnoughIsRead();
    return null; // It need not keep them, too.
  };
  try {
    parse(text, {
      bom: true,
      delimiter: separator,
      on_record: take,
      record_delimiter: LINE_ENDS,
      relax_column_count: true,
      skip_empty_lines: true,
    });
    return { rows, mistake: null };
  } catch (error) {
    if (error instanceof EnoughIsRead) return { rows, mistake: null };
    if (!(error instanceof CsvError)) throw error;
    return { rows, mistake: mistakeAt(lineAfter(Number(error['empty_lines']))) };
  }
}

/** Ends the parser: it has no other way of ending at a row that it does not count itself. */
class EnoughIsRead extends Error {}

/** One line, with its end; cells that a spreadsheet would calculate are made texts, which `plainCell` takes back. */
export const writeCsvRow = (cells: readonly string[]): string =>
  stringify([cells.map(harmless)], { quoted_match: QUOTED, record_delimiter: 'windows' });

/** A cell as it was before it was made safe for spreadsheets. */
export const plainCell = (cell: string): string => (DEFUSED.test(cell) ? cell.slice(1) : cell);

const harmless = (cell: string): string => (FORMULA.test(cell) ? `'${cell}` : cell);

/** What parts the cells of a text, by its first line that is not empty. */
export function separatorOf(text: string): string {
  const [first = ''] = text.trimStart().split(/[\r\n]/, 1);
  return first.includes(';') && !first.includes(',') ? ';' : ',';
}

/**
 * The text in pieces of about so many characters that each end with a row, and with the number of lines before it: to be
 * read one by one. Where quotes stand as they should not, the piece in which they do is read as far as the whole would be.
 */
export function* csvPieces(text: string, length: number): Generator<{ text: string; linesBefore: number }> {
  let linesBefore = 0;
  for (let from = 0; from < text.length;) {
    const to = endOfRow(text, from, length);
    const piece = text.slice(from, to);
    yield { text: piece, linesBefore };
    linesBefore += breaksIn([piece]);
    from = to;
  }
}

/** Behind the first line feed after so many characters that is in no quotes. */
function endOfRow(text: string, from: number, length: number): number {
  let quotes = 0;
  let quote = text.indexOf('"', from);
  for (let end = text.indexOf('\n', from); end >= 0; end = text.indexOf('\n', end + 1)) {
    for (; quote >= 0 && quote < end; quote = text.indexOf('"', quote + 1)) quotes += 1;
    if (end - from >= length && quotes % 2 === 0) return end + 1;
  }
  return text.length;
}

const breaksIn = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => sum + (cell.match(LINE_BREAKS)?.length ?? 0), 0);

function mistakeAt(line: number): Violation {
  const detail =
    'A cell with quotes in it stands in quotes, each quote of its own doubled, and ends before the next separator.';
  return { pointer: '', code: 'malformed_csv', detail, line };
}
