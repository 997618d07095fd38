import { rm } from 'node:fs/promises';
import { administer } from './test-database.js';

/** Leaves nothing behind, on a server of our own or of others. */
export default async function tearDown(): Promise<void> {
  const run = globalThis.metastoreTest;
  if (!run) return;
  globalThis.metastoreTest = undefined;
  if (run.postgres) await run.postgres.stop();
  else
    await administer(
      process.env['METASTORE_TEST_SERVER'] ?? '',
      `drop database if exists "${run.template}" with (force)`,
    );
  if (run.folder !== null) await rm(run.folder, { recursive: true, force: true });
}
