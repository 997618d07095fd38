import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import type { ImportId } from '../domain/identity.js';
import { ImportNotUndoable } from '../domain/import-errors.js';
import { ImportRepository } from '../domain/import.repository.js';
import { PayeeRepository } from '../domain/payee.repository.js';
import type { Payee } from '../domain/payee.js';
import { ImportTraces } from './import-traces.js';
import { ItemMoves } from './item-moves.js';

/** Which import to undo, and the version the caller looked at when deciding to (null: any). */
export interface ImportAt {
  readonly id: ImportId;
  readonly ifVersion: ExpectedVersion;
  /** Also where items were changed since. */
  readonly isForced: boolean;
}

/** Takes an import back: its items, and who was made for them and is of no others. */
@Injectable()
export class ImportUndo {
  constructor(
    private readonly imports: ImportRepository,
    private readonly traces: ImportTraces,
    private readonly moves: ItemMoves,
    private readonly payees: PayeeRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** All of it, or nothing. @throws ImportNotFound, StaleVersion, ImportNotUndoable */
  async undo({ id, ifVersion, isForced }: ImportAt, reason: string | null): Promise<void> {
    await this.unitOfWork.runInTurn(async () => {
      const one = await this.imports.get(id);
      one.expectVersion(ifVersion);
      await this.traces.hold(one.snapshot.tenant);
      const { reconciled, changed } = await this.traces.touched(id);
      if (reconciled.length > 0 || (changed.length > 0 && !isForced))
        throw new ImportNotUndoable({ reconciled, changed });
      await this.moves.removeOfImport(id, reason);
      await this.#removePayees(id, reason);
      one.undo(reason);
      await this.imports.save(one);
    });
  }

  async #removePayees(id: ImportId, reason: string | null): Promise<void> {
    const payees: Payee[] = [];
    for (const payeeId of await this.traces.unusedPayees(id)) {
      const payee = await this.payees.get(payeeId);
      payee.delete(reason);
      payees.push(payee);
    }
    await this.payees.saveAll(payees);
  }
}
