import { Injectable } from '@nestjs/common';
import type { LoggedEvent } from '#platform/change-log';
import { stringifyExact } from '#platform/http';
import { toCloudEvent } from './cloud-event.js';
import type { EventResponse } from './event.dto.js';
import { EventPresenters } from './event-presenters.js';

/** An event as it goes out. */
export interface ShownEvent {
  readonly event: EventResponse;
  /** The same as JSON. */
  readonly data: string;
}

/** Events in the form in which readers see them: made once for each that was read, however many it is shown to. */
@Injectable()
export class ShownEvents {
  readonly #shown = new WeakMap<LoggedEvent, ShownEvent>();

  constructor(private readonly presenters: EventPresenters) {}

  show(event: LoggedEvent): ShownEvent {
    const known = this.#shown.get(event);
    if (known) return known;
    const shown = toCloudEvent(event, this.presenters.present(event.aggregateType, event.snapshot));
    const made = { event: shown, data: stringifyExact(shown) };
    this.#shown.set(event, made);
    return made;
  }
}
