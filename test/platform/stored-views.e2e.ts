import { randomUUID } from 'node:crypto';
import { CallContext } from '#platform/context';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { Conditions } from '#platform/database';
import { DomainError } from '#shared-kernel';
import { eventually, TestApi } from '../api.js';
import { aTenant, Entries, ENTRIES } from '../metadata/entries.js';

class Lost extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'lost';
}

interface Row {
  readonly id: string;
  readonly key: string;
  readonly version: number;
}

/** The text of a column is the same in a row of the table and in the log. */
type View = readonly [key: string, version: number];

let api: TestApi;
let views: StoredViews<Row, View>;
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
  views = api.part(StoredViewFactory).of<Row, View>({
    aggregateType: 'metadata.entry',
    list: {
      name: 'views-of-entries',
      table: 'metadata.entry',
      columns: 't.id, t.key, t.version',
      sorts: {
        key: { column: 'key', type: 'text' },
        created_at: { column: 'created_at', type: 'timestamptz' },
      },
      defaultSort: 'key',
    },
    toView: ({ key, version }) => [key, version],
    notFound: () => new Lost('It is not there.'),
  });
});

afterAll(() => api.stop());

/** As somebody of a tenant; null: of the whole installation. */
function as<T>(tenant: string | null, work: () => Promise<T>): Promise<T> {
  const caller = { actor: 'test', tenant, permissions: new Set<string>() };
  return api.part(CallContext).run({ caller, requestId: 'r', traceId: null }, work);
}

const refusal = async (tenant: string | null, work: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await as(tenant, work);
  } catch (error) {
    return (error as DomainError).code;
  }
};

describe('a row', () => {
  it('is shown by its id, to whom it belongs', async () => {
    const tenant = aTenant();
    const { id, key } = await entries.create({ tenant_id: tenant });
    expect(await as(tenant, () => views.get(id))).toEqual([key, 1]);
    expect(await as(null, () => views.get(id))).toEqual([key, 1]);
    expect(await refusal(aTenant(), () => views.get(id))).toBe('lost');
    expect(await refusal(null, () => views.get(randomUUID()))).toBe('lost');
  });
});

describe('the past of a row', () => {
  let id: string;
  let key: string;
  const tenant = aTenant();
  const at: Date[] = [];

  beforeAll(async () => {
    ({ id, key } = await entries.create({ tenant_id: tenant }));
    await entries.change(id, { value: 2, change_reason: 'second' });
    const changed = Date.now();
    await eventually(() => Promise.resolve(Date.now()), (now) => now > changed); // prettier-ignore
    await api.delete(`${ENTRIES}/${id}`);
    const { items } = await as(tenant, () => views.versions(id, { limit: 10 }));
    at.push(...items.map(({ changedAt }) => changedAt).toReversed());
  });

  it('is listed newest first, by pages, also when it is gone', async () => {
    const first = await as(tenant, () => views.versions(id, { limit: 2 }));
    expect(first.items.map(({ version, type, changeReason }) => [version, type, changeReason])).toEqual([
      [3, 'deleted', null],
      [2, 'updated', 'second'],
    ]);
    const cursor = first.nextCursor ?? '';
    const rest = await as(tenant, () => views.versions(id, { limit: 2, cursor }));
    expect([rest.items.map(({ version }) => version), rest.nextCursor]).toEqual([[1], null]);
    expect(await refusal(tenant, () => views.versions(randomUUID(), { limit: 2 }))).toBe('not_found');
    expect(await refusal(aTenant(), () => views.versions(id, { limit: 2 }))).toBe('not_found');
  });

  it('is shown by its version, without a state in the one that removed it', async () => {
    const version = (n: number): Promise<unknown> => as(tenant, () => views.version(id, n));
    expect(await version(2)).toMatchObject({ version: 2, type: 'updated', state: [key, 2] });
    expect(await version(3)).toMatchObject({ version: 3, type: 'deleted', state: null });
    expect(await version(1)).not.toHaveProperty('row');
    expect(await refusal(tenant, () => views.version(id, 4))).toBe('version_not_found');
    expect(await refusal(aTenant(), () => views.version(id, 2))).toBe('version_not_found');
  });

  it('is shown as it was at an instant', async () => {
    const [made, changed, removed] = at as [Date, Date, Date];
    expect(await as(tenant, () => views.asOf(id, changed))).toEqual([key, 2]);
    const before = new Date(made.getTime() - 1);
    expect(await refusal(tenant, () => views.asOf(id, before))).toBe('not_found');
    expect(await refusal(tenant, () => views.asOf(id, new Date(removed.getTime() + 1)))).toBe('gone');
    expect(await refusal(aTenant(), () => views.asOf(id, changed))).toBe('not_found');
  });
});

describe('a page of rows', () => {
  it('has those of a tenant and the shared ones, and of all of them those that are wanted', async () => {
    const [tenant, prefix] = [aTenant(), `k${randomUUID()}`];
    for (const [owner, name] of [
      [tenant, 'a'],
      [null, 'b'],
      [aTenant(), 'c'],
      [tenant, 'd'],
      [tenant, 'e'],
    ] as const)
      // prettier-ignore
      await entries.create({ tenant_id: owner, key: `${prefix}.${name}` });
    const where = (): Conditions => new Conditions().and('t.key like ?', `${prefix}.%`);
    const keys = async (of: string | null, request: object = {}): Promise<string[]> => {
      const page = await as(null, () => views.page(of, where(), { limit: 10, ...request }));
      return page.items.map(([key]) => key.replace(`${prefix}.`, ''));
    };
    expect(await keys(tenant)).toEqual(['a', 'b', 'd', 'e']);
    expect(await keys(tenant, { sort: '-key' })).toEqual(['e', 'd', 'b', 'a']);
    expect(await keys(null)).toEqual(['b']);

    const first = await as(null, () => views.page(tenant, where(), { limit: 3, includeTotal: true }));
    expect([first.items.length, first.total, first.limit]).toEqual([3, 4, 3]);
    expect(await keys(tenant, { limit: 3, cursor: first.nextCursor })).toEqual(['e']);
    expect(await refusal(null, () => views.page(null, where(), { limit: 3, cursor: 'x' }))).toBe(
      'invalid_cursor',
    );
    expect(await refusal(null, () => views.page(null, where(), { limit: 3, sort: 'id' }))).toBe(
      'invalid_input',
    );
  });
});
