import type { Labels, Violation } from '#shared-kernel';
import type { CalendarDate } from './calendar.js';
import type { CategoryId, PayeeId } from './identity.js';
import type { Flow, ItemStatus } from './item.js';
import type { CurrencyCode } from './money.js';

/** The files that items come in. */
export const IMPORT_FORMATS = ['csv', 'ofx', 'qif'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** Somebody as a file names them: by an id, by a name, or by both; the name counts where the id is not known. */
export interface RecordParty {
  readonly id: PayeeId | null;
  readonly name: string | null;
}

/** A category likewise; the name is the way to it from its root, `Food:Groceries`. */
export interface RecordCategory {
  readonly id: CategoryId | null;
  readonly path: string | null;
}

/** What a record says. A side that is not named is whose file it is. */
export interface RecordContent {
  readonly item: string;
  readonly amount: bigint;
  readonly currency: CurrencyCode;
  readonly flow: Flow;
  readonly payor: RecordParty | null;
  readonly payee: RecordParty | null;
  readonly category: RecordCategory | null;
  readonly transactionDate: CalendarDate;
  readonly status: ItemStatus;
  readonly teamId: string | null;
  readonly environment: string | null;
  readonly notes: string | null;
  readonly labels: Labels;
}

/** One entry of a file: an item that is to be, or what is wrong with it. */
export interface ImportRecord {
  /** From 1: where it begins. */
  readonly line: number;
  /** The item that it was when it was exported. */
  readonly id: string | null;
  /** What the bank knows it by: the same text is the same entry, in whatever file. */
  readonly reference: string | null;
  /** Null where it could not be read. */
  readonly content: RecordContent | null;
  readonly mistakes: readonly Violation[];
}

/** Everything that a file says. */
export interface ImportedFile {
  readonly records: readonly ImportRecord[];
  /** What the file calls the account that it is of; null: it does not tell. */
  readonly account: string | null;
}

/** What is said of a whole file, because the format does not tell or to overrule what it leaves open. */
export interface FileOptions {
  /** Of amounts without one. */
  readonly currency: CurrencyCode | null;
  /** How its days are written; null: as the format has them, or as they show it themselves. */
  readonly dateFormat: DateFormat | null;
  /** Of records without one. */
  readonly status: ItemStatus | null;
}

/** The order in which a day is written. */
export const DATE_FORMATS = ['YYYY-MM-DD', 'MM/DD/YYYY', 'DD/MM/YYYY'] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

/** A record that cannot be taken. */
export const brokenRecord = (line: number, mistakes: readonly Violation[]): ImportRecord => ({
  line,
  id: null,
  reference: null,
  content: null,
  mistakes,
});

/** The name that something long of a file is called by: one line of so many characters. */
export function shortened(text: string, max: number): string {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return [...line].slice(0, max).join('').trim();
}
