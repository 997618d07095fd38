import { Breather, InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { isCalendarDate } from '../domain/calendar.js';
import { readSigned } from '../domain/import-amount.js';
import { brokenRecord, shortened } from '../domain/import-record.js';
import type { FileOptions, ImportedFile, ImportRecord, RecordContent } from '../domain/import-record.js';
import { ITEM_LENGTH_MAX } from '../domain/item.js';
import { currencyCode } from '../domain/money.js';
import type { CurrencyCode } from '../domain/money.js';
import { NAME_LENGTH_MAX } from '../domain/names.js';
import { readOfx } from './ofx-transactions.js';
import type { OfxStatement, OfxTransaction } from './ofx-transactions.js';

/** With `[-5:EST]` behind the time, which is left alone: the day is the one that the bank writes. */
const DAY = /^(\d{4})(\d{2})(\d{2})(?:\d{2,6}(?:\.\d+)?)?\s*(?:\[.*\]?)?$/;

/** What the bank did and booked, account by account. @throws InvalidInput */
export async function readOfxItems(text: string, options: FileOptions): Promise<ImportedFile> {
  const breather = new Breather();
  const transactions = await readOfx(text);
  const accounts = new Map(transactions.map(({ statement }) => [keyOf(statement), statement]));
  if (accounts.size > 1) {
    const detail = 'The file is of several accounts: send them one by one.';
    throw InvalidInput.at('', 'several_accounts', detail);
  }
  const records: ImportRecord[] = [];
  for (const transaction of transactions) {
    records.push(read(transaction, options));
    await breather.pause();
  }
  const [account] = accounts.values();
  return { records, account: account?.fields.get('ACCTID') ?? null };
}

function read(transaction: OfxTransaction, options: FileOptions): ImportRecord {
  const { line, fields, statement, isClosed } = transaction;
  const mistakes: Violation[] = [];
  const noting = <T>(act: () => T): T | null => {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      mistakes.push(...error.violations);
      return null;
    }
  };
  if (!isClosed) mistakes.push(UNFINISHED);
  const currency = noting(() => currencyOf(transaction, options));
  const money = currency && noting(() => readSigned(required(fields, 'TRNAMT', '/amount'), currency));
  const transactionDate = noting(() => dayOf(required(fields, 'DTPOSTED', '/transaction_date')));
  if (mistakes.length > 0 || !currency || !money || !transactionDate) return brokenRecord(line, mistakes);
  const memo = fields.get('MEMO') ?? '';
  const called = fields.get('NAME') ?? fields.get('PAYEE/NAME') ?? '';
  const said = called || memo || fields.get('TRNTYPE') || 'OTHER';
  const other = { id: null, name: shortened(said, NAME_LENGTH_MAX) };
  const check = fields.get('CHECKNUM');
  const notes = [memo === said ? '' : memo, check === undefined ? '' : `No. ${check}`];
  const content: RecordContent = {
    ...money,
    ...{ currency, transactionDate, item: shortened(said, ITEM_LENGTH_MAX), category: null },
    payor: money.flow === 'inflow' ? other : null,
    payee: money.flow === 'outflow' ? other : null,
    status: options.status ?? 'cleared',
    ...{ teamId: null, environment: null, labels: {} },
    notes: notes.filter((part) => part !== '').join('\n') || null,
  };
  const fitId = fields.get('FITID');
  const reference = fitId === undefined ? null : JSON.stringify([keyOf(statement), fitId]);
  return { line, id: null, reference, content, mistakes: [] };
}

const UNFINISHED: Violation = {
  pointer: '',
  code: 'malformed_ofx',
  detail: 'The transaction has no end: </STMTTRN> is missing.',
};

/** `CURRENCY` is what this one is in; `ORIGCURRENCY` is what it was in before the bank changed it. */
function currencyOf({ fields, statement }: OfxTransaction, options: FileOptions): CurrencyCode {
  const said = fields.get('CURRENCY/CURSYM') ?? statement.fields.get('CURDEF');
  if (said !== undefined) return currencyCode(said);
  if (options.currency) return options.currency;
  throw InvalidInput.at('/currency', 'required', 'The statement has no CURDEF: say ?currency=.');
}

function required(fields: ReadonlyMap<string, string>, name: string, pointer: string): string {
  const text = fields.get(name);
  if (text !== undefined) return text;
  throw InvalidInput.at(pointer, 'required', `A transaction has ${name}.`);
}

function dayOf(text: string): string {
  const [, year, month, day] = DAY.exec(text.trim()) ?? [];
  const date = `${year}-${month}-${day}`;
  if (isCalendarDate(date)) return date;
  throw InvalidInput.at(
    '/transaction_date',
    'date',
    `"${shortened(text, 40)}" begins with no day: YYYYMMDD.`,
  );
}

/** By which one account is told from another. */
const keyOf = ({ fields }: OfxStatement): string =>
  JSON.stringify([fields.get('BANKID') ?? fields.get('BROKERID') ?? '', fields.get('ACCTID') ?? '']);
