import { migrate } from '#platform/database';
import { alternate } from '../alternate.js';
import { createDatabase, query } from '../database.js';
import { makeFolder } from '../folder.js';
import { load } from '../load.js';
import type { LoadResult } from '../load.js';
import { findPgbench, Pgbench, PGBENCH_KEY_PREFIX } from '../pgbench.js';
import type { PgbenchResult } from '../pgbench.js';
import { withProcessorTime } from '../processor-time.js';
import { recordWrite } from '../recorded-write.js';
import type { Bench, Figure, LeftOut, Row } from '../row.js';
import { SETTING_VALUE } from '../sample.js';
import { Service } from '../service.js';
import { median } from '../statistics.js';

const WORK = 'create, committed';
const CONNECTIONS = 16;
const TENANTS = 200;
const RATIO_MIN = 0.6;
const WARM_UP_SECONDS = 2;

/** An entry with its line in the change log, against the same statements without a service before them. */
export const create: Row = {
  name: 'create',
  async run({ server, scope, seconds }: Bench): Promise<(Figure | LeftOut)[]> {
    const program = findPgbench();
    if (program === null)
      return [{ work: WORK, leftOut: 'there is no pgbench in PATH or /usr/lib/postgresql.' }];
    const service = await Service.start(scope, {
      dataDir: await makeFolder(scope),
      databaseUrl: await createDatabase(scope, server),
    });
    // A database of its own: what others commit is read by the service, and that would be work beside the work.
    const databaseUrl = await createDatabase(scope, server);
    await migrate(databaseUrl);
    const write = await recordWrite(databaseUrl, SETTING_VALUE);
    const pgbench = await Pgbench.of(scope, program, write);
    let runs = 0;
    let written = 0;
    const theirs = async (forSeconds: number): Promise<PgbenchResult> => {
      const result = await pgbench.measure({
        ...{ databaseUrl, connections: CONNECTIONS, tenants: TENANTS },
        ...{ seconds: forSeconds, run: (runs += 1) },
      });
      written += result.count;
      return result;
    };
    const ours = (forSeconds: number): Promise<LoadResult> =>
      load(scope, {
        url: `${service.url}/api/v1/metadata`,
        connections: CONNECTIONS,
        seconds: forSeconds,
        creates: { tenants: TENANTS, keyPrefix: `service.${(runs += 1)}.`, value: SETTING_VALUE },
      });
    await theirs(WARM_UP_SECONDS);
    await ours(WARM_UP_SECONDS);
    const turns = await alternate(
      () => withProcessorTime(service.pid, () => ours(seconds)),
      () => theirs(seconds),
    );
    await requireWritten(databaseUrl, written);
    return [
      {
        work: WORK,
        unit: 'per s',
        measured: median(turns.ours.map((each) => each.requestsPerSecond)),
        yardstick: median(turns.theirs.map((each) => each.transactionsPerSecond)),
        bar: { kind: 'at least', value: RATIO_MIN },
        details: { connections: CONNECTIONS, tenants: TENANTS, ...turns },
      },
    ];
  },
};

/** A yardstick that did not do the work measures nothing. */
async function requireWritten(databaseUrl: string, count: number): Promise<void> {
  const [row] = await query<{ entries: string; changes: string }>(
    databaseUrl,
    `select (select count(*) from metadata.entry where key like '${PGBENCH_KEY_PREFIX}%') as entries,
            (select count(*) from platform.change_log where subject like '%/${PGBENCH_KEY_PREFIX}%') as changes`,
  );
  if (Number(row?.entries) !== count || Number(row?.changes) !== count)
    throw new Error(
      `pgbench ran ${count} transactions and wrote ${row?.entries} entries, ${row?.changes} changes.`,
    );
}
