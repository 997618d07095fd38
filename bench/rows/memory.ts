import { setTimeout as pause } from 'node:timers/promises';
import { createDatabase, query } from '../database.js';
import { makeFolder } from '../folder.js';
import { HttpClient } from '../http-client.js';
import type { Bench, Figure, LeftOut, Row } from '../row.js';
import { SETTING_VALUE } from '../sample.js';
import { Service } from '../service.js';

const ENTRIES = 100_000;
const CONNECTIONS = 16;
const PASSES = 2;
const REST_MS = 5_000;
const AT_REST_MIB_MAX = 150;
const HOT_MIB_MAX = 500;

/** What the process holds, as the system counts it. */
export const memory: Row = {
  name: 'memory',
  async run({ server, scope }: Bench): Promise<(Figure | LeftOut)[]> {
    const databaseUrl = await createDatabase(scope, server);
    const service = await Service.start(scope, { dataDir: await makeFolder(scope), databaseUrl });
    await pause(REST_MS);
    const atRest = await service.residentMiB();
    await seed(databaseUrl);
    for (let pass = 1; pass <= PASSES; pass += 1) await readAll(service.url);
    const hot = await service.residentMiB();
    await pause(REST_MS);
    const later = await service.residentMiB();
    if (atRest === null || hot === null) {
      return [{ work: 'memory', leftOut: 'this system does not tell it in /proc.' }];
    }
    return [
      figure('memory at rest', atRest, AT_REST_MIB_MAX),
      { ...figure('memory, 100,000 hot entries', hot, HOT_MIB_MAX), details: { afterRestMiB: later } },
    ];
  },
};

async function seed(databaseUrl: string): Promise<void> {
  await query(
    databaseUrl,
    `insert into metadata.entry (id, tenant, version, key, namespace, content_type, value, tags, description,
       search_text, is_encrypted, is_secret, created_at, updated_at, created_by, updated_by)
     select gen_random_uuid(), '_shared', 1, 'app.setting' || n, 'default', 'json', '${JSON.stringify(SETTING_VALUE)}', '{}',
       null, 'app.setting' || n, false, false, now(), now(), 'bench', 'bench'
     from generate_series(1, ${ENTRIES}) as n`,
  );
  await query(databaseUrl, 'vacuum analyze metadata.entry');
}

async function readAll(url: string): Promise<void> {
  const client = new HttpClient(url, CONNECTIONS);
  let next = 1;
  const read = async (): Promise<void> => {
    while (next <= ENTRIES) {
      const number = next;
      next += 1;
      await client.read(`/api/v1/metadata/key/app.setting${number}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, read));
  } finally {
    client.close();
  }
}

const figure = (work: string, measured: number, mibMax: number): Figure => ({
  work,
  unit: 'MiB',
  measured,
  yardstick: null,
  bar: { kind: 'at most', value: mibMax },
});
