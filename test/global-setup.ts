import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, startEmbeddedPostgres } from '#platform/database';
import type { EmbeddedPostgres } from '#platform/database';
import { administer, DATABASE_PREFIX, databaseName, urlOf } from './test-database.js';

/** Databases of a run that crashed are taken away by a later one. */
const LEFTOVER_SECONDS = 3 * 60 * 60;

declare global {
  // What the teardown has to stop; jest runs both in one process.
  var metastoreTest:
    { postgres: EmbeddedPostgres | null; folder: string | null; template: string } | undefined;
}

/** One server for the whole run, and one migrated database that all others are cloned from. */
export default async function setUp(): Promise<void> {
  if (globalThis.metastoreTest) return; // Two projects, one run.
  const external = process.env['TEST_DATABASE_URL'];
  const folder = external === undefined ? await mkdtemp(join(tmpdir(), 'metastore-test-')) : null;
  if (folder !== null) await chmod(folder, 0o755); // The server runs as another user when this one is root.
  const postgres =
    folder === null
      ? null
      : await startEmbeddedPostgres({
          dataDir: folder,
          durability: 'none',
          maxConnections: 200,
          log: () => undefined,
        });
  const server = external ?? postgres?.url ?? '';
  await dropLeftovers(server);
  const [version] = await administer<{ version: string }>(
    server,
    `select current_setting('server_version_num') as version`,
  );
  const template = databaseName();
  await administer(server, `create database "${template}" template template0`);
  await migrate(urlOf(server, template));
  process.env['METASTORE_TEST_SERVER'] = server;
  process.env['METASTORE_TEST_VERSION'] = version?.version ?? '0';
  process.env['METASTORE_TEST_TEMPLATE'] = template;
  globalThis.metastoreTest = { postgres, folder, template };
}

async function dropLeftovers(server: string): Promise<void> {
  const rows = await administer<{ datname: string }>(
    server,
    `select datname from pg_database where datname like '${DATABASE_PREFIX}%'`,
  );
  const before = Date.now() / 1_000 - LEFTOVER_SECONDS;
  for (const { datname } of rows) {
    const made = Number(datname.slice(DATABASE_PREFIX.length).split('_', 1)[0]);
    if (made < before) await administer(server, `drop database if exists "${datname}" with (force)`);
  }
}
