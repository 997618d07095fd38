import { alternate } from '../alternate.js';
import { createDatabase } from '../database.js';
import { findEtcd, NO_ETCD, putOf, startEtcd } from '../etcd.js';
import { makeFolder } from '../folder.js';
import { load } from '../load.js';
import type { LoadResult } from '../load.js';
import { withProcessorTime } from '../processor-time.js';
import type { Bench, Figure, LeftOut, Row } from '../row.js';
import { SETTING_VALUE } from '../sample.js';
import { Service } from '../service.js';
import { median } from '../statistics.js';

const WORK = 'create, committed, against etcd';
const CONNECTIONS = 16;
const TENANTS = 200;
const KEYS = 5_000;
const RATIO_MIN = 1;
const WARM_UP_SECONDS = 2;

/** An entry with its line in the change log, against a key and the same value in etcd's log; both are on the disk when answered. */
export const createEtcd: Row = {
  name: 'create-etcd',
  async run({ server, scope, seconds }: Bench): Promise<(Figure | LeftOut)[]> {
    const program = findEtcd();
    if (program === null) return [{ work: WORK, leftOut: NO_ETCD }];
    const service = await Service.start(scope, {
      dataDir: await makeFolder(scope),
      databaseUrl: await createDatabase(scope, server),
    });
    const etcd = await startEtcd(scope, program);
    const value = JSON.stringify(SETTING_VALUE);
    const questions = Array.from({ length: KEYS }, (_, index) => putOf(`/bench/key-${index}`, value));
    let runs = 0;
    const theirs = (forSeconds: number): Promise<LoadResult> =>
      load(scope, { url: `${etcd.url}/v3/kv/put`, connections: CONNECTIONS, seconds: forSeconds, questions });
    const ours = (forSeconds: number): Promise<LoadResult> =>
      load(scope, {
        url: `${service.url}/api/v1/metadata`,
        connections: CONNECTIONS,
        seconds: forSeconds,
        creates: { tenants: TENANTS, keyPrefix: `etcd.${(runs += 1)}.`, value: SETTING_VALUE },
      });
    await theirs(WARM_UP_SECONDS);
    await ours(WARM_UP_SECONDS);
    const turns = await alternate(
      () => withProcessorTime(service.pid, () => ours(seconds)),
      () => withProcessorTime(etcd.pid, () => theirs(seconds)),
    );
    return [
      {
        work: WORK,
        unit: 'per s',
        measured: median(turns.ours.map((each) => each.requestsPerSecond)),
        yardstick: median(turns.theirs.map((each) => each.requestsPerSecond)),
        bar: { kind: 'at least', value: RATIO_MIN },
        details: { connections: CONNECTIONS, tenants: TENANTS, ...turns },
      },
    ];
  },
};
