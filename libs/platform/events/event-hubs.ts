import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { ChangeBus, ChangeFeed, EventsQueries } from '#platform/change-log';
import { CallContext } from '#platform/context';
import { EventHub, PAGE_EVENTS } from './event-hub.js';
import type { Listener } from './event-hub.js';
import { ShownEvents } from './shown-events.js';
import { readFrom } from './stream-position.js';
import type { StreamPosition } from './stream-position.js';

/** The streams that somebody follows here: one hub each, however many follow and whatever they want of it. */
@Injectable()
export class EventHubs implements OnModuleInit {
  readonly #hubs = new Map<string, EventHub>();

  constructor(
    private readonly events: EventsQueries,
    private readonly shown: ShownEvents,
    private readonly feed: ChangeFeed,
    private readonly bus: ChangeBus,
    private readonly context: CallContext,
  ) {}

  onModuleInit(): void {
    this.bus.listenToStreams(({ tenant, aggregateTypes }) => {
      const hub = this.#hubs.get(tenant);
      for (const aggregateType of hub ? aggregateTypes : []) hub?.changed(aggregateType);
    });
  }

  /** Lets somebody hear what comes after a position, up to which it has read by itself; false when it has to read once more. */
  join(stream: string, listener: Listener, position: StreamPosition): boolean {
    const hub = this.#hubs.get(stream) ?? this.#open(stream);
    return hub.join(listener, readFrom(position)); // The first is always taken in, so that none stays empty.
  }

  /** Likewise for who has read nothing: false when something may have come after its position already. */
  joinUnread(stream: string, listener: Listener, position: StreamPosition): boolean {
    if (!this.#hubs.has(stream) && !this.#isCurrent(stream, position)) return false;
    return this.join(stream, listener, position);
  }

  leave(stream: string, listener: Listener): void {
    const hub = this.#hubs.get(stream);
    hub?.leave(listener);
    if (hub?.size === 0) this.#hubs.delete(stream);
  }

  /** Everything up to here was told to those who follow: what came since then is nothing that they want. */
  told(stream: string): number {
    const hub = this.#hubs.get(stream);
    hub?.advance(this.feed.reached(stream));
    return hub?.position ?? 0;
  }

  #isCurrent(stream: string, { revision, sub }: StreamPosition): boolean {
    return sub === null && revision === this.feed.reached(stream);
  }

  #open(stream: string): EventHub {
    const hub = new EventHub({
      page: (after, aggregateTypes) =>
        this.context.runAsSystem('event-streams', () =>
          this.events.page(stream, after, aggregateTypes ? { aggregateTypes } : {}, PAGE_EVENTS),
        ),
      show: (event) => this.shown.show(event),
    });
    this.#hubs.set(stream, hub);
    return hub;
  }
}
