import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '#shared-kernel';
import { CallContext } from '#platform/context';
import { explainDatabaseError, isRetryable } from './postgres-errors.js';
import { Slots } from './slots.js';
import { gatherWrites, opening, Transaction } from './transaction.js';
import type { Statement } from './transaction.js';

const ATTEMPTS_MAX = 5;
const RETRY_PAUSE_MS = 5;
/** What a platform-wide caller is called by the policies of row-level security. */
const EVERY_TENANT = '*';

/**
 * The only way to the data. Opens one transaction, tells PostgreSQL whose rows it may see, and hands that transaction
 * to everything called inside.
 */
@Injectable()
export class Database extends UnitOfWork {
  readonly #open = new AsyncLocalStorage<Transaction>();
  /** One connection is left: were all of them held by locks, the work under each would wait for one for ever. */
  #exclusive: Slots | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly context: CallContext,
  ) {
    super();
  }

  override async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#open.getStore()) return work(); // Join the one that is open.
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#runOnce(work);
      } catch (error) {
        if (attempt === ATTEMPTS_MAX || !isRetryable(error)) throw explainDatabaseError(error);
        await pause(RETRY_PAUSE_MS * attempt * Math.random()); // Apart, or they meet again.
      }
    }
  }

  override runInTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.run(async () => {
      await this.transaction.query(turnOf(this.context.current.caller.tenant));
      return work();
    });
  }

  override async attempt<T>(work: () => Promise<T>): Promise<T> {
    const open = this.#open.getStore();
    return open ? open.attempt(work) : this.run(work);
  }

  /**
   * Does the work only while nobody else does, in this process or any other; gives false when somebody does. The lock
   * has a transaction of its own, so that the work may have several, and is gone when this process is.
   */
  async exclusively(name: string, work: () => Promise<void>): Promise<boolean> {
    this.#exclusive ??= new Slots(Math.max(1, (poolOf(this.dataSource).options.max ?? 0) - 1));
    return this.#exclusive.run(() => this.#exclusively(name, work));
  }

  #exclusively(name: string, work: () => Promise<void>): Promise<boolean> {
    return this.run(async () => {
      const { rows } = await this.transaction.query<{ locked: boolean }>({
        name: 'exclusively',
        text: 'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as locked',
        values: [name],
      });
      if (!rows[0]?.locked) return false;
      await this.#open.exit(work);
      return true;
    });
  }

  /** Fails outside `run`, so that nothing can read or write without a tenant. */
  get transaction(): Transaction {
    const transaction = this.#open.getStore();
    if (!transaction) throw new Error('No unit of work is open: wrap this call in UnitOfWork.run().');
    return transaction;
  }

  /** True inside of `run`, so that what is written now is part of something larger. */
  get isOpen(): boolean {
    return this.#open.getStore() !== undefined;
  }

  get manager(): EntityManager {
    return this.transaction.manager;
  }

  /**
   * Reads with one statement: inside the open unit of work, or in one of its own that costs a single round trip.
   * @throws DatabaseUnavailable, DatabaseBusy
   */
  async read<Row extends object>(statement: Statement): Promise<Row[]> {
    const open = this.#open.getStore();
    if (open) return (await open.query<Row>(statement)).rows;
    try {
      return (await this.#readOnce<Row>(statement)).rows;
    } catch (error) {
      throw explainDatabaseError(error);
    }
  }

  async #runOnce<T>(work: () => Promise<T>): Promise<T> {
    const transaction = await Transaction.open(this.dataSource.createQueryRunner(), this.#tenant());
    try {
      const result = await this.#open.run(transaction, async () => {
        const done = await work();
        await transaction.settle();
        return done;
      });
      await transaction.commit();
      transaction.announce();
      return result;
    } catch (error) {
      await transaction.rollback().catch(() => undefined); // The first error is the one that tells.
      throw error;
    } finally {
      await transaction.release();
    }
  }

  async #readOnce<Row extends object>(statement: Statement): Promise<QueryResult<Row>> {
    const client: PoolClient = await poolOf(this.dataSource).connect();
    let broken: Error | undefined;
    const lost = (error: Error): void => {
      broken = error;
    };
    client.on('error', lost); // Nobody else listens while it is lent out, and an error that nobody hears ends the process.
    try {
      gatherWrites(client);
      for (const part of opening(this.#tenant())) client.query(part).catch(() => undefined);
      const answer = client.query<Row>(statement);
      const closing = client.query('commit');
      const [rows, closed] = await Promise.allSettled([answer, closing]);
      if (closed.status === 'rejected') broken = closed.reason as Error;
      if (rows.status === 'rejected') throw rows.reason;
      return rows.value;
    } finally {
      client.off('error', lost);
      client.release(broken);
    }
  }

  #tenant(): string {
    return this.context.current.caller.tenant ?? EVERY_TENANT;
  }
}

/** Whoever works in one tenant waits for that tenant, whoever works in all of them for everybody. */
function turnOf(tenant: string | null): Statement {
  return tenant === null
    ? { name: 'turn_of_all', text: `select pg_advisory_xact_lock(hashtextextended('turn', 0))` }
    : {
        name: 'turn_of_tenant',
        text: `select pg_advisory_xact_lock_shared(hashtextextended('turn', 0)), pg_advisory_xact_lock(hashtextextended('turn/' || $1, 0))`,
        values: [tenant],
      };
}

/** The pool under TypeORM, for statements that need no mapping. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}
