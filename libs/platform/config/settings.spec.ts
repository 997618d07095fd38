import fc from 'fast-check';
import { isLoopback, readSettings, SettingsInvalid } from './settings.js';

const mistakesOf = (environment: Record<string, string>): string => {
  try {
    readSettings(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsInvalid);
    return (error as Error).message;
  }
  throw new Error('The settings were taken.');
};

describe('readSettings', () => {
  it('has a default for everything, and that is a closed development installation', () => {
    expect(readSettings({})).toEqual({
      appEnv: 'development',
      host: '127.0.0.1',
      port: 8002,
      databaseUrl: null,
      databasePoolSize: 16,
      dataDir: null,
      redisUrl: null,
      logLevel: 'info',
      migrateOnStart: true,
      requireIfMatch: false,
      encryptionKeys: null,
      bootstrapKey: null,
      corsOrigins: [],
      secretFileRoots: ['/run/secrets', '/var/run/secrets', '/mnt/secrets-store'],
      cacheEntriesMax: 100_000,
      schemaJobMs: 250,
      webhookAllowPrivate: false,
      webhookTimeoutMs: 15_000,
      kinesisStream: null,
      kinesisEndpoint: null,
      sinkLagSeconds: 60,
      historyDays: null,
      historyMinVersions: 10,
    });
  });

  it('reads what was set', () => {
    const settings = readSettings({
      APP_ENV: 'production',
      APP_HOST: '0.0.0.0',
      APP_PORT: '0',
      DATABASE_URL: 'postgres://metastore:secret@db.example:5432/metastore',
      DATABASE_POOL_SIZE: '2',
      DATA_DIR: '/var/lib/metastore',
      REDIS_URL: 'rediss://cache.example:6380',
      LOG_LEVEL: 'debug',
      MIGRATE_ON_START: 'false',
      REQUIRE_IF_MATCH: '1',
      ENCRYPTION_KEYS: 'k1:AAAA',
      METASTORE_BOOTSTRAP_KEY: 'mst_1',
      CORS_ORIGINS: 'https://console.example, http://localhost:3000',
      SECRET_FILE_ROOTS: '/etc/secrets/, /srv/secrets',
      CACHE_ENTRIES_MAX: '100',
      SCHEMA_JOB_MS: '60000',
      WEBHOOK_ALLOW_PRIVATE: 'true',
      WEBHOOK_TIMEOUT_MS: '50',
      KINESIS_STREAM: 'metastore-changes',
      KINESIS_ENDPOINT: 'http://localhost:4566',
      SINK_LAG_SECONDS: '5',
      HISTORY_DAYS: '400',
      HISTORY_MIN_VERSIONS: '3',
    });
    expect(settings).toEqual({
      appEnv: 'production',
      host: '0.0.0.0',
      port: 0,
      databaseUrl: 'postgres://metastore:secret@db.example:5432/metastore',
      databasePoolSize: 2,
      dataDir: '/var/lib/metastore',
      redisUrl: 'rediss://cache.example:6380',
      logLevel: 'debug',
      migrateOnStart: false,
      requireIfMatch: true,
      encryptionKeys: 'k1:AAAA',
      bootstrapKey: 'mst_1',
      corsOrigins: ['https://console.example', 'http://localhost:3000'],
      secretFileRoots: ['/etc/secrets', '/srv/secrets'],
      cacheEntriesMax: 100,
      schemaJobMs: 60_000,
      webhookAllowPrivate: true,
      webhookTimeoutMs: 50,
      kinesisStream: 'metastore-changes',
      kinesisEndpoint: 'http://localhost:4566',
      sinkLagSeconds: 5,
      historyDays: 400,
      historyMinVersions: 3,
    });
  });

  it('takes empty and blank for not set', () => {
    expect(readSettings({ APP_PORT: '', REDIS_URL: '  ', LOG_LEVEL: ' warn ' })).toEqual({
      ...readSettings({}),
      logLevel: 'warn',
    });
  });

  it.each([
    ['APP_ENV', 'prod'],
    ['APP_HOST', 'http://0.0.0.0'],
    ['APP_HOST', 'two words'],
    ['APP_PORT', '65536'],
    ['APP_PORT', '-1'],
    ['APP_PORT', '80.5'],
    ['APP_PORT', '0x50'],
    ['APP_PORT', '1e3'],
    ['DATABASE_URL', 'mysql://db/metastore'],
    ['DATABASE_URL', 'db.example:5432'],
    ['DATABASE_POOL_SIZE', '1'],
    ['DATABASE_POOL_SIZE', '201'],
    ['REDIS_URL', 'http://cache.example'],
    ['LOG_LEVEL', 'loud'],
    ['MIGRATE_ON_START', 'yes'],
    ['REQUIRE_IF_MATCH', 'maybe'],
    ['KINESIS_STREAM', 'two words'],
    ['KINESIS_ENDPOINT', 'localhost:4566'],
    ['SINK_LAG_SECONDS', '0'],
    ['HISTORY_DAYS', '0'],
    ['HISTORY_MIN_VERSIONS', '0'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://console.example/'],
    ['CORS_ORIGINS', 'https://console.example,console.example'],
    ['SECRET_FILE_ROOTS', 'secrets'],
    ['SECRET_FILE_ROOTS', '/'],
    ['SECRET_FILE_ROOTS', '/run/../etc'],
    ['SECRET_FILE_ROOTS', '/run/secrets,,/srv'],
    ['CACHE_ENTRIES_MAX', '99'],
    ['SCHEMA_JOB_MS', '49'],
    ['WEBHOOK_ALLOW_PRIVATE', 'always'],
    ['WEBHOOK_TIMEOUT_MS', '60001'],
  ])('names %s when it is %j', (name, value) => {
    expect(mistakesOf({ [name]: value })).toMatch(new RegExp(`^${name} must be .+\\.$`));
  });

  it('tells all mistakes at once, in one line', () => {
    const message = mistakesOf({ APP_PORT: 'eighty', LOG_LEVEL: 'loud', DATABASE_POOL_SIZE: 'many' });
    for (const name of ['APP_PORT', 'LOG_LEVEL', 'DATABASE_POOL_SIZE'])
      expect(message).toContain(`${name} must be`);
    expect(message).not.toContain('\n');
  });

  it('never repeats a value, because it may hold a password', () => {
    const names = [
      'APP_ENV',
      'APP_PORT',
      'DATABASE_URL',
      'REDIS_URL',
      'LOG_LEVEL',
      'CORS_ORIGINS',
      'DATABASE_POOL_SIZE',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.stringMatching(/^[g-z]{12,20}$/), (name, secret) => {
        expect(mistakesOf({ [name]: `x:${secret}@y` })).not.toContain(secret);
      }),
    );
  });
});

describe('isLoopback', () => {
  it.each(['localhost', '127.0.0.1', '127.8.9.10', '::1'])('%s is this machine alone', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com', 'localhost.example.com', '1127.0.0.1', ''])(
    '%j can be reached from elsewhere',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});
