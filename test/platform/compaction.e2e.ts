import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '../test-database.js';
import { OldHistory } from './old-history.js';
import type { OldRow } from './old-history.js';

const BEFORE = '2024-06';
const ALL_VERSIONS = 1_000;

let database: TestDatabase;
let history: OldHistory;

beforeAll(async () => {
  ({ history, database } = await OldHistory.create());
});

afterAll(async () => {
  await history.end();
  await database.drop();
});

beforeEach(async () => {
  await history.clear();
  await history.partitions('2024-01', '2024-02', '2024-03');
});

const [one, two] = [randomUUID(), randomUUID()];

/** Versions 1 to n of a thing, one a day from the first of a month on. */
const versions = (id: string, count: number, month: string, from = 1): OldRow[] =>
  Array.from({ length: count }, (_, index) => ({
    id,
    version: from + index,
    at: `${month}-${String(index + 1).padStart(2, '0')}T12:00:00.000Z`,
  }));

/** Revisions that come after everything that is old, so that nothing old is the end of its stream. */
const RECENT: OldRow = { id: randomUUID(), version: 1, at: '2025-01-01T00:00:00.000Z' };

describe('what is kept of an old month', () => {
  it('of what is there: its newest versions', async () => {
    await history.write('acme', [...versions(one, 20, '2024-01'), RECENT]);
    expect(await history.compact('2024-01', BEFORE, 3)).toEqual({
      is_busy: false,
      rows: 20,
      acts: 0,
      versions: 17,
      held: 0,
    });
    expect(await history.revisionsLeft('acme')).toEqual([18, 19, 20, 21]);
    expect(await history.compactedRevision('acme')).toBe(17);
  });

  it('newest counts wherever they lie', async () => {
    await history.write('acme', [...versions(one, 5, '2024-01'), ...versions(one, 2, '2025-02', 6)]);
    await history.compact('2024-01', BEFORE, 3);
    expect(await history.revisionsLeft('acme')).toEqual([5, 6, 7]);
  });

  it('what was in force when the whole history begins, however many versions came since', async () => {
    await history.write('acme', [...versions(one, 5, '2024-01'), ...versions(one, 20, '2025-02', 6)]);
    await history.compact('2024-01', BEFORE, 1);
    expect(await history.revisionsLeft('acme')).toEqual([5, ...Array.from({ length: 20 }, (_, n) => 6 + n)]);
  });

  it('of what is gone: its last change, so that its id stays used', async () => {
    const removed = { id: one, version: 4, at: '2024-02-01T00:00:00.000Z', gone: true };
    await history.write('acme', [...versions(one, 3, '2024-01'), removed, RECENT]);
    await history.compactDue(BEFORE, ALL_VERSIONS);
    expect(await history.revisionsLeft('acme')).toEqual([4, 5]);
  });

  it('what was removed since then can still be read as it was when the whole history begins', async () => {
    const removed = { id: one, version: 4, at: '2024-07-01T00:00:00.000Z', gone: true };
    await history.write('acme', [...versions(one, 3, '2024-01'), removed, RECENT]);
    await history.compactDue(BEFORE, ALL_VERSIONS);
    expect(await history.revisionsLeft('acme')).toEqual([3, 4, 5]);
  });

  it('nothing of acts', async () => {
    const acts = versions(one, 4, '2024-01').map((row) => ({ ...row, version: 0 }));
    await history.write('acme', [...acts, RECENT]);
    expect(await history.compact('2024-01', BEFORE, 10)).toMatchObject({ rows: 4, acts: 4, versions: 0 });
    expect(await history.revisionsLeft('acme')).toEqual([5]);
  });

  it('the end of a stream, which its chain goes on from', async () => {
    await history.write('acme', [
      ...versions(one, 3, '2024-01'),
      { ...RECENT, version: 0, at: '2024-02-01T00:00:00.000Z' },
    ]);
    await history.compactDue(BEFORE, 1);
    expect(await history.revisionsLeft('acme')).toEqual([3, 4]);
  });

  it('what came late is not removed before what came before it in the stream', async () => {
    await history.write('acme', [
      ...versions(one, 3, '2024-01'),
      { ...RECENT, at: '2024-08-01T00:00:00.000Z' },
      ...versions(two, 3, '2024-02'),
      { ...RECENT, version: 2 },
    ]);
    await history.compactDue(BEFORE, 1);
    expect(await history.revisionsLeft('acme')).toEqual([3, 4, 5, 6, 7, 8]);
    expect(await history.compactedRevision('acme')).toBe(2);
    expect(await history.due(BEFORE)).toEqual(['2024-02']);
  });

  it('each stream by itself', async () => {
    await history.write('acme', [...versions(one, 3, '2024-01'), RECENT]);
    await history.write('globex', [...versions(two, 5, '2024-01'), { ...RECENT, id: randomUUID() }]);
    await history.compact('2024-01', BEFORE, 1);
    expect([await history.compactedRevision('acme'), await history.compactedRevision('globex')]).toEqual([
      2, 4,
    ]);
  });
});

describe('what no sink has delivered yet', () => {
  it('stays, and is looked at again', async () => {
    await history.write('acme', [...versions(one, 10, '2024-01'), RECENT]);
    await history.sink('slow', { acme: 4 });
    await history.sink('quick', { acme: 11 });
    expect(await history.compact('2024-01', BEFORE, 1)).toMatchObject({ versions: 4, held: 5 });
    await history.compactDue(BEFORE, 1);
    expect(await history.revisionsLeft('acme')).toEqual([5, 6, 7, 8, 9, 10, 11]);
    expect(await history.due(BEFORE)).toEqual(['2024-01']);
    await history.owner.query('update platform.sink_checkpoint set revision = 11');
    await history.compactDue(BEFORE, 1);
    expect(await history.revisionsLeft('acme')).toEqual([10, 11]);
    expect(await history.due(BEFORE)).toEqual([]);
  });

  it('stays by itself where a sink has put it aside', async () => {
    await history.write('acme', [...versions(one, 5, '2024-01'), RECENT]);
    await history.sink('some', { acme: 6 });
    await history.owner.query(
      `insert into platform.sink_parked (sink, tenant, revision, sub, aggregate_type, aggregate_id, type, subject, occurred_at, reason)
       select 'some', tenant, revision, sub, aggregate_type, aggregate_id, type, subject, occurred_at, 'too large'
       from platform.change_log where revision = 2`,
    );
    expect(await history.compact('2024-01', BEFORE, 1)).toMatchObject({ versions: 3, held: 1 });
    expect(await history.revisionsLeft('acme')).toEqual([2, 5, 6]);
    await history.owner.query('delete from platform.sink_parked');
    await history.compactDue(BEFORE, 1);
    expect(await history.revisionsLeft('acme')).toEqual([5, 6]);
  });

  it('is everything where a sink has not begun', async () => {
    await history.write('acme', [...versions(one, 3, '2024-01'), RECENT]);
    await history.sink('new', { globex: 7 });
    expect(await history.compact('2024-01', BEFORE, 1)).toMatchObject({ versions: 0, held: 2 });
    expect(await history.revisionsLeft('acme')).toEqual([1, 2, 3, 4]);
  });
});

describe('where the rows lie', () => {
  it('a month of which nothing is left has no partition any more', async () => {
    const acts = versions(one, 4, '2024-01').map((row) => ({ ...row, version: 0 }));
    await history.write('acme', [...acts, RECENT]);
    await history.compactDue(BEFORE, 1);
    const { rows } = await history.owner.query(`select to_regclass('platform.change_log_2024_01') as name`);
    expect(rows).toEqual([{ name: null }]);
    await history.write('acme', [{ ...RECENT, version: 2, at: '2024-01-07T00:00:00.000Z' }]);
    expect(await history.tables('2024-01')).toEqual({ 'platform.change_log_other': 1 });
  });

  it('a month that was swapped has its rows, its indexes and its walls as before', async () => {
    const shape = async () =>
      (
        await history.owner.query(
          `select c.relrowsecurity, c.relforcerowsecurity, c.relacl::text, c.relispartition,
             pg_get_expr(c.relpartbound, c.oid) as bound, (select count(*)::int from pg_constraint where conrelid = c.oid and contype <> 'n') as constraints,
             (select array_agg(regexp_replace(indexdef, 'INDEX \\S+', '') order by 1) from pg_indexes where schemaname = 'platform' and tablename = c.relname) as indexes
           from pg_class c where c.oid = 'platform.change_log_2024_01'::regclass`,
        )
      ).rows;
    const before = await shape();
    await history.write('acme', [...versions(one, 5, '2024-01'), RECENT]);
    const { rows: old } = await history.owner.query(
      `select 'platform.change_log_2024_01'::regclass::oid as id`,
    );
    await history.compact('2024-01', BEFORE, 2);
    const { rows: new_ } = await history.owner.query(
      `select 'platform.change_log_2024_01'::regclass::oid as id`,
    );
    expect(new_).not.toEqual(old);
    expect(await shape()).toEqual(before);
    expect(await history.tables('2024-01')).toEqual({ 'platform.change_log_2024_01': 2 });
    await history.write('acme', versions(one, 1, '2024-01', 6));
    expect(await history.tables('2024-01')).toEqual({ 'platform.change_log_2024_01': 3 });
  });

  it('a month without a partition is compacted where it is', async () => {
    await history.write('acme', [...versions(one, 5, '2023-07'), ...versions(one, 2, '2024-01', 6), RECENT]);
    expect(await history.due(BEFORE)).toEqual(['2023-07', '2024-01', '2024-02', '2024-03']);
    expect(await history.compact('2023-07', BEFORE, 3)).toMatchObject({ rows: 5, versions: 4 });
    expect(await history.tables('2023-07')).toEqual({ 'platform.change_log_other': 1 });
    expect(await history.revisionsLeft('acme')).toEqual([5, 6, 7, 8]);
  });

  it('nothing is left of the work', async () => {
    await history.write('acme', [...versions(one, 5, '2024-01'), RECENT]);
    await history.compactDue(BEFORE, 1);
    const { rows } = await history.owner.query(
      `select relname from pg_class where relnamespace = 'platform'::regnamespace and relkind in ('r', 'p')
         and (relname like 'compaction%' or relname like '%kept')`,
    );
    expect(rows).toEqual([]);
  });
});

describe('what may be asked for', () => {
  it('months that are due are told once a month, oldest first', async () => {
    await history.write('acme', [...versions(one, 5, '2024-02'), RECENT]);
    expect(await history.due('2024-03')).toEqual(['2024-01', '2024-02']);
    await history.compactDue('2024-03', 1);
    expect(await history.due('2024-03')).toEqual([]);
    expect(await history.due('2024-03', 'all')).toEqual(['2024-02']);
    await history.owner.query(
      `update platform.compacted_month set compacted_at = compacted_at - interval '31 days'`,
    );
    expect(await history.due('2024-03')).toEqual(['2024-02']);
  });

  it('a rehearsal tells what would go, and removes nothing', async () => {
    await history.write('acme', [...versions(one, 5, '2024-01'), RECENT]);
    expect(await history.compact('2024-01', BEFORE, 1, 'rehearsed')).toMatchObject({ rows: 5, versions: 4 });
    expect(await history.revisionsLeft('acme')).toHaveLength(6);
    expect(await history.due(BEFORE)).toContain('2024-01');
  });

  it.each([
    ['a month that is not over by then', '2024-06', '2024-06', 1],
    ['no version', '2024-01', '2024-06', 0],
    ['what is not old', '2024-01', '2999-01', 1],
  ])('not %s', async (_, month, before, versionsMin) => {
    await expect(history.compact(month, before, versionsMin)).rejects.toThrow('may be compacted');
  });

  it('not by anybody but the service, and the service asks for whole months alone', async () => {
    const { rows } = await history.owner.query<{ name: string; app: boolean; all: boolean }>(
      `select p.proname as name, has_function_privilege('metastore_app', p.oid, 'execute') as app,
         has_function_privilege('metastore_search', p.oid, 'execute') as all
       from pg_proc p where p.pronamespace = 'platform'::regnamespace
         and (p.proname like '%change_log_month%' or p.proname like '%compact%' or p.proname = 'judge_change_log') order by 1`,
    );
    expect(rows.map(({ name, app, all }) => [name, app, all])).toEqual([
      ['change_log_months', true, false],
      ['compact_change_log', true, false],
      ['judge_change_log', false, false],
      ['note_compaction', false, false],
      ['swap_change_log_month', false, false],
      ['thin_change_log_month', false, false],
    ]);
  });
});
