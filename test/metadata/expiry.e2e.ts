import pg from 'pg';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import { MetadataService } from '../../libs/metadata/application/metadata.service.js';
import { eventually, TestApi } from '../api.js';
import { aKey, aTenant, ENTRIES, idsOf, outcome } from './entries.js';
import { byKey, ExpiringEntries, FUTURE, PAST } from './expiring-entries.js';

const SOON_MS = 400;

let api: TestApi;
let owner: pg.Pool;
const entries = new ExpiringEntries(
  () => api,
  () => owner,
);

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

const soon = (): string => new Date(Date.now() + SOON_MS).toISOString();
/** What the job does, when it is not doing it itself at this moment. */
async function sweep(): Promise<void> {
  const work = async (): Promise<void> => {
    while ((await api.part(MetadataService).expire()) > 0);
  };
  const alone = () => api.part(Database).exclusively('job:metadata-expiry', work);
  await eventually(() => api.part(CallContext).runAsSystem('metadata-expiry', alone), Boolean);
}

describe('an entry past its time', () => {
  it('is not there for anybody who reads it', async () => {
    const tenant_id = aTenant();
    const entry = await entries.createOver({
      tenant_id,
      namespace: aKey(),
      tags: ['t'],
      description: 'find me',
    });
    const named = byKey(entry);
    for (const path of [entry.id, named, named.replace('?', '/raw?'), `${named}&reveal=true`]) {
      expect([path, ...outcome(await api.get(`${ENTRIES}/${path}`))]).toEqual([
        path,
        404,
        'metadata_not_found',
      ]);
    }
    expect((await api.request('HEAD', `${ENTRIES}/${named}`)).status).toBe(404);
    const own = `tenant_id=${tenant_id}&namespace=${entry.namespace}`;
    for (const query of [
      '',
      '&tags=t',
      '&all_tags=t',
      '&q=find',
      `&prefix=${entry.key}`,
      '&sort=-updated_at',
    ]) {
      const { body } = await api.get(`${ENTRIES}?${own}&include_total=true${query}`);
      expect([query, body.items, body.total]).toEqual([query, [], 0]);
    }
    expect((await api.get(`${ENTRIES}/export?${own}`)).text).toBe('');
  });

  it('is not there for whoever asks how it is now', async () => {
    const entry = await entries.create({ tenant_id: aTenant(), expires_at: PAST });
    const { status } = await api.get(`${ENTRIES}/${entry.id}?as_of=${FUTURE}`);
    expect([404, 410]).toContain(status);
  });

  it('is not there for whoever changes it', async () => {
    const entry = await entries.createOver({ tenant_id: aTenant() });
    const replies = [
      await api.put(`${ENTRIES}/${entry.id}`, { value: 2 }),
      await api.put(`${ENTRIES}/${entry.id}`, { expires_at: null }),
      await api.patch(`${ENTRIES}/${entry.id}`, { value: 2 }),
      await api.post(`${ENTRIES}/${entry.id}/rollback/1`, {}),
      await api.delete(`${ENTRIES}/${entry.id}`, { headers: { 'If-Match': '"1"' } }),
      await api.delete(`${ENTRIES}/${entry.id}`),
    ];
    expect(replies.map(outcome)).toEqual(replies.map(() => [404, 'metadata_not_found']));
  });

  it('keeps its history', async () => {
    const entry = await entries.createOver({ tenant_id: aTenant() });
    await sweep();
    const { items } = (await api.get(`${ENTRIES}/${entry.id}/versions`)).body;
    expect(items.map(({ version, type }: any) => [version, type])).toEqual([
      [2, 'expired'],
      [1, 'created'],
    ]);
    expect((await api.get(`${ENTRIES}/${entry.id}/versions/1`)).body.state).toEqual(entry);
    expect((await api.get(`${ENTRIES}/${entry.id}/versions/2`)).body.state).toBeNull();
    const { status } = await api.get(`${ENTRIES}/${entry.id}?as_of=${FUTURE}`);
    expect(status).toBe(410);
    expect(outcome(await api.post(`${ENTRIES}/${entry.id}/rollback/1`, {}))).toEqual([
      404,
      'metadata_not_found',
    ]);
  });
});

describe('an entry whose time comes', () => {
  it('goes from memory in that moment, read by key as it is', async () => {
    const entry = await entries.create({ tenant_id: aTenant(), expires_at: soon() });
    const paths = [byKey(entry), byKey(entry).replace('?', '/raw?')].map((path) => `${ENTRIES}/${path}`);
    const end = new Date(entry.expires_at).getTime();
    for (const path of paths) {
      const first = await api.get(path); // It is in memory from now on.
      if (Date.now() < end) expect(first.status).toBe(200);
    }
    for (const path of paths) {
      const reply = await eventually(
        () => api.get(path),
        ({ status }) => status !== 200,
      );
      expect(outcome(reply)).toEqual([404, 'metadata_not_found']);
      expect(Date.now()).toBeGreaterThanOrEqual(end);
      const conditional = await api.get(path, { headers: { 'If-None-Match': '"1"' } });
      expect(conditional.status).toBe(404);
    }
  });

  it('uncovers the shared one', async () => {
    const tenant_id = aTenant();
    const shared = await entries.create({ value: 'shared' });
    const own = await entries.create({ tenant_id, key: shared.key, value: 'own', expires_at: soon() });
    const found = await eventually(
      () => api.get(`${ENTRIES}/${byKey(own)}`),
      ({ body }) => body.value !== 'own',
    );
    expect([found.status, found.body]).toEqual([200, shared]);
  });

  it('stays when its end is moved or taken away before', async () => {
    const first = await entries.create({ expires_at: soon() });
    const moved = await api.put(`${ENTRIES}/${first.id}`, { expires_at: null });
    expect(moved.body).toMatchObject({ version: 2, expires_at: null });
    await sweep();
    await eventually(
      async () => Date.now(),
      (now) => now > new Date(first.expires_at).getTime(),
    );
    expect((await api.get(`${ENTRIES}/${first.id}`)).body).toEqual(moved.body);
    expect((await api.get(`${ENTRIES}/${byKey(first)}`)).body).toEqual(moved.body);
  });

  it('never was there when its time was over before', async () => {
    const { id, key } = await entries.create({ expires_at: PAST });
    expect((await api.get(`${ENTRIES}/${id}`)).status).toBe(404);
    expect((await api.get(`${ENTRIES}/key/${key}`)).status).toBe(404);
  });
});

describe('the sweeper', () => {
  it('takes away what is over and nothing else, with a change of its own for each', async () => {
    const tenant_id = aTenant();
    const left = [await entries.create({ tenant_id }), await entries.create({ tenant_id, expires_at: null })];
    const gone = [
      await entries.createOver({ tenant_id, tags: ['t'] }),
      await entries.createOver({ tenant_id }),
    ];
    await sweep();
    const events = (await entries.eventsOf(tenant_id)).slice(4);
    expect(events.map(({ type }) => type)).toEqual(gone.map(() => 'io.metastore.metadata.entry.expired.v1'));
    expect(events.map(({ revision }) => revision)).toEqual([5, 6]);
    expect(idsOf(events.map(({ data }) => data))).toEqual(idsOf(gone));
    for (const { data } of events) {
      expect(data).toMatchObject({ version: 2, actor: 'system:metadata-expiry', state: null });
    }
    const { rows } = await owner.query<{ id: string }>('select id from metadata.entry where tenant = $1', [
      tenant_id,
    ]);
    expect(idsOf(rows)).toEqual(idsOf(left));
    const tags = await owner.query('select 1 from metadata.entry_tag where tenant = $1', [tenant_id]);
    expect(tags.rowCount).toBe(0);
    await sweep();
    expect(await entries.eventsOf(tenant_id)).toHaveLength(6);
  });

  it('takes away more than one helping, of all tenants', async () => {
    const tenants = [aTenant(), aTenant(), null];
    for (const tenant of tenants) {
      const operations = Array.from({ length: 100 }, () => ({
        op: 'create',
        tenant_id: tenant,
        key: aKey(),
        value: 1,
        expires_at: PAST,
      }));
      expect((await api.post(`${ENTRIES}/batch`, { operations })).status).toBe(200);
    }
    await sweep();
    const { rows } = await owner.query('select 1 from metadata.entry where expires_at < now()');
    expect(rows).toEqual([]);
  });

  it('comes by itself, on the start of a replica for what fell due before', async () => {
    const tenant_id = aTenant();
    await entries.createOver({ tenant_id });
    const replica = await TestApi.start({ beside: api });
    try {
      const events = await eventually(
        () => entries.eventsOf(tenant_id),
        (found) => found.length > 1,
      );
      expect(events.map(({ type }) => type.split('.').at(-2))).toEqual(['created', 'expired']);
      expect(events[1].data.actor).toBe('system:metadata-expiry');
    } finally {
      await replica.stop();
    }
  });

  it('goes on when somebody took away before it what it had found', async () => {
    const tenant_id = aTenant();
    const [first, second, third] = [
      await entries.createOver({ tenant_id }),
      await entries.createOver({ tenant_id }),
      await entries.createOver({ tenant_id }),
    ];
    const earlier = `update metadata.entry set expires_at = $1 where id = $2`;
    await owner.query(earlier, ['2019-01-01T00:00:00Z', first.id]);
    await owner.query(earlier, ['2019-01-02T00:00:00Z', second.id]);
    const holder = await owner.connect();
    try {
      await holder.query('begin');
      await holder.query('select 1 from metadata.entry where id = $1 for update', [first.id]);
      const swept = sweep().then(
        () => 'swept',
        (error: unknown) => String(error),
      );
      await eventually(
        () =>
          owner.query(
            `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          ),
        ({ rowCount }) => rowCount !== 0,
      );
      expect((await api.post(ENTRIES, { tenant_id, key: second.key, value: 'new' })).status).toBe(201);
      await holder.query('rollback');
      expect(await swept).toBe('swept');
    } finally {
      holder.release();
    }
    const expired = (await entries.eventsOf(tenant_id)).filter(({ type }) => type.includes('.expired.'));
    expect(expired.map(({ data }) => data.id)).toEqual([second, first, third].map(({ id }) => id));
  });
});
