import { Module } from '@nestjs/common';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApiKeyTable, ApiKeys } from '#platform/auth';
import { ChangeBus, ChangeLog, Compaction, VersionedStore } from '#platform/change-log';
import { ConfigModule, explainStartFailure } from '#platform/config';
import type { Settings } from '#platform/config';
import { CallContext, ContextModule } from '#platform/context';
import { DatabaseAddress, DatabaseModule, migrate, openEmbeddedPostgres } from '#platform/database';
import { DomainError } from '#shared-kernel';

const DATA_DIR_DEFAULT = './.data';

/** What the command line needs of the service: the data and the keys, no HTTP. */
@Module({})
class CliModule {
  static of(settings: Settings, address: DatabaseAddress): DynamicModule {
    return {
      module: CliModule,
      imports: [ConfigModule.with(settings), ContextModule, DatabaseModule.at(address, [ApiKeyTable])],
      providers: [ApiKeys, ChangeBus, ChangeLog, Compaction, VersionedStore],
    };
  }
}

/** Opens the database, embedded or not, for the time of the work; also the embedded one of a service that runs. */
export async function withDatabase<T>(settings: Settings, work: (url: string) => Promise<T>): Promise<T> {
  if (settings.databaseUrl !== null) return work(settings.databaseUrl);
  const embedded = await openEmbeddedPostgres({
    dataDir: settings.dataDir ?? DATA_DIR_DEFAULT,
    log: () => undefined,
  });
  try {
    return await work(embedded.url);
  } finally {
    await embedded.stop();
  }
}

/** A part of the service by its class. */
type PartOf = <T>(type: abstract new (...args: never[]) => T) => T;

/** The keys of a migrated database, in the name of whoever sits at the command line. */
export const withKeys = <T>(settings: Settings, work: (keys: ApiKeys) => Promise<T>): Promise<T> =>
  withParts(settings, (part) => work(part(ApiKeys)));

/** Parts of the service on a migrated database, likewise. */
export function withParts<T>(settings: Settings, work: (part: PartOf) => Promise<T>): Promise<T> {
  return withDatabase(settings, async (url) => {
    await migrate(url);
    const app: INestApplicationContext = await NestFactory.createApplicationContext(
      CliModule.of(settings, new DatabaseAddress(url, settings.databaseUrl === null)),
      { logger: false, abortOnError: false },
    );
    try {
      return await app.get(CallContext).runAsSystem('cli', () => work((type) => app.get(type as never)));
    } finally {
      await app.close();
    }
  });
}

/** One line for whoever sits there; a bug keeps its stack. */
export function explain(error: unknown): string {
  if (error instanceof DomainError) return error.message;
  return explainStartFailure(error, null) ?? String((error as Error).stack ?? error);
}
