import pg from 'pg';
import { TestApi } from '../api.js';
import { aTenant, Entries } from '../metadata/entries.js';

const VERIFY = '/api/v1/audit/verify';

let api: TestApi;
let owner: pg.Pool;
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

async function verdictOf(tenant: string, query = ''): Promise<any> {
  const { status, body } = await api.get(`${VERIFY}?tenant_id=${tenant}${query}`);
  expect([status, body.code]).toEqual([200, undefined]);
  return body;
}

/** A tenant with five revisions: the third has three rows. */
async function aStream(): Promise<string> {
  const tenant = aTenant();
  const { id } = await entries.create({ tenant_id: tenant, change_reason: 'because', value: 'one' });
  await entries.change(id, { value: 'two' });
  const operations = ['a', 'b', 'c'].map((key) => ({ op: 'create', tenant_id: tenant, key, value: 1 }));
  await entries.batch('atomic', operations);
  await entries.change(id, { value: 'three' });
  await entries.create({ tenant_id: tenant });
  return tenant;
}

const brokenOf = async (tenant: string): Promise<unknown> => (await verdictOf(tenant)).broken;

describe('a stream that nobody touched', () => {
  it('fits, and says how far it was checked', async () => {
    const tenant = await aStream();
    expect(await verdictOf(tenant)).toEqual({
      ...{ tenant_id: tenant, ok: true, checked_rows: 7, from_revision: 1, until_revision: 5 },
      ...{ next_revision: null, chained_from: 0, compacted_revision: 0, expected: null, broken: null },
      head: { revision: 5, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  it('fits in parts', async () => {
    const tenant = await aStream();
    const part = await verdictOf(tenant, '&from_revision=2&until_revision=3');
    expect([part.ok, part.from_revision, part.until_revision]).toEqual([true, 2, 3]);
  });

  it('fits where nothing was ever written', async () => {
    expect(await verdictOf(aTenant())).toMatchObject({
      ...{ ok: true, checked_rows: 0, head: { revision: 0, hash: '' } },
    });
  });

  it('fits for what is shared, and for what is of the installation', async () => {
    await entries.create({ tenant_id: null });
    await api.key('viewer', null);
    for (const stream of ['shared', 'platform']) {
      const { body } = await api.get(`${VERIFY}?stream=${stream}`);
      expect(body).toMatchObject({ ok: true, broken: null, tenant_id: null });
      expect(body.checked_rows).toBeGreaterThan(0);
    }
  });

  it('fits while it is written', async () => {
    const tenant = await aStream();
    const writers = Array.from({ length: 4 }, async () => {
      for (let time = 0; time < 10; time += 1) await entries.create({ tenant_id: tenant });
    });
    let isOver = false;
    const all = Promise.all(writers).finally(() => (isOver = true));
    do expect((await verdictOf(tenant)).ok).toBe(true);
    while (!isOver);
    await all;
    expect((await verdictOf(tenant)).head.revision).toBe(45);
  });

  it('is longer than one portion and fits, and so does what is larger than one', async () => {
    const tenant = aTenant();
    for (let round = 0; round < 5; round += 1)
      await entries.batch(
        'atomic',
        Array.from({ length: 500 }, (_, n) => ({
          ...{
            op: 'create',
            tenant_id: tenant,
            key: `k${round}.${n}`,
            value: 'x'.repeat(n % 100 === 0 ? 9_000 : 9),
          },
        })),
      );
    expect(await verdictOf(tenant)).toMatchObject({ ok: true, checked_rows: 2_500 });
  });
});

describe('what somebody did behind the back of the service is named', () => {
  /** Columns of the third row, each with something else that it can hold. */
  it.each([
    ['aggregate_type', `'other.type'`],
    ['aggregate_id', 'gen_random_uuid()'],
    ['aggregate_version', '99'],
    ['type', `'deleted'`],
    ['subject', `subject || 'x'`],
    ['previous_subject', `''`],
    ['snapshot', `replace(snapshot::text, '{', '{ ')::json`],
    ['snapshot', 'null'],
    ['actor', `'key:somebody'`],
    ['reason', `''`],
    ['rolled_back_from', '1'],
    ['request_id', `'r'`],
    ['trace_id', `'t'`],
    ['causation_id', `'c'`],
    ['occurred_at', `occurred_at + interval '1 millisecond'`],
    ['hash', `sha256('')`],
  ])('%s of a row becomes %s', async (column, value) => {
    const tenant = await aStream();
    const { rowCount } = await owner.query(
      `update platform.change_log set ${column} = ${value} where tenant = $1 and revision = 3 and sub = 1`,
      [tenant],
    );
    expect(rowCount).toBe(1);
    const broken = { revision: 3, sub: 1, id: `${tenant}-3-1`, reason: 'hash_mismatch' };
    expect(await verdictOf(tenant)).toMatchObject({ ok: false, until_revision: 3, checked_rows: 3, broken });
  });

  it.each([
    [
      'a row in the middle is removed',
      'delete from platform.change_log where tenant = $1 and revision = 2',
      [2, 0, 'row_missing'],
    ],
    [
      'a row within a revision is removed',
      'delete from platform.change_log where tenant = $1 and revision = 3 and sub = 1',
      [3, 1, 'row_missing'],
    ],
    [
      'the last row of a revision is removed',
      'delete from platform.change_log where tenant = $1 and revision = 3 and sub = 2',
      [4, 0, 'hash_mismatch'],
    ],
    [
      'the first row is removed',
      'delete from platform.change_log where tenant = $1 and revision = 1',
      [1, 0, 'row_missing'],
    ],
    [
      'the last row is removed',
      'delete from platform.change_log where tenant = $1 and revision = 5',
      [5, 0, 'row_missing'],
    ],
    ['every row is removed', 'delete from platform.change_log where tenant = $1', [1, 0, 'row_missing']],
    [
      'a row loses its hash',
      'update platform.change_log set hash = null where tenant = $1 and revision = 2',
      [2, 0, 'hash_missing'],
    ],
    [
      'a row is told another predecessor',
      `update platform.change_log set previous_hash = sha256('') where tenant = $1 and revision = 2`,
      [2, 0, 'previous_hash_unexpected'],
    ],
    [
      'two rows change places',
      'update platform.change_log set revision = 6 - revision where tenant = $1 and revision in (2, 4)',
      [2, 0, 'hash_mismatch'],
    ],
    [
      'a row is written again as another one',
      `insert into platform.change_log select (jsonb_populate_record(l, '{"sub": 1}')).* from platform.change_log l where tenant = $1 and revision = 2`,
      [2, 1, 'hash_mismatch'],
    ],
    [
      'a row is put behind the head',
      `insert into platform.change_log select (jsonb_populate_record(l, '{"revision": 6, "hash": null}')).* from platform.change_log l where tenant = $1 and revision = 5`,
      [6, 0, 'hash_missing'],
    ],
    [
      'the head is put back',
      'update platform.stream_head set revision = 4 where tenant = $1',
      [5, 0, 'beyond_head'],
    ],
    [
      'the hash of the head is another',
      `update platform.stream_head set hash = sha256('') where tenant = $1`,
      [5, 1, 'head_mismatch'],
    ],
    ['the head is removed', 'delete from platform.stream_head where tenant = $1', [1, 0, 'head_missing']],
    [
      'the chain is said to begin later',
      'update platform.stream_head set chained_from = 5 where tenant = $1',
      [5, 0, 'head_mismatch'],
    ],
  ])('%s', async (_, statement, [revision, sub, reason]) => {
    const tenant = await aStream();
    await owner.query(statement, [tenant]);
    expect(await brokenOf(tenant)).toEqual({ revision, sub, reason, id: `${tenant}-${revision}-${sub}` });
  });

  it('a stream that was cut off with its head put back fits, and not for whoever noted the head before', async () => {
    const tenant = await aStream();
    const { head } = await verdictOf(tenant);
    const expected = `&expected=${head.revision}:${head.hash}`;
    await entries.create({ tenant_id: tenant });
    expect(await verdictOf(tenant, expected)).toMatchObject({ ok: true, expected: 'confirmed' });
    await owner.query('delete from platform.change_log where tenant = $1 and revision > 4', [tenant]);
    await owner.query(
      `update platform.stream_head h set revision = 4, hash = l.hash from platform.change_log l
       where h.tenant = $1 and l.tenant = $1 and l.revision = 4`,
      [tenant],
    );
    expect((await verdictOf(tenant)).ok).toBe(true);
    expect(await verdictOf(tenant, expected)).toMatchObject({
      ...{ ok: false, expected: 'broken', broken: { revision: 5, reason: 'expected_mismatch' } },
    });
  });

  it('a chain that is said to begin behind what was noted does not cover it', async () => {
    const tenant = await aStream();
    const { head } = await verdictOf(tenant);
    await owner.query(`update platform.stream_head set chained_from = 5, hash = '' where tenant = $1`, [
      tenant,
    ]);
    expect(await verdictOf(tenant, `&expected=5:${head.hash}`)).toMatchObject({
      ...{ ok: false, broken: { revision: 5, reason: 'expected_not_covered' } },
    });
  });
});

describe('a question that cannot be answered', () => {
  const hash = '0'.repeat(64);
  it.each([
    ['expected=1', '/expected'],
    [`expected=0:${hash}`, '/expected'],
    [`expected=1:${hash.toUpperCase()}x`, '/expected'],
    [`from_revision=3&expected=2:${hash}`, '/expected'],
    ['from_revision=0', '/from_revision'],
    ['from_revision=7', '/from_revision'],
    ['from_revision=3&until_revision=2', '/until_revision'],
    ['stream=platform', '/stream'],
    ['stream=other', '/stream'],
  ])('%s is refused at %s', async (query, pointer) => {
    const tenant = await aStream();
    const { status, body } = await api.get(`${VERIFY}?tenant_id=${tenant}&${query}`);
    expect([status, body.errors.map((each: any) => each.pointer)]).toEqual([400, [pointer]]);
  });

  it('is that of a tenant about what is not its own', async () => {
    const key = await api.key('admin', aTenant());
    for (const query of [`tenant_id=${aTenant()}`, 'stream=platform', 'stream=shared']) {
      const { status, body } = await api.get(`${VERIFY}?${query}`, { key });
      expect([query, status, body.code]).toEqual([query, 403, 'tenant_forbidden']);
    }
  });
});
