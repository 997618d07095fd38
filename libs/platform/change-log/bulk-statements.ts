import type { EntityMetadata } from 'typeorm';
import { NOW, STAMP } from './write-statements.js';

const MADE_BY_THE_CLOCK = new Set(['created_at', 'updated_at']);
const FIXED = new Set(['id', 'tenant', 'created_by', 'created_at', 'updated_at']);

const columnsOf = ({ columns }: EntityMetadata): string[] => columns.map(({ databaseName }) => databaseName);

/** Rows as the database reads them out of JSON: each column by its own type. */
const sentRows = ({ tablePath }: EntityMetadata): string =>
  `json_populate_recordset(null::${tablePath}, $1::json) as s`;

/** Parameter: the rows as JSON, by column name. Gives the ids with their stamps, as the other two do. */
export function bulkInsert(metadata: EntityMetadata): string {
  const columns = columnsOf(metadata).filter((column) => !MADE_BY_THE_CLOCK.has(column));
  return `insert into ${metadata.tablePath} (${columns.join(', ')}, created_at, updated_at)
          select ${columns.map((column) => `s.${column}`).join(', ')}, ${NOW}, ${NOW} from ${sentRows(metadata)}
          returning id, ${STAMP}`;
}

/** Each row says the version that it makes. */
export function bulkUpdate(metadata: EntityMetadata): string {
  const assignments = columnsOf(metadata)
    .filter((column) => !FIXED.has(column))
    .map((column) => `${column} = s.${column}`);
  return `update ${metadata.tablePath} as t
          set ${assignments.join(', ')}, updated_at = greatest(t.updated_at, ${NOW})
          from ${sentRows(metadata)} where t.id = s.id and t.version = s.version - 1
          returning t.id, ${STAMP.replaceAll(/\w+/g, 't.$&')}`;
}

/** Of each row: id, the version that it makes, and who does it. */
export function bulkDelete({ tablePath }: EntityMetadata): string {
  return `delete from ${tablePath} as t
          using json_to_recordset($1::json) as s(id uuid, version int, updated_by text)
          where t.id = s.id and t.version = s.version - 1
          returning t.id, t.created_at, t.created_by, greatest(t.updated_at, ${NOW}) as updated_at, s.updated_by`;
}
