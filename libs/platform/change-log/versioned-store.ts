import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityMetadata, EntitySchema, FindOptionsWhere } from 'typeorm';
import { StaleVersion } from '#shared-kernel';
import type { AggregateRoot, RecordedChange, Stamp, VersionedState } from '#shared-kernel';
import { CallContext, tenantColumn, TenantForbidden } from '#platform/context';
import { Database } from '#platform/database';
import { ChangeLog } from './change-log.js';
import type { Mapping, StoredRow } from './mapping.js';
import { deleteStatement, insertStatement, snapshotOf, updateStatement } from './write-statements.js';

/**
 * Stores an aggregate and its entry in the change log: both, or neither. Two statements: the row with
 * compare-and-set on its version, and, as the transaction closes, the log with the next revision.
 */
@Injectable()
export class VersionedStore {
  /** What each aggregate was called when it was loaded. */
  readonly #subjects = new WeakMap<object, string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly log: ChangeLog,
  ) {}

  /**
   * The row of what is to be changed, kept for this unit of work: nobody else changes it meanwhile. Null when there is
   * none, or none for this caller. PostgreSQL gives out for writing only what may be written, so that a row which may
   * be read alone has to be looked for once more.
   * @throws TenantForbidden for a row that the caller sees and that belongs to all
   */
  async lock<Row extends StoredRow>(
    table: EntitySchema<Row>,
    where: FindOptionsWhere<Row>,
  ): Promise<Row | null> {
    const { manager } = this.database;
    const row = await manager.findOne(table, { where, lock: { mode: 'pessimistic_write' } });
    const { tenant } = this.context.current.caller;
    if (row || tenant === null) return row;
    const seen = await manager.findOne(table, { where });
    if (seen && seen.tenant !== tenant) throw new TenantForbidden();
    return null; // One that is the caller's own was made between the two looks.
  }

  /** Remembers what a loaded aggregate is called, so that a change of name is noticed by whoever caches by name. */
  watch<State extends VersionedState, Row extends StoredRow, Aggregate extends AggregateRoot<State>>(
    aggregate: Aggregate,
    mapping: Mapping<State, Row>,
  ): Aggregate {
    this.#subjects.set(aggregate, mapping.subject(aggregate.snapshot));
    return aggregate;
  }

  /** What a loaded aggregate was called then. */
  calledBefore(aggregate: object): string | undefined {
    return this.#subjects.get(aggregate);
  }

  /**
   * Writes what happened to the aggregate; nothing happened, nothing is written.
   * @throws StaleVersion when somebody else stored a newer version, and the driver's error for a broken constraint.
   */
  async save<State extends VersionedState, Row extends StoredRow>(
    aggregate: AggregateRoot<State>,
    mapping: Mapping<State, Row>,
  ): Promise<void> {
    const { change, snapshot: state } = aggregate;
    if (!change) return;
    const version = state.version + 1;
    const metadata = this.dataSource.getMetadata(mapping.table);
    const row = change.removes ? null : await this.#rowOf(state, version, mapping);
    const stamp = row ? await this.#write(metadata, row, state) : await this.#remove(metadata, state);
    const subject = mapping.subject(state);
    const before = this.calledBefore(aggregate) ?? subject;
    this.log.append({
      ...logged(change),
      tenant: tenantColumn(state.tenant),
      aggregateType: mapping.aggregateType,
      aggregateId: state.id,
      aggregateVersion: version,
      subject,
      previousSubject: before === subject ? null : before,
      snapshot: row && snapshotOf(metadata, { ...row, ...stamp }, mapping.hidden),
      occurredAt: stamp.updatedAt,
    });
    aggregate.stored(version, stamp);
    this.watch(aggregate, mapping);
  }

  async #rowOf<State extends VersionedState, Row extends StoredRow>(
    state: State,
    version: number,
    mapping: Mapping<State, Row>,
  ): Promise<Record<string, unknown>> {
    const { actor } = this.context.current.caller;
    return {
      ...(await mapping.toRow(state, version)),
      id: state.id,
      tenant: tenantColumn(state.tenant),
      version,
      createdBy: state.stamp?.createdBy ?? actor,
      updatedBy: actor,
    };
  }

  async #write(
    metadata: EntityMetadata,
    row: Record<string, unknown>,
    state: VersionedState,
  ): Promise<Stamp> {
    const create = state.version === 0;
    const { text, properties } = create ? insertStatement(metadata) : updateStatement(metadata);
    const values = properties.map((property) => {
      const column = metadata.findColumnWithPropertyName(property);
      return column ? this.dataSource.driver.preparePersistentValue(row[property], column) : row[property];
    });
    const { rows } = await this.database.transaction.query<StampRow>({
      name: `${create ? 'insert' : 'update'}_${metadata.name}`,
      text,
      values: create ? values : [...values, state.version],
    });
    return this.#stampFrom(rows[0], metadata, state.id);
  }

  async #remove(metadata: EntityMetadata, state: VersionedState): Promise<Stamp> {
    const { actor } = this.context.current.caller;
    const { rows } = await this.database.transaction.query<StampRow>({
      name: `delete_${metadata.name}`,
      text: deleteStatement(metadata).text,
      values: [state.id, state.version, actor],
    });
    return this.#stampFrom(rows[0], metadata, state.id);
  }

  async #stampFrom(row: StampRow | undefined, metadata: EntityMetadata, id: string): Promise<Stamp> {
    if (!row) throw new StaleVersion(await this.currentVersion(metadata, id));
    return {
      createdAt: row.created_at,
      createdBy: row.created_by,
      updatedAt: row.updated_at,
      updatedBy: row.updated_by,
    };
  }

  /** The version that is stored now; null when there is none. */
  async currentVersion(metadata: EntityMetadata, id: string): Promise<number | null> {
    const { rows } = await this.database.transaction.query<{ version: number }>({
      text: `select version from ${metadata.tablePath} where id = $1`,
      values: [id],
    });
    return rows[0]?.version ?? null;
  }
}

interface StampRow {
  created_at: Date;
  created_by: string;
  updated_at: Date;
  updated_by: string;
}

const logged = ({
  type,
  reason,
  rolledBackFrom,
}: RecordedChange): Pick<RecordedChange, 'type' | 'reason' | 'rolledBackFrom'> => ({
  type,
  reason,
  rolledBackFrom,
});
