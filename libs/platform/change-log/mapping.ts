import type { EntitySchema } from 'typeorm';
import type { VersionedState } from '#shared-kernel';

/** The columns that every table of aggregates has; the store writes the last four. */
export interface StoredRow {
  readonly id: string;
  /** A slug, or `_shared`. */
  readonly tenant: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** What an adapter fills in; the store adds version and stamp. */
export type RowContent<Row extends StoredRow> = Omit<
  Row,
  'id' | 'tenant' | 'version' | 'createdAt' | 'createdBy' | 'updatedAt' | 'updatedBy'
>;

/** How one kind of aggregate lies in its table and in the change log. */
export interface Mapping<State extends VersionedState, Row extends StoredRow> {
  readonly table: EntitySchema<Row>;
  /** `<context>.<aggregate>`, as in the event type `io.metastore.<context>.<aggregate>.<past_tense>.v1`. */
  readonly aggregateType: string;
  /** Properties of the row that never enter the change log. */
  readonly hidden?: readonly (keyof Row & string)[];
  /** The row for this state when it is stored as `version`; a promise where something is sealed on the way. */
  toRow(state: State, version: number): RowContent<Row> | Promise<RowContent<Row>>;
  /** What people and caches call it, for example `production/app.pool_size`; the `subject` of its events. */
  subject(state: State): string;
}

/** The standard columns, for the `columns` of an EntitySchema. */
export const storedColumns = {
  id: { type: 'uuid', primary: true },
  tenant: { type: 'text' },
  version: { type: 'int' },
  createdAt: { name: 'created_at', type: 'timestamptz', precision: 3 },
  createdBy: { name: 'created_by', type: 'text' },
  updatedAt: { name: 'updated_at', type: 'timestamptz', precision: 3 },
  updatedBy: { name: 'updated_by', type: 'text' },
} as const;
