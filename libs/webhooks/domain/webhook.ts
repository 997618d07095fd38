import { AggregateRoot, InvalidInput, sameJson } from '#shared-kernel';
import type { Stamp } from '#shared-kernel';
import type { WebhookId } from './identity.js';
import { contentMistakes } from './webhook-content.js';
import type { WebhookContent } from './webhook-content.js';

/**
 * Why nothing is sent: somebody said so; the receiver said that it is gone; or it took nothing for three days.
 */
export const DISABLED_REASONS = ['by_hand', 'gone', 'failing'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

/** Since when nothing is sent, and why. */
export interface Disabled {
  readonly reason: DisabledReason;
  readonly at: Date;
}

/** Everything there is to know about a webhook but its secrets, which no state, event or history ever holds. */
export interface WebhookState extends WebhookContent {
  readonly id: WebhookId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
  /** Null: it is enabled. */
  readonly disabled: Disabled | null;
}

/** What is to change; absent leaves as it is. */
export type WebhookRevision = Partial<WebhookContent> & { readonly enabled?: boolean };

/** When something happens, and why, in the words of whoever does it. */
export interface Occasion {
  readonly at: Date;
  readonly reason: string | null;
}

/** Somebody outside who is told by HTTP of what changes. */
export class Webhook extends AggregateRoot<WebhookState> {
  /** @throws InvalidInput */
  static create(
    identity: Pick<WebhookState, 'id' | 'tenant'>,
    { enabled, ...content }: WebhookContent & { readonly enabled: boolean },
    { at, reason }: Occasion,
  ): Webhook {
    const disabled = enabled ? null : ({ reason: 'by_hand', at } as const);
    const webhook = new Webhook({ ...identity, ...checked(content), disabled, version: 0, stamp: null });
    webhook.record('created', { reason });
    return webhook;
  }

  /** Rebuilds a stored webhook; for repositories and tests alone. */
  static restore(state: WebhookState): Webhook {
    return new Webhook(state);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput */
  revise({ enabled, ...revision }: WebhookRevision, { at, reason }: Occasion): void {
    const content = checked({ ...contentOf(this.state), ...revision });
    const isSame = sameContent(content, this.state);
    if (enabled === true) this.enable({ reason });
    if (enabled === false) this.disable('by_hand', { at, reason });
    if (isSame) return;
    this.state = { ...this.state, ...content };
    this.record('updated', { reason });
  }

  /** Going back is going forward. Whether it is enabled stays as it is, and so do its secrets. */
  revertTo(past: WebhookContent, version: number, reason: string | null): void {
    this.state = { ...this.state, ...contentOf(past) };
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** Nothing happens where it is enabled. */
  enable({ reason }: Pick<Occasion, 'reason'>): void {
    if (!this.state.disabled) return;
    this.state = { ...this.state, disabled: null };
    this.record('enabled', { reason });
  }

  /** Nothing happens where it is disabled, for whatever reason. */
  disable(why: DisabledReason, { at, reason }: Occasion): void {
    if (this.state.disabled) return;
    this.state = { ...this.state, disabled: { reason: why, at } };
    this.record('disabled', { reason });
  }

  /** From now on it signs by another secret; neither is part of what is recorded. */
  rotateSecret(reason: string | null): void {
    this.record('secret_rotated', { reason });
  }

  /** Takes it away; its history stays. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }
}

const contentOf = (content: WebhookContent): WebhookContent => ({
  url: content.url,
  description: content.description,
  types: content.types,
  aggregateTypes: content.aggregateTypes,
  aggregateIds: content.aggregateIds,
  prefix: content.prefix,
  includeShared: content.includeShared,
});

/** True when both say the same of a webhook. */
export const sameContent = (a: WebhookContent, b: WebhookContent): boolean =>
  sameJson(contentOf(a), contentOf(b));

/** @throws InvalidInput */
function checked(content: WebhookContent): WebhookContent {
  const plain = contentOf({ ...content, aggregateIds: content.aggregateIds.map((id) => id.toLowerCase()) });
  const violations = contentMistakes(plain);
  if (violations.length > 0) throw new InvalidInput(violations);
  return plain;
}
