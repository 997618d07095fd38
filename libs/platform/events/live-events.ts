import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { InvalidInput } from '#shared-kernel';
import { EventsQueries } from '#platform/change-log';
import { CallContext } from '#platform/context';
import type { Caller } from '#platform/context';
import { DatabaseClock } from '#platform/database';
import { EventStream } from '#platform/http';
import { Metrics } from '#platform/observability';
import { ChangedKeys } from './changed-keys.js';
import { EventHubs } from './event-hubs.js';
import { EventPages } from './event-pages.js';
import { Follower } from './follower.js';
import type { Beginning, Followed } from './follower.js';
import { ShownEvents } from './shown-events.js';
import { StreamMarks } from './stream-marks.js';
import type { StreamMark } from './stream-marks.js';
import { formatPositions, parsePositions, readFrom } from './stream-position.js';
import type { StreamPosition } from './stream-position.js';

/** More often than proxies give up a silent connection. */
const BEAT_MS = 15_000;
/** Whoever goes on then shows its credential anew. */
const LIFETIME_MS = 30 * 60 * 1_000;

/** Where a client would begin. */
export interface AskedPlace {
  /** Of the header `Last-Event-ID`. */
  readonly lastHeard?: string | undefined;
  /** Of the URL. */
  readonly after?: string | undefined;
}

/**
 * Streams of what changes. An idle one costs memory and a few bytes now and then; a change costs each process one read,
 * however many follow.
 */
@Injectable()
export class LiveEvents implements OnModuleInit, BeforeApplicationShutdown {
  readonly #followers = new Map<Follower, Caller>();
  #beat: NodeJS.Timeout | null = null;
  #isStopping = false;

  constructor(
    private readonly events: EventsQueries,
    private readonly marks: StreamMarks,
    private readonly pages: EventPages,
    private readonly hubs: EventHubs,
    private readonly shown: ShownEvents,
    private readonly keys: ChangedKeys,
    private readonly clock: DatabaseClock,
    private readonly context: CallContext,
    metrics: Metrics,
  ) {
    metrics.gauge('metastore_event_streams', 'Clients that follow what changes.', () => this.#followers.size);
  }

  onModuleInit(): void {
    this.keys.listen((actor) => this.#keyChanged(actor));
    this.#beat = setInterval(() => this.#beatAll(), BEAT_MS);
    this.#beat.unref();
  }

  beforeApplicationShutdown(): void {
    this.#isStopping = true;
    if (this.#beat) clearInterval(this.#beat);
    for (const { stream } of this.#followers.keys()) stream.end();
  }

  /**
   * Where to begin: after what the client heard last, which counts more than what its URL says, since it comes back with both;
   * else after what the URL says, else null. A place from which the stream is not whole any more is answered with a reset: the
   * client reads anew what it needs, and hears what comes from now on.
   * @throws InvalidInput
   */
  async placeIn(streams: readonly string[], asked: AskedPlace): Promise<Beginning | null> {
    const pointer = asked.lastHeard === undefined ? '/after' : '/Last-Event-ID';
    const text = asked.lastHeard ?? asked.after;
    if (text === undefined) return null;
    const from = parsePositions(text, streams.length, pointer);
    const marks = await this.marks.of(streams);
    if (from.some(({ revision }, index) => revision > (marks[index]?.head ?? 0)))
      throw InvalidInput.at(
        pointer,
        'beyond_head',
        'The stream has not come so far: this is no position in it.',
      );
    const isWhole = from.every((place, index) => readFrom(place) >= (marks[index]?.compacted ?? 0));
    return isWhole ? { from } : resetTo(marks);
  }

  /** Now, in each of these streams. */
  async present(streams: readonly string[]): Promise<Beginning> {
    return { from: headsOf(await this.marks.of(streams)) };
  }

  /** The newest event of an aggregate, and what comes after it. */
  async newest(stream: string, aggregateType: string, id: string): Promise<Beginning> {
    const latest = await this.events.latest(stream, aggregateType, id);
    if (!latest) return this.present([stream]);
    const opening = { type: 'snapshot' as const, ...this.shown.show(latest.event) };
    return { from: [{ revision: latest.head, sub: null }], opening };
  }

  /** Whether anything came after these positions. */
  async hasMissed({ streams, wanted, from }: Followed): Promise<boolean> {
    for (const [index, position] of from.entries()) {
      const { events } = await this.pages.after(streams[index] ?? '', position, wanted);
      if (events.length > 0) return true;
    }
    return false;
  }

  /** Sends what comes after a position, as long as the client stays and its credential holds. */
  async follow(followed: Followed, reply: FastifyReply): Promise<void> {
    const { caller } = this.context.current;
    const stream = EventStream.open(reply, formatPositions(followed.from));
    const follower = new Follower(
      followed,
      { pages: this.pages, hubs: this.hubs, shown: this.shown },
      stream,
    );
    this.#followers.set(follower, caller);
    stream.onClose(() => this.#followers.delete(follower));
    try {
      if (this.#isStopping) stream.end();
      else await follower.catchUp();
    } catch {
      stream.end(); // The head is sent: the client comes back, and hears then what is wrong.
    }
  }

  #beatAll(): void {
    const now = this.clock.nowMs();
    for (const [follower, { expiresAtMs = Infinity }] of this.#followers) {
      if (follower.stream.ageMs > LIFETIME_MS || expiresAtMs <= now) follower.stream.end();
      else follower.beat();
    }
  }

  /** Whoever came with this key comes back, and shows it anew. */
  #keyChanged(actor: string): void {
    for (const [{ stream }, caller] of this.#followers) if (caller.actor === actor) stream.end();
  }
}

const headsOf = (marks: readonly StreamMark[]): StreamPosition[] =>
  marks.map(({ head }) => ({ revision: head, sub: null }));

function resetTo(marks: readonly StreamMark[]): Beginning {
  const from = headsOf(marks);
  const oldest = formatPositions(marks.map(({ compacted }) => ({ revision: compacted, sub: null })));
  const data = { code: 'revision_compacted', oldest, next: formatPositions(from) };
  return { from, opening: { type: 'reset', data: JSON.stringify(data) } };
}
