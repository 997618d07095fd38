import type { Page, PageRequest, PastStateOf, PastVersion, Stamp } from '#shared-kernel';
import type { WebhookId } from '../domain/identity.js';
import type { WebhookState } from '../domain/webhook.js';

/** A webhook as it is shown. */
export interface WebhookView extends Omit<WebhookState, 'stamp'> {
  readonly stamp: Stamp;
}

/** Which webhooks a list shows. */
export interface WebhookFilter {
  /** The tenant looked for; its webhooks and the shared ones. */
  readonly tenant: string | null;
  readonly enabled?: boolean | undefined;
  /** Anywhere in URL or description, whatever the case. */
  readonly q?: string | undefined;
}

/** Everything that is read of webhooks. An abstract class, so that it is also its injection token. */
export abstract class WebhookQueries {
  /** @throws WebhookNotFound */
  abstract get(id: WebhookId): Promise<WebhookView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: WebhookId, at: Date): Promise<WebhookView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: WebhookFilter, request: PageRequest): Promise<Page<WebhookView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: WebhookId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: WebhookId, version: number): Promise<PastStateOf<WebhookView>>;
}
