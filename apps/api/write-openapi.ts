import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '#platform/config';
import { LocalKeyring } from '#platform/crypto';
import { DatabaseAddress, migrate, startEmbeddedPostgres } from '#platform/database';
import { createLogger } from '#platform/observability';
import { createApp } from './create-app.js';
import { documentOf } from './openapi.js';

const FILE = 'openapi.json';

/** Writes the OpenAPI document of this source, or with `--check` only says whether the committed one is the same. */
async function main(): Promise<void> {
  const text = await currentDocument();
  if (!process.argv.includes('--check')) {
    await writeFile(FILE, text);
    process.stdout.write(`Wrote ${FILE}.\n`);
    return;
  }
  if ((await readFile(FILE, 'utf8').catch(() => '')) === text) {
    process.stdout.write(`${FILE} is what the service says.\n`);
    return;
  }
  process.stderr.write(`${FILE} is not what the service says: run "npm run openapi" and commit it.\n`);
  process.exitCode = 1;
}

/** The routes are known once the service is put together, and that takes a database: an empty one for a moment. */
async function currentDocument(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'metastore-openapi-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, durability: 'none', log: () => undefined });
  try {
    await migrate(postgres.url);
    const settings = readSettings({ LOG_LEVEL: 'silent' });
    const parts = {
      settings,
      address: new DatabaseAddress(postgres.url, true),
      keys: LocalKeyring.parse(LocalKeyring.generate()),
    };
    const app = await createApp(parts, createLogger({ level: 'silent', pretty: false }));
    const document = documentOf(app);
    await app.close();
    return `${JSON.stringify(document, null, 2)}\n`;
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
    if (postgres.dataDir !== folder) await rm(postgres.dataDir, { recursive: true, force: true });
  }
}

await main();
