import pg from 'pg';
import type { CustomTypesConfig } from 'pg';
import { DataSource } from 'typeorm';
import type { DataSourceOptions, EntitySchema } from 'typeorm';
import { migrations } from '#migrations';

/** The role that the service works as; it owns nothing, so that row-level security holds for it. */
const APPLICATION_ROLE = 'metastore_app';
export const PLATFORM_SCHEMA = 'platform';
/** The list of migrations that have run. */
export const MIGRATION_TABLE = 'migration';

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;

/** The type `date`. A day has no time and no zone, and the driver would make the midnight of some zone of it. */
const DATE_OID = 1082;
const DAYS_AS_TEXT: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === DATE_OID ? (day: string) => day : pg.types.getTypeParser(oid, format),
};

/** How to reach the database as the service. */
export interface PoolSettings {
  readonly url: string;
  /** Connections, 1..; each costs the server some megabytes. */
  readonly poolSize: number;
}

/** TypeORM's settings for the service: unprivileged, pipelined, and never changing the schema by itself. */
export function serviceOptions({ url, poolSize }: PoolSettings, tables: EntitySchema[]): DataSourceOptions {
  return {
    type: 'postgres',
    url: withStartupOption(url, `-c role=${APPLICATION_ROLE}`),
    entities: tables,
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    applicationName: 'metastore',
    synchronize: false,
    logging: false,
    poolErrorHandler: () => undefined, // A connection lost while idle; the next use opens another and says so if it cannot.
    extra: {
      pipeline: true,
      types: DAYS_AS_TEXT,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    },
  };
}

/** TypeORM's settings for whoever owns the schema; one connection, for migrations alone. */
export function ownerOptions(url: string): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    schema: PLATFORM_SCHEMA,
    migrations,
    migrationsTableName: MIGRATION_TABLE,
    poolSize: 2,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    applicationName: 'metastore-migrate',
    synchronize: false,
    logging: false,
    installExtensions: false,
  };
}

/** Opens and closes around the work. */
export async function withOwner<T>(url: string, work: (owner: DataSource) => Promise<T>): Promise<T> {
  const owner = new DataSource(ownerOptions(url));
  await owner.initialize();
  try {
    return await work(owner);
  } finally {
    await owner.destroy();
  }
}

/** What stands in the URL wins over what stands beside it, so the option has to go into the URL. */
function withStartupOption(url: string, option: string): string {
  const parsed = new URL(url);
  const present = parsed.searchParams.get('options');
  parsed.searchParams.set('options', present ? `${present} ${option}` : option);
  return parsed.href;
}
