import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { InvalidInput } from '#shared-kernel';
import { ChangeBus, EventsQueries, fitsFilter } from '#platform/change-log';
import type { LoggedEvent } from '#platform/change-log';
import { CallContext } from '#platform/context';
import { EventStream, stringifyExact } from '#platform/http';
import { Metrics } from '#platform/observability';
import { toCloudEvent } from './cloud-event.js';
import { EventHub, PAGE_EVENTS } from './event-hub.js';
import { EventPresenters } from './event-presenters.js';
import { Follower } from './follower.js';
import type { Beginning, Followed, Reader, ShownEvent } from './follower.js';
import { formatPositions, isAfter, parsePositions, readFrom } from './stream-position.js';
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

/** A hub hears one kind of aggregate of one tenant, or all kinds. */
interface Heard {
  readonly tenant: string;
  readonly types: ReadonlySet<string> | null;
  readonly hub: EventHub;
}

/**
 * Streams of what changes. An idle one costs memory and a few bytes now and then; a change costs each process one read,
 * however many follow.
 */
@Injectable()
export class LiveEvents implements OnModuleInit, BeforeApplicationShutdown {
  readonly #heard = new Map<string, Heard>();
  readonly #followers = new Set<Follower>();
  readonly #shown = new WeakMap<LoggedEvent, ShownEvent>();
  #beat: NodeJS.Timeout | null = null;
  #isStopping = false;

  constructor(
    private readonly events: EventsQueries,
    private readonly presenters: EventPresenters,
    private readonly bus: ChangeBus,
    private readonly context: CallContext,
    metrics: Metrics,
  ) {
    metrics.gauge('metastore_event_streams', 'Clients that follow what changes.', () => this.#followers.size);
  }

  onModuleInit(): void {
    this.bus.listen((changes) => {
      for (const { tenant, types, hub } of this.#heard.values())
        if (changes.some((each) => each.tenant === tenant && (types?.has(each.aggregateType) ?? true)))
          hub.look();
    });
    this.#beat = setInterval(() => this.#beatAll(), BEAT_MS);
    this.#beat.unref();
  }

  beforeApplicationShutdown(): void {
    this.#isStopping = true;
    if (this.#beat) clearInterval(this.#beat);
    for (const { stream } of this.#followers) stream.end();
  }

  /**
   * Where to begin: after what the client heard last, which counts more than what its URL says, since it comes back with both;
   * else after what the URL says, else now (null).
   * @throws InvalidInput
   */
  async placeIn(streams: readonly string[], asked: AskedPlace): Promise<readonly StreamPosition[] | null> {
    const pointer = asked.lastHeard === undefined ? '/after' : '/Last-Event-ID';
    const text = asked.lastHeard ?? asked.after;
    if (text === undefined) return null;
    const places = parsePositions(text, streams.length, pointer);
    const heads = await this.events.heads(streams);
    if (places.some(({ revision }, index) => revision > (heads[index] ?? 0)))
      throw InvalidInput.at(
        pointer,
        'beyond_head',
        'The stream has not come so far: this is no position in it.',
      );
    return places;
  }

  /** Now, in each of these streams. */
  async present(streams: readonly string[]): Promise<readonly StreamPosition[]> {
    return (await this.events.heads(streams)).map((revision) => ({ revision, sub: null }));
  }

  /** What an event says to those who follow. */
  show(event: LoggedEvent): ShownEvent {
    const known = this.#shown.get(event);
    if (known) return known;
    const shown = toCloudEvent(event, this.presenters.present(event.aggregateType, event.snapshot));
    const made = { event: shown, data: stringifyExact(shown) };
    this.#shown.set(event, made);
    return made;
  }

  /** The newest event of an aggregate, and what comes after it. */
  async newest(stream: string, aggregateType: string, id: string): Promise<Beginning> {
    const latest = await this.events.latest(stream, aggregateType, id);
    if (!latest) return { from: await this.present([stream]) };
    return { from: [{ revision: latest.head, sub: null }], snapshot: this.show(latest.event) };
  }

  /** Whether anything came after these positions. */
  async hasMissed({ streams, filter, from }: Followed): Promise<boolean> {
    for (const [index, position] of from.entries()) {
      const page = await this.events.page(streams[index] ?? '', readFrom(position), filter, PAGE_EVENTS);
      if (page.events.some((event) => isAfter(event, position))) return true;
    }
    return false;
  }

  /** Sends what comes after a position, as long as the client stays. */
  async follow(followed: Followed, reply: FastifyReply): Promise<void> {
    const stream = EventStream.open(reply, formatPositions(followed.from));
    const follower = new Follower(followed, this.#readerFor(followed), stream);
    this.#followers.add(follower);
    stream.onClose(() => this.#forget(follower));
    try {
      if (this.#isStopping) stream.end();
      else await follower.catchUp();
    } catch {
      stream.end(); // The head is sent: the client comes back, and hears then what is wrong.
    }
  }

  #readerFor({ filter }: Followed): Reader {
    const types = filter.aggregateTypes ?? null;
    return {
      page: (stream, after) => this.events.page(stream, after, filter, PAGE_EVENTS),
      hub: (stream) => this.#hubOf(stream, types),
      show: (event) => this.show(event),
      fits: (event) => fitsFilter(event, filter),
    };
  }

  #hubOf(tenant: string, types: readonly string[] | null): EventHub {
    const key = JSON.stringify([tenant, types && [...types].sort()]);
    const known = this.#heard.get(key);
    if (known) return known.hub;
    const filter = types === null ? {} : { aggregateTypes: types };
    const hub = new EventHub((after) =>
      this.context.runAsSystem('event-streams', () => this.events.page(tenant, after, filter, PAGE_EVENTS)),
    );
    this.#heard.set(key, { tenant, types: types && new Set(types), hub });
    return hub;
  }

  #beatAll(): void {
    for (const { hub } of this.#heard.values()) hub.look();
    for (const follower of this.#followers) {
      if (follower.stream.ageMs > LIFETIME_MS) follower.stream.end();
      else follower.beat();
    }
  }

  #forget(follower: Follower): void {
    follower.leave();
    this.#followers.delete(follower);
    for (const [key, { hub }] of this.#heard) if (hub.size === 0) this.#heard.delete(key);
  }
}
