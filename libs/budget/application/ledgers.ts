import type { ItemState } from '../domain/item.js';

/**
 * Where every change of an item is noted, so that what is spent and which thresholds are crossed is true in the same
 * transaction. An abstract class, so that it is also its injection token.
 */
export abstract class Ledgers {
  /**
   * Of an item that is made there is no before, of one that is taken away no after. Nothing is read or written until the
   * open transaction is about to commit: what was noted is then counted together.
   */
  abstract note(before: ItemState | null, after: ItemState | null): void;
}
