import { Injectable } from '@nestjs/common';
import type { ImportId, PayeeId } from '../domain/identity.js';
import type { Item } from '../domain/item.js';
import { ItemRepository } from '../domain/item.repository.js';
import type { ItemsOf } from '../domain/item.repository.js';
import { Ledgers } from './ledgers.js';

/** Changes many items for a reason of others, each with its own version, in the open unit of work. Gives how many. */
@Injectable()
export class ItemMoves {
  constructor(
    private readonly items: ItemRepository,
    private readonly ledgers: Ledgers,
  ) {}

  /**
   * All items of one payee become another's; reconciled ones, too.
   * @throws InvalidInput when an item is between the two: see `ItemRepository.between`
   */
  moveParty(from: PayeeId, to: PayeeId, reason: string | null): Promise<number> {
    return this.#each({ partyId: from }, (item) => item.moveParty(from, to, reason));
  }

  /** @throws ItemReconciled when one of them is */
  removeOfImport(importId: ImportId, reason: string | null): Promise<number> {
    return this.#each({ importId }, (item) => item.delete(reason));
  }

  /** Reconciled ones, too. */
  handOverTeam(from: string, to: string, reason: string | null): Promise<number> {
    return this.#each({ teamId: from }, (item) => item.handOver(from, to, reason));
  }

  async #each(of: ItemsOf, act: (item: Item) => void): Promise<number> {
    let count = 0;
    let some = await this.items.some(of, null);
    while (some.length > 0) {
      const before = some.map(({ snapshot }) => snapshot);
      for (const item of some) act(item);
      const removed = new Set(some.filter(({ change }) => change?.removes));
      await this.items.saveAll(some);
      for (const [index, item] of some.entries())
        this.ledgers.note(before[index] ?? null, removed.has(item) ? null : item.snapshot);
      count += some.length;
      some = await this.items.some(of, some.at(-1)?.snapshot.id ?? null);
    }
    return count;
  }
}
