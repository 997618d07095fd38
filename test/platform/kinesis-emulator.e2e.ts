import { KinesisEmulator } from '../../demo/kinesis-emulator.js';
import { eventually, TestApi } from '../api.js';
import { aTenant, ENTRIES } from '../metadata/entries.js';

const STREAM = 'events';
const SHARDS = 3;

it('what a reader of the shards gets is every event once, in order per key', async () => {
  const emulator = await KinesisEmulator.start(STREAM, SHARDS);
  const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) process.env[name] = 'test';
  const api = await TestApi.start({ env: { KINESIS_STREAM: STREAM, KINESIS_ENDPOINT: emulator.endpoint } });
  try {
    const tenant = aTenant();
    const change = async (n: number): Promise<void> => {
      const { status } = await api.put(`${ENTRIES}/key/k-${n % 10}?tenant_id=${tenant}`, { value: n });
      expect([200, 201]).toContain(status);
    };
    for (let n = 0; n < 100; n += 10)
      await Promise.all(Array.from({ length: 10 }, (_, key) => change(n + key)));
    const { body } = await api.get(`/api/v1/events?tenant_id=${tenant}&limit=1000`);
    const own = async (): Promise<any[]> => {
      const records = await emulator.records();
      for (const { partitionKey, event } of records as any[]) expect(partitionKey).toBe(event.partitionkey);
      return records.map(({ event }): any => event).filter(({ source }) => source === `/metastore/${tenant}`);
    };
    const read = await eventually(own, ({ length }) => length >= 100);
    for (const key of new Set(read.map(({ partitionkey }) => partitionkey as string))) {
      const of = (events: any[]): any[] => events.filter(({ partitionkey }) => partitionkey === key);
      expect(of(read)).toEqual(of(body.items));
    }
    expect(read).toHaveLength(100);
  } finally {
    await api.stop();
    await emulator.stop();
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});
