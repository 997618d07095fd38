import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock, UnitOfWork } from '#shared-kernel';
import { CallContext, tenantFromColumn } from '#platform/context';
import { Courier } from '#platform/deliveries';
import { WebhookTrial } from '../application/webhook-trial.js';
import type { TrialOutcome } from '../application/webhook-trial.js';
import { WebhookNotFound, WebhookTestsBusy } from '../domain/errors.js';
import type { WebhookId } from '../domain/identity.js';
import { WebhookRepository } from '../domain/webhook.repository.js';
import { MEDIA_TYPE } from './sending.js';
import { WebhookSetups } from './webhook-setups.js';
import type { WebhookSetup } from './webhook-setups.js';

/** Of one replica at once; of one webhook one. */
const UNDER_WAY_MAX = 4;

@Injectable()
export class CourierTrial extends WebhookTrial {
  readonly #underWay = new Set<string>();

  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly setups: WebhookSetups,
    private readonly courier: Courier,
    private readonly context: CallContext,
    private readonly clock: Clock,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super();
  }

  override async run(id: WebhookId): Promise<TrialOutcome> {
    await this.unitOfWork.run(() => this.webhooks.get(id)); // Whoever may not change it does not have it send anything.
    if (this.#underWay.size >= UNDER_WAY_MAX || this.#underWay.has(id)) throw new WebhookTestsBusy();
    this.#underWay.add(id);
    try {
      const setup = await this.setups.of(id);
      if (!setup) throw new WebhookNotFound();
      return await this.#send(setup);
    } finally {
      this.#underWay.delete(id);
    }
  }

  async #send({ id, tenant, url, signing }: WebhookSetup): Promise<TrialOutcome> {
    const messageId = uuidv7();
    const sentAt = this.clock.now();
    const body = JSON.stringify({
      specversion: '1.0',
      id: messageId,
      source: `/metastore/${tenantFromColumn(tenant) ?? 'shared'}`,
      type: 'io.metastore.webhooks.webhook.test.v1',
      subject: id,
      time: sentAt.toISOString(),
      datacontenttype: 'application/json',
      partitionkey: id,
      data: { id, actor: this.context.current.caller.actor },
    });
    const begunAt = performance.now();
    const message = { id: messageId, url, body, mediaType: MEDIA_TYPE, secrets: signing.secrets, sentAt };
    const outcome = await this.courier.deliver(message);
    return {
      isDelivered: outcome.kind === 'taken',
      status: outcome.status,
      reason: outcome.kind === 'taken' ? null : outcome.reason,
      durationMs: Math.round(performance.now() - begunAt),
      messageId,
    };
  }
}
