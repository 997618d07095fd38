import { Injectable } from '@nestjs/common';
import { Clock, IdConflict, onceMore, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import type { WebhookId } from '../domain/identity.js';
import { sameContent, Webhook } from '../domain/webhook.js';
import type { DisabledReason, Occasion, WebhookRevision, WebhookState } from '../domain/webhook.js';
import type { WebhookContent } from '../domain/webhook-content.js';
import { WebhookRepository } from '../domain/webhook.repository.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhookTelling } from './webhook-telling.js';
import type { Gap } from './webhook-telling.js';

/** Which webhook to change, and the version the caller looked at when deciding to (null: any). */
export interface WebhookAt {
  readonly id: WebhookId;
  readonly ifVersion: ExpectedVersion;
}

/** A webhook that is to be made. */
export interface NewWebhook {
  readonly id: WebhookId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly tenant: string | null;
  readonly content: WebhookContent & { readonly enabled: boolean };
  readonly reason: string | null;
}

/** A webhook as it was just stored, and the secret that was just made, which is told now and never again. */
export interface ToldWebhook extends WebhookState {
  readonly secret?: string;
}

/** What became of a request to make a webhook. */
export interface StoredWebhook {
  readonly state: ToldWebhook;
  readonly outcome: 'created' | 'unchanged';
}

/** A webhook that is enabled, and what it will not be told. */
export interface EnabledWebhook {
  readonly state: WebhookState;
  readonly gaps: readonly Gap[];
}

/** Everything that changes a webhook. */
@Injectable()
export class WebhookService {
  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly secrets: WebhookSecrets,
    private readonly telling: WebhookTelling,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * It is told what happens from now on. The same id with the same content again is no conflict: the stored webhook is the
   * answer, without its secret.
   * @throws IdConflict, InvalidInput
   */
  create(request: NewWebhook): Promise<StoredWebhook> {
    return onceMore(request, (again) => this.unitOfWork.attempt(() => this.#create(again)));
  }

  /** @throws WebhookNotFound, StaleVersion, InvalidInput */
  async revise(target: WebhookAt, revision: WebhookRevision, reason: string | null): Promise<ToldWebhook> {
    return (await this.#change(target, reason, (webhook, at) => webhook.revise(revision, at))).state;
  }

  /** @throws WebhookNotFound, StaleVersion, VersionNotFound */
  async rollBack(target: WebhookAt, version: number, reason: string | null): Promise<ToldWebhook> {
    const { state } = await this.#change(target, reason, async (webhook) => {
      webhook.revertTo(await this.webhooks.contentAt(target.id, version), version, reason);
    });
    return state;
  }

  /** @throws WebhookNotFound, StaleVersion */
  enable(target: WebhookAt, reason: string | null): Promise<EnabledWebhook> {
    return this.#change(target, reason, (webhook, at) => webhook.enable(at));
  }

  /** @throws WebhookNotFound, StaleVersion */
  async disable(
    target: WebhookAt,
    reason: string | null,
    why: DisabledReason = 'by_hand',
  ): Promise<WebhookState> {
    return (await this.#change(target, reason, (webhook, at) => webhook.disable(why, at))).state;
  }

  /** @throws WebhookNotFound, StaleVersion */
  rotateSecret(target: WebhookAt, overlapSeconds: number, reason: string | null): Promise<ToldWebhook> {
    return this.unitOfWork.attempt(async () => {
      const webhook = await this.#get(target);
      webhook.rotateSecret(reason);
      await this.webhooks.save(webhook);
      const secret = await this.secrets.rotate(webhook.snapshot, overlapSeconds);
      return { ...webhook.snapshot, secret };
    });
  }

  /** @throws WebhookNotFound, StaleVersion */
  delete(target: WebhookAt, reason: string | null): Promise<void> {
    return this.unitOfWork.attempt(async () => {
      const webhook = await this.#get(target);
      webhook.delete(reason);
      await this.telling.forget(webhook.snapshot);
      await this.webhooks.save(webhook);
    });
  }

  async #create(request: NewWebhook): Promise<StoredWebhook> {
    const { id, tenant, content, reason, idIsGiven } = request;
    if (idIsGiven && (await this.webhooks.isIdUsed(id))) return this.#repeat(request);
    const webhook = Webhook.create({ id, tenant }, content, { at: this.clock.now(), reason });
    await this.webhooks.save(webhook);
    const secret = await this.secrets.begin(webhook.snapshot);
    await this.telling.follow(null, webhook.snapshot);
    return { state: { ...webhook.snapshot, secret }, outcome: 'created' };
  }

  #change(
    target: WebhookAt,
    reason: string | null,
    act: (webhook: Webhook, occasion: Occasion) => void | Promise<void>,
  ): Promise<EnabledWebhook> {
    return this.unitOfWork.attempt(async () => {
      const webhook = await this.#get(target);
      const before = webhook.snapshot;
      await act(webhook, { at: this.clock.now(), reason });
      await this.webhooks.save(webhook);
      const gaps = await this.telling.follow(before, webhook.snapshot);
      return { state: webhook.snapshot, gaps };
    });
  }

  async #get({ id, ifVersion }: WebhookAt): Promise<Webhook> {
    const webhook = await this.webhooks.get(id);
    webhook.expectVersion(ifVersion);
    return webhook;
  }

  /** @throws IdConflict */
  async #repeat({ id, tenant, content }: NewWebhook): Promise<StoredWebhook> {
    const stored = (await this.webhooks.findOwn(tenant, id))?.snapshot;
    const wanted = Webhook.create({ id, tenant }, content, { at: this.clock.now(), reason: null }).snapshot;
    const isSame = stored && sameContent(stored, wanted) && (stored.disabled === null) === content.enabled;
    if (!isSame) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }
}
