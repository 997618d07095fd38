import type { CallContext } from '#platform/context';
import type { Database } from '#platform/database';
import { UnitOfWork } from '#shared-kernel';

/** Units of work of a call that nobody makes over HTTP. */
export class SystemUnitOfWork extends UnitOfWork {
  constructor(
    private readonly context: CallContext,
    private readonly database: Database,
  ) {
    super();
  }

  override run<T>(work: () => Promise<T>): Promise<T> {
    return this.context.runAsSystem('contract', () => this.database.run(work));
  }

  override runInTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.context.runAsSystem('contract', () => this.database.runInTurn(work));
  }

  override attempt<T>(work: () => Promise<T>): Promise<T> {
    return this.context.runAsSystem('contract', () => this.database.attempt(work));
  }
}
