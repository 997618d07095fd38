import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readSettings } from '#platform/config';
import { createLogger } from '#platform/observability';
import { startService } from '../apps/api/start.js';
import { Scope, within } from '../bench/scope.js';
import { EMULATOR_VARIABLES, KinesisEmulator } from './kinesis-emulator.js';
import type { KinesisRecord } from './kinesis-emulator.js';
import { findingsOf, keysOf, tableOf } from './report.js';
import type { Findings } from './report.js';
import { writeThroughApi } from './writes.js';

const STREAM = 'metastore-demo';
const ARRIVAL_MS_MAX = 60_000;
const LOOK_EVERY_MS = 200;

/** How to run. */
export interface KinesisDemo {
  /** Null: the embedded one, in a folder that goes with the demonstration. */
  readonly databaseUrl: string | null;
  readonly print: (line: string) => void;
  /** Ends it early; what was started is stopped all the same. */
  readonly signal: AbortSignal;
}

/**
 * Starts an emulator of Kinesis and the service, writes through the API, and reads from the stream what came of it.
 * @returns whether every change arrived within a minute, those of each key in their order
 */
export function runKinesisDemo(demo: KinesisDemo): Promise<boolean> {
  return within(new Scope(), async (scope) => {
    const emulator = await KinesisEmulator.start(STREAM);
    scope.defer(() => emulator.stop());
    demo.print(`Kinesis emulator: ${emulator.endpoint}, stream ${emulator.stream}`);
    const url = await startWith(emulator, demo, scope);
    demo.print(`Metastore: ${url}\n`);
    for (const { subject, changes } of await writeThroughApi(url))
      demo.print(`Wrote ${subject} through the API, in ${changes} changes.`);
    const ids = await eventIds(url);
    const records = await arrivals(emulator, ids, demo.signal);
    return tell(ids, records, demo.print);
  });
}

async function startWith(emulator: KinesisEmulator, demo: KinesisDemo, scope: Scope): Promise<string> {
  setVariables(EMULATOR_VARIABLES, scope);
  const folder = await mkdtemp(join(tmpdir(), 'metastore-demo-'));
  scope.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  await chmod(folder, 0o755); // The embedded database runs as another user when this one is root.
  const settings = readSettings({
    APP_PORT: '0',
    DATA_DIR: join(folder, 'data'),
    DATABASE_URL: demo.databaseUrl ?? '',
    KINESIS_STREAM: emulator.stream,
    KINESIS_ENDPOINT: emulator.endpoint,
    LOG_LEVEL: 'error',
  });
  demo.signal.throwIfAborted();
  const logger = createLogger({ level: settings.logLevel, pretty: false });
  const service = await startService(settings, logger, demo.print);
  scope.defer(() => service.stop());
  return service.url;
}

/** The SDK in the service takes its credentials from the environment: from now on these, and afterwards what was there. */
function setVariables(variables: Readonly<Record<string, string>>, scope: Scope): void {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    process.env[name] = value;
    scope.defer(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
      return Promise.resolve();
    });
  }
}

/** Of everything in the change log, as the service tells it. */
async function eventIds(url: string): Promise<string[]> {
  const response = await fetch(`${url}/api/v1/events?limit=100`);
  if (!response.ok) throw new Error(`The events were answered with ${response.status}.`);
  const { items } = (await response.json()) as { items: { id: string }[] };
  return items.map(({ id }) => id);
}

/** What is in the stream as soon as nothing is missing, or else after a minute. */
async function arrivals(
  emulator: KinesisEmulator,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<KinesisRecord[]> {
  const until = performance.now() + ARRIVAL_MS_MAX;
  for (;;) {
    signal.throwIfAborted();
    const records = await emulator.records();
    if (findingsOf(ids, records).missing.length === 0 || performance.now() > until) return records;
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}

function tell(
  ids: readonly string[],
  records: readonly KinesisRecord[],
  print: (line: string) => void,
): boolean {
  print(`\n${tableOf(records).join('\n')}\n`);
  const findings = findingsOf(ids, records);
  print(`${ids.length - findings.missing.length} of ${ids.length} changes arrived in Kinesis.`);
  print('By partition key, the versions as they lie in its shard:');
  for (const { key, versions } of keysOf(records)) print(`  ${key}: ${versions.join(', ')}`);
  const complaints = complaintsOf(findings);
  for (const line of complaints) print(line);
  if (complaints.length === 0) print('Nothing is missing, and each key is in its order.');
  return complaints.length === 0;
}

function complaintsOf({ missing, outOfOrder }: Findings): string[] {
  return [
    ...(missing.length > 0 ? [`Missing after a minute: ${missing.join(', ')}.`] : []),
    ...(outOfOrder.length > 0 ? [`Out of order: ${outOfOrder.join(', ')}.`] : []),
  ];
}
