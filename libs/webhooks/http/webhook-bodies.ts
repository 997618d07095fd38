import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Violation } from '#shared-kernel';
import { CallContext, writeTenant } from '#platform/context';
import { ancestorsOf, checkBody, expectNone } from '#platform/http';
import type { AskedChange } from '#platform/http';
import type { NewWebhook } from '../application/webhook.service.js';
import { webhookId } from '../domain/identity.js';
import { contentMistakes } from '../domain/webhook-content.js';
import type { WebhookContent } from '../domain/webhook-content.js';
import type { WebhookRevision } from '../domain/webhook.js';
import { CreateWebhookBody, ReviseWebhookBody } from './webhook.dto.js';

/** From bodies of webhooks to what the service takes; everything that is wrong is told together. */
@Injectable()
export class WebhookBodies {
  constructor(private readonly context: CallContext) {}

  /** @throws InvalidInput, TenantForbidden */
  async toNew(sent: unknown): Promise<NewWebhook> {
    const { body, violations } = await checkBody(CreateWebhookBody, sent);
    const content = { ...EVERYTHING, ...said(body) };
    expectNone(together(violations, content));
    return {
      id: webhookId(body.id ?? uuidv7()),
      idIsGiven: body.id !== undefined,
      tenant: writeTenant(this.context.current.caller, body.tenant_id),
      content: { ...content, enabled: body.enabled ?? true },
      reason: body.change_reason ?? null,
    };
  }

  /** @throws InvalidInput */
  async toRevision(sent: unknown): Promise<AskedChange<WebhookRevision>> {
    const { body, violations } = await checkBody(ReviseWebhookBody, sent);
    const revision = said(body);
    expectNone(together(violations, { ...EVERYTHING, ...revision }));
    const { enabled, change_reason: reason = null } = body;
    return { asked: { ...revision, ...(enabled !== undefined && { enabled }) }, reason };
  }
}

const EVERYTHING: WebhookContent = {
  url: 'https://example.com/', // Stands where no URL is said: what is missing is told once, and not called wrong, too.
  description: null,
  types: [],
  aggregateTypes: [],
  aggregateIds: [],
  prefix: null,
  includeShared: false,
};

/** Null clears. What decorators have found wrong is read as if it had not been said, so that the rest can be judged. */
function said(body: CreateWebhookBody | ReviseWebhookBody): Partial<WebhookContent> {
  const { url, description, prefix, include_shared: includeShared } = body;
  const ids = texts(body.aggregate_ids)?.map((id) => id.toLowerCase());
  const types = texts(body.types);
  const aggregateTypes = texts(body.aggregate_types);
  return {
    ...(typeof url === 'string' && { url }),
    ...(isTextOrNull(description) && { description }),
    ...(types && { types }),
    ...(aggregateTypes && { aggregateTypes }),
    ...(ids && { aggregateIds: ids }),
    ...(isTextOrNull(prefix) && { prefix }),
    ...(typeof includeShared === 'boolean' && { includeShared }),
  };
}

const isTextOrNull = (value: unknown): value is string | null => typeof value === 'string' || value === null;

function texts(list: unknown): readonly string[] | null {
  if (list === null) return [];
  return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : null;
}

/** Where something is wrong already, nothing more is said of it, or of what is inside. */
function together(told: readonly Violation[], content: WebhookContent): Violation[] {
  const isTold = (pointer: string): boolean => told.some((other) => other.pointer === pointer);
  const more = contentMistakes(content).filter(({ pointer }) => !ancestorsOf(pointer).some(isTold));
  return [...told, ...more];
}
