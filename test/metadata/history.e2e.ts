import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aKey, aTenant, Entries, ENTRIES, EVENTS, outcome } from './entries.js';

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

async function versionsOf(id: string): Promise<any[]> {
  return (await api.get(`${ENTRIES}/${id}/versions`)).body.items;
}

const stateAt = async (id: string, version: number): Promise<any> =>
  (await api.get(`${ENTRIES}/${id}/versions/${version}`)).body.state;

describe('the list of versions', () => {
  it('is newest first and says who did what, when and why', async () => {
    const tenant = aTenant();
    const key = await api.key('editor', tenant);
    const { body: first } = await api.post(ENTRIES, { key: aKey(), value: 1, change_reason: 'new' }, { key });
    const { body: second } = await api.put(
      `${ENTRIES}/${first.id}`,
      { value: 2, change_reason: 'more' },
      { key },
    );
    const { body: third } = await api.post(`${ENTRIES}/${first.id}/rollback/1`, { change_reason: 'oh' });
    expect((await api.get(`${ENTRIES}/${first.id}/versions`, { key })).body).toEqual({
      items: [
        {
          version: 3,
          type: 'rolled_back',
          changed_by: 'anonymous',
          changed_at: third.updated_at,
          change_reason: 'oh',
          rolled_back_from: 1,
        },
        {
          version: 2,
          type: 'updated',
          changed_by: first.created_by,
          changed_at: second.updated_at,
          change_reason: 'more',
          rolled_back_from: null,
        },
        {
          version: 1,
          type: 'created',
          changed_by: first.created_by,
          changed_at: first.created_at,
          change_reason: 'new',
          rolled_back_from: null,
        },
      ],
      limit: 100,
      has_more: false,
      next_cursor: null,
    });
    expect(first.created_by).toMatch(/^key:/);
  });

  it('is cut into pages that hold each version once, also while new ones are made', async () => {
    const { id } = await entries.create();
    for (let value = 2; value <= 12; value += 1) await entries.change(id, { value });
    const seen: number[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = new URLSearchParams({ limit: '5', ...(cursor !== '' && { cursor }) }).toString();
      const { body }: Reply = await api.get(`${ENTRIES}/${id}/versions?${query}`);
      expect([body.limit, body.has_more]).toEqual([5, body.next_cursor !== null]);
      seen.push(body.items.map((item: any) => item.version));
      cursor = body.next_cursor;
      await entries.change(id, { value: `after page ${seen.length}` });
    }
    expect(seen).toEqual([
      [12, 11, 10, 9, 8],
      [7, 6, 5, 4, 3],
      [2, 1],
    ]);
  });

  it('takes its own cursors and sensible limits only', async () => {
    const [one, other] = [await entries.create(), await entries.create()];
    for (const { id } of [one, other]) await entries.change(id, { value: 2 });
    const { body } = await api.get(`${ENTRIES}/${one.id}/versions?limit=1`);
    const cursor = body.next_cursor;
    const inOther = await api.get(`${ENTRIES}/${other.id}/versions?limit=1&cursor=${cursor}`);
    expect(outcome(inOther)).toEqual([400, 'invalid_cursor']);
    const tampered = `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`;
    expect(outcome(await api.get(`${ENTRIES}/${one.id}/versions?cursor=${tampered}`))).toEqual([
      400,
      'invalid_cursor',
    ]);
    for (const limit of ['0', '1001', 'x']) {
      const refusal = await api.get(`${ENTRIES}/${one.id}/versions?limit=${limit}`);
      expect([refusal.status, refusal.body.errors[0].pointer]).toEqual([400, '/limit']);
    }
    expect((await api.get(`${ENTRIES}/${one.id}/versions?limit=1000`)).body.limit).toBe(1000);
  });

  it('stays after a delete', async () => {
    const entry = await entries.create();
    await entries.change(entry.id, { value: 2 });
    await api.delete(`${ENTRIES}/${entry.id}`);
    const versions = await versionsOf(entry.id);
    expect(versions.map(({ version, type }) => [version, type])).toEqual([
      [3, 'deleted'],
      [2, 'updated'],
      [1, 'created'],
    ]);
    expect(await stateAt(entry.id, 3)).toBeNull();
    expect((await stateAt(entry.id, 2)).value).toBe(2);
    expect(await stateAt(entry.id, 1)).toEqual(entry);
  });

  it('is that of the id, whoever has the key now', async () => {
    const entry = await entries.create();
    await api.delete(`${ENTRIES}/${entry.id}`);
    const next = await entries.create({ key: entry.key, value: 'next' });
    expect(await versionsOf(next.id)).toHaveLength(1);
    expect(await versionsOf(entry.id)).toHaveLength(2);
  });
});

describe('one version', () => {
  it('is what the entry was, to the byte', async () => {
    const key = aKey();
    const value = '{"z":1.50,"a":12345678901234567890,"m":1E2}';
    const { body: entry } = await api.post(ENTRIES, `{"key":"${key}","value":${value},"tags":["t"]}`);
    await entries.change(entry.id, { value: 2, tags: [], description: 'd' });
    const { text, body } = await api.get(`${ENTRIES}/${entry.id}/versions/1`);
    expect(text).toContain(`"value":${value}`);
    expect(body).toEqual({
      version: 1,
      type: 'created',
      changed_by: 'anonymous',
      changed_at: entry.created_at,
      change_reason: null,
      rolled_back_from: null,
      state: entry,
    });
  });

  it('is 404 where it is not, and 400 where it cannot be', async () => {
    const { id } = await entries.create();
    const nobody = randomUUID();
    for (const path of [`${id}/versions/2`, `${id}/versions/999999999`, `${nobody}/versions/1`]) {
      expect([path, ...outcome(await api.get(`${ENTRIES}/${path}`))]).toEqual([
        path,
        404,
        'version_not_found',
      ]);
    }
    expect(outcome(await api.get(`${ENTRIES}/${nobody}/versions`))).toEqual([404, 'not_found']);
    for (const version of ['0', '-1', '1.5', 'x', '01', '9999999999']) {
      const reply = await api.get(`${ENTRIES}/${id}/versions/${version}`);
      expect([version, reply.status, reply.body.errors[0].pointer]).toEqual([version, 400, '/version']);
    }
    expect((await api.get(`${ENTRIES}/not-a-uuid/versions`)).status).toBe(400);
  });

  it('shows a secret only to whoever may see it and asks, and writes that down', async () => {
    const tenant = aTenant();
    const entry = await entries.create({ tenant_id: tenant, value: 'marker-1', is_secret: true });
    await entries.change(entry.id, { value: 'marker-2' });
    const path = `${ENTRIES}/${entry.id}/versions/1`;
    const hidden = await api.get(path);
    expect(hidden.body.state.value).toBe('***REDACTED***');
    expect(hidden.text).not.toContain('marker');
    const viewer = await api.key('viewer', tenant);
    expect((await api.get(`${path}?reveal=true`, { key: viewer })).status).toBe(403);
    const shown = await api.get(`${path}?reveal=true`);
    expect([shown.body.state.value, shown.headers.get('cache-control')]).toEqual(['marker-1', 'no-store']);
    const { body } = await api.get(`${EVENTS}?tenant_id=${tenant}&aggregate_id=${entry.id}`);
    expect(body.items.map((event: any) => event.type.split('.').at(-2))).toEqual([
      'created',
      'updated',
      'revealed',
    ]);
    expect(JSON.stringify(body)).not.toContain('marker');
  });

  it('of another tenant is not there', async () => {
    const entry = await entries.create({ tenant_id: aTenant() });
    const key = await api.key('editor', aTenant());
    for (const path of ['versions', 'versions/1', 'versions/1/diff/1']) {
      expect([path, (await api.get(`${ENTRIES}/${entry.id}/${path}`, { key })).status]).toEqual([path, 404]);
    }
    expect((await api.post(`${ENTRIES}/${entry.id}/rollback/1`, {}, { key })).status).toBe(404);
    expect(await versionsOf(entry.id)).toHaveLength(1);
  });
});

describe('the change log', () => {
  it('knows the actor and the request of each version', async () => {
    const tenant = aTenant();
    const key = await api.key('editor', tenant);
    const as = (request: string) => ({ key, headers: { 'X-Request-Id': request } });
    const { body: entry } = await api.post(ENTRIES, { key: aKey(), value: 1 }, as('r-create'));
    await api.put(`${ENTRIES}/${entry.id}`, { value: 2 }, as('r-update'));
    await api.post(`${ENTRIES}/${entry.id}/rollback/1`, { change_reason: 'back' }, as('r-rollback'));
    await api.delete(`${ENTRIES}/${entry.id}`, as('r-delete'));
    const { body } = await api.get(`${EVENTS}?aggregate_id=${entry.id}`, { key });
    expect(
      body.items.map(({ data }: any) => [data.version, data.request_id, data.actor, data.rolled_back_from]),
    ).toEqual([
      [1, 'r-create', entry.created_by, null],
      [2, 'r-update', entry.created_by, null],
      [3, 'r-rollback', entry.created_by, 1],
      [4, 'r-delete', entry.created_by, null],
    ]);
    expect(body.items[2].data.change_reason).toBe('back');
  });
});

describe('reading as of an instant', () => {
  const DAYS = ['2025-01-01', '2025-01-02', '2025-01-03', '2025-01-04'];

  /** Created, changed, changed and deleted, each at the beginning of a day. */
  async function past(body: object = {}): Promise<string> {
    const { id } = await entries.create({ value: 'one', ...body });
    await entries.change(id, { value: 'two' });
    await entries.change(id, { value: 'three', key: `${aKey()}.new` });
    await api.delete(`${ENTRIES}/${id}`);
    for (const [index, day] of DAYS.entries()) {
      const values = [`${day}T00:00:00.000Z`, id, index + 1];
      const text =
        'update platform.change_log set occurred_at = $1 where aggregate_id = $2 and aggregate_version = $3';
      expect((await owner.query(text, values)).rowCount).toBe(1);
    }
    return id;
  }

  it.each([
    ['2024-12-31T23:59:59.999Z', 404, undefined],
    ['2025-01-01T00:00:00.000Z', 200, 'one'],
    ['2025-01-01T23:59:59.999Z', 200, 'one'],
    ['2025-01-02T01:00:00.000+01:00', 200, 'two'],
    ['2025-01-02T00:59:59.999+01:00', 200, 'one'],
    ['2025-01-03T00:00:00Z', 200, 'three'],
    ['2025-01-04T00:00:00.000Z', 410, undefined],
    ['2099-01-01T00:00:00.000Z', 410, undefined],
  ])('gives what was then: %s', async (instant, status, value) => {
    const id = await past();
    const { body, status: got } = await api.get(`${ENTRIES}/${id}?as_of=${encodeURIComponent(instant)}`);
    expect([got, body.value]).toEqual([status, value]);
  });

  it('refuses what is no instant, and hides what belongs to another tenant', async () => {
    const id = await past({ tenant_id: aTenant() });
    for (const instant of ['yesterday', '2025-02-03T00:00:00', '2025-13-01T00:00:00Z']) {
      const reply = await api.get(`${ENTRIES}/${id}?as_of=${instant}`);
      expect([instant, reply.status, reply.body.errors[0].pointer]).toEqual([instant, 400, '/as_of']);
    }
    const key = await api.key('viewer', aTenant());
    expect((await api.get(`${ENTRIES}/${id}?as_of=2025-01-01T12:00:00Z`, { key })).status).toBe(404);
  });

  it('refuses a day that no calendar has', async () => {
    const id = await past();
    for (const day of ['2025-02-30', '2025-02-29', '2025-04-31']) {
      const reply = await api.get(`${ENTRIES}/${id}?as_of=${day}T00:00:00Z`);
      expect([day, ...outcome(reply)]).toEqual([day, 400, 'invalid_input']);
    }
  });

  it('keeps secrets', async () => {
    const id = await past({ is_secret: true });
    const path = `${ENTRIES}/${id}?as_of=2025-01-02T12:00:00Z`;
    expect((await api.get(path)).body).toMatchObject({ version: 2, value: '***REDACTED***' });
    expect((await api.get(`${path}&reveal=true`)).body).toMatchObject({ version: 2, value: 'two' });
  });
});
