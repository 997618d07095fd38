import { fitsFilter } from '#platform/change-log';
import type { EventPage, LoggedEvent } from '#platform/change-log';
import { eventText } from '#platform/http';
import type { ShownEvent } from './shown-events.js';
import { formatPositions } from './stream-position.js';
import type { Wanted } from './wanted.js';

/** What fits one filter of what is new. */
export interface FittingEvents {
  readonly events: readonly LoggedEvent[];
  /** All of them as server-sent events, for who follows this stream alone; made when it is first asked for. */
  readonly block: () => Buffer;
}

type Show = (event: LoggedEvent) => ShownEvent;

/**
 * What one read of a stream brought, in whole revisions. However many hear of it, each filter is applied once, and what
 * fits is put into words once.
 */
export class EventBatch {
  readonly #fitting = new Map<string, FittingEvents>();

  constructor(
    private readonly page: EventPage,
    readonly show: Show,
  ) {}

  /** All of the stream up to this revision was looked at. */
  get next(): number {
    return this.page.next;
  }

  fitting({ key, filter }: Wanted): FittingEvents {
    const known = this.#fitting.get(key);
    if (known) return known;
    const events = this.page.events.filter((event) => fitsFilter(event, filter));
    let block: Buffer | null = null;
    const made = { events, block: () => (block ??= blockOf(events, this.show)) };
    this.#fitting.set(key, made);
    return made;
  }
}

function blockOf(events: readonly LoggedEvent[], show: Show): Buffer {
  const text = events.map((event, index) => {
    const { event: shown, data } = show(event);
    return eventText({ id: formatPositions([placeAfter(event, events[index + 1])]), type: shown.type, data });
  });
  return Buffer.from(text.join(''));
}

/** Where somebody is who heard this event and hears that one next: inside of a transaction, or after it. */
export const placeAfter = (
  { revision, sub }: LoggedEvent,
  next: LoggedEvent | undefined,
): { readonly revision: number; readonly sub: number | null } => ({
  revision,
  sub: next?.revision === revision ? sub : null,
});
