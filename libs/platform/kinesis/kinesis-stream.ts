import type { KinesisClient, PutRecordsCommandOutput } from '@aws-sdk/client-kinesis';

/** Where records go. */
export interface StreamAddress {
  readonly stream: string;
  /** Null: the one of AWS. */
  readonly endpoint: string | null;
  /** Null: as the SDK finds it. */
  readonly region: string | null;
}

/** What is sent. */
export interface PutRecord {
  readonly key: string;
  readonly data: Uint8Array;
}

/** What became of one record: `later` it may be taken, `refused` it never is. */
export type PutOutcome =
  { readonly kind: 'taken' } | { readonly kind: 'later' | 'refused'; readonly reason: string };

/** A whole call failed; nothing is known to be taken. */
export class PutFailed extends Error {
  constructor(
    /** For people, without secrets. */
    readonly reason: string,
    /** It was refused for what was in it, and not for how things are now. */
    readonly isForContent: boolean,
  ) {
    super(reason);
  }
}

const CONNECT_MS_MAX = 3_000;
const CALL_MS_MAX = 10_000;
const SOCKETS_MAX = 8;

/** What Kinesis says of a call, or of a record, that it will never take. */
const FOR_CONTENT: ReadonlySet<string> = new Set([
  'InvalidArgumentException',
  'ValidationException',
  'SerializationException',
]);
const TAKEN = { kind: 'taken' } as const;

/** A Kinesis stream. The SDK is loaded with the first of them; its own retries are off, because they know nothing of order. */
export class KinesisStream {
  private constructor(
    private readonly client: KinesisClient,
    private readonly name: string,
  ) {}

  static async connect({ stream, endpoint, region }: StreamAddress): Promise<KinesisStream> {
    const { KinesisClient: Client } = await import('@aws-sdk/client-kinesis');
    const { NodeHttpHandler } = await import('@smithy/node-http-handler');
    const client = new Client({
      maxAttempts: 1,
      // HTTP/1.1: what plays Kinesis on a developer's machine refuses the HTTP/2 that the SDK would speak.
      requestHandler: new NodeHttpHandler({
        connectionTimeout: CONNECT_MS_MAX,
        httpAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
        httpsAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
      }),
      ...(region !== null && { region }),
      ...(endpoint !== null && { endpoint }),
    });
    return new KinesisStream(client, stream);
  }

  /** The region that calls are signed for. @throws Error where nothing says it */
  region(): Promise<string> {
    return this.client.config.region();
  }

  /**
   * What became of each, in their order.
   * @throws PutFailed
   */
  async put(records: readonly PutRecord[], signal: AbortSignal): Promise<PutOutcome[]> {
    const { PutRecordsCommand } = await import('@aws-sdk/client-kinesis');
    const command = new PutRecordsCommand({
      StreamName: this.name,
      Records: records.map(({ key, data }) => ({ PartitionKey: key, Data: data })),
    });
    const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(CALL_MS_MAX)]);
    let output: PutRecordsCommandOutput;
    try {
      output = await this.client.send(command, { abortSignal });
    } catch (error) {
      throw failureOf(error);
    }
    if (output.Records?.length !== records.length)
      throw new PutFailed('The answer does not say what became of each record.', false);
    return output.Records.map(({ ErrorCode: code }) => {
      if (code === undefined || code === null) return TAKEN;
      return { kind: FOR_CONTENT.has(code) ? 'refused' : 'later', reason: wordsOf(code) };
    });
  }

  close(): void {
    this.client.destroy();
  }
}

/** Names alone: messages of AWS tell accounts and roles. */
function failureOf(error: unknown): PutFailed {
  const { name, code, $metadata } = error as {
    name?: string;
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  if (name === 'AbortError' || name === 'TimeoutError') return new PutFailed('No answer in time.', false);
  const word = wordsOf(code ?? name ?? 'unknown');
  const said = status === undefined ? word : `${word} (status ${status})`;
  return new PutFailed(said, status === 400 && FOR_CONTENT.has(name ?? ''));
}

const wordsOf = (code: string): string => (/^[\w.-]{1,100}$/.test(code) ? code : 'unknown');
