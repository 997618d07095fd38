/** Everything that can be set from outside, checked and typed. The names are those of the environment variables. */
export interface Settings {
  readonly appEnv: AppEnv;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Null: the embedded database. */
  readonly databaseUrl: string | null;
  /** Connections of this process to the database, 2..200. */
  readonly databasePoolSize: number;
  /** Where the embedded database and generated keys live; null lets the launcher choose. */
  readonly dataDir: string | null;
  readonly redisUrl: string | null;
  readonly logLevel: LogLevel;
  readonly migrateOnStart: boolean;
  /** When true, a write without If-Match is refused with 428. */
  readonly requireIfMatch: boolean;
  /** `<id>:<base64 of 32 bytes>,…`, the first is the current one. Null: generated in development, refused elsewhere. */
  readonly encryptionKeys: string | null;
  /** The token of the first administrator. */
  readonly bootstrapKey: string | null;
  /** Origins that a browser may call from; empty: none. */
  readonly corsOrigins: readonly string[];
  /** Folders that files of secrets may lie in; absolute, without a slash at the end. */
  readonly secretFileRoots: readonly string[];
  /** Values kept in memory for hot reads, 100..10,000,000. */
  readonly cacheEntriesMax: number;
  /** What a check against a schema may take before it is ended, in milliseconds, 50..60,000. */
  readonly schemaJobMs: number;
  /** Whether callbacks may go to addresses of our own network and of this machine. */
  readonly webhookAllowPrivate: boolean;
  /** What a receiver of a callback has for its answer, in milliseconds, 50..60,000. */
  readonly webhookTimeoutMs: number;
  /** The Kinesis stream that all events go to; null: none. */
  readonly kinesisStream: string | null;
  /** Null: the one of AWS in the region of `AWS_REGION`. */
  readonly kinesisEndpoint: string | null;
  /** How old a change may be that a sink has not delivered before the service counts as degraded, in seconds, 1..86,400. */
  readonly sinkLagSeconds: number;
  /** Changes that are younger than so many days stay in the log, 1..36,500; null: all of them do. */
  readonly historyDays: number | null;
  /** So many of the newest versions of everything that is there stay, however old, 1..10,000. */
  readonly historyMinVersions: number;
}

const APP_ENVS = ['development', 'staging', 'production'] as const;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type AppEnv = (typeof APP_ENVS)[number];
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One or more settings are wrong. Names each, says what it may be, and never repeats a value. */
export class SettingsInvalid extends Error {}

/** Gives what a variable says, or the fallback where it says nothing; what is wrong with it is noted. */
type Read = <T>(name: string, fallback: T, parse: (text: string) => T | undefined, mayBe: string) => T;

/**
 * Reads the settings; all mistakes are told at once.
 * @throws SettingsInvalid
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const mistakes: string[] = [];
  const read: Read = (name, fallback, parse, mayBe) => {
    const text = environment[name]?.trim();
    if (text === undefined || text === '') return fallback;
    const value = parse(text);
    if (value === undefined) mistakes.push(`${name} must be ${mayBe}.`);
    return value ?? fallback;
  };
  const settings = { ...servingSettings(read), ...storageSettings(read), ...deliverySettings(read) };
  if (mistakes.length > 0) throw new SettingsInvalid(mistakes.join(' '));
  return settings;
}

/** How callers find the service, and what it asks of them. */
function servingSettings(read: Read) {
  return {
    appEnv: read('APP_ENV', 'development', oneOf(APP_ENVS), `one of ${APP_ENVS.join(', ')}`),
    host: read(
      'APP_HOST',
      '127.0.0.1',
      (text) => (/\s|\//.test(text) ? undefined : text),
      'a host name or an IP address',
    ),
    port: read('APP_PORT', 8002, wholeNumber(0, 65_535), 'a port, 0 to 65535'),
    logLevel: read('LOG_LEVEL', 'info', oneOf(LOG_LEVELS), `one of ${LOG_LEVELS.join(', ')}`),
    corsOrigins: read<readonly string[]>(
      'CORS_ORIGINS',
      [],
      origins,
      'a comma-separated list of origins like https://console.example.com',
    ),
    requireIfMatch: read('REQUIRE_IF_MATCH', false, yesOrNo, 'true or false'),
    encryptionKeys: read<string | null>('ENCRYPTION_KEYS', null, (text) => text, 'set'),
    bootstrapKey: read<string | null>('METASTORE_BOOTSTRAP_KEY', null, (text) => text, 'set'),
    secretFileRoots: read<readonly string[]>(
      'SECRET_FILE_ROOTS',
      ['/run/secrets', '/var/run/secrets', '/mnt/secrets-store'],
      folders,
      'a comma-separated list of absolute folders like /run/secrets',
    ),
  } satisfies Partial<Settings>;
}

/** Where values are kept, for how long, and what may be kept in memory. */
function storageSettings(read: Read) {
  return {
    databaseUrl: read<string | null>(
      'DATABASE_URL',
      null,
      urlOf('postgres:', 'postgresql:'),
      'a URL like postgres://user:password@host:5432/name',
    ),
    databasePoolSize: read('DATABASE_POOL_SIZE', 16, wholeNumber(2, 200), 'a whole number, 2 to 200'),
    dataDir: read<string | null>('DATA_DIR', null, (text) => text, 'a folder'),
    migrateOnStart: read('MIGRATE_ON_START', true, yesOrNo, 'true or false'),
    redisUrl: read<string | null>(
      'REDIS_URL',
      null,
      urlOf('redis:', 'rediss:'),
      'a URL like redis://host:6379',
    ),
    cacheEntriesMax: read(
      'CACHE_ENTRIES_MAX',
      100_000,
      wholeNumber(100, 10_000_000),
      'a whole number, 100 to 10000000',
    ),
    schemaJobMs: read('SCHEMA_JOB_MS', 250, wholeNumber(50, 60_000), 'a whole number, 50 to 60000'),
    historyDays: read<number | null>(
      'HISTORY_DAYS',
      null,
      wholeNumber(1, 36_500),
      'a whole number, 1 to 36500',
    ),
    historyMinVersions: read(
      'HISTORY_MIN_VERSIONS',
      10,
      wholeNumber(1, 10_000),
      'a whole number, 1 to 10000',
    ),
  } satisfies Partial<Settings>;
}

/** Who outside is told of changes. */
function deliverySettings(read: Read) {
  return {
    webhookAllowPrivate: read('WEBHOOK_ALLOW_PRIVATE', false, yesOrNo, 'true or false'),
    webhookTimeoutMs: read(
      'WEBHOOK_TIMEOUT_MS',
      15_000,
      wholeNumber(50, 60_000),
      'a whole number, 50 to 60000',
    ),
    kinesisStream: read<string | null>(
      'KINESIS_STREAM',
      null,
      (text) => (/^[a-zA-Z0-9_.-]{1,128}$/.test(text) ? text : undefined),
      'the name of a stream: 1 to 128 letters, digits, _, . and -',
    ),
    kinesisEndpoint: read<string | null>(
      'KINESIS_ENDPOINT',
      null,
      urlOf('http:', 'https:'),
      'a URL like http://localhost:4566',
    ),
    sinkLagSeconds: read('SINK_LAG_SECONDS', 60, wholeNumber(1, 86_400), 'a whole number, 1 to 86400'),
  } satisfies Partial<Settings>;
}

/** True on an address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function oneOf<const T extends string>(choices: readonly T[]): (text: string) => T | undefined {
  return (text) => choices.find((choice) => choice === text);
}

function wholeNumber(min: number, max: number): (text: string) => number | undefined {
  return (text) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined;
  };
}

function yesOrNo(text: string): boolean | undefined {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  return undefined;
}

function urlOf(...protocols: string[]): (text: string) => string | undefined {
  return (text) => (URL.canParse(text) && protocols.includes(new URL(text).protocol) ? text : undefined);
}

function origins(text: string): string[] | undefined {
  const list = text.split(',').map((origin) => origin.trim());
  return list.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin) ? list : undefined;
}

function folders(text: string): string[] | undefined {
  const list = text.split(',').map((folder) => folder.trim().replace(/\/+$/, ''));
  const isPlain = (folder: string): boolean => /^(\/[^/\0]+)+$/.test(folder) && !/\/\.\.?(\/|$)/.test(folder);
  return list.every(isPlain) ? list : undefined;
}
