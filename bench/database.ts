import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startEmbeddedPostgres } from '#platform/database';
import { makeFolder } from './folder.js';
import type { Scope } from './scope.js';

/** A PostgreSQL that databases of our own can be made on. */
export interface DatabaseServer {
  readonly kind: 'external' | 'embedded';
  /** Of its maintenance database, as somebody who may create databases. */
  readonly url: string;
  readonly version: string;
}

/** The server of BENCH_DATABASE_URL, else the embedded one in a folder of its own, as durable as in production. */
export async function startServer(scope: Scope): Promise<DatabaseServer> {
  const external = process.env['BENCH_DATABASE_URL'] || undefined; // Set to nothing is not set.
  const url = external ?? (await startEmbedded(scope));
  const [row] = await query<{ version: string }>(url, `select current_setting('server_version') as version`);
  return { kind: external === undefined ? 'embedded' : 'external', url, version: row?.version ?? '' };
}

/** An empty database that goes with the scope. */
export async function createDatabase(scope: Scope, server: DatabaseServer): Promise<string> {
  const name = `metastore_bench_${randomBytes(6).toString('hex')}`;
  await query(server.url, `create database "${name}" template template0`);
  scope.defer(() => query(server.url, `drop database if exists "${name}" with (force)`));
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return url.href;
}

export async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

async function startEmbedded(scope: Scope): Promise<string> {
  const dataDir = await makeFolder(scope);
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined });
  scope.defer(() => postgres.stop());
  return postgres.url;
}
