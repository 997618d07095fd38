import type { Logger } from 'pino';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiKeys, parseApiKey } from '#platform/auth';
import { isLoopback } from '#platform/config';
import type { Settings } from '#platform/config';
import { CallContext } from '#platform/context';
import { developmentKeyring, LocalKeyring } from '#platform/crypto';
import type { KeyWrapper } from '#platform/crypto';
import {
  DatabaseAddress,
  DatabaseUnfit,
  migrate,
  pendingMigrations,
  startEmbeddedPostgres,
} from '#platform/database';
import type { EmbeddedPostgres } from '#platform/database';
import { Health } from '#platform/observability';
import { createApp } from './create-app.js';

/** The start was given up for a reason that somebody can mend. The message is one sentence that says how. */
export class StartRefused extends Error {}

const DATA_DIR_DEFAULT = './.data';

/** A running service. */
export interface Service {
  readonly app: NestFastifyApplication;
  readonly url: string;
  /** Finishes what is under way, then stops everything that was started. */
  stop(): Promise<void>;
}

/**
 * Starts everything: the database if none is given, its migrations, the service.
 * @throws StartRefused, and the typed errors of the parts
 */
export async function startService(
  settings: Settings,
  logger: Logger,
  say: (line: string) => void,
): Promise<Service> {
  const embedded = settings.databaseUrl === null ? await startEmbedded(settings, say) : null;
  try {
    const address = new DatabaseAddress(embedded?.url ?? settings.databaseUrl ?? '', embedded !== null);
    await prepareDatabase(settings, address, say);
    const keys = await encryptionKeys(settings, embedded);
    const app = await createApp({ settings, address, keys }, logger);
    try {
      await requireCredentials(app, settings, say);
      await app.listen(settings.port, settings.host);
    } catch (error) {
      await app.close();
      throw error;
    }
    return { app, url: await reachableUrl(app), stop: () => stopAll(app, embedded) };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

function startEmbedded(settings: Settings, say: (line: string) => void): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir: settings.dataDir ?? DATA_DIR_DEFAULT, log: say });
}

async function prepareDatabase(
  settings: Settings,
  address: DatabaseAddress,
  say: (line: string) => void,
): Promise<void> {
  if (settings.migrateOnStart) {
    await migrate(address.url, say);
    return;
  }
  const pending = await pendingMigrations(address.url);
  if (pending.length > 0) {
    throw new DatabaseUnfit(
      `The database lacks ${pending.length} migrations: run "npm run cli -- migrate", or set MIGRATE_ON_START=true.`,
    );
  }
}

/** In development a key is made and kept beside the data; elsewhere somebody has to have decided. */
async function encryptionKeys(settings: Settings, embedded: EmbeddedPostgres | null): Promise<KeyWrapper> {
  if (settings.encryptionKeys !== null) return LocalKeyring.parse(settings.encryptionKeys);
  if (settings.appEnv !== 'development') {
    throw new StartRefused(
      `ENCRYPTION_KEYS is not set: outside development set it to <id>:<base64 of 32 random bytes>, for example with "npm run cli -- keys encryption".`,
    );
  }
  return developmentKeyring(embedded?.dataDir ?? settings.dataDir ?? DATA_DIR_DEFAULT);
}

/** Whoever can reach the service from elsewhere, or in earnest, has to need a key. */
async function requireCredentials(
  app: NestFastifyApplication,
  settings: Settings,
  say: (line: string) => void,
): Promise<void> {
  const keys = app.get(ApiKeys);
  const asSystem = <T>(work: () => Promise<T>): Promise<T> => app.get(CallContext).runAsSystem('start', work);
  if (settings.bootstrapKey !== null) {
    const token = settings.bootstrapKey;
    if (!parseApiKey(token)) {
      throw new StartRefused(
        'METASTORE_BOOTSTRAP_KEY is not an API key: make one with "npm run cli -- keys generate".',
      );
    }
    if (await asSystem(() => keys.ensureAdministrator(token)))
      say('Made the first administrator key from METASTORE_BOOTSTRAP_KEY.');
  }
  const isOpen = settings.appEnv === 'development' && isLoopback(settings.host);
  if (isOpen || (await asSystem(() => keys.hasAdministrator()))) return;
  throw new StartRefused(
    `Nobody could sign in: with APP_ENV=${settings.appEnv} on ${settings.host} an administrator key is needed; make one with "npm run cli -- keys create --name first --role admin", or set METASTORE_BOOTSTRAP_KEY.`,
  );
}

async function reachableUrl(app: NestFastifyApplication): Promise<string> {
  return (await app.getUrl()).replace('[::1]', 'localhost');
}

async function stopAll(app: NestFastifyApplication, embedded: EmbeddedPostgres | null): Promise<void> {
  app.get(Health).drain();
  await app.close();
  await embedded?.stop();
}
