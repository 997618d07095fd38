import { createDatabase } from '../database.js';
import { makeFolder } from '../folder.js';
import { HttpClient } from '../http-client.js';
import type { Bench, Figure, Row } from '../row.js';
import { Service } from '../service.js';
import { median, percentile } from '../statistics.js';

const CHANGES = 300;
const P99_MS_MAX = 100;
const VISIBLE_MS_MAX = 10_000;
const FLAGS = '/api/v1/feature-flags';
const NAME = 'replicated';

/** How long a change of a flag on one replica takes until the other one evaluates it. */
export const flagReplicas: Row = {
  name: 'flag-replicas',
  async run({ server, scope }: Bench): Promise<Figure[]> {
    const databaseUrl = await createDatabase(scope, server);
    const dataDir = await makeFolder(scope);
    const here = new HttpClient((await Service.start(scope, { dataDir, databaseUrl })).url);
    const there = new HttpClient((await Service.start(scope, { dataDir, databaseUrl })).url);
    scope.defer(async () => [here, there].forEach((client) => client.close()));
    const created = await here.write('POST', FLAGS, { name: NAME, enabled: true, default_value: 0 });
    const path = `${FLAGS}/${(JSON.parse(created.text) as { id: string }).id}`;
    await seen(there, 0);
    const sinceSent: number[] = [];
    const sinceAcknowledged: number[] = [];
    for (let value = 1; value <= CHANGES; value += 1) {
      const sentAt = performance.now();
      await here.write('PUT', path, { default_value: value, rollout_value: value });
      const acknowledgedAt = performance.now();
      const seenAt = await seen(there, value);
      sinceSent.push(seenAt - sentAt);
      sinceAcknowledged.push(seenAt - acknowledgedAt);
    }
    return [
      {
        work: 'flag change on A until evaluated on B, p99',
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
  },
};

async function seen(client: HttpClient, value: number): Promise<number> {
  const until = performance.now() + VISIBLE_MS_MAX;
  const question = { flags: [NAME], context: {} };
  while (performance.now() < until) {
    const { text } = await client.write('POST', `${FLAGS}/evaluate/bulk`, question);
    if ((JSON.parse(text) as Answer).values[NAME] === value) return performance.now();
  }
  throw new Error(`The other replica did not evaluate the change within ${VISIBLE_MS_MAX} ms.`);
}

interface Answer {
  readonly values: Readonly<Record<string, unknown>>;
}
