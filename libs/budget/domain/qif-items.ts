import { Breather, InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import type { CalendarDate } from './calendar.js';
import { readGrouped } from './import-amount.js';
import type { SignedAmount } from './import-amount.js';
import { formatOf, readDay } from './import-date.js';
import { brokenRecord, DATE_FORMATS, shortened } from './import-record.js';
import type {
  DateFormat,
  FileOptions,
  ImportedFile,
  ImportRecord,
  RecordCategory,
  RecordContent,
  RecordParty,
} from './import-record.js';
import { ITEM_LENGTH_MAX } from './item.js';
import type { ItemStatus } from './item.js';
import type { CurrencyCode } from './money.js';
import { NAME_LENGTH_MAX } from './names.js';
import { readQif } from './qif-records.js';
import type { QifField, QifRecord } from './qif-records.js';

/** A part of a payment, of a category of its own. */
interface Split {
  readonly category: string;
  memo: string;
  amount: string | null;
}

interface Reading {
  readonly currency: CurrencyCode;
  readonly format: DateFormat;
  readonly status: ItemStatus;
}

/**
 * The payments of a file of the Quicken Interchange Format, which has neither a currency nor a way to tell days from months.
 * A payment that is split is an item for each part.
 * @throws InvalidInput where it has to be told what the file is of
 */
export async function readQifItems(
  text: string,
  { currency, dateFormat, status }: FileOptions,
): Promise<ImportedFile> {
  const { records, account, others } = await readQif(text);
  const days = records.map((record) => fieldOf(record, 'D')?.text ?? '');
  const format = dateFormat ?? formatOf(days);
  const missing: Violation[] = [];
  if (!currency) missing.push({ pointer: '/currency', code: 'required', detail: 'QIF has no currency.' });
  if (!format) missing.push(AMBIGUOUS_DAYS);
  if (missing.length > 0 || !currency || !format) throw new InvalidInput(missing);
  const reading = { currency, format, status: status ?? 'cleared' };
  const breather = new Breather();
  const items = others.map(({ line, name }) => brokenRecord(line, [noPayments(name)]));
  for (const record of records) {
    items.push(...read(record, reading));
    await breather.pause();
  }
  return { account, records: items };
}

const AMBIGUOUS_DAYS: Violation = {
  pointer: '/date_format',
  code: 'ambiguous_date',
  detail: `The days of the file may be of several orders: say one of ${DATE_FORMATS.join(', ')}.`,
};

const noPayments = (name: string): Violation => ({
  pointer: '',
  code: 'unknown_section',
  detail: `Of "${name}" nothing is read: only of Bank, CCard, Cash, Oth A and Oth L.`,
});

function read(record: QifRecord, reading: Reading): ImportRecord[] {
  const { line } = record;
  const mistakes: Violation[] = [];
  const date = dayOf(record, reading.format, mistakes);
  const total = amountOf(fieldOf(record, 'T') ?? fieldOf(record, 'U'), reading.currency, mistakes);
  const parts = splitsOf(record).map((split) => {
    const amount = split.amount === null ? null : { letter: '$', text: split.amount, line };
    return { split, signed: amountOf(amount, reading.currency, mistakes) };
  });
  if (mistakes.length > 0 || date === null || !total) return [brokenRecord(line, mistakes)];
  if (parts.length === 0) return [itemOf(record, total, null, { ...reading, date })];
  const sum = parts.reduce((all, { signed }) => all + valueOf(signed), 0n);
  if (sum !== valueOf(total)) return [brokenRecord(line, [UNEQUAL])];
  return parts.flatMap(({ split, signed }) =>
    signed ? [itemOf(record, signed, split, { ...reading, date })] : [],
  );
}

const UNEQUAL: Violation = {
  pointer: '/amount',
  code: 'split_mismatch',
  detail: 'The parts of the payment do not add up to it.',
};

const valueOf = (signed: SignedAmount | null): bigint => {
  if (!signed) return 0n;
  return signed.flow === 'outflow' ? -signed.amount : signed.amount;
};

function dayOf(record: QifRecord, format: DateFormat, mistakes: Violation[]): CalendarDate | null {
  const field = fieldOf(record, 'D');
  const day = field && readDay(field.text, format);
  if (day) return day;
  const detail = field ? `"${field.text}" is no day of the order ${format}.` : 'A payment has a day (D).';
  mistakes.push({ pointer: '/transaction_date', code: field ? 'date' : 'required', detail });
  return null;
}

function amountOf(
  field: QifField | null,
  currency: CurrencyCode,
  mistakes: Violation[],
): SignedAmount | null {
  if (!field) {
    mistakes.push({ pointer: '/amount', code: 'required', detail: 'A payment has an amount (T).' });
    return null;
  }
  try {
    return readGrouped(field.text, currency);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    mistakes.push(...error.violations);
    return null;
  }
}

function splitsOf({ fields }: QifRecord): Split[] {
  const splits: Split[] = [];
  for (const { letter, text } of fields) {
    const last = splits.at(-1);
    if (letter === 'S') splits.push({ category: text, memo: '', amount: null });
    else if (last && letter === 'E') last.memo = text;
    else if (last && letter === '$') last.amount = text;
  }
  return splits;
}

function itemOf(
  record: QifRecord,
  { amount, flow }: SignedAmount,
  split: Split | null,
  { currency, date, status }: Reading & { readonly date: CalendarDate },
): ImportRecord {
  const text = (letter: string): string => fieldOf(record, letter)?.text ?? '';
  const { category, transfer } = placeOf(split?.category ?? text('L'));
  const memo = split?.memo || text('M');
  const payee = shortened(text('P') || transfer || memo, NAME_LENGTH_MAX);
  const number = text('N');
  const other: RecordParty | null = payee === '' ? null : { id: null, name: payee };
  const content: RecordContent = {
    item: shortened(text('P') || memo || transfer || number, ITEM_LENGTH_MAX),
    ...{ amount, currency, flow, category, transactionDate: date },
    payor: flow === 'inflow' ? other : null,
    payee: flow === 'outflow' ? other : null,
    status: statusOf(text('C'), status),
    ...{ teamId: null, environment: null, labels: {} },
    notes: [memo, number === '' ? '' : `No. ${number}`].filter((part) => part !== '').join('\n') || null,
  };
  const nobody: Violation[] = other
    ? []
    : [{ pointer: '/payee', code: 'required', detail: 'A payment names somebody (P), or has a memo (M).' }];
  return { line: record.line, id: null, reference: null, content: other && content, mistakes: nobody };
}

/** `Food:Groceries/Class` is a category with a class, which is left out; `[Savings]` is another account. */
function placeOf(text: string): { readonly category: RecordCategory | null; readonly transfer: string } {
  const [, transfer] = /^\[(.*)\]/.exec(text) ?? [];
  if (transfer !== undefined) return { category: null, transfer };
  const path = text.split('/', 1)[0]?.trim() ?? '';
  return { category: path === '' ? null : { id: null, path }, transfer: '' };
}

function statusOf(mark: string, otherwise: ItemStatus): ItemStatus {
  if (/^[*c]$/i.test(mark)) return 'cleared';
  return /^[xr]$/i.test(mark) ? 'reconciled' : otherwise;
}

const fieldOf = ({ fields }: QifRecord, letter: string): QifField | null =>
  fields.find((field) => field.letter === letter) ?? null;
