import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { tenantColumn } from '#platform/context';
import { Envelope } from '#platform/crypto';
import type { SealedPlace } from '#platform/crypto';
import { Database } from '#platform/database';
import { WebhookSecrets } from '../application/webhook-secrets.js';
import type { WebhookId } from '../domain/identity.js';
import type { WebhookState } from '../domain/webhook.js';

const SECRET_BYTES = 32;
/** So many signatures a message at most. */
const VALID_MAX = 5;

/** What a delivery is signed by now, the newest first, and until when that is so. */
export interface SigningSecrets {
  readonly secrets: readonly string[];
  /** Null: until somebody changes it. */
  readonly until: Date | null;
}

interface SecretRow {
  readonly tenant: string;
  readonly number: number;
  readonly sealed: string;
  readonly expires_at: Date | null;
}

/** Secrets in a table of their own, sealed: nothing that shows, logs or keeps webhooks ever has them in its hands. */
@Injectable()
export class SealedWebhookSecrets extends WebhookSecrets {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
  ) {
    super();
  }

  override begin(webhook: WebhookState): Promise<string> {
    return this.#add(webhook, 1);
  }

  override async rotate(webhook: WebhookState, overlapSeconds: number): Promise<string> {
    const { rows } = await this.database.transaction.query<{ newest: number }>({
      name: 'webhook_secret_newest',
      text: 'select coalesce(max(number), 0)::int as newest from webhooks.secret where webhook_id = $1',
      values: [webhook.id],
    });
    const newest = rows[0]?.newest ?? 0;
    await this.database.transaction.query({
      name: 'webhook_secret_expire',
      text: `update webhooks.secret
             set expires_at = least(expires_at, clock_timestamp() + make_interval(secs => $2)) where webhook_id = $1`,
      values: [webhook.id, overlapSeconds],
    });
    await this.database.transaction.query({
      name: 'webhook_secret_remove',
      text: `delete from webhooks.secret where webhook_id = $1 and (expires_at <= clock_timestamp() or number <= $2)`,
      values: [webhook.id, newest + 1 - VALID_MAX],
    });
    return this.#add(webhook, newest + 1);
  }

  /** @throws UnknownEncryptionKey */
  async of(id: WebhookId): Promise<SigningSecrets> {
    const rows = await this.database.read<SecretRow>({
      name: 'webhook_secrets_of',
      text: `select tenant, number, sealed, expires_at from webhooks.secret
             where webhook_id = $1 and (expires_at is null or expires_at > clock_timestamp()) order by number desc`,
      values: [id],
    });
    const opened = await Promise.all(
      rows.map(async ({ tenant, number, sealed }) =>
        (await this.envelope.open(sealed, placeOf(id, tenant, number))).toString(),
      ),
    );
    const ends = rows.flatMap(({ expires_at: end }) => (end === null ? [] : [end.getTime()]));
    return { secrets: opened, until: ends.length === 0 ? null : new Date(Math.min(...ends)) };
  }

  async #add({ id, tenant: owner }: WebhookState, number: number): Promise<string> {
    const tenant = tenantColumn(owner);
    const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
    await this.database.transaction.query({
      name: 'webhook_secret_add',
      text: 'insert into webhooks.secret (webhook_id, tenant, number, sealed) values ($1, $2, $3, $4)',
      values: [id, tenant, number, await this.envelope.seal(secret, placeOf(id, tenant, number))],
    });
    return secret;
  }
}

const placeOf = (id: WebhookId, tenant: string, number: number): SealedPlace => ({
  tenant,
  entry: id,
  version: number,
  contentType: 'text',
});
