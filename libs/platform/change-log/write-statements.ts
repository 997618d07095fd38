import type { EntityMetadata } from 'typeorm';

/** One prepared statement that writes a row, and what to bind to it. */
export interface WriteStatement {
  readonly text: string;
  /** Properties of the row, in the order of the statement's parameters. */
  readonly properties: readonly string[];
}

export const STAMP = 'created_at, created_by, updated_at, updated_by';
/** The same instant wherever it stands in one statement, in the milliseconds of the wire. */
export const NOW = 'statement_timestamp()::timestamptz(3)';
const inserts = new WeakMap<EntityMetadata, WriteStatement>();
const updates = new WeakMap<EntityMetadata, WriteStatement>();

/** `returning` gives the stamp in both. */
export function insertStatement(metadata: EntityMetadata): WriteStatement {
  return remembered(inserts, metadata, () => {
    const columns = metadata.columns.filter(({ propertyName }) => !CLOCKED.has(propertyName));
    const names = columns.map(({ databaseName }) => databaseName).join(', ');
    const parameters = columns.map((_, index) => `$${index + 1}`).join(', ');
    return {
      text: `insert into ${metadata.tablePath} (${names}, created_at, updated_at)
             values (${parameters}, ${NOW}, ${NOW})
             returning ${STAMP}`,
      properties: columns.map(({ propertyName }) => propertyName),
    };
  });
}

/** Time never runs backwards within one aggregate, whatever the server's clock does. */
export function updateStatement(metadata: EntityMetadata): WriteStatement {
  return remembered(updates, metadata, () => {
    const columns = metadata.columns.filter(
      ({ propertyName }) => !CLOCKED.has(propertyName) && !FIXED.has(propertyName),
    );
    const assignments = columns
      .map(({ databaseName }, index) => `${databaseName} = $${index + 2}`)
      .join(', ');
    return {
      text: `update ${metadata.tablePath}
             set ${assignments}, updated_at = greatest(updated_at, ${NOW})
             where id = $1 and version = $${columns.length + 2}
             returning ${STAMP}`,
      properties: ['id', ...columns.map(({ propertyName }) => propertyName)],
    };
  });
}

/** Parameters: id, version, actor. */
export function deleteStatement(metadata: EntityMetadata): WriteStatement {
  return {
    text: `delete from ${metadata.tablePath} where id = $1 and version = $2
           returning created_at, created_by, greatest(updated_at, ${NOW}) as updated_at, $3::text as updated_by`,
    properties: ['id', 'version', 'updatedBy'],
  };
}

/** Written by the database's clock. */
const CLOCKED = new Set(['createdAt', 'updatedAt']);
/** Never changed after the first time. */
const FIXED = new Set(['id', 'tenant', 'createdBy']);

function remembered(
  memory: WeakMap<EntityMetadata, WriteStatement>,
  metadata: EntityMetadata,
  make: () => WriteStatement,
): WriteStatement {
  const known = memory.get(metadata);
  if (known) return known;
  const made = make();
  memory.set(metadata, made);
  return made;
}

/** The row by column name: what history, rollback and events read. */
export function snapshotOf(
  metadata: EntityMetadata,
  row: Record<string, unknown>,
  hidden: readonly string[] = [],
): string {
  const shown = metadata.columns.filter(({ propertyName }) => !hidden.includes(propertyName));
  return JSON.stringify(
    Object.fromEntries(shown.map(({ databaseName, propertyName }) => [databaseName, row[propertyName]])),
  );
}
