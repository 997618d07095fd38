import { EntitySchema } from 'typeorm';
import { referencesOf } from '#flag-evaluator';
import type { SegmentDefinition } from '#flag-evaluator';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import type { SegmentView } from '../application/segment.queries.js';
import type { SegmentId, SegmentName } from '../domain/identity.js';
import { keyOf } from '../domain/reference-graph.js';
import type { SegmentContent, SegmentState } from '../domain/segment.js';
import { searchTextOf } from './flag.table.js';

export const SEGMENT_TYPE = 'feature_flags.segment';

/** A segment as it is stored. */
export interface SegmentRow extends StoredRow {
  readonly name: string;
  readonly description: string | null;
  readonly definition: SegmentDefinition;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenSegmentRow extends SegmentRow {
  readonly refs: string[];
  readonly searchText: string;
}

export const SegmentTable = new EntitySchema<WrittenSegmentRow>({
  name: 'FlagSegment',
  schema: 'feature_flags',
  tableName: 'segment',
  columns: {
    ...storedColumns,
    name: { type: 'text' },
    description: { type: 'text', nullable: true },
    definition: { type: 'json' },
    refs: { type: 'text', array: true, select: false },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** Every column that is read, of the table called `t`. */
export const SEGMENT_COLUMNS =
  'id, tenant, version, name, description, definition, created_at, created_by, updated_at, updated_by'.replaceAll(
    /\w+/g,
    't.$&',
  );

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface SegmentRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly name: string;
  readonly description: string | null;
  readonly definition: SegmentDefinition;
  /** A date, or its text where it comes out of JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

export const SEGMENT_MAPPING: Mapping<SegmentState, WrittenSegmentRow> = {
  table: SegmentTable,
  hidden: ['refs', 'searchText'],
  aggregateType: SEGMENT_TYPE,
  subject: ({ name }) => name,
  toRow: ({ name, description, definition }) => ({
    name,
    description,
    definition,
    refs: [...new Set(referencesOf(definition).map(keyOf))],
    searchText: searchTextOf(name, description),
  }),
};

/** What was checked on its way in is trusted on its way out. */
export function toSegmentState(row: SegmentRow): SegmentState {
  const { id, tenant, version, name, description, definition } = row;
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: id as SegmentId,
    tenant: tenantFromColumn(tenant),
    version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    name: name as SegmentName,
    description,
    definition,
  };
}

/** A row as the change log kept it. */
export const toSegmentContent = ({ description, definition }: SegmentRecord): SegmentContent => ({
  description,
  definition,
});

/** As it is shown. */
export function toSegmentView(record: SegmentRecord): SegmentView {
  return {
    ...toSegmentContent(record),
    id: record.id,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    name: record.name,
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
  };
}
