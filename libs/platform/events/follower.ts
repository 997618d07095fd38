import type { EventFilter, EventPage, LoggedEvent } from '#platform/change-log';
import type { EventStream, StreamedEvent } from '#platform/http';
import type { EventResponse } from './event.dto.js';
import type { EventHub } from './event-hub.js';
import { formatPositions, isAfter, readFrom } from './stream-position.js';
import type { StreamPosition } from './stream-position.js';

/** Of what was missed so much is sent before the client has taken it in: a long page is no reason to cut it off. */
const AT_ONCE = 10;

/** Where somebody begins. */
export interface Beginning {
  /** In each of the streams that are followed. */
  readonly from: readonly StreamPosition[];
  /** What is told first, as the state that everything else comes after. */
  readonly snapshot?: ShownEvent;
}

/** What somebody follows. */
export interface Followed extends Beginning {
  /** Each a slug, or `_shared`. */
  readonly streams: readonly string[];
  readonly filter: EventFilter;
  /** Whether nothing comes after this event: the stream is then ended. */
  readonly ends?: (event: EventResponse) => boolean;
}

/** An event as it goes out. */
export interface ShownEvent {
  readonly event: EventResponse;
  /** The same as JSON. */
  readonly data: string;
}

/** What a follower reads with. */
export interface Reader {
  page(stream: string, after: number): Promise<EventPage>;
  hub(stream: string): EventHub;
  show(event: LoggedEvent): ShownEvent;
  fits(event: LoggedEvent): boolean;
}

/** One who follows streams: first it reads what it missed, by itself, and then it hears what comes. */
export class Follower {
  readonly #positions: StreamPosition[];
  /** By the number of the stream, once it is heard. */
  readonly #heard = new Map<
    number,
    { readonly hub: EventHub; readonly hears: (events: readonly LoggedEvent[]) => void }
  >();
  #told: string;

  constructor(
    private readonly followed: Followed,
    private readonly reader: Reader,
    readonly stream: EventStream,
  ) {
    this.#positions = [...followed.from];
    this.#told = formatPositions(this.#positions);
    stream.onClose(() => this.leave());
  }

  async catchUp(): Promise<void> {
    const { snapshot, ends } = this.followed;
    if (snapshot) {
      this.stream.send([{ id: this.#told, type: 'snapshot', data: snapshot.data }]);
      if (ends?.(snapshot.event)) this.stream.end();
    }
    for (const [index, name] of this.followed.streams.entries()) {
      do {
        if (!this.stream.isOpen) return;
        await this.#readOn(index, name);
      } while (this.stream.isOpen && !this.#join(index, name));
    }
  }

  /** Moves what the client goes on after, also when nothing came that it asked for. */
  beat(): void {
    if (this.stream.isBusy) return;
    for (const [index, { hub }] of this.#heard) this.#moveTo(index, hub.position);
    const position = formatPositions(this.#positions);
    if (position === this.#told) this.stream.beat();
    else {
      this.stream.send([{ id: position, type: 'bookmark', data: JSON.stringify({ next: position }) }]);
      this.#told = position;
    }
  }

  leave(): void {
    for (const { hub, hears } of this.#heard.values()) hub.leave(hears);
    this.#heard.clear();
  }

  async #readOn(index: number, name: string): Promise<void> {
    for (;;) {
      const after = readFrom(this.#position(index));
      const { events, next } = await this.reader.page(name, after);
      for (let at = 0; at < events.length; at += AT_ONCE) {
        this.#tell(index, events.slice(at, at + AT_ONCE), events[at + AT_ONCE]);
        await this.stream.drained();
      }
      this.#moveTo(index, next);
      if (events.length === 0 || !this.stream.isOpen) return;
    }
  }

  #join(index: number, name: string): boolean {
    const hub = this.reader.hub(name);
    const hears = (events: readonly LoggedEvent[]): void =>
      this.#tell(
        index,
        events.filter((event) => this.reader.fits(event)),
      );
    if (!hub.join(hears, this.#position(index).revision)) return false;
    this.#heard.set(index, { hub, hears });
    return true;
  }

  /** In one go, with the place after each event: a client that is cut off in between misses nothing and gets nothing twice. */
  #tell(index: number, events: readonly LoggedEvent[], after?: LoggedEvent): void {
    const news = events.filter((event) => isAfter(event, this.#position(index)));
    const told: StreamedEvent[] = [];
    let isOver = false;
    for (const [at, event] of news.entries()) {
      const { revision, sub } = event;
      this.#positions[index] = { revision, sub: (news[at + 1] ?? after)?.revision === revision ? sub : null };
      const { event: shown, data } = this.reader.show(event);
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
