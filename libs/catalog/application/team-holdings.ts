import { Injectable } from '@nestjs/common';

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
