import { createDatabase } from './database.js';
import { makeFolder } from './folder.js';
import { HttpClient } from './http-client.js';
import type { Bench, Figure } from './row.js';
import { Service } from './service.js';
import { median, percentile } from './statistics.js';

const CHANGES = 300;
const P99_MS_MAX = 100;
const VISIBLE_MS_MAX = 10_000;

/** One thing that is changed on a replica and looked at on another one. */
export interface Propagated {
  change(here: HttpClient, value: number): Promise<unknown>;
  /** What the other replica shows at this moment. */
  look(there: HttpClient): Promise<unknown>;
}

/** How long a change on one replica takes until another one shows it: from its sending, and from its answer. */
export async function measurePropagation(
  { server, scope }: Bench,
  work: string,
  prepare: (here: HttpClient) => Promise<Propagated>,
): Promise<Figure[]> {
  const databaseUrl = await createDatabase(scope, server);
  const dataDir = await makeFolder(scope);
  const here = new HttpClient((await Service.start(scope, { dataDir, databaseUrl })).url);
  const there = new HttpClient((await Service.start(scope, { dataDir, databaseUrl })).url);
  scope.defer(async () => [here, there].forEach((client) => client.close()));
  const propagated = await prepare(here);
  const sinceSent: number[] = [];
  const sinceAcknowledged: number[] = [];
  for (let value = 1; value <= CHANGES; value += 1) {
    const sentAt = performance.now();
    await propagated.change(here, value);
    const acknowledgedAt = performance.now();
    const seenAt = await seen(() => propagated.look(there), value);
    sinceSent.push(seenAt - sentAt);
    sinceAcknowledged.push(seenAt - acknowledgedAt);
  }
  return [
    {
      work: `${work}, p99`,
      unit: 'ms',
      measured: percentile(sinceSent, 0.99),
      yardstick: null,
      bar: { kind: 'at most', value: P99_MS_MAX },
      details: {
        changes: CHANGES,
        sinceSentMs: { p50: median(sinceSent), max: Math.max(...sinceSent) },
        sinceAcknowledgedMs: { p50: median(sinceAcknowledged), p99: percentile(sinceAcknowledged, 0.99) },
      },
    },
  ];
}

async function seen(look: () => Promise<unknown>, value: number): Promise<number> {
  const until = performance.now() + VISIBLE_MS_MAX;
  while (performance.now() < until) if ((await look()) === value) return performance.now();
  throw new Error(`The other replica did not show the change within ${VISIBLE_MS_MAX} ms.`);
}
