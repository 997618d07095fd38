import { AsyncLocalStorage } from 'node:async_hooks';
import { UnitOfWork } from '#shared-kernel';

/** Something in memory that can be put back to what it was. */
export interface Restorable {
  /** Gives what puts it back to how it is now. */
  remember(): () => void;
}

/** Transactions in memory: one after the other, and what fails leaves nothing behind. */
export class InMemoryUnitOfWork extends UnitOfWork {
  readonly #open = new AsyncLocalStorage<true>();
  readonly #stores: readonly Restorable[];
  #last: Promise<unknown> = Promise.resolve();

  constructor(...stores: readonly Restorable[]) {
    super();
    this.#stores = stores;
  }

  override run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#open.getStore()) return work();
    const turn = this.#last.then(() => this.#open.run(true, () => this.#undoable(work)));
    this.#last = turn.catch(() => undefined); // Whoever asked for it hears of it.
    return turn;
  }

  override runInTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.run(work);
  }

  override attempt<T>(work: () => Promise<T>): Promise<T> {
    return this.#open.getStore() ? this.#undoable(work) : this.run(work);
  }

  async #undoable<T>(work: () => Promise<T>): Promise<T> {
    const putBack = this.#stores.map((store) => store.remember());
    try {
      return await work();
    } catch (error) {
      for (const undo of putBack) undo();
      throw error;
    }
  }
}
