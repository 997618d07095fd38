import { DomainError } from '#shared-kernel';

export class SinkNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'sink_not_found';
  constructor() {
    super('There is no such sink.');
  }
}

/** It is run, or would be as soon as it was removed. */
export class SinkInUse extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'sink_in_use';
  constructor() {
    super('The sink is run, or is still set: take away what sets it, and remove it then.');
  }
}

export class ParkedEventNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'parked_event_not_found';
  constructor() {
    super('Nothing with this id is put aside by the sink.');
  }
}

/** What was put aside for so long that the log does not have it any more. */
export class ParkedEventGone extends DomainError {
  readonly kind = 'gone';
  readonly code = 'parked_event_gone';
  constructor() {
    super('The change log does not keep the event any more.');
  }
}

/** The place outside was asked, and does not take it. */
export class RedeliveryFailed extends DomainError {
  readonly kind = 'bad-gateway';
  readonly code = 'redelivery_failed';
  constructor(reason: string) {
    super(`It was not taken this time either: ${reason}`);
  }
}

/** This process does not know how to reach the place. */
export class SinkNotSet extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'sink_not_set';
  constructor() {
    super('The sink is not set up in the process that answers.');
  }
}
