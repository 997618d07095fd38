import { Breather, InvalidInput } from '#shared-kernel';
import { readManyCsvRecords } from '#platform/csv';
import type { CsvRecord } from '#platform/csv';
import { isUuid, parseJson, Reading, readLabels } from '#platform/http';
import { isCalendarDate } from '../domain/calendar.js';
import type { CategoryId, PayeeId } from '../domain/identity.js';
import { readSigned } from '../domain/import-amount.js';
import { readDay } from '../domain/import-date.js';
import { brokenRecord, shortened } from '../domain/import-record.js';
import type {
  FileOptions,
  ImportedFile,
  ImportRecord,
  RecordCategory,
  RecordContent,
  RecordParty,
} from '../domain/import-record.js';
import { ITEM_STATUSES, NO_DATE } from '../domain/item.js';
import type { Flow, ItemStatus } from '../domain/item.js';
import { currencyCode } from '../domain/money.js';
import type { CurrencyCode } from '../domain/money.js';
import { NAME_LENGTH_MAX } from '../domain/names.js';
import { ITEM_COLUMNS } from './csv-items.js';
import { flowOf } from './item-bodies.js';

/** Columns as banks call them, by ours: read where ours are not there. */
const ALSO_CALLED: Readonly<Record<string, string>> = {
  transaction_date: 'date',
  item: 'description',
  notes: 'memo',
};
/** Whoever is not the account, whichever way the money goes. */
const OTHER_PARTY = 'counterparty';
/** What the server decides is read over. */
const SERVERS_OWN = [
  ...['tenant_id', 'import_id', 'version', 'created_at', 'created_by', 'updated_at', 'updated_by'],
];
const COLUMNS: readonly string[] = [
  ...ITEM_COLUMNS,
  ...Object.values(ALSO_CALLED),
  OTHER_PARTY,
  ...SERVERS_OWN,
];

/** Items of a table with a header. An empty cell says nothing. @throws InvalidInput */
export async function readCsvItems(
  text: string,
  options: FileOptions,
  recordsMax: number,
): Promise<ImportedFile> {
  const breather = new Breather();
  const records: ImportRecord[] = [];
  for (const record of await readManyCsvRecords(text, COLUMNS, recordsMax)) {
    records.push(toRecord(record, options));
    await breather.pause();
  }
  return { records, account: null };
}

function toRecord({ line, cells, mistakes }: CsvRecord, options: FileOptions): ImportRecord {
  if (mistakes.length > 0) return brokenRecord(line, mistakes);
  const row = new Row(cells);
  const id = row.id('id');
  const content = contentOf(row, options);
  const violations = row.reading.violations;
  return { line, id, reference: null, content: violations.length > 0 ? null : content, mistakes: violations };
}

function contentOf(row: Row, options: FileOptions): RecordContent | null {
  const item = row.text('item');
  if (item === null) row.reading.note('required', '/item', 'It is required.');
  const currency = currencyOf(row, options);
  const money = currency && moneyOf(row, currency);
  const transactionDate = dayOf(row, options);
  const content = {
    transactionDate,
    category: categoryOf(row),
    status: statusOf(row, options),
    teamId: row.id('team_id'),
    environment: row.text('environment'),
    notes: row.text('notes'),
    labels: readLabels(row.json('labels'), row.reading),
  };
  const sides = money && sidesOf(row, money.flow, item ?? '');
  if (!currency || !money || !sides || item === null || transactionDate === null) return null;
  return { ...content, ...money, ...sides, item, currency, transactionDate };
}

function currencyOf(row: Row, options: FileOptions): CurrencyCode | null {
  const cell = row.text('currency');
  if (cell !== null) return row.noting(() => currencyCode(cell));
  if (options.currency) return options.currency;
  row.reading.note('required', '/currency', 'It is required, here or by ?currency=.');
  return null;
}

/** Without a flow the sign tells; with one there is none. */
function moneyOf(row: Row, currency: CurrencyCode): { amount: bigint; flow: Flow } | null {
  const cell = row.text('amount');
  const word = row.text('flow')?.toLowerCase() ?? null;
  const flow = word === null ? null : flowOf(word);
  if (flow !== null && flow !== 'inflow' && flow !== 'outflow')
    row.reading.note('choice', '/flow', 'It must be one of inflow, outflow, + and -.');
  if (cell === null) {
    row.reading.note('required', '/amount', 'It is required.');
    return null;
  }
  if (flow !== null && /^[+-]/.test(cell)) {
    row.reading.note('negative_amount', '/amount', 'An amount has no sign where the flow is said.');
    return null;
  }
  const signed = row.noting(() => readSigned(cell, currency));
  return signed && { amount: signed.amount, flow: flow ?? signed.flow };
}

function dayOf(row: Row, { dateFormat }: FileOptions): string | null {
  const cell = row.text('transaction_date');
  if (cell === null) {
    row.reading.note('required', '/transaction_date', 'It is required.');
    return null;
  }
  if (isCalendarDate(cell)) return cell;
  const day = dateFormat && readDay(cell, dateFormat);
  if (!day)
    row.reading.note(
      'date',
      '/transaction_date',
      dateFormat ? `It is no day of the order ${dateFormat}.` : NO_DATE,
    );
  return day;
}

function statusOf(row: Row, options: FileOptions): ItemStatus {
  const word = row.text('status')?.toLowerCase();
  const status = ITEM_STATUSES.find((known) => known === word);
  if (word !== undefined && !status)
    row.reading.note('choice', '/status', `It must be one of ${ITEM_STATUSES.join(', ')}.`);
  return status ?? options.status ?? 'pending';
}

function categoryOf(row: Row): RecordCategory | null {
  const id = row.id('category_id') as CategoryId | null;
  const path = row.text('category');
  return id === null && path === null ? null : { id, path };
}

/**
 * In a table of two sides each is whom its column names. In a table of one, that one is whoever is not the account; where
 * nobody is named, the item is: banks tell both in one text.
 */
function sidesOf(
  row: Row,
  flow: Flow,
  item: string,
): { readonly payor: RecordParty | null; readonly payee: RecordParty | null } {
  const [payor, payee] = [partyOf(row, 'payor'), partyOf(row, 'payee')];
  const hasBoth = row.hasSide('payor') && row.hasSide('payee');
  if (hasBoth && (payor || payee) && row.text(OTHER_PARTY) === null) return { payor, payee };
  const called = row.text(OTHER_PARTY) ?? shortened(item, NAME_LENGTH_MAX);
  const other = (row.text(OTHER_PARTY) === null ? (payor ?? payee) : null) ?? { id: null, name: called };
  return flow === 'inflow'
    ? { payor: other, payee: hasBoth ? payee : null }
    : { payor: hasBoth ? payor : null, payee: other };
}

function partyOf(row: Row, side: 'payor' | 'payee'): RecordParty | null {
  const id = row.id(`${side}_id`) as PayeeId | null;
  const name = row.text(side);
  return id === null && name === null ? null : { id, name };
}

/** The cells of a line, and what is wrong with them. */
class Row {
  readonly reading = new Reading();

  constructor(private readonly cells: ReadonlyMap<string, string>) {}

  hasSide(side: string): boolean {
    return this.cells.has(side) || this.cells.has(`${side}_id`);
  }

  text(column: string): string | null {
    const cell = this.cells.get(column) ?? this.cells.get(ALSO_CALLED[column] ?? '') ?? '';
    return cell.trim() === '' ? null : cell;
  }

  id(column: string): string | null {
    const cell = this.text(column)?.trim() ?? null;
    if (cell === null || isUuid(cell)) return cell?.toLowerCase() ?? null;
    this.reading.note('pattern', `/${column}`, 'An id is a UUID.');
    return null;
  }

  json(column: string): unknown {
    const cell = this.text(column);
    return cell === null ? null : this.noting(() => parseJson(cell, {}), `/${column}`);
  }

  noting<T>(read: () => T, place = ''): T | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      for (const { code, pointer, detail } of error.violations)
        this.reading.note(code, `${place}${pointer}`, detail);
      return null;
    }
  }
}
