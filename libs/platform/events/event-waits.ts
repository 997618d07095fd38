import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { RevisionCompacted } from '#platform/change-log';
import type { LoggedEvent } from '#platform/change-log';
import { CallContext } from '#platform/context';
import { DatabaseClock } from '#platform/database';
import { WaitingRoom } from '#platform/http';
import { Metrics } from '#platform/observability';
import { ChangedKeys } from './changed-keys.js';
import type { EventBatch } from './event-batch.js';
import type { Listener } from './event-hub.js';
import { EventHubs } from './event-hubs.js';
import { EventPages } from './event-pages.js';
import type { Selection } from './selection.js';
import { StreamMarks } from './stream-marks.js';
import { formatPositions, isAfter, readFrom } from './stream-position.js';
import type { StreamPosition } from './stream-position.js';

/** A page of one or more streams, and where to go on in each. */
export interface SelectedPage {
  readonly events: readonly LoggedEvent[];
  readonly next: readonly StreamPosition[];
  /** There is more to look through, also where nothing of it fitted up to now. */
  readonly hasMore: boolean;
}

/** What is asked for, after which positions. */
export interface AskedPage extends Selection {
  readonly from: readonly StreamPosition[];
  readonly limit: number;
}

const BEGINNING: StreamPosition = { revision: 0, sub: null };

/** Readers of pages who wait until there is something to read. What comes is read once, and answers all of them. */
@Injectable()
export class EventWaits implements OnModuleInit, BeforeApplicationShutdown {
  readonly #room = new WaitingRoom<never>(() => undefined);
  /** Who waits, by the credential that they came with. */
  readonly #waiters = new Map<string, Set<PageWaiter>>();
  #isStopping = false;

  constructor(
    private readonly pages: EventPages,
    private readonly hubs: EventHubs,
    private readonly marks: StreamMarks,
    private readonly keys: ChangedKeys,
    private readonly clock: DatabaseClock,
    private readonly context: CallContext,
    metrics: Metrics,
  ) {
    metrics.gauge('metastore_events_waiting', 'Readers that wait for an event.', () => this.#room.size);
  }

  /** Whoever came with this key is told nothing more, comes back, and shows it anew. */
  onModuleInit(): void {
    this.keys.listen((actor) => {
      for (const waiter of this.#waiters.get(actor) ?? []) waiter.dismiss();
    });
  }

  /** They are told how far the streams have come. */
  beforeApplicationShutdown(): void {
    this.#isStopping = true;
    this.#room.end();
  }

  /**
   * What came after the positions: at once when there is anything; else as soon as there is, or after so many seconds
   * nothing. Whoever leaves is not waited for.
   */
  async page(asked: AskedPage, seconds: number, reply: ServerResponse): Promise<SelectedPage> {
    let at = asked;
    const { expiresAtMs = Infinity } = this.context.current.caller;
    const secondsGood = Math.floor((expiresAtMs - this.clock.nowMs()) / 1_000);
    const isOver = performance.now() + Math.min(seconds, secondsGood) * 1_000;
    for (let way: 'unread' | 'read' = 'unread'; ;) {
      const secondsLeft = this.#isStopping ? 0 : Math.ceil((isOver - performance.now()) / 1_000);
      const waiter = secondsLeft > 0 ? new PageWaiter(at, this.hubs) : null;
      if (waiter?.join(way)) return this.#wait(waiter, secondsLeft, reply);
      const page = await this.read(at);
      if (page.events.length > 0 || secondsLeft <= 0 || reply.destroyed) return page;
      at = { ...at, from: page.next };
      way = page.hasMore ? 'unread' : 'read';
    }
  }

  /**
   * What came after the positions until now.
   * @throws InvalidInput, RevisionCompacted with a position to go on after
   */
  async read(asked: AskedPage): Promise<SelectedPage> {
    try {
      return await this.#readAll(asked);
    } catch (error) {
      throw error instanceof RevisionCompacted ? await this.#compactedFor(asked, error) : error;
    }
  }

  async #readAll({ streams, wanted, from, limit }: AskedPage): Promise<SelectedPage> {
    const events: LoggedEvent[] = [];
    const next: StreamPosition[] = [];
    let hasMore = false;
    for (const [index, stream] of streams.entries()) {
      const place = from[index] ?? BEGINNING;
      const left = Math.max(0, limit - events.length);
      const page = await this.pages.after(stream, place, wanted, left); // Also for 0: its position is checked.
      events.push(...page.events);
      hasMore ||= page.hasMore;
      next.push(left === 0 ? place : { revision: page.next, sub: null });
    }
    return { events, next, hasMore };
  }

  /** Of the streams that are whole still after its position, the client goes on where it is. */
  async #compactedFor({ streams, from }: AskedPage, error: RevisionCompacted): Promise<RevisionCompacted> {
    if (streams.length === 1) return error;
    const marks = await this.marks.of(streams);
    const oldest = marks.map(({ compacted }, index) => {
      const place = from[index] ?? BEGINNING;
      return readFrom(place) < compacted ? { revision: compacted, sub: null } : place;
    });
    return new RevisionCompacted(error.stream, error.compacted, formatPositions(oldest));
  }

  async #wait(waiter: PageWaiter, seconds: number, reply: ServerResponse): Promise<SelectedPage> {
    const { state, leave } = this.#room.enter(seconds, () => false);
    const { actor } = this.context.current.caller;
    const ofActor = this.#waiters.get(actor) ?? new Set();
    this.#waiters.set(actor, ofActor.add(waiter));
    waiter.onAnswer(leave);
    reply.once('close', leave);
    if (reply.destroyed) leave();
    try {
      await state;
      return waiter.isLost ? await this.read(waiter.asked) : waiter.answer();
    } finally {
      reply.off('close', leave);
      waiter.leave();
      ofActor.delete(waiter);
      if (ofActor.size === 0) this.#waiters.delete(actor);
    }
  }
}

/** One who waits at the hubs of its streams. */
class PageWaiter {
  readonly #joined = new Map<number, Listener>();
  #answer: SelectedPage | null = null;
  #answered: () => void = () => undefined;
  isLost = false;

  constructor(
    readonly asked: AskedPage,
    private readonly hubs: EventHubs,
  ) {}

  /** False when something may have come already, so that it has to be read. */
  join(way: 'unread' | 'read'): boolean {
    const { streams, from } = this.asked;
    for (const [index, stream] of streams.entries()) {
      const listener = this.#listenerOf(index);
      const position = from[index];
      const isIn =
        position?.sub === null &&
        (way === 'unread'
          ? this.hubs.joinUnread(stream, listener, position)
          : this.hubs.join(stream, listener, position));
      if (isIn) this.#joined.set(index, listener);
      else {
        this.leave();
        return false;
      }
    }
    return true;
  }

  leave(): void {
    for (const [index, listener] of this.#joined) this.hubs.leave(this.asked.streams[index] ?? '', listener);
    this.#joined.clear();
  }

  onAnswer(act: () => void): void {
    this.#answered = act;
  }

  /** It hears nothing more, and is where it was. */
  dismiss(): void {
    this.#answer ??= { events: [], next: this.asked.from, hasMore: false };
    this.#answered();
  }

  /** What came; nothing when the time was over before. */
  answer(): SelectedPage {
    return this.#answer ?? { events: [], next: this.#places(), hasMore: false };
  }

  #listenerOf(index: number): Listener {
    return {
      wanted: this.asked.wanted,
      hears: (batch) => this.#hear(index, batch),
      lost: () => {
        this.isLost = true;
        this.#answered();
      },
    };
  }

  #hear(index: number, batch: EventBatch): void {
    const place = this.asked.from[index] ?? BEGINNING;
    const news = batch.fitting(this.asked.wanted).events.filter((event) => isAfter(event, place));
    if (this.#answer || news.length === 0) return;
    const events = wholeTransactions(news, this.asked.limit);
    const end = events.length < news.length ? events.at(-1)?.revision : batch.next;
    this.#answer = {
      events,
      next: this.#places().map((each, at) =>
        at === index ? { revision: end ?? each.revision, sub: null } : each,
      ),
      hasMore: end !== undefined,
    };
    this.#answered();
  }

  /** How far each stream was looked at, and nothing of it was wanted. */
  #places(): StreamPosition[] {
    return this.asked.from.map((place, index) => {
      const told = this.hubs.told(this.asked.streams[index] ?? '');
      return told > place.revision ? { revision: told, sub: null } : place;
    });
  }
}

/** As many as wanted, and what else belongs to the last one's transaction. */
function wholeTransactions(events: readonly LoggedEvent[], limit: number): readonly LoggedEvent[] {
  const last = events[limit - 1];
  return last ? events.filter(({ revision }) => revision <= last.revision) : events;
}
