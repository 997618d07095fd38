import { Injectable } from '@nestjs/common';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import type { Closing, Statement, Transaction } from '#platform/database';
import { appendOne, appendSome, takeRevision } from './append-statements.js';
import { ChangeBus } from './change-bus.js';
import type { Act, Change, CommittedChange } from './change.js';
import { portionsOf } from './change-portions.js';

/** Collects the changes of one transaction and writes them as it closes: one revision a stream. */
@Injectable()
export class ChangeLog {
  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly bus: ChangeBus,
  ) {}

  /** Notes a change; it is in the log exactly when the open transaction commits. */
  append(change: Change): void {
    this.database.transaction.defer(this.#prepare, change);
  }

  /** True when the open transaction changed this aggregate, which is in the log only after it. */
  hasNoted(aggregateId: string): boolean {
    return this.database.transaction
      .noted(this.#prepare)
      .some((change) => change.aggregateId === aggregateId);
  }

  /** Notes an act. It goes to the stream of whoever acted, because the shared one is not theirs to write. */
  act({ tenant, ...act }: Act): void {
    this.append({
      ...act,
      tenant: this.context.current.caller.tenant ?? tenant,
      aggregateVersion: 0,
      previousSubject: null,
      snapshot: null,
      reason: null,
      rolledBackFrom: null,
      occurredAt: null,
    });
  }

  /** What is sent is made ready before anything is locked. */
  readonly #prepare = async (changes: readonly Change[]): Promise<Closing> => {
    const { caller, requestId, traceId } = this.context.current;
    const writer = { actor: caller.actor, requestId, traceId };
    const streams: StreamClosing[] = [];
    for (const [tenant, own] of byStream(changes)) {
      const [first] = own;
      const statements =
        first && own.length === 1
          ? [appendOne(first, writer)]
          : [
              takeRevision(tenant),
              ...(await portionsOf(own, writer)).map((portion) => appendSome(tenant, portion, writer)),
            ];
      const aggregateTypes = new Set(own.map(({ aggregateType }) => aggregateType));
      streams.push({ tenant, aggregateTypes, changes: own, statements });
    }
    return (transaction) => Promise.all(streams.map((stream) => this.#send(transaction, stream)));
  };

  /**
   * Takes the next revision and writes the rows, as the last statements before the commit: whoever gets revision n+1 commits
   * after n, so that a reader who asks for "revision > n" misses nothing. The row of stream_head stays locked until the
   * commit; nothing is waited for in between.
   */
  async #send(
    transaction: Transaction,
    { tenant, aggregateTypes, changes, statements }: StreamClosing,
  ): Promise<void> {
    const [taken] = await Promise.all(
      statements.map((statement) => transaction.query<{ revision: string }>(statement)),
    );
    const revision = Number(taken?.rows[0]?.revision);
    transaction.afterCommit(() =>
      this.bus.move(
        { tenant, revision, aggregateTypes },
        (types) => committed(changes, revision, types),
        'here',
      ),
    );
  }
}

/** What is sent of one stream: the first statement takes the revision and gives it back. */
interface StreamClosing {
  readonly tenant: string;
  readonly aggregateTypes: ReadonlySet<string>;
  readonly changes: readonly Change[];
  readonly statements: readonly Statement[];
}

/** Those of some types, as they were committed. */
function committed(
  changes: readonly Change[],
  revision: number,
  types: ReadonlySet<string>,
): CommittedChange[] {
  const told: CommittedChange[] = [];
  for (const [sub, change] of changes.entries())
    if (types.has(change.aggregateType)) told.push({ ...change, revision, sub });
  return told;
}

/** In the order of their names, in which they are locked, so that two transactions never wait for each other. */
function byStream(changes: readonly Change[]): (readonly [string, readonly Change[]])[] {
  const streams = new Map<string, Change[]>();
  for (const change of changes) {
    const own = streams.get(change.tenant);
    if (own) own.push(change);
    else streams.set(change.tenant, [change]);
  }
  return [...streams].sort(([one], [other]) => (one < other ? -1 : 1));
}
