import { expire } from './expired.js';
import { Entries } from './entries.js';

export const FUTURE = '2099-01-01T00:00:00.000Z';

/** Entries that have an end, far away unless it is said otherwise. */
export class ExpiringEntries extends Entries {
  override create(members: object = {}): Promise<any> {
    return super.create({ expires_at: FUTURE, ...members });
  }

  /** An entry whose time is over and that the sweeper has not seen yet, or just did. */
  async createOver(members: object = {}): Promise<any> {
    const entry = await this.create(members);
    await expire(this.api(), entry.id);
    return entry;
  }
}

/** Where an entry is found by its key. */
export const byKey = ({ key, namespace, tenant_id: tenant }: any): string =>
  `key/${key}?namespace=${namespace}${tenant === null ? '' : `&tenant_id=${tenant}`}`;
