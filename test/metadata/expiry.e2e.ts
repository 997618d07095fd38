import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import { MetadataService } from '../../libs/metadata/application/metadata.service.js';
import { eventually, TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { expire } from './expired.js';

const PATH = '/api/v1/metadata';
const SOON_MS = 400;
const FUTURE = '2099-01-01T00:00:00.000Z';

let api: TestApi;
let owner: pg.Pool;

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

const aKey = (): string => `k-${randomUUID()}`;
const aTenant = (): string => `t-${randomUUID()}`;
const soon = (): string => new Date(Date.now() + SOON_MS).toISOString();
/** The ids, in an order that says nothing. */
const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id).toSorted();
const outcome = ({ status, body }: Reply): unknown[] => [status, body?.code];

async function create(body: object = {}): Promise<any> {
  const reply = await api.post(PATH, { key: aKey(), value: 1, expires_at: FUTURE, ...body });
  expect(reply.status).toBe(201);
  return reply.body;
}

/** An entry whose time is over and that the sweeper has not seen yet, or just did. */
async function createOver(body: object = {}): Promise<any> {
  const entry = await create(body);
  await expire(api, entry.id);
  return entry;
}

/** What the job does, when it is not doing it itself at this moment. */
async function sweep(): Promise<void> {
  const work = async (): Promise<void> => {
    while ((await api.part(MetadataService).expire()) > 0);
  };
  const alone = () => api.part(Database).exclusively('job:metadata-expiry', work);
  await eventually(() => api.part(CallContext).runAsSystem('metadata-expiry', alone), Boolean);
}

const eventsOf = async (tenant: string): Promise<any[]> =>
  (await api.get(`/api/v1/events?tenant_id=${tenant}`)).body.items;

const byKey = ({ key, namespace, tenant_id: tenant }: any): string =>
  `key/${key}?namespace=${namespace}${tenant === null ? '' : `&tenant_id=${tenant}`}`;

describe('an entry past its time', () => {
  it('is not there for anybody who reads it', async () => {
    const tenant_id = aTenant();
    const entry = await createOver({ tenant_id, namespace: aKey(), tags: ['t'], description: 'find me' });
    const named = byKey(entry);
    for (const path of [entry.id, named, named.replace('?', '/raw?'), `${named}&reveal=true`]) {
      expect([path, ...outcome(await api.get(`${PATH}/${path}`))]).toEqual([path, 404, 'metadata_not_found']);
    }
    expect((await api.request('HEAD', `${PATH}/${named}`)).status).toBe(404);
    const own = `tenant_id=${tenant_id}&namespace=${entry.namespace}`;
    for (const query of [
      '',
      '&tags=t',
      '&all_tags=t',
      '&q=find',
      `&prefix=${entry.key}`,
      '&sort=-updated_at',
    ]) {
      const { body } = await api.get(`${PATH}?${own}&include_total=true${query}`);
      expect([query, body.items, body.total]).toEqual([query, [], 0]);
    }
    expect((await api.get(`${PATH}/export?${own}`)).text).toBe('');
  });

  it('is not there for whoever asks how it is now', async () => {
    const entry = await create({ tenant_id: aTenant() });
    const { status } = await api.get(`${PATH}/${entry.id}?as_of=${FUTURE}`);
    expect([404, 410]).toContain(status);
  });

  it('is not there for whoever changes it', async () => {
    const entry = await createOver({ tenant_id: aTenant() });
    const replies = [
      await api.put(`${PATH}/${entry.id}`, { value: 2 }),
      await api.put(`${PATH}/${entry.id}`, { expires_at: null }),
      await api.patch(`${PATH}/${entry.id}`, { value: 2 }),
      await api.post(`${PATH}/${entry.id}/rollback/1`, {}),
      await api.delete(`${PATH}/${entry.id}`, { headers: { 'If-Match': '"1"' } }),
      await api.delete(`${PATH}/${entry.id}`),
    ];
    expect(replies.map(outcome)).toEqual(replies.map(() => [404, 'metadata_not_found']));
  });

  it('keeps its history', async () => {
    const entry = await createOver({ tenant_id: aTenant() });
    await sweep();
    const { items } = (await api.get(`${PATH}/${entry.id}/versions`)).body;
    expect(items.map(({ version, type }: any) => [version, type])).toEqual([
      [2, 'expired'],
      [1, 'created'],
    ]);
    expect((await api.get(`${PATH}/${entry.id}/versions/1`)).body.state).toEqual(entry);
    expect((await api.get(`${PATH}/${entry.id}/versions/2`)).body.state).toBeNull();
    const { status } = await api.get(`${PATH}/${entry.id}?as_of=${FUTURE}`);
    expect(status).toBe(410);
    expect(outcome(await api.post(`${PATH}/${entry.id}/rollback/1`, {}))).toEqual([
      404,
      'metadata_not_found',
    ]);
  });
});

describe('an entry whose time comes', () => {
  it('goes from memory in that moment, read by key as it is', async () => {
    const entry = await create({ tenant_id: aTenant(), expires_at: soon() });
    const paths = [byKey(entry), byKey(entry).replace('?', '/raw?')].map((path) => `${PATH}/${path}`);
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
    const shared = await create({ value: 'shared' });
    const own = await create({ tenant_id, key: shared.key, value: 'own', expires_at: soon() });
    const found = await eventually(
      () => api.get(`${PATH}/${byKey(own)}`),
      ({ body }) => body.value !== 'own',
    );
    expect([found.status, found.body]).toEqual([200, shared]);
  });

  it('stays when its end is moved or taken away before', async () => {
    const first = await create({ expires_at: soon() });
    const moved = await api.put(`${PATH}/${first.id}`, { expires_at: null });
    expect(moved.body).toMatchObject({ version: 2, expires_at: null });
    await sweep();
    await eventually(
      async () => Date.now(),
      (now) => now > new Date(first.expires_at).getTime(),
    );
    expect((await api.get(`${PATH}/${first.id}`)).body).toEqual(moved.body);
    expect((await api.get(`${PATH}/${byKey(first)}`)).body).toEqual(moved.body);
  });
});

describe('the sweeper', () => {
  it('takes away what is over and nothing else, with a change of its own for each', async () => {
    const tenant_id = aTenant();
    const left = [await create({ tenant_id }), await create({ tenant_id, expires_at: null })];
    const gone = [await createOver({ tenant_id, tags: ['t'] }), await createOver({ tenant_id })];
    await sweep();
    const events = (await eventsOf(tenant_id)).slice(4);
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
    expect(await eventsOf(tenant_id)).toHaveLength(6);
  });

  it('takes away more than one helping, of all tenants', async () => {
    const tenants = [aTenant(), aTenant(), null];
    for (const tenant of tenants) {
      const operations = Array.from({ length: 100 }, () => ({
        op: 'create',
        tenant_id: tenant,
        key: aKey(),
        value: 1,
        expires_at: FUTURE,
      }));
      const { status, body } = await api.post(`${PATH}/batch`, { operations });
      expect(status).toBe(200);
      await expire(api, ...body.results.map(({ id }: any) => id));
    }
    await sweep();
    const { rows } = await owner.query('select 1 from metadata.entry where expires_at < now()');
    expect(rows).toEqual([]);
  });

  it('comes by itself, on the start of a replica for what fell due before', async () => {
    const tenant_id = aTenant();
    await createOver({ tenant_id });
    const replica = await TestApi.start({ beside: api });
    try {
      const events = await eventually(
        () => eventsOf(tenant_id),
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
      await createOver({ tenant_id }),
      await createOver({ tenant_id }),
      await createOver({ tenant_id }),
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
      expect((await api.post(PATH, { tenant_id, key: second.key, value: 'new' })).status).toBe(201);
      await holder.query('rollback');
      expect(await swept).toBe('swept');
    } finally {
      holder.release();
    }
    const expired = (await eventsOf(tenant_id)).filter(({ type }) => type.includes('.expired.'));
    expect(expired.map(({ data }) => data.id)).toEqual([second, first, third].map(({ id }) => id));
  });
});
