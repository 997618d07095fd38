import { Injectable } from '@nestjs/common';
import { IdConflict, onceMore, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import { PayeeInUse } from '../domain/errors.js';
import type { PayeeId } from '../domain/identity.js';
import { ItemRepository } from '../domain/item.repository.js';
import { Payee, sameContent } from '../domain/payee.js';
import type { PayeeContent, PayeeRevision, PayeeState } from '../domain/payee.js';
import { PayeeRepository } from '../domain/payee.repository.js';

/** Which payee to change, and the version the caller looked at when deciding to (null: any). */
export interface PayeeAt {
  readonly id: PayeeId;
  readonly ifVersion: ExpectedVersion;
}

/** A payee that is to be made. */
export interface NewPayee {
  readonly id: PayeeId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly tenant: string | null;
  readonly content: PayeeContent;
  readonly reason: string | null;
}

/** What became of a request to make a payee. */
export interface StoredPayee {
  readonly state: PayeeState;
  readonly outcome: 'created' | 'unchanged';
}

/** What is to change, decided on what is there. */
export type RevisePayee = (current: PayeeState) => PayeeRevision;

/** Everything that changes a payee by itself. */
@Injectable()
export class PayeeService {
  constructor(
    private readonly payees: PayeeRepository,
    private readonly items: ItemRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * The same id with the same content again is no conflict: the stored payee is the answer.
   * @throws IdConflict, InvalidInput
   */
  create(request: NewPayee): Promise<StoredPayee> {
    return onceMore(request, (again) => this.unitOfWork.attempt(() => this.#create(again)));
  }

  /** @throws PayeeNotFound, StaleVersion, InvalidInput */
  revise(target: PayeeAt, revise: RevisePayee, reason: string | null): Promise<PayeeState> {
    return this.#change(target, (payee) => payee.revise(revise(payee.snapshot), reason));
  }

  /** @throws PayeeNotFound, StaleVersion, VersionNotFound */
  rollBack(target: PayeeAt, version: number, reason: string | null): Promise<PayeeState> {
    return this.#change(target, async (payee) => {
      payee.revertTo(await this.payees.contentAt(target.id, version), version, reason);
    });
  }

  /** @throws PayeeNotFound, StaleVersion, PayeeInUse as long as it has items */
  async delete(target: PayeeAt, reason: string | null): Promise<void> {
    await this.#change(target, async (payee) => {
      const items = await this.items.count({ partyId: target.id });
      if (items > 0) throw new PayeeInUse(items);
      payee.delete(reason);
    });
  }

  async #create(request: NewPayee): Promise<StoredPayee> {
    const { id, tenant, content, reason, idIsGiven } = request;
    if (idIsGiven && (await this.payees.isIdUsed(id))) return this.#repeat(request);
    const payee = Payee.create({ id, tenant }, content, reason);
    await this.payees.save(payee);
    return { state: payee.snapshot, outcome: 'created' };
  }

  #change(target: PayeeAt, act: (payee: Payee) => void | Promise<void>): Promise<PayeeState> {
    return this.unitOfWork.attempt(async () => {
      const payee = await this.payees.get(target.id);
      payee.expectVersion(target.ifVersion);
      await act(payee);
      await this.payees.save(payee);
      return payee.snapshot;
    });
  }

  /** @throws IdConflict */
  async #repeat({ id, tenant, content }: NewPayee): Promise<StoredPayee> {
    const stored = (await this.payees.findOwn(tenant, id))?.snapshot;
    const wanted = Payee.create({ id, tenant }, content).snapshot;
    if (!stored || !sameContent(stored, wanted)) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }
}
