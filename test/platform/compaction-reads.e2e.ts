import { Compaction } from '#platform/change-log';
import { CallContext } from '#platform/context';
import { eventually, TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aLayer, effective } from '../configuration/live-made.js';
import { aService, CONFIGURATIONS } from '../configuration/made.js';
import { aKey, aTenant, ENTRIES, EVENTS } from '../metadata/entries.js';
import { OldHistory } from './old-history.js';

const BEFORE = new Date('2024-06-01T00:00:00Z');
const MONTH = new Date('2024-01-01T00:00:00Z');
const VERSIONS_MIN = 2;

let api: TestApi;
let history: OldHistory;

beforeAll(async () => {
  api = await TestApi.start();
  history = new OldHistory(api.database.url);
  await history.partitions('2024-01');
});

afterAll(async () => {
  await history.end();
  await api.stop();
});

/** Version n of it was made on day n of that January; later ones are as new as they are. */
async function makeOld(id: string, versions: number): Promise<void> {
  const { rowCount } = await history.owner.query(
    `update platform.change_log set occurred_at = make_timestamptz(2024, 1, aggregate_version, 12, 0, 0, 'UTC')
     where aggregate_id = $1 and aggregate_version between 1 and $2`,
    [id, versions],
  );
  expect(rowCount).toBe(versions);
}

const compact = () =>
  api.part(CallContext).runAsSystem('test', () => api.part(Compaction).compact(MONTH, BEFORE, VERSIONS_MIN));

/** One with six versions, five of them old, of which the last is kept. */
async function compactedEntry(): Promise<{ id: string; tenant: string; path: string }> {
  const tenant = aTenant();
  const { body } = await api.post(ENTRIES, { key: aKey(), value: 1, tenant_id: tenant });
  const path = `${ENTRIES}/${body.id}`;
  for (let value = 2; value <= 6; value += 1) await api.put(path, { value });
  await makeOld(body.id, 5);
  await compact();
  return { id: body.id, tenant, path };
}

const told = ({ status, body }: Reply): unknown[] => [status, body?.code, body?.oldest_version];

describe('versions that are not kept any more', () => {
  it('are not listed, and the list ends where it ends', async () => {
    const { path } = await compactedEntry();
    const { body } = await api.get(`${path}/versions`);
    expect([body.items.map(({ version }: any) => version), body.has_more]).toEqual([[6, 5], false]);
  });

  it('are gone, and those that never were are not found', async () => {
    const { path } = await compactedEntry();
    const gone = [410, 'revision_compacted', 5];
    for (const version of [1, 4]) expect(told(await api.get(`${path}/versions/${version}`))).toEqual(gone);
    expect(told(await api.get(`${path}/versions/4/diff/6`))).toEqual(gone);
    expect(told(await api.get(`${path}/versions/6/diff/4`))).toEqual(gone);
    expect(told(await api.post(`${path}/rollback/4`))).toEqual(gone);
    expect(told(await api.get(`${path}/versions/7`))).toEqual([404, 'version_not_found', undefined]);
    expect((await api.get(`${path}/versions/5`)).body.state.value).toBe(5);
    expect((await api.post(`${path}/rollback/5`)).body.value).toBe(5);
  });

  it('leave no instant that is answered wrongly', async () => {
    const { id, path } = await compactedEntry();
    const at = (instant: string) => api.get(`${path}?as_of=${instant}`);
    const gone = [410, 'revision_compacted', 5];
    for (const day of ['2023-01-01', '2024-01-01', '2024-01-05'])
      expect([day, ...told(await at(`${day}T00:00:00Z`))]).toEqual([day, ...gone]);
    expect((await at('2024-01-05T12:00:00Z')).body.value).toBe(5);
    expect((await at('2099-01-01T00:00:00Z')).body.value).toBe(6);
    await history.owner.query(
      'delete from platform.change_log where aggregate_id = $1 and aggregate_version = 6',
      [id],
    );
    await api.put(path, { value: 7 });
    expect(told(await at('2024-01-06T00:00:00Z'))).toEqual([410, 'revision_compacted', 7]);
  });

  it('are told apart from what was not there yet', async () => {
    const { body } = await api.post(ENTRIES, { key: aKey(), value: 1, tenant_id: aTenant() });
    const reply = await api.get(`${ENTRIES}/${body.id}?as_of=2024-01-01T00:00:00Z`);
    expect([reply.status, reply.body.code]).toEqual([404, 'not_found']);
  });

  it('of what was deleted leave its id used, and that it is gone', async () => {
    const tenant_id = aTenant();
    const { body } = await api.post(ENTRIES, { key: aKey(), value: 1, tenant_id });
    await api.put(`${ENTRIES}/${body.id}`, { value: 2 });
    await api.delete(`${ENTRIES}/${body.id}`);
    await makeOld(body.id, 3);
    await api.post(ENTRIES, { key: aKey(), value: 1, tenant_id }); // The end of the stream is kept.
    await compact();
    expect(told(await api.get(`${ENTRIES}/${body.id}/versions/2`))).toEqual([410, 'revision_compacted', 3]);
    expect((await api.get(`${ENTRIES}/${body.id}?as_of=2025-01-01T00:00:00Z`)).body.code).toBe('gone');
    const again = await api.post(ENTRIES, { id: body.id, key: aKey(), value: 1, tenant_id });
    expect(again.status).toBe(409);
  });
});

describe('the feed', () => {
  it('is gone below the point up to which it is not whole, and begins there for who names none', async () => {
    const { tenant } = await compactedEntry();
    const at = (query: string) => api.get(`${EVENTS}?tenant_id=${tenant}${query}`);
    for (const after of [0, 3]) {
      const { status, body } = await at(`&after=${after}`);
      expect([status, body]).toEqual([
        410,
        expect.objectContaining({
          code: 'revision_compacted',
          stream: tenant,
          compacted_revision: 4,
          oldest: '4',
        }),
      ]);
    }
    for (const query of ['', '&after=4']) {
      const { body } = await at(query);
      expect(body.items.map(({ revision }: any) => revision)).toEqual([5, 6]);
      expect(body.next).toBe('6');
    }
    expect((await at('&after=0.0&include_shared=true')).status).toBe(410);
    expect((await at('&include_shared=true')).status).toBe(200);
  });
});

describe('what a service got', () => {
  it('is not told of an instant at which one of its layers is not known any more', async () => {
    const service_id = aService();
    const tenant_id = aTenant();
    const { id } = await aLayer(api, { service_id, tenant_id, values: { n: 1 } });
    for (let n = 2; n <= 5; n += 1)
      expect((await api.patch(`${CONFIGURATIONS}/${id}`, { values: { n } })).status).toBe(200);
    await makeOld(id, 4);
    await compact();
    const at = (instant: string) => effective(api, service_id, { tenant_id, at: instant });
    expect((await at('2024-01-02T13:00:00Z')).body.code).toBe('revision_compacted');
    const { status, body } = await at('2024-01-04T13:00:00Z');
    expect([status, body.values]).toEqual([200, { app: { n: 4 } }]);
  });
});

describe('the job', () => {
  it('compacts what is older than HISTORY_DAYS, says so, and counts it', async () => {
    const tenant_id = aTenant();
    const { body } = await api.post(ENTRIES, { key: aKey(), value: 1, tenant_id });
    for (let value = 2; value <= 6; value += 1) await api.put(`${ENTRIES}/${body.id}`, { value });
    await makeOld(body.id, 5);
    await history.owner.query('truncate platform.compacted_month');
    const env = { HISTORY_DAYS: '400', HISTORY_MIN_VERSIONS: '2' };
    const replica = await TestApi.start({ env, beside: api });
    try {
      const { body: left } = await eventually(
        () => api.get(`${ENTRIES}/${body.id}/versions`),
        (reply) => reply.body.items.length === 2,
      );
      expect(left.items.map(({ version }: any) => version)).toEqual([6, 5]);
      const { text } = await eventually(
        () => replica.get('/metrics'),
        (reply) => /^metastore_history_compacted_timestamp_seconds [1-9]/m.test(reply.text),
      );
      expect(text).toMatch(/^metastore_history_removed_rows_total\{kind="versions"\} [1-9]/m);
      expect(replica.log.filter((line) => line.includes('2024-01: removed')).length).toBe(1);
    } finally {
      await replica.stop();
    }
  });
});

describe('the chain of hashes', () => {
  const verdictOf = async (tenant: string): Promise<any> =>
    (await api.get(`/api/v1/audit/verify?tenant_id=${tenant}`)).body;

  it('fits where rows are not kept any more, and names one that was kept and is not what it was', async () => {
    const tenant = aTenant();
    const old = { id: crypto.randomUUID(), at: '2024-01-10T00:00:00.000Z' };
    const states = [1, 2, 3, 4, 5].map((version) => ({ ...old, version }));
    const late = { ...old, version: 6, at: new Date(Date.now() - 1).toISOString() };
    await history.write(tenant, [...states, late]);
    const before = await verdictOf(tenant);
    await compact();
    const left = await history.revisionsLeft(tenant);
    expect(left).toEqual([5, 6]);
    expect(before).toMatchObject({ ok: true, checked_rows: 6 });
    expect(await verdictOf(tenant)).toMatchObject({
      ...{ ok: true, checked_rows: 2, compacted_revision: 4, head: before.head },
    });
    await history.owner.query(
      `update platform.change_log set actor = 'key:forged' where tenant = $1 and revision = 5`,
      [tenant],
    );
    expect(await verdictOf(tenant)).toMatchObject({
      ...{ ok: false, broken: { revision: 5, sub: 0, reason: 'hash_mismatch' } },
    });
  });
});
