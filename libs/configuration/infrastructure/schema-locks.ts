import type { Database } from '#platform/database';

/** Keeps schemas from being deleted until the unit of work ends; as many as want to may do so at one time. */
export async function holdSchemas(database: Database, ids: readonly string[]): Promise<void> {
  await database.transaction.query({
    name: 'hold_schemas',
    text: `select pg_advisory_xact_lock_shared(hashtextextended('configuration-schema/' || id, 0))
           from unnest($1::text[]) as id`,
    values: [ids.toSorted()],
  });
}

/** Waits until nobody holds the schema, and lets nobody hold it until the unit of work ends. */
export async function claimSchema(database: Database, id: string): Promise<void> {
  await database.transaction.query({
    name: 'claim_schema',
    text: `select pg_advisory_xact_lock(hashtextextended('configuration-schema/' || $1, 0))`,
    values: [id],
  });
}

/** Versions of a name come one after another. */
export async function claimSchemaName(database: Database, tenant: string, name: string): Promise<void> {
  await database.transaction.query({
    name: 'claim_schema_name',
    text: `select pg_advisory_xact_lock(hashtextextended('configuration-schemas/' || $1 || '/' || $2, 0))`,
    values: [tenant, name],
  });
}
