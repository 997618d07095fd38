import { Injectable, Logger, Module } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { LoggedEvent } from '#platform/change-log';
import { AppSettings, environmentVariable, SettingsInvalid } from '#platform/config';
import { CallContext } from '#platform/context';
import { EventPresenters, toCloudEvent } from '#platform/events';
import { stringifyExact } from '#platform/http';
import { Sinks } from '#platform/sinks';
import type { HeldSink, SinkKind, SinkRun } from '#platform/sinks';
import { KinesisRun } from './kinesis-run.js';
import { KinesisStream, PutFailed } from './kinesis-stream.js';
import { LogSlices } from './log-slices.js';

/** The kind, and the one sink of it. */
const NAME = 'kinesis';
/** What plays Kinesis on a developer's machine does not mind which. */
const REGION_OF_EMULATORS = 'us-east-1';

/** Sends everything to a Kinesis stream, where one is set. */
@Injectable()
export class KinesisSink implements SinkKind, OnApplicationBootstrap, OnApplicationShutdown {
  readonly kind = NAME;
  readonly #logger = new Logger(KinesisSink.name);
  #stream: KinesisStream | null = null;

  constructor(
    private readonly settings: AppSettings,
    private readonly sinks: Sinks,
    private readonly slices: LogSlices,
    private readonly presenters: EventPresenters,
    private readonly context: CallContext,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { kinesisStream: stream, kinesisEndpoint: endpoint } = this.settings;
    if (stream === null) return;
    this.#stream = await KinesisStream.connect({ stream, endpoint, region: regionFor(endpoint) });
    const region = await this.#stream.region().catch(() => {
      throw new SettingsInvalid('AWS_REGION must be set: KINESIS_STREAM is, and nothing says where it is.');
    });
    this.#logger.log(`Every change goes to the Kinesis stream ${stream} in ${region}.`);
    this.sinks.register(this);
    const sink = { name: NAME, kind: NAME, tenant: null, streams: 'all' } as const;
    await this.context.runAsSystem(NAME, () => this.sinks.declare(sink, 'beginning'));
  }

  onApplicationShutdown(): void {
    this.#stream?.close();
  }

  begin(sink: HeldSink): SinkRun {
    const stream = this.#connected();
    return new KinesisRun(sink, { stream, slices: this.slices, encode: (event) => this.#encode(event) });
  }

  /** @throws Error for an event that cannot be put into words */
  async redeliver(event: LoggedEvent): Promise<string | null> {
    const record = { key: event.aggregateId, data: this.#encode(event) };
    try {
      const [outcome] = await this.#connected().put([record], AbortSignal.any([]));
      return outcome?.kind === 'taken' ? null : (outcome?.reason ?? 'unknown');
    } catch (error) {
      if (error instanceof PutFailed) return error.reason;
      throw error;
    }
  }

  #connected(): KinesisStream {
    if (!this.#stream) throw new Error('There is no Kinesis stream.');
    return this.#stream;
  }

  #encode(event: LoggedEvent): Uint8Array {
    const state = this.presenters.present(event.aggregateType, event.snapshot);
    return Buffer.from(stringifyExact(toCloudEvent(event, state)));
  }
}

/** The SDK reads `AWS_REGION` and its own files; an endpoint that is set needs neither. */
function regionFor(endpoint: string | null): string | null {
  const named = environmentVariable('AWS_REGION') ?? environmentVariable('AWS_DEFAULT_REGION');
  if (named !== null && named.trim() !== '') return named.trim();
  return endpoint === null ? null : REGION_OF_EMULATORS;
}

/** The change log on its way to Kinesis. */
@Module({ providers: [LogSlices, KinesisSink] })
export class KinesisModule {}
