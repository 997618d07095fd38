import { DomainError } from '#shared-kernel';
import type { ErrorFacts } from '#shared-kernel';

/** There is no such webhook, or not for this caller. */
export class WebhookNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'webhook_not_found';
  constructor() {
    super('There is no such webhook.');
  }
}

/** There is no such delivery, or not for this caller, or it is so old that it was removed. */
export class DeliveryNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'delivery_not_found';
  constructor() {
    super('There is no such delivery.');
  }
}

/** Nothing is sent to a webhook that is disabled. */
export class WebhookDisabled extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'webhook_disabled';
  override readonly facts: ErrorFacts;
  constructor(webhookId: string) {
    super('The webhook is disabled: enable it first.');
    this.facts = { webhook_id: webhookId };
  }
}

/** What is still to be delivered is not delivered again. */
export class DeliveryPending extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'delivery_pending';
  constructor() {
    super('It is not over: it is being delivered already.');
  }
}

/** The event of a delivery is not in the change log any more. */
export class DeliveryEventRemoved extends DomainError {
  readonly kind = 'gone';
  readonly code = 'delivery_event_removed';
  constructor() {
    super('The event was removed from the change log since, and was not kept because it had been delivered.');
  }
}

/** Tests hold a connection to somebody else each, so that there are few at once. */
export class WebhookTestsBusy extends DomainError {
  readonly kind = 'limit';
  readonly code = 'webhook_tests_busy';
  constructor() {
    super('This webhook, or too many others, is being tested at this moment: try again.');
  }
}
