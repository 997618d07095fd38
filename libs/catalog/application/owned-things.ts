import { Injectable } from '@nestjs/common';
import type { TeamId } from '../domain/identity.js';

/**
 * One kind of thing of the catalog that teams own. What is handed over is handed over by its own aggregate, so that each
 * thing has its entry in the change log.
 */
export interface OwnedThings {
  /** In the plural, for example `resources`: it names the count in a refusal. */
  readonly kind: string;
  /** How many the team owns. */
  count(teamId: TeamId): Promise<number>;
  /**
   * Gives everything of one team to another of the same company, in the open unit of work and in the order of ids; the
   * heir is known to be there.
   */
  handOver(teamId: TeamId, heirId: TeamId, reason: string | null): Promise<void>;
}

/** Where the kinds of things that teams own in the catalog tell of themselves, each in its constructor. */
@Injectable()
export class OwnedKinds {
  readonly #kinds: OwnedThings[] = [];

  register(things: OwnedThings): void {
    this.#kinds.push(things);
  }

  get all(): readonly OwnedThings[] {
    return this.#kinds;
  }
}
