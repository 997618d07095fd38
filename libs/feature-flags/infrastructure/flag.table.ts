import { EntitySchema } from 'typeorm';
import type { FlagDefinition } from '#flag-evaluator';
import { referencesOf } from '#flag-evaluator';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import type { FlagView } from '../application/feature-flag.queries.js';
import type { FlagContent, FlagState } from '../domain/feature-flag.js';
import type { FlagId, FlagName } from '../domain/identity.js';
import type { FlagKind } from '../domain/profile.js';
import { keyOf } from '../domain/reference-graph.js';

export const FLAG_TYPE = 'feature_flags.flag';

/** A flag as it is stored. */
export interface FlagRow extends StoredRow {
  readonly name: string;
  readonly description: string | null;
  readonly tags: string[];
  readonly owner: string | null;
  readonly kind: FlagKind;
  readonly isClientVisible: boolean;
  readonly archivedAt: Date | null;
  readonly definition: FlagDefinition;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenFlagRow extends FlagRow {
  readonly refs: string[];
  readonly searchText: string;
}

export const FlagTable = new EntitySchema<WrittenFlagRow>({
  name: 'FeatureFlag',
  schema: 'feature_flags',
  tableName: 'flag',
  columns: {
    ...storedColumns,
    name: { type: 'text' },
    description: { type: 'text', nullable: true },
    tags: { type: 'text', array: true },
    owner: { type: 'text', nullable: true },
    kind: { type: 'text' },
    isClientVisible: { name: 'is_client_visible', type: 'boolean' },
    archivedAt: { name: 'archived_at', type: 'timestamptz', precision: 3, nullable: true },
    definition: { type: 'json' },
    refs: { type: 'text', array: true, select: false },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** Every column that is read, of the table called `t`. */
export const FLAG_COLUMNS = [
  'id, tenant, version, name, description, tags, owner, kind, is_client_visible, archived_at, definition',
  'created_at, created_by, updated_at, updated_by',
]
  .join(', ')
  .replaceAll(/\w+/g, 't.$&');

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface FlagRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly name: string;
  readonly description: string | null;
  readonly tags: string[];
  readonly owner: string | null;
  readonly kind: FlagKind;
  readonly is_client_visible: boolean;
  /** A date, or its text where it comes out of JSON; so are the others. */
  readonly archived_at: Date | string | null;
  readonly definition: FlagDefinition;
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

export const FLAG_MAPPING: Mapping<FlagState, WrittenFlagRow> = {
  table: FlagTable,
  hidden: ['refs', 'searchText'],
  aggregateType: FLAG_TYPE,
  subject: ({ name }) => name,
  toRow: ({ name, archivedAt, profile, definition }) => ({
    ...profile,
    name,
    archivedAt,
    tags: [...profile.tags],
    definition,
    refs: [...new Set(referencesOf(definition).map(keyOf))],
    searchText: searchTextOf(name, profile.description),
  }),
};

/** Parted by a line break, so that nothing is found across the two that is in neither. */
export const searchTextOf = (name: string, description: string | null): string =>
  `${name}\n${description ?? ''}`.toLowerCase();

/** What was checked on its way in is trusted on its way out. */
export function toFlagState(row: FlagRow): FlagState {
  const { id, tenant, version, name, archivedAt, createdAt, createdBy, updatedAt, updatedBy } = row;
  const { description, tags, owner, kind, isClientVisible, definition } = row;
  return {
    id: id as FlagId,
    tenant: tenantFromColumn(tenant),
    version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    name: name as FlagName,
    archivedAt,
    profile: { description, tags, owner, kind, isClientVisible },
    definition,
  };
}

/** A row as the change log kept it. */
export function toFlagContent(record: FlagRecord): FlagContent {
  const { description, tags, owner, kind, is_client_visible: isClientVisible, definition } = record;
  return { profile: { description, tags, owner, kind, isClientVisible }, definition };
}

/** As it is shown. */
export function toFlagView(record: FlagRecord): FlagView {
  return {
    ...toFlagContent(record),
    id: record.id,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    name: record.name,
    archivedAt: record.archived_at === null ? null : new Date(record.archived_at),
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
  };
}
