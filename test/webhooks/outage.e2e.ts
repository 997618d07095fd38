import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually, TestApi } from '../api.js';
import { Line } from '../platform/line.js';
import { createTestDatabase } from '../test-database.js';
import { aTenant, anEntry, aWebhook, change } from './made.js';
import { ok, Receiver, TELLING_ENV } from './receiver.js';

const FILTER = { aggregate_types: ['metadata.entry'] };
/** So that the lease is over, whichever clock is looked at. */
const AWAY_MS = 6_000;
const WRITTEN_BEFORE = 3;
const WRITTEN_AFTER = 3;

it('loses nothing and keeps the order when the database is away in the middle of it', async () => {
  const database = await createTestDatabase();
  const line = new Line(new URL(database.url));
  const url = new URL(database.url);
  url.host = `127.0.0.1:${await line.start()}`;
  const beside = { database: { ...database, url: url.href } } as unknown as TestApi;
  const api = await TestApi.start({ beside, env: TELLING_ENV });
  const held: ServerResponse[] = [];
  let isHolding = true;
  const receiver = await Receiver.start((reply) => void (isHolding ? held.push(reply) : ok(reply)));
  const tenant = aTenant();
  await aWebhook(api, receiver.url, { tenant_id: tenant, ...FILTER });
  const entries = await Promise.all(['a', 'b', 'c'].map((key) => anEntry(api, tenant, key)));
  await receiver.until(1);
  await Promise.all(entries.map(({ id }) => change(api, id, WRITTEN_BEFORE)));
  line.cut();
  isHolding = false;
  for (const reply of held) ok(reply); // It was taken, and that cannot be noted.
  await pause(AWAY_MS);
  line.mend();
  const isBack = async (): Promise<boolean> => (await api.get('/health/ready')).status === 200;
  await eventually(isBack, (is) => is);
  await Promise.all(entries.map(({ id }) => change(api, id, WRITTEN_AFTER)));
  await eventually(
    async () => receiver.events.length,
    (count) => count === entries.length * (1 + WRITTEN_BEFORE + WRITTEN_AFTER),
  );
  for (const { id } of entries) {
    const versions = receiver.events.filter(({ data }) => data.id === id).map(({ data }) => data.version);
    expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7]);
  }
  const sink = await eventually(
    async () => (await api.get('/api/v1/admin/sinks')).body.items[0],
    ({ pending, lag_revisions: lag }) => pending === 0 && lag === 0,
  );
  expect(sink.held_by).toEqual(expect.any(String));
  await api.stop();
  await Promise.all([receiver.stop(), line.stop()]);
  await database.drop();
});
