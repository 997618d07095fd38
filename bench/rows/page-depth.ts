import { createDatabase, query } from '../database.js';
import { makeFolder } from '../folder.js';
import { HttpClient } from '../http-client.js';
import type { Bench, Figure, Row } from '../row.js';
import type { Scope } from '../scope.js';
import { Service } from '../service.js';
import { median, percentile } from '../statistics.js';

const MANY = 1_000_000;
const FEW = 1_000;
const PAGE = 100;
/** The largest page, for the way to the end. */
const STRIDE = 1_000;
const RATIO_MAX = 1.3;
const WARM_UP_READS = 200;
const ROUNDS = 10;
const READS_A_ROUND = 50;
const LIST = '/api/v1/metadata';

interface Page {
  readonly items: readonly { readonly key: string }[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

/** One service over entries of its own, and where its two pages are. */
interface Filled {
  readonly client: HttpClient;
  readonly first: string;
  readonly last: string;
}

/** A page of a long list, against the same page of a short one: each list has its database and its service. */
export const pageDepth: Row = {
  name: 'page-depth',
  async run({ server, scope }: Bench): Promise<Figure[]> {
    const long = await fill(scope, await createDatabase(scope, server), MANY);
    const short = await fill(scope, await createDatabase(scope, server), FEW);
    return [
      await compare('page 1 of 1,000,000', [long.client, long.first], [short.client, short.first]),
      await compare('last page of 1,000,000', [long.client, long.last], [short.client, short.last]),
    ];
  },
};

async function fill(scope: Scope, databaseUrl: string, count: number): Promise<Filled> {
  const service = await Service.start(scope, { dataDir: await makeFolder(scope), databaseUrl });
  await query(
    databaseUrl,
    `alter table metadata.entry disable trigger all;
     insert into metadata.entry (id, tenant, version, key, namespace, content_type, value, tags, description,
       search_text, is_encrypted, is_secret, created_at, updated_at, created_by, updated_by)
     select md5(n::text)::uuid, '_shared', 1, 'service' || n % 1000 || '.setting' || n, 'ns' || n % 10, 'json', '1', '{}',
       null, 'service' || n % 1000 || '.setting' || n, false, false, timestamptz '2026-01-01' + n * interval '1 second',
       timestamptz '2026-01-01' + n * interval '1 second', 'bench', 'bench'
     from generate_series(1, ${count}) as n;
     alter table metadata.entry enable trigger all;`,
  );
  await query(databaseUrl, 'vacuum analyze metadata.entry');
  await query(databaseUrl, 'checkpoint');
  const client = new HttpClient(service.url);
  scope.defer(async () => client.close());
  return { client, first: `${LIST}?limit=${PAGE}`, last: await lastPage(client, count) };
}

/** Goes there as any client has to: from page to page. A cursor holds a place, whatever the size of the page. */
async function lastPage(client: HttpClient, count: number): Promise<string> {
  let cursor = '';
  for (let passed = 0; passed < count - PAGE;) {
    const step = Math.min(STRIDE, count - PAGE - passed);
    const page = await pageAt(client, `${LIST}?limit=${step}${cursor}`);
    cursor = `&cursor=${encodeURIComponent(page.next_cursor ?? '')}`;
    passed += page.items.length;
  }
  const last = `${LIST}?limit=${PAGE}${cursor}`;
  const { items, has_more } = await pageAt(client, last);
  if (items.length !== PAGE || has_more) throw new Error(`${last} is not the last page of ${count} entries.`);
  return last;
}

async function pageAt(client: HttpClient, path: string): Promise<Page> {
  return JSON.parse((await client.read(path)).text) as Page;
}

async function compare(
  work: string,
  ours: [HttpClient, string],
  theirs: [HttpClient, string],
): Promise<Figure> {
  await latencies(ours, WARM_UP_READS);
  await latencies(theirs, WARM_UP_READS);
  const our: number[] = [];
  const their: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    their.push(...(await latencies(theirs, READS_A_ROUND)));
    our.push(...(await latencies(ours, READS_A_ROUND)));
  }
  return {
    work,
    unit: 'ms p50',
    measured: median(our),
    yardstick: median(their),
    bar: { kind: 'at most', value: RATIO_MAX },
    details: { reads: our.length, p99Ms: percentile(our, 0.99), yardstickP99Ms: percentile(their, 0.99) },
  };
}

async function latencies([client, path]: [HttpClient, string], count: number): Promise<number[]> {
  const taken: number[] = [];
  for (let read = 1; read <= count; read += 1) {
    const before = performance.now();
    await client.read(path);
    taken.push(performance.now() - before);
  }
  return taken;
}
