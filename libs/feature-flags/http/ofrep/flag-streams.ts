import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { FlagSet } from '#flag-evaluator';
import { DatabaseClock } from '#platform/database';
import { Metrics } from '#platform/observability';
import { LiveFlagSets } from '../../application/live-flag-sets.js';
import type { FlagSetSwap } from '../../application/live-flag-sets.js';
import { StreamChannel } from './stream-channel.js';
import type { StreamScope } from './stream-token.js';

/** More often than the platform, and most proxies, give up a silent connection. */
const BEAT_MS = 20_000;

interface Channel {
  readonly tenant: string | null;
  readonly streams: StreamChannel;
}

/** Tells clients that wait for it when to ask again. An idle stream costs its memory and a few bytes now and then. */
@Injectable()
export class FlagStreams implements OnModuleInit, BeforeApplicationShutdown {
  readonly #channels = new Map<string, Channel>();
  #beat: NodeJS.Timeout | null = null;
  #isStopping = false;

  constructor(
    private readonly sets: LiveFlagSets,
    private readonly clock: DatabaseClock,
    metrics: Metrics,
  ) {
    metrics.gauge('metastore_flag_streams', 'Clients that wait to hear when flags change.', () =>
      [...this.#channels.values()].reduce((sum, { streams }) => sum + streams.size, 0),
    );
  }

  onModuleInit(): void {
    this.sets.onSwap((swap) => this.#swapped(swap));
    this.#beat = setInterval(() => {
      for (const { streams } of this.#channels.values()) streams.beat();
    }, BEAT_MS);
    this.#beat.unref();
  }

  /** What a stream tells of has to be in memory before it is opened. @throws DatabaseUnavailable */
  async prepare({ tenant }: StreamScope): Promise<void> {
    if (this.sets.of(tenant) === undefined) await this.sets.load(tenant);
  }

  /** Takes over a response whose head is sent. */
  open(scope: StreamScope, stream: ServerResponse, lastHeard: string | undefined): void {
    const { streams } = this.#channelOf(scope) ?? {};
    if (this.#isStopping || streams === undefined) {
      stream.end();
      return;
    }
    streams.add(stream, lastHeard);
    stream.once('close', () => {
      streams.remove(stream);
      if (streams.size === 0) this.#forget(scope, streams);
    });
  }

  beforeApplicationShutdown(): void {
    this.#isStopping = true;
    if (this.#beat) clearInterval(this.#beat);
    for (const { streams } of this.#channels.values()) streams.end();
    this.#channels.clear();
  }

  /** Undefined when the set is not in memory any more: the client comes back, and it is. */
  #channelOf(scope: StreamScope): Channel | undefined {
    const key = keyOf(scope);
    const known = this.#channels.get(key);
    if (known) return known;
    const { tenant, sight } = scope;
    const set = this.sets.of(tenant);
    if (set === undefined) return undefined;
    const streams = new StreamChannel(sight, set, this.sets.stateOf(tenant) ?? '', this.clock);
    const channel = { tenant, streams };
    this.#channels.set(key, channel);
    return channel;
  }

  #forget(scope: StreamScope, streams: StreamChannel): void {
    streams.close();
    const key = keyOf(scope);
    if (this.#channels.get(key)?.streams === streams) this.#channels.delete(key);
  }

  #swapped(swap: FlagSetSwap): void {
    for (const { tenant, streams } of this.#channels.values()) {
      if (swap.tenant !== null && swap.tenant !== tenant) continue;
      const told = (after: FlagSet): void => streams.changed(after, this.sets.stateOf(tenant) ?? '', swap);
      const after = this.sets.of(tenant);
      if (after) told(after);
      else void this.sets.load(tenant).then(told, () => streams.end()); // They come back, and hear that they missed something.
    }
  }
}

/** In one environment as in another: an answer tells the version of a flag, which any change moves. */
const keyOf = ({ tenant, sight }: StreamScope): string => `${sight} ${tenant ?? ''}`;
