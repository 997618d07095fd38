import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityMetadata } from 'typeorm';
import { Breather, StaleVersion } from '#shared-kernel';
import type { AggregateRoot, RecordedChange, Stamp, VersionedState } from '#shared-kernel';
import { CallContext, tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { bulkDelete, bulkInsert, bulkUpdate } from './bulk-statements.js';
import { ChangeLog } from './change-log.js';
import type { Mapping, StoredRow } from './mapping.js';
import { VersionedStore } from './versioned-store.js';
import { snapshotOf } from './write-statements.js';

const AT_ONCE = 1_000;

/** One aggregate on its way into the database. */
interface Written<State extends VersionedState> {
  readonly aggregate: AggregateRoot<State>;
  readonly change: RecordedChange;
  /** By property; of what is removed no more than what its statement asks for. */
  readonly row: Readonly<Record<string, unknown>>;
}

/** Stores many aggregates of one kind as `VersionedStore` stores one, a thousand with a statement. */
@Injectable()
export class BulkStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly log: ChangeLog,
    private readonly store: VersionedStore,
  ) {}

  /**
   * Writes what happened to each; where nothing happened, nothing is written. The log has the order of the list. No
   * aggregate stands in it twice, and no column of the table holds bytes.
   * @throws StaleVersion when somebody else stored a newer version of one, and the driver's error for a broken constraint.
   */
  async saveAll<State extends VersionedState, Row extends StoredRow>(
    aggregates: readonly AggregateRoot<State>[],
    mapping: Mapping<State, Row>,
  ): Promise<void> {
    const breather = new Breather();
    for (let from = 0; from < aggregates.length; from += AT_ONCE) {
      await this.#saveSome(aggregates.slice(from, from + AT_ONCE), mapping);
      await breather.pause();
    }
  }

  async #saveSome<State extends VersionedState, Row extends StoredRow>(
    aggregates: readonly AggregateRoot<State>[],
    mapping: Mapping<State, Row>,
  ): Promise<void> {
    const metadata = this.dataSource.getMetadata(mapping.table);
    const all: Written<State>[] = [];
    for (const aggregate of aggregates) {
      const { change } = aggregate;
      if (change) all.push({ aggregate, change, row: await this.#rowOf(aggregate, change, mapping) });
    }
    const stamps = await this.#write(metadata, all);
    for (const written of all) this.#note(written, { metadata, mapping, stamps });
  }

  async #rowOf<State extends VersionedState, Row extends StoredRow>(
    { snapshot: state }: AggregateRoot<State>,
    { removes }: RecordedChange,
    mapping: Mapping<State, Row>,
  ): Promise<Record<string, unknown>> {
    const { actor } = this.context.current.caller;
    const version = state.version + 1;
    if (removes) return { id: state.id, version, updatedBy: actor };
    return {
      ...(await mapping.toRow(state, version)),
      id: state.id,
      tenant: tenantColumn(state.tenant),
      version,
      createdBy: state.stamp?.createdBy ?? actor,
      updatedBy: actor,
    };
  }

  async #write<State extends VersionedState>(
    metadata: EntityMetadata,
    all: readonly Written<State>[],
  ): Promise<ReadonlyMap<string, Stamp>> {
    const stamps = new Map<string, Stamp>();
    const send = async (name: string, text: string, some: readonly Written<State>[]): Promise<void> => {
      if (some.length === 0) return;
      const { rows } = await this.database.transaction.query<StampRow>({
        name: `${name}_all_${metadata.name}`,
        text,
        values: [asRecords(metadata, some)],
      });
      for (const row of rows) stamps.set(row.id, stampOf(row));
      const missed = some.find(({ aggregate }) => !stamps.has(aggregate.snapshot.id));
      if (missed)
        throw new StaleVersion(await this.store.currentVersion(metadata, missed.aggregate.snapshot.id));
    };
    const removed = all.filter(({ change }) => change.removes);
    const kept = all.filter(({ change }) => !change.removes);
    const isNew = ({ aggregate }: Written<State>): boolean => aggregate.snapshot.version === 0;
    await send('delete', bulkDelete(metadata), removed);
    await send(
      'update',
      bulkUpdate(metadata),
      kept.filter((written) => !isNew(written)),
    );
    await send('insert', bulkInsert(metadata), kept.filter(isNew));
    return stamps;
  }

  #note<State extends VersionedState, Row extends StoredRow>(
    { aggregate, change, row }: Written<State>,
    { metadata, mapping, stamps }: Noting<State, Row>,
  ): void {
    const { snapshot: state } = aggregate;
    const stamp = stamps.get(state.id);
    if (!stamp) throw new Error('Only what was written is noted.');
    const version = state.version + 1;
    const subject = mapping.subject(state);
    const before = this.store.calledBefore(aggregate) ?? subject;
    this.log.append({
      type: change.type,
      reason: change.reason,
      rolledBackFrom: change.rolledBackFrom,
      tenant: tenantColumn(state.tenant),
      aggregateType: mapping.aggregateType,
      aggregateId: state.id,
      aggregateVersion: version,
      subject,
      previousSubject: before === subject ? null : before,
      snapshot: change.removes ? null : snapshotOf(metadata, { ...row, ...stamp }, mapping.hidden),
      occurredAt: stamp.updatedAt,
      actor: stamp.updatedBy,
    });
    aggregate.stored(version, stamp);
    this.store.watch(aggregate, mapping);
  }
}

interface Noting<State extends VersionedState, Row extends StoredRow> {
  readonly metadata: EntityMetadata;
  readonly mapping: Mapping<State, Row>;
  readonly stamps: ReadonlyMap<string, Stamp>;
}

interface StampRow {
  readonly id: string;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly updated_by: string;
}

const stampOf = (row: StampRow): Stamp => ({
  createdAt: row.created_at,
  createdBy: row.created_by,
  updatedAt: row.updated_at,
  updatedBy: row.updated_by,
});

/** A JSON array of rows by column name; a name that the row does not have is left out. */
function asRecords<State extends VersionedState>(
  { columns }: EntityMetadata,
  all: readonly Written<State>[],
): string {
  const records = all.map(({ row }) =>
    Object.fromEntries(columns.map(({ databaseName, propertyName }) => [databaseName, row[propertyName]])),
  );
  return JSON.stringify(records);
}
