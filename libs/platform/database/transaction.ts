import type { Socket } from 'node:net';
import type { PoolClient, QueryResult } from 'pg';
import type { EntityManager, QueryRunner } from 'typeorm';

/** A statement that PostgreSQL prepares once a connection: the name stands for the text. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
}

/** The part of TypeORM's query runner by which it learns of a transaction that it did not open itself. */
interface TransactionFlag {
  isTransactionActive: boolean;
}

/** Sends the last statements of a transaction, all of them in this turn. */
export type Closing = (transaction: Transaction) => Promise<unknown>;

/** Makes ready what is to be sent, for as long as that takes: nothing of it is sent, and nothing is locked for it, meanwhile. */
export type Preparation<Item> = (items: readonly Item[]) => Closing | Promise<Closing>;

interface Deferred {
  readonly prepare: Preparation<unknown>;
  readonly item: unknown;
}

interface Reckoned {
  readonly reckon: (items: unknown[]) => Promise<void>;
  readonly item: unknown;
}

/**
 * One open transaction on one connection. Statements are pipelined: the opening travels with the first statement,
 * the closing with the last, so that a write costs two round trips.
 */
export class Transaction {
  readonly #deferred: Deferred[] = [];
  readonly #reckoned: Reckoned[] = [];
  readonly #committed: (() => void)[] = [];
  #attempts = 0;

  private constructor(
    private readonly runner: QueryRunner,
    private readonly client: PoolClient,
  ) {}

  /** Sends the opening and does not wait for it: were it to fail, every statement after it would fail too. */
  static async open(runner: QueryRunner, tenant: string): Promise<Transaction> {
    const client = (await runner.connect()) as PoolClient;
    const transaction = new Transaction(runner, client);
    transaction.#gather();
    for (const statement of opening(tenant)) client.query(statement).catch(() => undefined);
    (runner as unknown as TransactionFlag).isTransactionActive = true;
    return transaction;
  }

  get manager(): EntityManager {
    return this.runner.manager;
  }

  /** Sends a statement at once; two that are sent without waiting share a round trip. */
  query<Row extends object>(statement: Statement): Promise<QueryResult<Row>> {
    this.#gather();
    return this.client.query<Row>(statement);
  }

  /**
   * Notes an item for the last statements before the commit; all items noted with the same function are handed to it
   * together. What is noted inside an attempt that fails is forgotten with it.
   */
  defer<Item>(prepare: Preparation<Item>, item: Item): void {
    this.#deferred.push({ prepare: prepare as Deferred['prepare'], item });
  }

  /**
   * Notes an item for work that is done when everything else is, and waited for, so that it may read, decide and write,
   * `defer` included; all items noted with the same function are handed to it together. Forgotten like what is deferred.
   */
  reckon<Item>(work: (items: Item[]) => Promise<void>, item: Item): void {
    this.#reckoned.push({ reckon: work as Reckoned['reckon'], item });
  }

  /**
   * Does what was noted with `reckon`, and then what was noted meanwhile, until there is nothing more. Called once, inside
   * the unit of work and before its commit.
   */
  async settle(): Promise<void> {
    while (this.#reckoned.length > 0) {
      const noted = this.#reckoned.splice(0);
      const works = grouped(noted.map(({ reckon, item }) => [reckon, item]));
      for (const [work, items] of works) await work(items);
    }
  }

  /** What was noted with this function until now. */
  noted<Item>(prepare: Preparation<Item>): readonly Item[] {
    return this.#deferred.filter((deferred) => deferred.prepare === prepare).map(({ item }) => item as Item);
  }

  afterCommit(act: () => void): void {
    this.#committed.push(act);
  }

  /** Runs the work so that its failure leaves the rest of the transaction as it was. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const noted = this.#deferred.length;
    const reckoned = this.#reckoned.length;
    const name = `attempt_${noted}_${(this.#attempts += 1)}`;
    this.client.query(`savepoint ${name}`).catch(() => undefined);
    try {
      const result = await work();
      this.client.query(`release savepoint ${name}`).catch(() => undefined);
      return result;
    } catch (error) {
      this.#deferred.length = noted;
      this.#reckoned.length = reckoned;
      await this.client.query(`rollback to savepoint ${name}`);
      throw error;
    }
  }

  async commit(): Promise<void> {
    const noted = grouped(this.#deferred.map(({ prepare, item }) => [prepare, item]));
    const closings: Closing[] = [];
    for (const [prepare, items] of noted) closings.push(await prepare(items));
    this.#gather();
    const sent = closings.map((send) => send(this));
    const commit = this.client.query('commit');
    const outcomes = await Promise.allSettled([...sent, commit]);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    // PostgreSQL answers the commit of a failed transaction with a rollback, not with an error.
    if ((await commit).command !== 'COMMIT')
      throw new Error('The transaction was rolled back by the database.');
  }

  /** What is sent in one go leaves in one packet: a write to a socket costs more than a statement. */
  #gather(): void {
    gatherWrites(this.client);
  }

  /** Tells those who waited for it. */
  announce(): void {
    for (const act of this.#committed) act();
  }

  async rollback(): Promise<void> {
    await this.client.query('rollback');
  }

  /** Gives the connection back; a broken one is thrown away by the pool. */
  async release(): Promise<void> {
    (this.runner as unknown as TransactionFlag).isTransactionActive = false;
    await this.runner.release();
  }
}

/** What was noted with the same function, together, in the order in which each function was first noted with. */
function grouped<Act>(noted: readonly (readonly [Act, unknown])[]): Map<Act, unknown[]> {
  const groups = new Map<Act, unknown[]>();
  for (const [act, item] of noted) {
    const items = groups.get(act);
    if (items) items.push(item);
    else groups.set(act, [item]);
  }
  return groups;
}

/** The part of pg's client by which packets are gathered. */
interface Wire {
  readonly connection: { readonly stream: Socket };
}

const gathering = new WeakSet<Socket>();

/** Holds back what is written until whoever is at work now has sent all of it. */
export function gatherWrites(client: PoolClient): void {
  const { stream } = (client as unknown as Wire).connection;
  if (gathering.has(stream)) return;
  gathering.add(stream);
  stream.cork();
  process.nextTick(() => {
    gathering.delete(stream);
    stream.uncork();
  });
}

/** Tells PostgreSQL who is asking, for this transaction alone. */
export function opening(tenant: string): Statement[] {
  return [
    { text: 'begin' },
    { name: 'open_unit_of_work', text: `select set_config('app.tenant', $1, true)`, values: [tenant] },
  ];
}
