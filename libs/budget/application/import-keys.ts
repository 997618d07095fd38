import type { PayeeId } from '../domain/identity.js';
import type { ImportRecord, RecordContent, RecordParty } from '../domain/import-record.js';
import { nameKey } from '../domain/names.js';

/** A record that could be read. */
export interface ReadRecord {
  readonly record: ImportRecord;
  readonly content: RecordContent;
}

/** The same with what it is known by when the file comes again. */
export interface KeyedRecord extends ReadRecord {
  readonly key: string;
}

/**
 * Gives records their keys: the id that an item had where it was exported, what the bank knows it by, or else what it says
 * of the payment itself. Equal ones are numbered: two twins in one file stay two, and the file again finds both.
 */
export class ImportKeys {
  readonly #counts = new Map<string, number>();

  constructor(
    private readonly account: PayeeId | null,
    private readonly keyOf: (text: string) => string,
  ) {}

  next(read: ReadRecord): KeyedRecord {
    const { id } = read.record;
    if (id !== null) return { ...read, key: keyOfId(id) };
    const stem = this.#stemOf(read);
    const count = (this.#counts.get(stem) ?? 0) + 1;
    this.#counts.set(stem, count);
    return { ...read, key: `${stem}#${count}` };
  }

  #stemOf({ record: { reference }, content }: ReadRecord): string {
    if (reference !== null) return `ref:${this.keyOf(reference)}`;
    const { amount, currency, flow, transactionDate, item, notes, payor, payee } = content;
    const said = [transactionDate, amount.toString(), currency, flow, item, notes];
    return `rec:${this.keyOf(JSON.stringify([...said, this.#party(payor), this.#party(payee)]))}`;
  }

  /** As the file names it: whom that means may change. */
  #party(party: RecordParty | null): string {
    if (!party) return `id:${this.account}`;
    return party.name === null ? `id:${party.id}` : `name:${nameKey(party.name)}`;
  }
}

export const keyOfId = (id: string): string => `id:${id}`;
