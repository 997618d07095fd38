import { Injectable } from '@nestjs/common';
import { Clock, IdConflict, InvalidInput, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import type { ItemId, PayeeId } from '../domain/identity.js';
import { PayeeUnknown } from '../domain/item-errors.js';
import { Item, sameContent, samePartyAt } from '../domain/item.js';
import type { CalendarDate, ItemContent, ItemRevision, ItemState } from '../domain/item.js';
import { ItemRepository } from '../domain/item.repository.js';
import { ItemChecks } from './item-checks.js';
import { Ledgers } from './ledgers.js';
import { PayeeNames } from './payee-names.js';

/** Which item to change, and the version the caller looked at when deciding to (null: any). */
export interface ItemAt {
  readonly id: ItemId;
  readonly ifVersion: ExpectedVersion;
}

/** One side of an item: a payee that is known, or the name of one that may not be there yet. */
export type Party = { readonly id: PayeeId } | { readonly name: string };

type Sides = { readonly payor: Party; readonly payee: Party };

/** What is said of a new item; without a date it is of today (UTC). */
export interface NewItemContent extends Omit<ItemContent, 'payorId' | 'payeeId' | 'transactionDate'>, Sides {
  readonly transactionDate: CalendarDate | null;
}

/** An item that is to be entered. */
export interface NewItem {
  readonly id: ItemId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly tenant: string | null;
  readonly content: NewItemContent;
  readonly reason: string | null;
}

/** What became of a request to enter an item. */
export interface StoredItem {
  readonly state: ItemState;
  readonly outcome: 'created' | 'unchanged';
}

/** What is to change; absent leaves as it is. */
export type ItemChanges = Omit<ItemRevision, 'payorId' | 'payeeId'> & Partial<Sides>;

/** What is to change, decided on what is there. */
export type ReviseItem = (current: ItemState) => ItemChanges;

/** Everything that changes items one by one. */
@Injectable()
export class ItemService {
  constructor(
    private readonly items: ItemRepository,
    private readonly checks: ItemChecks,
    private readonly names: PayeeNames,
    private readonly ledgers: Ledgers,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * The same id with the same content again is no conflict: the stored item is the answer.
   * @throws InvalidInput, IdConflict, PayeeAmbiguous, PayeeUnknown, CategoryUnknown, CatalogReferenceUnknown
   */
  async create(request: NewItem): Promise<StoredItem> {
    const create = (): Promise<StoredItem> => this.unitOfWork.attempt(() => this.#create(request));
    try {
      return await create();
    } catch (error) {
      const isStoredByNow = error instanceof IdConflict && request.idIsGiven; // Sent twice at one moment.
      if (!isStoredByNow && !isNamedAnew(error, request.content)) throw error;
      return create();
    }
  }

  /** @throws as `create`, and ItemNotFound, StaleVersion, ItemReconciled */
  async revise(target: ItemAt, revise: ReviseItem, reason: string | null): Promise<ItemState> {
    let asked: Partial<Sides> = {};
    const change = (): Promise<ItemState> =>
      this.#change(target, async (item) => {
        const { tenant, ...current } = item.snapshot;
        const { payor, payee, ...changes } = revise(item.snapshot);
        asked = { ...(payor && { payor }), ...(payee && { payee }) };
        const sides = await this.#resolve(tenant, { payor, payee });
        expectTwo({ ...current, ...sides }, { payor, payee });
        item.revise({ ...changes, ...sides }, reason);
      });
    try {
      return await change();
    } catch (error) {
      if (!isNamedAnew(error, asked)) throw error;
      return change();
    }
  }

  /** @throws as `revise`, and VersionNotFound */
  rollBack(target: ItemAt, version: number, reason: string | null): Promise<ItemState> {
    return this.#change(target, async (item) => {
      item.revertTo(await this.items.contentAt(target.id, version), version, reason);
    });
  }

  /** @throws ItemNotFound, StaleVersion, ItemReconciled */
  async delete(target: ItemAt, reason: string | null): Promise<void> {
    await this.#change(target, (item) => item.delete(reason));
  }

  async #create(request: NewItem): Promise<StoredItem> {
    const { id, tenant, reason, idIsGiven } = request;
    if (idIsGiven && (await this.items.isIdUsed(id))) return this.#repeat(request);
    const item = Item.enter({ id, tenant }, await this.#settle(request, this.#today()), reason);
    await this.#store(item, null);
    return { state: item.snapshot, outcome: 'created' };
  }

  /** @throws IdConflict */
  async #repeat(request: NewItem): Promise<StoredItem> {
    const stored = (await this.items.findOwn(request.tenant, request.id))?.snapshot;
    if (!stored) throw new IdConflict();
    if (!sameContent(await this.#settle(request, stored.transactionDate), stored)) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }

  /** What was left open is decided. */
  async #settle({ tenant, content }: NewItem, date: CalendarDate): Promise<ItemContent> {
    const { payor, payee, transactionDate, ...rest } = content;
    const { payorId, payeeId } = await this.#resolve(tenant, { payor, payee });
    if (payorId === undefined || payeeId === undefined)
      throw new Error('Both sides of a new item are named.');
    expectTwo({ payorId, payeeId }, { payor, payee });
    return { ...rest, payorId, payeeId, transactionDate: transactionDate ?? date };
  }

  #change(target: ItemAt, act: (item: Item) => void | Promise<void>): Promise<ItemState> {
    return this.unitOfWork.attempt(async () => {
      const item = await this.items.get(target.id);
      item.expectVersion(target.ifVersion);
      const before = item.snapshot;
      await act(item);
      await this.#store(item, before);
      return item.snapshot;
    });
  }

  async #store(item: Item, before: ItemState | null): Promise<void> {
    const { change, snapshot } = item;
    if (!change) return;
    if (!change.removes) await this.checks.expectKnown(before, snapshot);
    await this.items.save(item);
    this.ledgers.note(before, change.removes ? null : item.snapshot);
  }

  /** Names become payees, those of both sides together. */
  async #resolve(
    tenant: string | null,
    { payor, payee }: { readonly [Side in keyof Sides]: Party | undefined },
  ): Promise<{ readonly payorId?: PayeeId; readonly payeeId?: PayeeId }> {
    const sides = [
      { side: 'payorId', party: payor, pointer: '/payor' },
      { side: 'payeeId', party: payee, pointer: '/payee' },
    ] as const;
    const named = sides.flatMap(({ side, party, pointer }) =>
      party && 'name' in party ? [{ side, name: party.name, pointer }] : [],
    );
    const ids = named.length === 0 ? [] : await this.names.resolve(tenant, named);
    return Object.fromEntries([
      ...sides.flatMap(({ side, party }) => (party && 'id' in party ? [[side, party.id]] : [])),
      ...named.map(({ side }, index) => [side, ids[index]]),
    ]) as { payorId?: PayeeId; payeeId?: PayeeId };
  }

  #today(): CalendarDate {
    return this.clock.now().toISOString().slice(0, 10);
  }
}

/** Whom a name meant may be merged into another before the item is stored: asked again, the name means somebody else. */
const isNamedAnew = (error: unknown, { payor, payee }: Partial<Sides>): boolean =>
  error instanceof PayeeUnknown && [payor, payee].some((party) => party !== undefined && 'name' in party);

/** Told at the side that was sent, the payee's where both were. @throws InvalidInput */
function expectTwo(
  { payorId, payeeId }: Pick<ItemContent, 'payorId' | 'payeeId'>,
  { payor, payee }: { readonly [Side in keyof Sides]: Party | undefined },
): void {
  if (payorId !== payeeId) return;
  const [side, party] = payee || !payor ? (['payee', payee] as const) : (['payor', payor] as const);
  throw new InvalidInput([samePartyAt(party && 'name' in party ? `/${side}` : `/${side}_id`)]);
}
