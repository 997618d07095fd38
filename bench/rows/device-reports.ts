import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '#platform/database';
import { alternate } from '../alternate.js';
import { createDatabase, query } from '../database.js';
import { makeFolder } from '../folder.js';
import { load } from '../load.js';
import type { LoadResult } from '../load.js';
import { findPgbench, runPgbench } from '../pgbench.js';
import type { PgbenchResult } from '../pgbench.js';
import { withProcessorTime } from '../processor-time.js';
import type { Bench, Figure, LeftOut, Row } from '../row.js';
import { Service } from '../service.js';
import { median } from '../statistics.js';

const WORK = 'status reports of devices, 500 a request';
const DEVICES = 10_000;
const TOGETHER = 500;
/** How often each device reports before it says the same again. */
const ROUNDS = 10;
/** One of so many reports has another value than the one before it. */
const CHANGES_EVERY = 100;
const CONNECTIONS = 8;
const RATIO_MIN = 0.5;
const WARM_UP_SECONDS = 2;
const TENANT = 'bench';

interface Report {
  readonly device_id: string;
  readonly value: string;
  readonly data: { readonly temperature: number; readonly humidity: number };
}

/** Telemetry: values that stay, with data that do not; against the same rows in statements of as many rows. */
export const deviceReports: Row = {
  name: 'device-reports',
  async run({ server, scope, seconds }: Bench): Promise<(Figure | LeftOut)[]> {
    const program = findPgbench();
    if (program === null)
      return [{ work: WORK, leftOut: 'there is no pgbench in PATH or /usr/lib/postgresql.' }];
    const [ourUrl, theirUrl] = [await createDatabase(scope, server), await createDatabase(scope, server)];
    for (const url of [ourUrl, theirUrl]) await migrate(url);
    const ids = Array.from({ length: DEVICES }, () => randomUUID());
    for (const url of [ourUrl, theirUrl]) await seed(url, ids);
    const batches = batchesOf(ids);
    const scripts = await writeScripts(await makeFolder(scope), batches);
    const service = await Service.start(scope, {
      dataDir: await makeFolder(scope),
      databaseUrl: ourUrl,
    });
    const dealt = batches.map((reports) => JSON.stringify({ reports }));
    const written = { ours: 0, theirs: 0 };
    const ours = async (forSeconds: number): Promise<LoadResult> => {
      const url = `${service.url}/api/v1/devices/status/batch`;
      const result = await load(scope, { url, connections: CONNECTIONS, seconds: forSeconds, dealt });
      written.ours += result.count;
      return result;
    };
    const theirs = async (forSeconds: number): Promise<PgbenchResult> => {
      const options = { databaseUrl: theirUrl, connections: CONNECTIONS, seconds: forSeconds };
      const result = await runPgbench(program, options, scripts);
      written.theirs += result.count;
      return result;
    };
    await theirs(WARM_UP_SECONDS);
    await ours(WARM_UP_SECONDS);
    const turns = await alternate(
      () => withProcessorTime(service.pid, () => ours(seconds)),
      () => theirs(seconds),
    );
    await requireWritten(ourUrl, written.ours);
    await requireWritten(theirUrl, written.theirs);
    return [
      {
        work: WORK,
        unit: 'per s',
        measured: TOGETHER * median(turns.ours.map((each) => each.requestsPerSecond)),
        yardstick: TOGETHER * median(turns.theirs.map((each) => each.transactionsPerSecond)),
        bar: { kind: 'at least', value: RATIO_MIN },
        details: { connections: CONNECTIONS, devices: DEVICES, together: TOGETHER, ...turns },
      },
    ];
  },
};

/** Each has other devices than the next; all devices are in turn before one comes again. */
function batchesOf(ids: readonly string[]): Report[][] {
  const batches: Report[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let first = 0; first < ids.length; first += TOGETHER)
      batches.push(ids.slice(first, first + TOGETHER).map((id, index) => reportOf(id, index, round)));
  }
  return batches;
}

const reportOf = (device_id: string, index: number, round: number): Report => ({
  device_id,
  value: (index + round) % CHANGES_EVERY === 0 ? 'off' : 'on',
  data: { temperature: 15 + ((index * 7 + round) % 100) / 10, humidity: 30 + ((index + round * 3) % 40) },
});

async function seed(databaseUrl: string, ids: readonly string[]): Promise<void> {
  await query(
    databaseUrl,
    `insert into devices.device (id, tenant, version, name, device_type, mac_address, ip_address, registration_date,
       labels, attributes, desired, desired_version, heartbeat_seconds, search_text, created_at, updated_at, created_by, updated_by)
     select id, '${TENANT}', 1, null, 'thermostat', null, null, now(), '{}', '{}', '{}', 0, 300, '', now(), now(), 'bench', 'bench'
     from unnest('{${ids.join(',')}}'::uuid[]) as id`,
  );
  await query(databaseUrl, 'vacuum analyze devices.device, devices.live, devices.history');
}

/** One script for each batch, which pgbench takes in turns by chance; its rows are those that the service makes of it. */
async function writeScripts(folder: string, batches: readonly (readonly Report[])[]): Promise<string[]> {
  const scripts = batches.map(async (reports, number) => {
    const rows = reports.map(
      ({ device_id, value, data }) =>
        `('${TENANT}', '${device_id}'::uuid, 'status', '${JSON.stringify({ value, data })}'::json, now(), now(), 'anonymous', false)`,
    );
    const text = [
      'begin;',
      `select set_config('app.tenant', '*', true);`,
      `insert into devices.history (tenant, device_id, kind, document, observed_at, recorded_at, actor, late) values ${rows.join(', ')};`,
      'commit;',
    ];
    const path = join(folder, `batch-${number}.sql`);
    await writeFile(path, text.join('\n'));
    return `--file=${path}`;
  });
  return Promise.all(scripts.slice(0, DEVICES / TOGETHER)); // pgbench knows 128 scripts at most.
}

/** What did not do the work measures nothing; what was under way as the time was over may have been done, too. */
async function requireWritten(databaseUrl: string, requests: number): Promise<void> {
  const [row] = await query<{ count: string }>(
    databaseUrl,
    `select count(*) from devices.history where kind = 'status'`,
  );
  if (Number(row?.count) < requests * TOGETHER)
    throw new Error(`${requests} requests of ${TOGETHER} reports wrote ${row?.count} rows.`);
}
