import type { Reply, Sent, TestApi } from '../api.js';
import { ENTRIES } from './entries.js';

export const NDJSON = 'application/x-ndjson';

/** What an import says that did nothing. */
export const NOTHING = {
  dry_run: false,
  created: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  failed: 0,
  errors: [],
};

export const line = (entry: object): string => `${JSON.stringify(entry)}\n`;

/** Sends imports, as JSON Lines unless it is said otherwise. */
export class Imports {
  /** The service is asked for at each call: it starts after this is made. */
  constructor(private readonly api: () => TestApi) {}

  send(query: Record<string, string>, body: string | Uint8Array, sent: Sent = {}): Promise<Reply> {
    const headers = { 'Content-Type': NDJSON, ...sent.headers };
    const path = `${ENTRIES}/import?${new URLSearchParams(query).toString()}`;
    return this.api().post(path, body, { ...sent, headers });
  }

  /** What an import says that was taken. */
  async report(query: Record<string, string>, body: string | Uint8Array): Promise<any> {
    const reply = await this.send(query, body);
    expect(reply.status).toBe(200);
    return reply.body;
  }
}
