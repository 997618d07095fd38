import { randomUUID } from 'node:crypto';
import type { Reply, TestApi } from '../api.js';

export const ENTRIES = '/api/v1/metadata';
export const EVENTS = '/api/v1/events';
/** The most that a page takes. */
const LIMIT_MAX = 1_000;

export const aKey = (): string => `k-${randomUUID()}`;
export const aTenant = (): string => `t-${randomUUID()}`;
export const aNamespace = (): string => `n-${randomUUID()}`;

/** What a create sends, under a key that nobody else has. */
export const anEntry = (members: object = {}): object => ({ key: aKey(), value: 1, ...members });

/** The ids, in an order that says nothing. */
export const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id).toSorted();

export const outcome = ({ status, body }: Reply): unknown[] => [status, body?.code];

/** Where each mistake is and which it is, in an order that says nothing. */
export const places = ({ body }: Reply): unknown[] =>
  body.errors.map(({ pointer, code }: any) => [pointer, code]).sort();

/** Makes entries, which must succeed, and looks at what became of them. */
export class Entries {
  /** The service is asked for at each call: it starts after this is made. */
  constructor(protected readonly api: () => TestApi) {}

  async create(members: object = {}): Promise<any> {
    const { status, body } = await this.api().post(ENTRIES, anEntry(members));
    expect(status).toBe(201);
    return body;
  }

  async change(id: string, members: object): Promise<any> {
    const { status, body } = await this.api().put(`${ENTRIES}/${id}`, members);
    expect(status).toBe(200);
    return body;
  }

  /** Whatever comes of it. */
  batch(mode: string, operations: unknown[]): Promise<Reply> {
    return this.api().post(`${ENTRIES}/batch`, { mode, operations });
  }

  /** The tenant's own, without the shared ones. */
  async of(tenant: string): Promise<any[]> {
    const { body } = await this.api().get(`${ENTRIES}?tenant_id=${tenant}&limit=${LIMIT_MAX}`);
    return body.items.filter((item: any) => item.tenant_id === tenant);
  }

  async eventsOf(tenant: string): Promise<any[]> {
    return (await this.api().get(`${EVENTS}?tenant_id=${tenant}&limit=${LIMIT_MAX}`)).body.items;
  }
}
