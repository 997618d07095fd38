/** One transaction: everything inside happens, or nothing does. An abstract class, so that it is also its injection token. */
export abstract class UnitOfWork {
  /**
   * Runs the work in one transaction, joining the one that is open. The work may be run again when the database asks
   * for it (a deadlock, a lost race), so it has no effects but those on the database.
   */
  abstract run<T>(work: () => Promise<T>): Promise<T>;

  /**
   * `run` for work that changes many things in an order of its own: in one tenant one after another, because two of them
   * could each wait for what the other has changed.
   */
  abstract runInTurn<T>(work: () => Promise<T>): Promise<T>;

  /**
   * Runs the work so that its failure undoes the work alone: in the open transaction the rest of it stays, without one
   * this is `run`.
   */
  abstract attempt<T>(work: () => Promise<T>): Promise<T>;
}
