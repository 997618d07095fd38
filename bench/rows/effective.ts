import { alternate } from '../alternate.js';
import { createDatabase } from '../database.js';
import { findEtcd, NO_ETCD, putOf, rangeOf, startEtcd } from '../etcd.js';
import { makeFolder } from '../folder.js';
import { HttpClient } from '../http-client.js';
import { load } from '../load.js';
import type { Load } from '../load.js';
import { withProcessorTime } from '../processor-time.js';
import type { CostedLoad } from '../processor-time.js';
import { startRawServer } from '../raw-server.js';
import type { RawAnswer } from '../raw-server.js';
import type { Bench, Figure, LeftOut, Row } from '../row.js';
import type { Scope } from '../scope.js';
import { Service } from '../service.js';
import { median } from '../statistics.js';

const CONNECTIONS = 50;
const RAW_RATIO_MIN = 0.6;
const ETCD_RATIO_MIN = 2;
const WARM_UP_SECONDS = 2;
const CONFIGURATIONS = '/api/v1/configurations';
const SERVICE = 'order-service';
const TENANT = 'acme';
const PATH = `${CONFIGURATIONS}/effective/${SERVICE}?environment=production&tenant_id=${TENANT}`;
const RANGE = '/v3/kv/range';
const KEY = `/${SERVICE}/production`;
const WORK = 'effective configuration';

/** Two documents, the first of four layers. */
const LAYERS = [
  {
    name: 'database',
    environment: 'base',
    values: { host: 'db.internal', port: 5432, pool: { min: 2, max: 10, idle_ms: 30_000 }, ssl: true },
  },
  { name: 'database', environment: 'production', values: { host: 'db.example.com', pool: { max: 20 } } },
  { name: 'database', environment: 'base', tenant_id: TENANT, values: { schema: TENANT } },
  { name: 'database', environment: 'production', tenant_id: TENANT, values: { pool: { max: 40 } } },
  {
    name: 'client',
    environment: 'base',
    values: { url: 'postgres://${config:database.host}:${config:database.port}', timeout_ms: 2_000 },
  },
];

interface Target {
  readonly url: string;
  readonly pid: number | undefined;
}

/** What a service gets, from memory, against a server that knows nothing but those bytes, and against etcd that stores them. */
export const effective: Row = {
  name: 'effective',
  async run({ server, scope, seconds }: Bench): Promise<(Figure | LeftOut)[]> {
    const service = await Service.start(scope, {
      dataDir: await makeFolder(scope),
      databaseUrl: await createDatabase(scope, server),
    });
    const answer = await answerOf(service);
    const measure = measuring(scope, service, seconds);
    const raw = await startRawServer(scope, answer);
    const againstRaw = await measure(raw, { url: `${raw.url}${PATH}` }, 'a raw server', RAW_RATIO_MIN);
    const program = findEtcd();
    if (program === null) return [againstRaw, { work: `${WORK} against etcd`, leftOut: NO_ETCD }];
    const etcd = await startEtcd(scope, program);
    await post(etcd.url, '/v3/kv/put', putOf(KEY, answer.body));
    const range = { url: `${etcd.url}${RANGE}`, questions: [rangeOf(KEY)] };
    return [againstRaw, await measure(etcd, range, 'etcd', ETCD_RATIO_MIN)];
  },
};

type Measure = (
  target: Target,
  asked: Pick<Load, 'url' | 'questions'>,
  what: string,
  ratioMin: number,
) => Promise<Figure>;

/** Ours and one yardstick, in turns. */
const measuring =
  (scope: Scope, service: Service, seconds: number): Measure =>
  async (target, asked, what, ratioMin) => {
    const theirs = (forSeconds: number): Promise<CostedLoad> =>
      withProcessorTime(target.pid, () =>
        load(scope, { ...asked, connections: CONNECTIONS, seconds: forSeconds }),
      );
    const ours = (forSeconds: number): Promise<CostedLoad> =>
      withProcessorTime(service.pid, () =>
        load(scope, { url: `${service.url}${PATH}`, connections: CONNECTIONS, seconds: forSeconds }),
      );
    await theirs(WARM_UP_SECONDS);
    await ours(WARM_UP_SECONDS);
    const turns = await alternate(
      () => ours(seconds),
      () => theirs(seconds),
    );
    return {
      work: `${WORK} against ${what}`,
      unit: 'req/s',
      measured: median(turns.ours.map((each) => each.requestsPerSecond)),
      yardstick: median(turns.theirs.map((each) => each.requestsPerSecond)),
      bar: { kind: 'at least', value: ratioMin },
      details: { connections: CONNECTIONS, ...turns },
    };
  };

/** Makes the configurations, and takes what the service answers as what the others have to answer. */
async function answerOf(service: Service): Promise<RawAnswer> {
  const client = new HttpClient(service.url);
  try {
    for (const layer of LAYERS)
      await client.write('POST', CONFIGURATIONS, { service_id: SERVICE, is_active: true, ...layer });
    const { headers, text } = await client.read(PATH);
    return { contentType: headers['content-type'] ?? '', etag: headers.etag ?? '', body: text };
  } finally {
    client.close();
  }
}

async function post(url: string, path: string, body: string): Promise<void> {
  const client = new HttpClient(url);
  try {
    await client.write('POST', path, JSON.parse(body) as object);
  } finally {
    client.close();
  }
}
