import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a call is answered with: an error code for each record, null for one that is taken; or what becomes of the call as a whole. */
export type Verdict =
  | { readonly codes: readonly (string | null)[] }
  | { readonly status: number; readonly type: string }
  | 'reset'
  | 'hang';

/** One record that was taken. */
export interface Taken {
  readonly key: string;
  readonly event: any;
}

interface SentRecord {
  readonly PartitionKey: string;
  readonly Data: string;
}

/** What speaks as much of Kinesis as PutRecords, and fails as it is told to. */
export class FakeKinesis {
  readonly taken: Taken[] = [];
  /** Of each call: its keys and its bytes. */
  readonly calls: { readonly keys: readonly string[]; readonly bytes: number }[] = [];
  judge: (records: readonly Taken[]) => Verdict = (records) => ({ codes: records.map(() => null) });
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What was taken of one key, each event once, in the order in which it was taken first. */
  firstsOf(key: string): any[] {
    const ids = new Set<string>();
    const own = this.taken.filter((taken) => taken.key === key).map(({ event }) => event);
    return own.filter(({ id }) => !ids.has(id) && ids.add(id));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = (JSON.parse(Buffer.concat(chunks).toString()) as { Records: SentRecord[] }).Records;
    const records = sent.map(({ PartitionKey: key, Data }) => {
      return { key, event: JSON.parse(Buffer.from(Data, 'base64').toString()) };
    });
    const bytes = sent.reduce((sum, { PartitionKey, Data }) => {
      return sum + PartitionKey.length + Buffer.from(Data, 'base64').byteLength;
    }, 0);
    this.calls.push({ keys: records.map(({ key }) => key), bytes });
    const verdict = this.judge(records);
    if (verdict === 'hang') return;
    if (verdict === 'reset') {
      request.socket.destroy();
      return;
    }
    const headers = { 'Content-Type': 'application/x-amz-json-1.1' };
    if ('status' in verdict) {
      response
        .writeHead(verdict.status, headers)
        .end(JSON.stringify({ __type: verdict.type, message: 'no' }));
      return;
    }
    const said = verdict.codes.map((code, index) => {
      if (code !== null) return { ErrorCode: code, ErrorMessage: 'no' };
      this.taken.push(...records.slice(index, index + 1));
      return { SequenceNumber: String(this.taken.length), ShardId: 'shardId-000000000000' };
    });
    const failed = verdict.codes.filter((code) => code !== null).length;
    response.writeHead(200, headers).end(JSON.stringify({ FailedRecordCount: failed, Records: said }));
  }
}
