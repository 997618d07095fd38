import type { LoggedEvent } from '#platform/change-log';
import type { EventStream, StreamedEvent } from '#platform/http';
import { placeAfter } from './event-batch.js';
import type { EventBatch } from './event-batch.js';
import type { EventResponse } from './event.dto.js';
import type { Listener } from './event-hub.js';
import type { EventHubs } from './event-hubs.js';
import type { EventPages } from './event-pages.js';
import type { Selection } from './selection.js';
import type { ShownEvent, ShownEvents } from './shown-events.js';
import { formatPositions, isAfter } from './stream-position.js';
import type { StreamPosition } from './stream-position.js';

/** Of what was missed so much is sent before the client has taken it in: a long page is no reason to cut it off. */
const AT_ONCE = 10;

/** What a client is told before anything else. */
export interface Opening {
  readonly type: 'snapshot' | 'reset';
  /** JSON. */
  readonly data: string;
  /** The change that a snapshot shows. */
  readonly event?: EventResponse;
}

/** Where somebody begins. */
export interface Beginning {
  /** In each of the streams that are followed. */
  readonly from: readonly StreamPosition[];
  /** What everything else comes after. */
  readonly opening?: Opening;
}

/** What somebody follows. */
export interface Followed extends Beginning, Selection {
  /** Whether nothing comes after this event: the stream is then ended. */
  readonly ends?: (event: EventResponse) => boolean;
}

/** What a follower reads, hears and shows with. */
export interface Sources {
  readonly pages: EventPages;
  readonly hubs: EventHubs;
  readonly shown: ShownEvents;
}

/** One who follows streams: first it reads what it missed, by itself, and then it hears what comes. */
export class Follower {
  readonly #positions: StreamPosition[];
  /** By the number of the stream, once it is heard. */
  readonly #heard = new Map<number, Listener>();
  #told: string;

  constructor(
    private readonly followed: Followed,
    private readonly sources: Sources,
    readonly stream: EventStream,
  ) {
    this.#positions = [...followed.from];
    this.#told = formatPositions(this.#positions);
    stream.onClose(() => this.leave());
  }

  async catchUp(): Promise<void> {
    const { opening, ends } = this.followed;
    if (opening) {
      this.stream.send([{ id: this.#told, type: opening.type, data: opening.data }]);
      if (opening.event && ends?.(opening.event)) this.stream.end();
    }
    for (const [index, name] of this.followed.streams.entries()) await this.#hearFrom(index, name);
  }

  /** Moves what the client goes on after, also when nothing came that it asked for. */
  beat(): void {
    if (this.stream.isBusy) return;
    for (const index of this.#heard.keys())
      this.#moveTo(index, this.sources.hubs.told(this.followed.streams[index] ?? ''));
    const position = formatPositions(this.#positions);
    if (position === this.#told) this.stream.beat();
    else {
      this.stream.send([{ id: position, type: 'bookmark', data: JSON.stringify({ next: position }) }]);
      this.#told = position;
    }
  }

  leave(): void {
    for (const [index, listener] of this.#heard)
      this.sources.hubs.leave(this.followed.streams[index] ?? '', listener);
    this.#heard.clear();
  }

  async #hearFrom(index: number, name: string): Promise<void> {
    const { hubs } = this.sources;
    const listener = this.#listenerOf(index);
    let isHeard = this.stream.isOpen && hubs.joinUnread(name, listener, this.#position(index));
    while (this.stream.isOpen && !isHeard) {
      await this.#readOn(index, name);
      isHeard = this.stream.isOpen && hubs.join(name, listener, this.#position(index));
    }
    if (isHeard) this.#heard.set(index, listener); // From here on its place is that of the hub.
  }

  #listenerOf(index: number): Listener {
    return {
      wanted: this.followed.wanted,
      hears: (batch) => this.#hear(index, batch),
      lost: () => this.stream.end(), // It comes back, and is told then what is wrong.
    };
  }

  async #readOn(index: number, name: string): Promise<void> {
    for (let hasMore = true; hasMore && this.stream.isOpen;) {
      const page = await this.sources.pages.after(name, this.#position(index), this.followed.wanted);
      const { events } = page;
      for (let at = 0; at < events.length; at += AT_ONCE) {
        this.#tell(index, events.slice(at, at + AT_ONCE), events[at + AT_ONCE]);
        await this.stream.drained();
      }
      this.#moveTo(index, page.next);
      hasMore = page.hasMore;
    }
  }

  /** Who follows one stream and knows nothing of this yet gets the very bytes that others get. */
  #hear(index: number, batch: EventBatch): void {
    const { events, block } = batch.fitting(this.followed.wanted);
    const [first, last] = [events[0], events.at(-1)];
    if (!first || !last) return;
    const isSame = this.followed.streams.length === 1 && !this.followed.ends;
    if (!isSame || !isAfter(first, this.#position(index))) {
      this.#tell(index, events);
      return;
    }
    this.#moveTo(index, last.revision);
    this.#told = formatPositions(this.#positions);
    this.stream.sendBlock(block());
  }

  /** In one go, with the place after each event: a client that is cut off in between misses nothing and gets nothing twice. */
  #tell(index: number, events: readonly LoggedEvent[], after?: LoggedEvent): void {
    const news = events.filter((event) => isAfter(event, this.#position(index)));
    const told: StreamedEvent[] = [];
    let isOver = false;
    for (const [at, event] of news.entries()) {
      this.#positions[index] = placeAfter(event, news[at + 1] ?? after);
      const { event: shown, data }: ShownEvent = this.sources.shown.show(event);
      told.push({ id: formatPositions(this.#positions), type: shown.type, data });
      isOver ||= this.followed.ends?.(shown) === true;
    }
    this.stream.send(told);
    this.#told = told.at(-1)?.id ?? this.#told;
    if (isOver) this.stream.end();
  }

  #position(index: number): StreamPosition {
    return this.#positions[index] ?? { revision: 0, sub: null };
  }

  #moveTo(index: number, revision: number): void {
    const { revision: present, sub } = this.#position(index);
    if (revision > present || (revision === present && sub !== null))
      this.#positions[index] = { revision, sub: null };
  }
}
