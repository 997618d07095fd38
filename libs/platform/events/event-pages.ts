import { Injectable } from '@nestjs/common';
import { InvalidInput } from '#shared-kernel';
import { EventsQueries } from '#platform/change-log';
import type { ReadPage } from '#platform/change-log';
import { PAGE_EVENTS } from './event-hub.js';
import { isAfter, readFrom } from './stream-position.js';
import type { StreamPosition } from './stream-position.js';
import type { Wanted } from './wanted.js';

/** Reads streams from the positions that clients keep. */
@Injectable()
export class EventPages {
  constructor(private readonly events: EventsQueries) {}

  /**
   * What is wanted of that which came after a position. A limit of 0 checks the position and reads nothing.
   * @throws InvalidInput for a position that the stream has not reached
   */
  async after(
    stream: string,
    position: StreamPosition,
    { filter }: Wanted,
    limit = PAGE_EVENTS,
  ): Promise<ReadPage> {
    const page = await this.events.page(stream, readFrom(position), filter, limit);
    if (position.sub === null) return page;
    const events = page.events.filter((event) => isAfter(event, position));
    if (!page.hasMore && page.next < position.revision) throw beyondHead(page.next);
    return { events, next: Math.max(page.next, position.revision), hasMore: page.hasMore };
  }
}

const beyondHead = (head: number): InvalidInput =>
  InvalidInput.at('/after', 'beyond_head', `The stream ends at ${head}: this is no position in it.`);
