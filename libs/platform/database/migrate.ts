import type { DataSource } from 'typeorm';
import { PLATFORM_SCHEMA, withOwner } from './data-source.js';

/** Any number will do, as long as nobody else in the same database locks it. */
const MIGRATION_LOCK = 7_305_512;
const SERVER_VERSION_MIN = 140_000;

/** The database answers, but cannot serve. The message is one sentence that says what to do. */
export class DatabaseUnfit extends Error {}

/**
 * Brings the schema up to date. Many replicas may call it at once: one works, the others wait for it.
 * @throws DatabaseUnfit
 */
export async function migrate(url: string, log: (line: string) => void = () => undefined): Promise<void> {
  await withOwner(url, async (owner) => {
    await requireVersion(owner);
    const lock = owner.createQueryRunner();
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await lock.query(`create schema if not exists ${PLATFORM_SCHEMA}`);
      const done = await owner.runMigrations({ transaction: 'each' });
      if (done.length > 0) log(`Ran ${done.length} migrations, the last is ${done.at(-1)?.name ?? ''}.`);
    } finally {
      await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      await lock.release();
    }
  });
}

/** Names of the migrations that have not run yet. */
export async function pendingMigrations(url: string): Promise<string[]> {
  return withOwner(url, async (owner) => {
    await requireVersion(owner);
    const [{ present }] = await owner.query<[{ present: boolean }]>(
      `select to_regclass('${PLATFORM_SCHEMA}.migration') is not null as present`,
    );
    const names = owner.migrations.map((migration) => migration.name ?? migration.constructor.name);
    if (!present) return names;
    const rows = await owner.query<{ name: string }[]>(`select name from ${PLATFORM_SCHEMA}.migration`);
    const ran = new Set(rows.map((row) => row.name));
    return names.filter((name) => !ran.has(name));
  });
}

async function requireVersion(owner: DataSource): Promise<void> {
  const [{ version, text }] = await owner.query<[{ version: number; text: string }]>(
    `select current_setting('server_version_num')::int as version, current_setting('server_version') as text`,
  );
  if (version < SERVER_VERSION_MIN) {
    throw new DatabaseUnfit(
      `The database is PostgreSQL ${text}; Metastore needs 14 or newer: upgrade it, or point DATABASE_URL at another.`,
    );
  }
}
