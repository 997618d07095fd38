import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import type { ImportId, ItemId, PayeeId } from '../domain/identity.js';
import type { Item } from '../domain/item.js';
import { ItemRepository } from '../domain/item.repository.js';
import type { ItemsOf } from '../domain/item.repository.js';
import { Ledgers } from './ledgers.js';

/**
 * Changes many items for a reason of others, each with its own version, and gives how many: all in the open unit of work,
 * or, where none is open, some in one.
 */
@Injectable()
export class ItemMoves {
  constructor(
    private readonly items: ItemRepository,
    private readonly ledgers: Ledgers,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * All items of one payee become another's; reconciled ones, too.
   * @throws InvalidInput when an item is between the two: see `ItemRepository.between`
   */
  moveParty(from: PayeeId, to: PayeeId, reason: string | null): Promise<number> {
    return this.#each({ partyId: from }, (item) => item.moveParty(from, to, reason));
  }

  /** @throws ItemReconciled when one of them was reconciled since it came */
  removeOfImport(importId: ImportId, reason: string | null): Promise<number> {
    return this.#each({ importId }, (item) => item.withdraw(reason));
  }

  /** Reconciled ones, too. */
  handOverTeam(from: string, to: string, reason: string | null): Promise<number> {
    return this.#each({ teamId: from }, (item) => item.handOver(from, to, reason));
  }

  async #each(of: ItemsOf, act: (item: Item) => void): Promise<number> {
    let count = 0;
    let last: ItemId | null = null;
    do {
      const some: readonly Item[] = await this.unitOfWork.run(() => this.#some(of, last, act));
      count += some.length;
      last = some.at(-1)?.snapshot.id ?? null;
    } while (last !== null);
    return count;
  }

  async #some(of: ItemsOf, after: ItemId | null, act: (item: Item) => void): Promise<readonly Item[]> {
    const some = await this.items.some(of, after);
    const notes = some.map((item) => {
      const before = item.snapshot;
      act(item);
      return { item, before, isRemoved: item.change?.removes ?? false };
    });
    await this.items.saveAll(some);
    for (const { item, before, isRemoved } of notes)
      this.ledgers.note(before, isRemoved ? null : item.snapshot);
    return some;
  }
}
