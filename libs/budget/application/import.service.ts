import { Injectable } from '@nestjs/common';
import { Breather, IdConflict, InvalidInput, UnitOfWork } from '#shared-kernel';
import { importId, itemId } from '../domain/identity.js';
import type { ImportId, ItemId, PayeeId } from '../domain/identity.js';
import { ItemImportRefused } from '../domain/import-errors.js';
import type { ImportedFile, ImportFormat, RecordParty } from '../domain/import-record.js';
import { Import } from '../domain/import.js';
import type { ImportCounts } from '../domain/import.js';
import { ImportRepository } from '../domain/import.repository.js';
import { Item, samePartyAt } from '../domain/item.js';
import type { ItemContent } from '../domain/item.js';
import { ItemRepository } from '../domain/item.repository.js';
import { ImportKeys } from './import-keys.js';
import type { KeyedRecord } from './import-keys.js';
import { ImportParties } from './import-parties.js';
import type { SettledRecord } from './import-parties.js';
import { ImportPlaces } from './import-places.js';
import type { Placing } from './import-places.js';
import { ImportSieve } from './import-sieve.js';
import { ImportTally } from './import-tally.js';
import type { LineMistake } from './import-tally.js';
import { ImportTraces } from './import-traces.js';
import { Ledgers } from './ledgers.js';

export const IMPORT_RECORDS_MAX = 50_000;

/** How to import a file. */
export interface ImportOrder extends Placing {
  readonly format: ImportFormat;
  readonly mode: 'partial' | 'atomic';
  readonly isDryRun: boolean;
  /** Whose file it is, before what the file says. */
  readonly account: RecordParty | null;
  readonly reason: string | null;
}

/** A record of the file, and an item that may be the same. */
export interface ReportedDuplicate {
  readonly line: number;
  readonly itemId: ItemId;
  readonly existingId: ItemId;
}

/** What an import did, or would do. */
export interface ImportReport extends ImportCounts {
  readonly id: ImportId;
  readonly mistakes: readonly LineMistake[];
  readonly duplicates: readonly ReportedDuplicate[];
}

/** Undoes what was done to find out what it would be. */
class NothingKept extends Error {
  constructor(readonly report: ImportReport) {
    super();
  }
}

type IdManner = 'as exported' | 'anew';

/** An item and the line that it is of. */
interface Entered {
  readonly item: Item;
  readonly line: number;
}

/** Makes items of the records of a file, those that had come before left out. */
@Injectable()
export class ImportService {
  constructor(
    private readonly imports: ImportRepository,
    private readonly items: ItemRepository,
    private readonly traces: ImportTraces,
    private readonly sieve: ImportSieve,
    private readonly places: ImportPlaces,
    private readonly parties: ImportParties,
    private readonly ledgers: Ledgers,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * In one piece, so that it can be undone in one. Where nothing comes of a file, nothing is kept of it either: the id of
   * such a report, as of one of a dry run, names nothing.
   * @throws InvalidInput, ItemImportRefused, PayeeAmbiguous, PayeeUnknown, CategoryUnknown, CatalogReferenceUnknown
   */
  async run(file: ImportedFile, order: ImportOrder): Promise<ImportReport> {
    if (file.records.length > IMPORT_RECORDS_MAX) {
      const detail = `An import has at most ${IMPORT_RECORDS_MAX} records.`;
      throw InvalidInput.at('', 'too_many', detail);
    }
    try {
      return await this.#attempt(file, order, 'as exported');
    } catch (error) {
      if (error instanceof NothingKept) return error.report;
      if (!(error instanceof IdConflict)) throw error;
    }
    try {
      return await this.#attempt(file, order, 'anew'); // Something that the caller does not see has one of the ids.
    } catch (error) {
      if (error instanceof NothingKept) return error.report;
      throw error;
    }
  }

  #attempt(file: ImportedFile, order: ImportOrder, ids: IdManner): Promise<ImportReport> {
    return this.unitOfWork.runInTurn(() =>
      // An attempt, because the transaction may be that of an Idempotency-Key, and goes on.
      this.unitOfWork.attempt(async () => {
        const report = await this.#take(file, order, ids);
        const isKept = !order.isDryRun && report.created > 0;
        if (order.mode === 'atomic' && report.failed > 0 && !order.isDryRun)
          throw new ItemImportRefused(report.mistakes);
        if (!isKept) throw new NothingKept(report);
        return report;
      }),
    );
  }

  async #take(file: ImportedFile, order: ImportOrder, ids: IdManner): Promise<ImportReport> {
    const { tenant } = order;
    await this.traces.hold(tenant);
    const tally = new ImportTally(file.records.length);
    const account = await this.parties.account(tenant, order.account ?? { id: null, name: file.account });
    const keys = new ImportKeys(account?.id ?? null, (text) => this.traces.keyOf(text));
    const fresh = await this.sieve.sift(file.records, { tenant, keys }, tally);
    const placed = await this.places.place(fresh.records, order, tally);
    if (!account && placed.length > 0) expectParties(placed);
    const { settled, made } = await this.parties.settle(
      placed,
      { tenant, account: account?.id ?? null },
      tally,
    );
    const id = importId(this.traces.newId());
    const entered = await enterAll(settled, {
      id,
      order,
      tally,
      taken: ids === 'anew' ? null : fresh.takenIds,
      newId: () => this.traces.newId(),
    });
    await this.#store(id, { entered, order, tally, made: account?.isNew ? [...made, account.id] : made });
    const duplicates = await this.#duplicatesOf(id, entered);
    return { id, ...tally.counts, mistakes: tally.mistakes, duplicates };
  }

  async #store(
    id: ImportId,
    {
      entered,
      order,
      tally,
      made,
    }: {
      readonly entered: readonly Entered[];
      readonly order: ImportOrder;
      readonly tally: ImportTally;
      readonly made: readonly PayeeId[];
    },
  ): Promise<void> {
    if (entered.length === 0) return;
    const { tenant, format, reason } = order;
    await this.imports.save(Import.take({ id, tenant, format, ...tally.counts }, reason));
    const items = entered.map(({ item }) => item);
    await this.items.saveAll(items);
    for (const item of items) this.ledgers.note(null, item.snapshot);
    await this.traces.made(id, [...new Set(made)]);
  }

  async #duplicatesOf(id: ImportId, entered: readonly Entered[]): Promise<readonly ReportedDuplicate[]> {
    const twins = await this.traces.twins(id);
    if (twins.length === 0) return [];
    const lines = new Map(entered.map(({ item, line }) => [item.snapshot.id, line]));
    return twins
      .map((twin) => ({ ...twin, line: lines.get(twin.itemId) ?? 0 }))
      .sort((a, b) => a.line - b.line);
  }
}

/** Where no record says both parties, the file needs an account. @throws InvalidInput */
function expectParties(records: readonly KeyedRecord[]): void {
  if (records.some(({ content: { payor, payee } }) => payor && payee)) return;
  const detail = 'Say whose file it is: the name or the id of who pays what flows out.';
  throw InvalidInput.at('/account', 'required', detail);
}

async function enterAll(
  records: readonly SettledRecord[],
  given: {
    readonly id: ImportId;
    readonly order: ImportOrder;
    readonly tally: ImportTally;
    /** Null: none is kept. */
    readonly taken: ReadonlySet<string> | null;
    readonly newId: () => string;
  },
): Promise<readonly Entered[]> {
  const { id, order, tally, taken, newId } = given;
  const breather = new Breather();
  const entered: Entered[] = [];
  for (const settled of records) {
    await breather.pause();
    const { record, key } = settled;
    if (settled.payorId === settled.payeeId) {
      tally.fail(record, [samePartyAt('/payee')]);
      continue;
    }
    const isFree = record.id !== null && taken !== null && !taken.has(record.id);
    const identity = { id: itemId(isFree ? (record.id ?? '') : newId()), tenant: order.tenant };
    const item = Item.enter({ ...identity, importId: id, importKey: key }, toContent(settled), order.reason);
    entered.push({ item, line: record.line });
    tally.create();
  }
  return entered;
}

const toContent = ({ content, place, payorId, payeeId }: SettledRecord): ItemContent => ({
  item: content.item,
  amount: content.amount,
  currency: content.currency,
  flow: content.flow,
  payorId,
  payeeId,
  ...place,
  transactionDate: content.transactionDate,
  status: content.status,
  notes: content.notes,
  labels: content.labels,
});
