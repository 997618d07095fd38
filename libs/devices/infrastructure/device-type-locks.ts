import type { Database } from '#platform/database';

/** Keeps device types of these keys from going until the unit of work ends; as many as want to may do so at one time. */
export async function holdTypes(database: Database, keys: readonly string[]): Promise<void> {
  await database.transaction.query({
    name: 'hold_device_types',
    text: `select pg_advisory_xact_lock_shared(hashtextextended('device-type/' || key, 0)) from unnest($1::text[]) as key`,
    values: [[...new Set(keys)].toSorted()],
  });
}

/** Waits until nobody holds the key, and lets nobody hold it until the unit of work ends. */
export async function claimType(database: Database, key: string): Promise<void> {
  await database.transaction.query({
    name: 'claim_device_type',
    text: `select pg_advisory_xact_lock(hashtextextended('device-type/' || $1, 0))`,
    values: [key],
  });
}
