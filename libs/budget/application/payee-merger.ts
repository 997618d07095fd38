import { Injectable } from '@nestjs/common';
import { InvalidInput, UnitOfWork } from '#shared-kernel';
import { MergeConflict, MergeTooLarge, PayeeNotFound } from '../domain/errors.js';
import type { PayeeId } from '../domain/identity.js';
import { PayeeUnknown } from '../domain/item-errors.js';
import { ItemRepository } from '../domain/item.repository.js';
import type { Payee, PayeeState } from '../domain/payee.js';
import { PayeeRepository } from '../domain/payee.repository.js';
import { ItemMoves } from './item-moves.js';
import type { PayeeAt } from './payee.service.js';

/** All versions that a transaction makes are in memory until it ends, and nobody else in the tenant writes while they are stored. */
const ITEMS_MAX = 100_000;

/** The payee that another one turns out to be, and where it is named. */
export interface MergeInto {
  readonly id: PayeeId;
  /** JSON Pointer, as in `Violation`. */
  readonly pointer: string;
}

/** Makes one payee of two. */
@Injectable()
export class PayeeMerger {
  constructor(
    private readonly payees: PayeeRepository,
    private readonly items: ItemRepository,
    private readonly moves: ItemMoves,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Everything that was between the payee and others is the other one's from now on, reconciled items too, and the payee is
   * gone: all of it, or nothing. Gives the one that stays.
   * @throws PayeeNotFound, StaleVersion, PayeeUnknown, MergeTooLarge, MergeConflict where an item is between the two,
   *   InvalidInput
   */
  merge(target: PayeeAt, into: MergeInto, reason: string | null): Promise<PayeeState> {
    const { id, pointer } = into;
    if (target.id === id) throw InvalidInput.at(pointer, 'itself', 'A payee is not merged into itself.');
    return this.unitOfWork.attempt(async () => {
      const { payee, heir } = await this.#both(target, into);
      const count = await this.items.count({ partyId: target.id });
      if (count > ITEMS_MAX) throw new MergeTooLarge(count);
      const between = await this.items.between(target.id, into.id);
      if (between.length > 0) throw new MergeConflict(between);
      await this.moves.moveParty(target.id, into.id, reason);
      payee.mergeAway(reason);
      await this.payees.save(payee);
      return heir;
    });
  }

  /**
   * Both kept in the order of their ids, so that of two merges in opposite directions one comes too late and says so. One that
   * belongs to all cannot be kept by a tenant; what moves to it keeps it.
   */
  async #both(target: PayeeAt, into: MergeInto): Promise<{ payee: Payee; heir: PayeeState }> {
    const seen = await this.payees.find(target.id);
    if (!seen) throw new PayeeNotFound();
    const early = target.id < into.id ? await this.payees.get(target.id) : null;
    const heir = await this.#heirOf(seen, into.id);
    const payee = early ?? (await this.payees.get(target.id));
    payee.expectVersion(target.ifVersion);
    if (heir) return { payee, heir };
    const detail = 'There is no such payee in this tenant.';
    throw new PayeeUnknown([{ pointer: into.pointer, code: 'payee_unknown', detail }]);
  }

  async #heirOf({ tenant }: PayeeState, id: PayeeId): Promise<PayeeState | null> {
    const heir = (await this.payees.findOwn(tenant, id))?.snapshot ?? (await this.payees.find(id));
    return heir && (heir.tenant === null || heir.tenant === tenant) ? heir : null;
  }
}
