import { Injectable } from '@nestjs/common';
import { v4 as uuidv4 } from 'uuid';
import type { LoggedEvent } from '#platform/change-log';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import { ADVANCE, BEAT, GIVE_BACK, PARK, REPORT } from './lease-statements.js';
import { SinkLost } from './sink.js';

/** One time that a replica runs a sink. */
export interface Lease {
  readonly name: string;
  /** Another number each time that somebody begins to run it. */
  readonly term: number;
}

/** A lease that stands, and what the sink is told. */
export interface StandingLease extends Lease {
  /** Null: all. */
  readonly streams: readonly string[] | null;
}

/** What a replica runs of one kind. */
export interface KindLeases {
  readonly kind: string;
  /** How many of the kind it is to run. */
  readonly share: number;
  /** Those that are in its name, whether they were renewed this time or not. */
  readonly known: readonly Lease[];
  readonly held: readonly StandingLease[];
}

/** What a replica says of itself. */
export interface Beat {
  /** Of the sinks that it can run. */
  readonly kinds: readonly string[];
  /** For how long it counts as there. */
  readonly aliveSeconds: number;
  readonly leaseSeconds: number;
  /** Whether it takes what nobody runs. */
  readonly takes: boolean;
}

/** How a sink fared since the last report. */
export interface SinkNews {
  readonly lease: Lease;
  /** Seconds ago; null: it did not. */
  readonly succeeded: number | null;
  readonly failed: number | null;
  readonly reason: string | null;
}

const ACTOR = 'sinks';

/** Leases, checkpoints and what is put aside, in their tables; all in the name of this replica. */
@Injectable()
export class SinkStore {
  /** Another one each time that a process starts. */
  readonly #replica = uuidv4();

  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
  ) {}

  async beat({ kinds, aliveSeconds, leaseSeconds, takes }: Beat): Promise<KindLeases[]> {
    const values = [this.#replica, kinds, aliveSeconds, leaseSeconds, takes];
    return this.#ask<KindLeases>('sinks_beat', BEAT, values);
  }

  /** Others may run them at once. */
  async giveBack(leases: readonly Lease[]): Promise<void> {
    const names = leases.map(({ name }) => name);
    const terms = leases.map(({ term }) => term);
    await this.#ask('sinks_give_back', GIVE_BACK, [this.#replica, names, terms]);
  }

  /** It is not there any more, and its share belongs to the others. */
  async leave(): Promise<void> {
    await this.#ask('sinks_leave', 'delete from platform.replica where id = $1', [this.#replica]);
  }

  async report(news: readonly SinkNews[]): Promise<void> {
    await this.#ask('sinks_report', REPORT, [
      this.#replica,
      news.map(({ lease }) => lease.name),
      news.map(({ lease }) => lease.term),
      news.map(({ succeeded }) => succeeded),
      news.map(({ failed }) => failed),
      news.map(({ reason }) => reason),
    ]);
  }

  async checkpoints(name: string): Promise<ReadonlyMap<string, number>> {
    const text = 'select tenant, revision from platform.sink_checkpoint where sink = $1';
    const rows = await this.#ask<{ tenant: string; revision: string }>('sinks_checkpoints', text, [name]);
    return new Map(rows.map(({ tenant, revision }) => [tenant, Number(revision)]));
  }

  /** @throws SinkLost */
  async advance({ name, term }: Lease, checkpoints: ReadonlyMap<string, number>): Promise<void> {
    const held = [name, this.#replica, term];
    const values = [...held, [...checkpoints.keys()], [...checkpoints.values()]];
    const rows = await this.#ask('sinks_advance', ADVANCE, values);
    if (rows.length === 0) throw new SinkLost(name);
  }

  /** @throws SinkLost */
  async park({ name, term }: Lease, event: LoggedEvent, reason: string): Promise<void> {
    const { tenant, revision, sub, aggregateType, aggregateId, type, subject, occurredAt } = event;
    const what = [tenant, revision, sub, aggregateType, aggregateId, type, subject, occurredAt, reason];
    const rows = await this.#ask('sinks_park', PARK, [name, this.#replica, term, ...what]);
    if (rows.length === 0) throw new SinkLost(name);
  }

  /** In the open unit of work, if there is one. */
  #ask<Row extends object>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    return this.context.runAsSystem(ACTOR, () => this.database.read<Row>({ name, text, values }));
  }
}
