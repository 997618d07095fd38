import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import kinesalite from 'kinesalite';

const HOST = '127.0.0.1';
const SHARDS = 2;

/** The emulator takes any; real ones must not get near it. The SDK reads these by itself. */
export const EMULATOR_VARIABLES = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'demo',
  AWS_SECRET_ACCESS_KEY: 'demo',
};

/** A record as a reader of the stream finds it. */
export interface KinesisRecord {
  readonly shard: string;
  readonly partitionKey: string;
  /** The event that was put there. */
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly subject: string;
    readonly sequence: string;
    readonly data: { readonly version: number };
  };
}

/** A Kinesis in this process, on a free port. */
export class KinesisEmulator {
  private constructor(
    readonly endpoint: string,
    readonly stream: string,
    private readonly server: Server,
    private readonly client: KinesisClient,
  ) {}

  /** With one stream, of so many shards. */
  static async start(stream: string, shards = SHARDS): Promise<KinesisEmulator> {
    const server = kinesalite({ createStreamMs: 0 });
    server.listen(0, HOST);
    await once(server, 'listening');
    const endpoint = `http://${HOST}:${(server.address() as AddressInfo).port}`;
    const emulator = new KinesisEmulator(endpoint, stream, server, clientOf(endpoint));
    await emulator.makeStream(shards);
    return emulator;
  }

  /** Everything that lies in the stream: shard by shard, in each as it was put there. */
  async records(): Promise<KinesisRecord[]> {
    const { Shards: shards = [] } = await this.client.send(
      new ListShardsCommand({ StreamName: this.stream }),
    );
    const found: KinesisRecord[] = [];
    for (const { ShardId: shard = '' } of shards) found.push(...(await this.recordsOf(shard)));
    return found;
  }

  async stop(): Promise<void> {
    this.client.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async makeStream(ShardCount: number): Promise<void> {
    const StreamName = this.stream;
    await this.client.send(new CreateStreamCommand({ StreamName, ShardCount }));
    for (;;) {
      const { StreamDescriptionSummary: summary } = await this.client.send(
        new DescribeStreamSummaryCommand({ StreamName }),
      );
      if (summary?.StreamStatus === 'ACTIVE') return;
    }
  }

  private async recordsOf(shard: string): Promise<KinesisRecord[]> {
    const { ShardIterator: first } = await this.client.send(
      new GetShardIteratorCommand({
        StreamName: this.stream,
        ShardId: shard,
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    const found: KinesisRecord[] = [];
    for (let iterator = first; iterator !== undefined;) {
      const { Records: records = [], NextShardIterator: next } = await this.client.send(
        new GetRecordsCommand({ ShardIterator: iterator }),
      );
      if (records.length === 0) break;
      for (const { PartitionKey: partitionKey = '', Data: data } of records)
        found.push({ shard, partitionKey, event: JSON.parse(Buffer.from(data ?? []).toString()) });
      iterator = next;
    }
    return found;
  }
}

function clientOf(endpoint: string): KinesisClient {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = EMULATOR_VARIABLES;
  return new KinesisClient({
    endpoint,
    region: AWS_REGION,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
    requestHandler: new NodeHttpHandler(), // The emulator speaks HTTP/1.1 alone.
  });
}
