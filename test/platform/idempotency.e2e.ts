import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { eventually, TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { anEntry, aTenant, ENTRIES } from '../metadata/entries.js';

const COPIES = 50;

let api: TestApi;
let replica: TestApi;
let owner: pg.Pool;

beforeAll(async () => {
  api = await TestApi.start();
  replica = await TestApi.start({ beside: api });
  owner = new pg.Pool({ connectionString: api.database.url });
});

afterAll(async () => {
  await owner.end();
  await replica.stop();
  await api.stop();
});

const withKey = (idempotencyKey: string, key?: string) => ({
  headers: { 'Idempotency-Key': idempotencyKey },
  ...(key !== undefined && { key }),
});

const newEntry = (tenant: string, rest: object = {}): object => anEntry({ tenant_id: tenant, ...rest });

async function countOf(tenant: string): Promise<{ entries: number; changes: number; kept: number }> {
  const { rows } = await owner.query<{ entries: number; changes: number; kept: number }>(
    `select (select count(*)::int from metadata.entry where tenant = $1) as entries,
            (select count(*)::int from platform.change_log where tenant = $1) as changes,
            (select count(*)::int from platform.idempotency where tenant = $1) as kept`,
    [tenant],
  );
  return rows[0] as { entries: number; changes: number; kept: number };
}

const identity = ({ status, headers, text }: Reply) => ({
  status,
  text,
  etag: headers.get('etag'),
  location: headers.get('location'),
  type: headers.get('content-type'),
});

/** Holds back every write of a tenant just before its commit, until it is let go. */
async function holdStream(tenant: string): Promise<() => Promise<void>> {
  const client = await owner.connect();
  await client.query('begin');
  await client.query('select 1 from platform.stream_head where tenant = $1 for update', [tenant]);
  return async () => {
    await client.query('rollback');
    client.release();
  };
}

const HELD_BACK = `select pid from pg_stat_activity
  where datname = current_database() and application_name = 'metastore' and wait_event_type = 'Lock'`;

const heldBack = () =>
  eventually(
    async () => (await owner.query<{ pid: number }>(HELD_BACK)).rows,
    (rows) => rows.length > 0,
  );

describe('a POST with an Idempotency-Key', () => {
  it('happens once, however often it is sent at the same time, over both replicas', async () => {
    const tenant = aTenant();
    const body = newEntry(tenant);
    const sent = withKey(randomUUID());
    const replies = await Promise.all(
      Array.from({ length: COPIES }, (_, index) => (index % 2 ? api : replica).post(ENTRIES, body, sent)),
    );
    const made = replies.filter(({ status }) => status === 201);
    const told = replies.filter(({ body: problem }) => problem.code === 'idempotency_in_progress');
    expect(made.length).toBeGreaterThan(0);
    expect(made.length + told.length).toBe(COPIES);
    expect(told.every(({ status }) => status === 409)).toBe(true);
    expect(made.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    expect(await countOf(tenant)).toMatchObject({ entries: 1, changes: 1 });
  });

  it('is answered again with what was answered first: status, body, ETag and Location, on any replica', async () => {
    const body = newEntry(aTenant(), { value: { z: 1, a: [1.5, null] }, tags: ['x'] });
    const sent = withKey(`order#${randomUUID()}`);
    const first = await api.post(ENTRIES, body, sent);
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(first.headers.get('location')).toBe(`${ENTRIES}/${first.body.id}`);
    for (const again of [await api.post(ENTRIES, body, sent), await replica.post(ENTRIES, body, sent)]) {
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(identity(again)).toEqual(identity(first));
      expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    }
  });

  it('keeps the exact text of numbers that a double cannot carry', async () => {
    const sent = withKey(randomUUID());
    const body = `{"tenant_id":"${aTenant()}","key":"exact","value":123456789012345678901234567890.10}`;
    const first = await api.request('POST', ENTRIES, { body, ...sent });
    const again = await api.request('POST', ENTRIES, { body, ...sent });
    expect(first.text).toContain('123456789012345678901234567890.10');
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('is refused with 422 when the key was used for another body or another path', async () => {
    const sent = withKey(randomUUID());
    const tenant = aTenant();
    await api.post(ENTRIES, newEntry(tenant), sent);
    const otherBody = await api.post(ENTRIES, newEntry(tenant), sent);
    const otherPath = await replica.post(`${ENTRIES}/batch`, { operations: [] }, sent);
    for (const { status, body } of [otherBody, otherPath])
      expect([status, body.code]).toEqual([422, 'idempotency_key_reused']);
    expect((await countOf(tenant)).entries).toBe(1);
  });

  it.each([
    ['a space', 'two words'],
    ['256 characters', 'k'.repeat(256)],
    ['nothing', ''],
    ['a letter beyond ASCII', 'é'],
  ])('is refused with 400 when the key has %s', async (_, key) => {
    const tenant = aTenant();
    const { status, body } = await api.post(ENTRIES, newEntry(tenant), withKey(key));
    expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'invalid_input', '/Idempotency-Key']);
    expect((await countOf(tenant)).entries).toBe(0);
  });

  it('takes a key of 255 characters', async () => {
    const sent = withKey(`${randomUUID()}${'!'.repeat(255 - 36)}`);
    const body = newEntry(aTenant());
    expect((await api.post(ENTRIES, body, sent)).status).toBe(201);
    expect((await api.post(ENTRIES, body, sent)).headers.get('idempotency-replayed')).toBe('true');
  });

  it('does not meet the same key of another credential, of the same tenant or of another', async () => {
    const [acme, globex] = [aTenant(), aTenant()];
    const sent = randomUUID();
    const body = { key: 'same', value: 1 };
    const keys = [await api.key('admin', acme), await api.key('editor', globex)];
    const replies = [];
    for (const key of keys) replies.push(await api.post(ENTRIES, body, withKey(sent, key)));
    expect(replies.map(({ status }) => status)).toEqual([201, 201]);
    expect(replies.map((reply) => reply.body.tenant_id)).toEqual([acme, globex]);
    const sibling = await api.post(ENTRIES, body, withKey(sent, await api.key('editor', acme)));
    expect([sibling.status, sibling.body.code]).toEqual([409, 'metadata_key_taken']);
  });

  it('repeats a refusal that came from what was stored, even when that has changed since', async () => {
    const tenant = aTenant();
    const body = newEntry(tenant);
    const { body: standing } = await api.post(ENTRIES, body);
    const sent = withKey(randomUUID());
    const refused = await api.post(ENTRIES, body, sent);
    expect([refused.status, refused.body.code]).toEqual([409, 'metadata_key_taken']);
    await api.delete(`${ENTRIES}/${standing.id}`);
    const again = await replica.post(ENTRIES, body, sent);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(identity(again)).toEqual(identity(refused));
    expect((await countOf(tenant)).entries).toBe(0);
  });

  it('repeats a 404 as well', async () => {
    const path = `${ENTRIES}/${randomUUID()}/rollback/1`;
    const sent = withKey(randomUUID());
    const first = await api.post(path, {}, sent);
    const again = await api.post(path, {}, sent);
    expect(first.status).toBe(404);
    expect(identity(again)).toEqual(identity(first));
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('forgets a 400, so that the corrected request may use the key', async () => {
    const sent = withKey(randomUUID());
    const tenant = aTenant();
    const wrong = await api.post(ENTRIES, newEntry(tenant, { key: 'not a key' }), sent);
    expect(wrong.status).toBe(400);
    const right = await api.post(ENTRIES, newEntry(tenant), sent);
    expect([right.status, right.headers.get('idempotency-replayed')]).toEqual([201, null]);
  });

  it('is told 409 on every replica while the first one runs', async () => {
    const tenant = aTenant();
    await api.post(ENTRIES, newEntry(tenant));
    const body = newEntry(tenant);
    const sent = withKey(randomUUID());
    const letGo = await holdStream(tenant);
    const first = api.post(ENTRIES, body, sent);
    await heldBack();
    for (const one of [api, replica]) {
      const early = await one.post(ENTRIES, body, sent);
      expect([early.status, early.body.code]).toEqual([409, 'idempotency_in_progress']);
    }
    await letGo();
    const { status, text } = await first;
    expect(status).toBe(201);
    const again = await replica.post(ENTRIES, body, sent);
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([text, 'true']);
  });

  it('leaves nothing when it breaks off in the middle, and happens when it is sent again', async () => {
    const tenant = aTenant();
    await api.post(ENTRIES, newEntry(tenant));
    const before = await countOf(tenant);
    const body = newEntry(tenant, { tags: ['half'] });
    const sent = withKey(randomUUID());
    const letGo = await holdStream(tenant);
    const broken = api.post(ENTRIES, body, sent);
    for (const { pid } of await heldBack()) await owner.query('select pg_terminate_backend($1)', [pid]);
    const { status, headers, body: problem } = await broken;
    expect([status, problem.code]).toEqual([503, 'database_unavailable']);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    await letGo();
    expect(await countOf(tenant)).toEqual(before);
    const again = await replica.post(ENTRIES, body, sent);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, null]);
    expect(await countOf(tenant)).toMatchObject({ entries: before.entries + 1, changes: before.changes + 1 });
  });

  it('stores the whole answer of a batch with what the batch wrote', async () => {
    const tenant = aTenant();
    const sent = withKey(randomUUID());
    const operations = [1, 2, 3].map((value) => ({ op: 'create', ...newEntry(tenant, { value }) }));
    const first = await api.post(`${ENTRIES}/batch`, { mode: 'partial', operations }, sent);
    const again = await replica.post(`${ENTRIES}/batch`, { mode: 'partial', operations }, sent);
    expect(first.status).toBe(207);
    expect(identity(again)).toEqual(identity(first));
    expect((await countOf(tenant)).entries).toBe(3);
  });
});

describe('what is kept of a response', () => {
  it('cannot be read in the database', async () => {
    const marker = `plain-${randomUUID()}`;
    const tenant = aTenant();
    await api.post(ENTRIES, newEntry(tenant, { value: marker, is_encrypted: true }), withKey(randomUUID()));
    const { rows } = await owner.query<{ found: boolean }>(
      `select bool_or(i::text like '%' || $1 || '%') as found from platform.idempotency i`,
      [marker],
    );
    expect(rows[0]?.found).toBe(false);
  });

  it('holds for 24 hours', async () => {
    const tenant = aTenant();
    const sent = withKey(randomUUID());
    const body = newEntry(tenant);
    const { body: entry } = await api.post(ENTRIES, body, sent);
    const age = (hours: string) =>
      owner.query(
        `update platform.idempotency set created_at = clock_timestamp() - $2::interval
         where response is not null and key = $1`,
        [sent.headers['Idempotency-Key'], hours],
      );
    await age('23 hours 59 minutes');
    expect((await api.post(ENTRIES, body, sent)).headers.get('idempotency-replayed')).toBe('true');
    await age('24 hours 1 second');
    await api.delete(`${ENTRIES}/${entry.id}`);
    const anew = await api.post(ENTRIES, body, sent);
    expect([anew.status, anew.headers.get('idempotency-replayed')]).toEqual([201, null]);
  });
});
