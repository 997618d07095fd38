import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Names of our databases on a server that others may use too: when they were made is part of the name. */
export const DATABASE_PREFIX = 'metastore_test_';
const STRATEGY_SINCE = 150_000;

/** A database of its own. */
export interface TestDatabase {
  /** As the owner, for whom row-level security does not hold where it is a superuser. */
  readonly url: string;
  drop(): Promise<void>;
}

/** Clones the migrated template: about 20 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return cloneOf(`template "${required('METASTORE_TEST_TEMPLATE')}"`);
}

/** Without any schema. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return cloneOf('template template0');
}

/** A name that tells when it was made, in seconds since 1970. */
export function databaseName(): string {
  return `${DATABASE_PREFIX}${Math.floor(Date.now() / 1_000)}_${randomBytes(6).toString('hex')}`;
}

/** Runs a statement on the server's maintenance database. */
export async function administer<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** The same server, another database. */
export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function cloneOf(template: string): Promise<TestDatabase> {
  const server = required('METASTORE_TEST_SERVER');
  const name = databaseName();
  const strategy = Number(required('METASTORE_TEST_VERSION')) >= STRATEGY_SINCE ? 'strategy file_copy' : '';
  await administer(server, `create database "${name}" ${template} ${strategy}`);
  return {
    url: urlOf(server, name),
    drop: async () => {
      await administer(server, `drop database if exists "${name}" with (force)`);
    },
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: run through the e2e project of jest.config.js.`);
  return value;
}
