import type { Reply, TestApi } from '../api.js';
import { ENTRIES } from './entries.js';
import { Written } from './written.js';

/** Every write that takes an entry as its body. */
export const WRITES = ['POST', 'PUT', 'PATCH', 'upsert'] as const;

/** Writes that must leave alone what is there: one entry. */
export class HostileWrites {
  private constructor(
    private readonly api: TestApi,
    private readonly written: Written,
    readonly entry: { readonly id: string; readonly key: string },
  ) {}

  static async on(api: TestApi): Promise<HostileWrites> {
    const { body: entry } = await api.post(ENTRIES, { key: 'there', value: 1 });
    return new HostileWrites(api, new Written(api.database.url), entry);
  }

  close(): Promise<void> {
    return this.written.close();
  }

  write(how: (typeof WRITES)[number], body: string | Uint8Array, headers = {}): Promise<Reply> {
    const path = {
      POST: ENTRIES,
      PUT: `${ENTRIES}/${this.entry.id}`,
      PATCH: `${ENTRIES}/${this.entry.id}`,
      upsert: `${ENTRIES}/key/k`,
    };
    return this.api.request(how === 'upsert' ? 'PUT' : how, path[how], { body, headers });
  }

  /** Nothing of what this does may leave anything behind. */
  async writingNothing(work: () => Promise<void>): Promise<void> {
    const before = await this.written.mark();
    await work();
    expect(await this.written.mark()).toEqual(before);
  }
}
