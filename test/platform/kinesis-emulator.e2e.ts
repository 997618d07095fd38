import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { eventually, TestApi } from '../api.js';
import { aTenant, ENTRIES } from '../metadata/entries.js';

const kinesalite = createRequire(import.meta.url)('kinesalite') as (options: object) => Server;
const STREAM = 'events';
const SHARDS = 3;

/** Every record of every shard, shard by shard and each in its order. */
async function readAll(client: KinesisClient): Promise<any[]> {
  const { StreamDescription: stream } = await client.send(new DescribeStreamCommand({ StreamName: STREAM }));
  const events: any[] = [];
  for (const { ShardId } of stream?.Shards ?? []) {
    const from = { StreamName: STREAM, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    const { ShardIterator } = await client.send(new GetShardIteratorCommand(from));
    const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
    for (const { Data, PartitionKey } of Records) {
      const event = JSON.parse(Buffer.from(Data ?? []).toString());
      expect(PartitionKey).toBe(event.partitionkey);
      events.push(event);
    }
  }
  return events;
}

it('what a reader of the shards gets is every event once, in order per key', async () => {
  const server = kinesalite({ createStreamMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) process.env[name] = 'test';
  const client = new KinesisClient({ endpoint, region: 'us-east-1', requestHandler: new NodeHttpHandler() });
  await client.send(new CreateStreamCommand({ StreamName: STREAM, ShardCount: SHARDS }));
  const isActive = async () =>
    (await client.send(new DescribeStreamCommand({ StreamName: STREAM }))).StreamDescription?.StreamStatus;
  await eventually(isActive, (status) => status === 'ACTIVE');
  const api = await TestApi.start({ env: { KINESIS_STREAM: STREAM, KINESIS_ENDPOINT: endpoint } });
  try {
    const tenant = aTenant();
    const change = async (n: number): Promise<void> => {
      const { status } = await api.put(`${ENTRIES}/key/k-${n % 10}?tenant_id=${tenant}`, { value: n });
      expect([200, 201]).toContain(status);
    };
    for (let n = 0; n < 100; n += 10)
      await Promise.all(Array.from({ length: 10 }, (_, key) => change(n + key)));
    const { body } = await api.get(`/api/v1/events?tenant_id=${tenant}&limit=1000`);
    const own = async () => (await readAll(client)).filter(({ source }) => source === `/metastore/${tenant}`);
    const read = await eventually(own, ({ length }) => length >= 100);
    for (const key of new Set(read.map(({ partitionkey }) => partitionkey as string))) {
      const of = (events: any[]): any[] => events.filter(({ partitionkey }) => partitionkey === key);
      expect(of(read)).toEqual(of(body.items));
    }
    expect(read).toHaveLength(100);
  } finally {
    await api.stop();
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});
