import { alternate } from '../alternate.js';
import { createDatabase } from '../database.js';
import { makeFolder } from '../folder.js';
import { HttpClient } from '../http-client.js';
import { load } from '../load.js';
import { withProcessorTime } from '../processor-time.js';
import type { CostedLoad } from '../processor-time.js';
import { startRawServer } from '../raw-server.js';
import type { Bench, Figure, Row } from '../row.js';
import { SETTING_VALUE } from '../sample.js';
import { Service } from '../service.js';
import { median } from '../statistics.js';

const CONNECTIONS = 50;
const RATIO_MIN = 0.6;
const WARM_UP_SECONDS = 2;
const ENTRY = {
  namespace: 'production',
  key: 'app.database.pool_size',
  value: SETTING_VALUE,
  tags: ['database', 'pool'],
};
const PATH = `/api/v1/metadata/key/${ENTRY.key}?namespace=${ENTRY.namespace}`;

interface Target {
  readonly url: string;
  readonly pid: number | undefined;
}

/** An entry by its key, from memory, against a server that knows nothing but those bytes. */
export const hotRead: Row = {
  name: 'hot-read',
  async run({ server, scope, seconds }: Bench): Promise<Figure[]> {
    const service = await Service.start(scope, {
      dataDir: await makeFolder(scope),
      databaseUrl: await createDatabase(scope, server),
    });
    const raw = await startRawServer(scope, await answerOf(service));
    const run = ({ url, pid }: Target, forSeconds: number): Promise<CostedLoad> =>
      withProcessorTime(pid, () =>
        load(scope, { url: `${url}${PATH}`, connections: CONNECTIONS, seconds: forSeconds }),
      );
    await run(raw, WARM_UP_SECONDS);
    await run(service, WARM_UP_SECONDS);
    const { ours, theirs } = await alternate(
      () => run(service, seconds),
      () => run(raw, seconds),
    );
    return [
      {
        work: 'hot read by key',
        unit: 'req/s',
        measured: median(ours.map((each) => each.requestsPerSecond)),
        yardstick: median(theirs.map((each) => each.requestsPerSecond)),
        bar: { kind: 'at least', value: RATIO_MIN },
        details: { connections: CONNECTIONS, ours, theirs },
      },
    ];
  },
};

/** Makes the entry, and takes what the service answers for it as what the raw server has to answer. */
async function answerOf(service: Service) {
  const client = new HttpClient(service.url);
  try {
    await client.write('POST', '/api/v1/metadata', ENTRY);
    const { headers, text } = await client.read(PATH);
    return { contentType: headers['content-type'] ?? '', etag: headers.etag ?? '', body: text };
  } finally {
    client.close();
  }
}
