import type pg from 'pg';
import type { TestApi } from '../api.js';
import { Entries } from './entries.js';

export const PAST = '2020-01-01T00:00:00.000Z';
export const FUTURE = '2099-01-01T00:00:00.000Z';

/** Entries that have an end, far away unless it is said otherwise. */
export class ExpiringEntries extends Entries {
  constructor(
    api: () => TestApi,
    private readonly owner: () => pg.Pool,
  ) {
    super(api);
  }

  override create(members: object = {}): Promise<any> {
    return super.create({ expires_at: FUTURE, ...members });
  }

  /** Moves the end of an entry into the past, behind the back of the service. */
  async over(id: string): Promise<void> {
    const text = 'update metadata.entry set expires_at = $1 where id = $2';
    expect((await this.owner().query(text, [PAST, id])).rowCount).toBe(1);
  }

  /** An entry whose time is over and that the sweeper has not seen yet, or just did. */
  async createOver(members: object = {}): Promise<any> {
    const entry = await this.create(members);
    await this.over(entry.id);
    return entry;
  }
}

/** Where an entry is found by its key. */
export const byKey = ({ key, namespace, tenant_id: tenant }: any): string =>
  `key/${key}?namespace=${namespace}${tenant === null ? '' : `&tenant_id=${tenant}`}`;
