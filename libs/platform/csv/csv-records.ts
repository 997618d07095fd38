import { Breather, InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { csvPieces, plainCell, readCsv, separatorOf } from './csv.js';
import type { CsvRow } from './csv.js';

/** One line of a table with a header. */
export interface CsvRecord {
  /** From 1, the header included; a record with line breaks in its cells is known by its first. */
  readonly line: number;
  /** By the names of the columns; none where the line has more or fewer cells than the header. */
  readonly cells: ReadonlyMap<string, string>;
  readonly mistakes: readonly Violation[];
}

/**
 * Reads a table whose first line names the columns, in any order and case; which of them are there is up to the sender.
 * Cells are as they were before an export made them safe for spreadsheets. A line that cannot be read is told as the
 * mistake of a record, and nothing is read after it; of more than `recordsMax` records, one is read too many.
 * @throws InvalidInput where there is no header, or one with other columns
 */
export function readCsvRecords(text: string, columns: readonly string[], recordsMax: number): CsvRecord[] {
  const { rows, mistake } = readCsv(text, recordsMax + 2);
  const [header, ...lines] = rows;
  if (!header) throw new InvalidInput([mistake ?? noHeader(columns)]);
  const names = namesOf(header, columns);
  const records = lines.map((row) => recordOf(row, names));
  if (!mistake) return records;
  return [...records, { line: mistake.line ?? 1, cells: new Map(), mistakes: [mistake] }];
}

const PIECE = 65_536;

/** The same for a long table: everything else goes on meanwhile. @throws likewise */
export async function readManyCsvRecords(
  text: string,
  columns: readonly string[],
  recordsMax: number,
): Promise<CsvRecord[]> {
  const breather = new Breather();
  const separator = separatorOf(text);
  const records: CsvRecord[] = [];
  let names: readonly string[] | null = null;
  for (const piece of csvPieces(text, PIECE)) {
    const table = readCsv(piece.text, recordsMax + (names ? 1 : 2) - records.length, separator);
    const rows = table.rows.map((row) => ({ ...row, line: row.line + piece.linesBefore }));
    const mistake = table.mistake && {
      ...table.mistake,
      line: (table.mistake.line ?? 1) + piece.linesBefore,
    };
    const lines: readonly CsvRow[] = names ? rows : rows.slice(1);
    if (!names && rows[0]) names = namesOf(rows[0], columns);
    if (!names && mistake) throw new InvalidInput([mistake]);
    for (const row of lines) records.push(recordOf(row, names ?? []));
    if (mistake) records.push({ line: mistake.line, cells: new Map(), mistakes: [mistake] });
    if (mistake || records.length > recordsMax) break;
    await breather.pause();
  }
  if (!names) throw new InvalidInput([noHeader(columns)]);
  return records;
}

const noHeader = (columns: readonly string[]): Violation => ({
  pointer: '',
  code: 'required',
  detail: `The first line names the columns: ${columns.join(', ')}.`,
  line: 1,
});

/** @throws InvalidInput */
function namesOf({ cells, line }: CsvRow, columns: readonly string[]): string[] {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const violations = names.flatMap((name, index): Violation[] => {
    const pointer = `/${index}`;
    if (!columns.includes(name))
      return [{ pointer, code: 'unknown_property', detail: `There is no column "${name}".`, line }];
    if (names.indexOf(name) === index) return [];
    return [{ pointer, code: 'duplicate', detail: `The column "${name}" is there twice.`, line }];
  });
  if (violations.length > 0) throw new InvalidInput(violations);
  return names;
}

function recordOf({ line, cells }: CsvRow, names: readonly string[]): CsvRecord {
  if (cells.length !== names.length) {
    const detail = `The line has ${cells.length} cells, and the header ${names.length}.`;
    return { line, cells: new Map(), mistakes: [{ pointer: '', code: 'malformed_csv', detail }] };
  }
  return {
    line,
    cells: new Map(names.map((name, index) => [name, plainCell(cells[index] ?? '')])),
    mistakes: [],
  };
}
