import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '#shared-kernel';

/** What another context holds in the name of teams. */
export interface Holding {
  /** In the plural, for example `devices`: it names the count in a refusal. */
  readonly kind: string;
  /** How many the team owns, as far as the caller sees. */
  count(teamId: string): Promise<number>;
  /** Gives everything of one team to another; done again, it changes nothing. */
  handOver(teamId: string, heirId: string, reason: string | null): Promise<void>;
}

/**
 * Where other contexts tell what teams own there, so that a team is not deleted under them: the catalog asks nobody by
 * name. What is handed over is handed over in transactions of its own, before the team goes.
 */
@Injectable()
export class TeamHoldings {
  readonly #holdings: Holding[] = [];

  register(holding: Holding): void {
    this.#holdings.push(holding);
  }

  get all(): readonly Holding[] {
    return this.#holdings;
  }
}

/**
 * Goes through what a team holds, some in one transaction, so that neither a transaction nor a list of ids grows with it.
 * @param some the ids that come after one, in their order; null: the first; none is the end
 */
export async function inPortions<Id>(
  unitOfWork: UnitOfWork,
  some: (after: Id | null) => Promise<readonly Id[]>,
  handOver: (id: Id) => Promise<void>,
): Promise<void> {
  for (let ids = await some(null); ids.length > 0; ids = await some(ids.at(-1) ?? null)) {
    const portion = ids;
    await unitOfWork.run(async () => {
      for (const id of portion) await handOver(id);
    });
  }
}
