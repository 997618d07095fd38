import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aKey, aTenant, Entries, ENTRIES } from './entries.js';

const AT_ONCE = 10;
/** Far more than ten small transactions take one after the other. */
const SOON_MS = 10_000;

let api: TestApi;
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

/** Ten atomic batches at once, each with a value of its own, every second one in the opposite order. */
function race(operations: readonly object[]): Promise<Reply[]> {
  const batch = (value: number): object => {
    const valued = operations.map((operation) => ({ ...operation, value }));
    return { mode: 'atomic', operations: value % 2 === 0 ? valued : valued.toReversed() };
  };
  return Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => api.post(`${ENTRIES}/batch`, batch(index + 1))),
  );
}

const statuses = (replies: readonly Reply[]): number[] =>
  replies.map(({ status }) => status).sort((a, b) => a - b);

describe('atomic batches at once in opposite orders', () => {
  it(
    'of the same new keys: one creates them, the others learn that they are taken',
    async () => {
      const tenant = aTenant();
      const create = () => ({ op: 'create', tenant_id: tenant, key: aKey() });
      const replies = await race(Array.from({ length: 5 }, create));
      expect(statuses(replies)).toEqual([200, ...Array.from({ length: AT_ONCE - 1 }, () => 422)]);
      expect((await entries.eventsOf(tenant)).map(({ revision }) => revision)).toEqual([1, 1, 1, 1, 1]);
    },
    SOON_MS,
  );

  it(
    'of the same entries: each changes all of them',
    async () => {
      const tenant = aTenant();
      const keys = Array.from({ length: 5 }, aKey);
      for (const key of keys) await api.post(ENTRIES, { tenant_id: tenant, key, value: 0 });
      const replies = await race(keys.map((key) => ({ op: 'update', tenant_id: tenant, key })));
      expect(statuses(replies)).toEqual(Array.from({ length: AT_ONCE }, () => 200));
      const own = await entries.of(tenant);
      expect(own.map((item: any) => item.version)).toEqual(keys.map(() => AT_ONCE + 1));
      expect(new Set(own.map((item: any) => item.value)).size).toBe(1);
    },
    SOON_MS,
  );
});
