import { randomUUID } from 'node:crypto';
import type { TestApi } from '../api.js';
import { ENTRIES } from './entries.js';
import type { Written } from './written.js';

/** What stands in place of a secret. */
export const REDACTED = '***REDACTED***';

/** A secret entry as it was answered, its value, and where it is found by key. */
export interface SecretEntry {
  readonly id: string;
  readonly key: string;
  readonly namespace: string;
  readonly created_at: string;
  readonly secret: string;
  readonly path: string;
}

/** Makes secrets and looks at what became of them. */
export class Secrets {
  constructor(
    private readonly api: TestApi,
    private readonly written: Written,
  ) {}

  /** Alone in a namespace of its own. */
  async make(more: object = {}, secret = `s-${randomUUID()}`): Promise<SecretEntry> {
    const namespace = `n-${randomUUID()}`;
    const body = { key: 'k', namespace, value: secret, is_secret: true, ...more };
    const reply = await this.api.post(ENTRIES, body);
    expect([reply.status, reply.body.value, reply.body.is_encrypted]).toEqual([201, REDACTED, true]);
    return { ...reply.body, secret, path: `${ENTRIES}/key/k?namespace=${namespace}` };
  }

  /** The value as an administrator sees it who asks. */
  async revealed(id: string): Promise<unknown> {
    return (await this.api.get(`${ENTRIES}/${id}?reveal=true`)).body.value;
  }

  /** The records of who looked at it. */
  revealsOf(id: string): Promise<{ actor: string }[]> {
    return this.written.query(
      `select actor from platform.change_log where aggregate_id = $1 and type = 'revealed' order by revision`,
      [id],
    );
  }
}
