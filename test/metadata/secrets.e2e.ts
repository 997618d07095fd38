import { randomUUID } from 'node:crypto';
import { SecurityAudit } from '#platform/auth';
import { TestApi } from '../api.js';
import { aKey, ENTRIES } from './entries.js';
import { everywhere, shownAt, sightsOf } from './exact-values.js';
import { REDACTED, Secrets } from './secret-entries.js';
import { refusalIn, Written } from './written.js';

let api: TestApi;
let written: Written;
let secrets: Secrets;

beforeAll(async () => {
  api = await TestApi.start();
  written = new Written(api.database.url);
  secrets = new Secrets(api, written);
});

afterAll(async () => {
  await written.close();
  await api.stop();
});

/** Everything that shows a value and can reveal it. */
const revealing = ({ id, key, namespace }: { id: string; key: string; namespace: string }) => [
  `${ENTRIES}/${id}?reveal=true`,
  `${ENTRIES}/${id}/versions/1?reveal=true`,
  `${ENTRIES}/key/${key}?namespace=${namespace}&reveal=true`,
  `${ENTRIES}/key/${key}/raw?namespace=${namespace}&reveal=true`,
  `${ENTRIES}/export?namespace=${namespace}&reveal=true`,
];

describe('a secret', () => {
  it('is shown nowhere unless it is asked for', async () => {
    const { secret, ...entry } = await secrets.make();
    const sights = sightsOf(entry);
    const raw = `${ENTRIES}/key/k/raw?namespace=${entry.namespace}`;
    expect(await shownAt(api, sights)).toEqual({ ...everywhere(sights, `"${REDACTED}"`), [raw]: REDACTED });
    for (const rest of [
      '/versions',
      '/versions/1',
      `?as_of=${entry.created_at}`,
      '?reveal=false',
      '/versions/1?reveal=false',
    ]) {
      const { status, text } = await api.get(`${ENTRIES}/${entry.id}${rest}`);
      expect([rest, status, text.includes(secret)]).toEqual([rest, 200, false]);
    }
    const { body } = await api.get(`/api/v1/events?aggregate_id=${entry.id}`);
    expect(body.items.map(({ data }: any) => data.state.value)).toEqual([REDACTED]);
    expect(await secrets.revealsOf(entry.id)).toEqual([]);
  });

  it.each(['json', 'yaml', 'text', 'binary'])(
    'of type %s is shown as it was sent to whoever may and asks',
    async (content_type) => {
      const { secret, ...entry } = await secrets.make({ content_type }, 'c2VjcmV0');
      const shown = await Promise.all(revealing(entry).map((path) => api.get(path)));
      for (const { status, headers, text } of shown) {
        expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
        expect(text).toContain(content_type === 'binary' && !text.includes('{') ? 'secret' : secret);
      }
      expect(await secrets.revealsOf(entry.id)).toHaveLength(shown.length);
    },
  );

  it('is not shown to whoever may not, and that they asked is written down', async () => {
    const { secret, ...entry } = await secrets.make({ tenant_id: 'acme' });
    for (const [role, tenant] of [
      ['editor', null],
      ['viewer', null],
      ['editor', 'acme'],
      ['viewer', 'acme'],
    ] as const) {
      const key = await api.key(role, tenant);
      for (const path of revealing(entry)) {
        const reply = await api.get(
          `${path}&tenant_id=acme`.replace(
            /(\/versions\/1|metadata\/[0-9a-f-]{36})\?reveal=true.*/,
            '$1?reveal=true',
          ),
          { key },
        );
        expect([path, refusalIn(reply).code, reply.status]).toEqual([path, 'permission_denied', 403]);
        expect(reply.text).not.toContain(secret);
      }
      expect((await api.get(`${ENTRIES}/${entry.id}`, { key })).body.value).toBe(REDACTED);
    }
    for (const role of ['evaluator', 'device', 'client', 'supervisor'] as const) {
      expect(
        (await api.get(`${ENTRIES}/${entry.id}?reveal=true`, { key: await api.key(role, 'acme') })).status,
      ).toBe(403);
    }
    expect(await secrets.revealsOf(entry.id)).toEqual([]);
    await api.part(SecurityAudit).flush();
    const denied = await written.query<{ route: string; count: number }>(
      `select snapshot->>'route' as route, sum((snapshot->>'count')::int)::int as count from platform.change_log
       where aggregate_type = 'platform.access' and type = 'denied' group by 1 order by 1`,
    );
    expect(denied).toEqual([
      { route: 'GET /api/v1/metadata/:id', count: 8 },
      { route: 'GET /api/v1/metadata/:id/versions/:version', count: 4 },
      { route: 'GET /api/v1/metadata/export', count: 4 },
      { route: 'GET /api/v1/metadata/key/:key', count: 4 },
      { route: 'GET /api/v1/metadata/key/:key/raw', count: 4 },
    ]);
  });

  it('of another tenant is not there, also for an administrator who asks', async () => {
    const entry = await secrets.make({ tenant_id: 'acme' });
    const key = await api.key('admin', 'other');
    expect((await api.get(`${ENTRIES}/${entry.id}?reveal=true`, { key })).status).toBe(404);
    expect((await api.get(`${ENTRIES}/${entry.id}/versions/1?reveal=true`, { key })).status).toBe(404);
    expect((await api.get(`${entry.path}&reveal=true`, { key })).status).toBe(404);
    expect((await api.get(`${entry.path}&reveal=true&tenant_id=acme`, { key })).status).toBe(403);
    expect((await api.get(`${ENTRIES}/export?reveal=true&tenant_id=acme`, { key })).status).toBe(403);
    expect(await secrets.revealsOf(entry.id)).toEqual([]);
  });

  it('leaves a record each time it is revealed: who, whose, which request, and not the value', async () => {
    const { secret, ...entry } = await secrets.make({ tenant_id: 'acme' });
    const key = await api.key('admin', 'acme');
    const requests = [randomUUID(), randomUUID()];
    for (const id of requests) {
      const reply = await api.get(`${ENTRIES}/${entry.id}?reveal=true`, {
        key,
        headers: { 'X-Request-Id': id },
      });
      expect(reply.body.value).toBe(secret);
    }
    const { body, text } = await api.get(
      `/api/v1/events?tenant_id=acme&aggregate_id=${entry.id}&types=io.metastore.metadata.entry.revealed.v1`,
    );
    expect(
      body.items.map(({ data, subject }: any) => [
        data.request_id,
        data.actor !== 'anonymous',
        data.version,
        data.state,
        subject,
      ]),
    ).toEqual(requests.map((id) => [id, true, 0, null, `${entry.namespace}/k`]));
    expect(text).not.toContain(secret);
  });

  it('leaves no record, and needs no permission to see, where nothing secret is revealed', async () => {
    const { id } = (await api.post(ENTRIES, { key: aKey(), value: 1, is_encrypted: true })).body;
    expect(await secrets.revealed(id)).toBe(1);
    expect(await secrets.revealsOf(id)).toEqual([]);
  });

  it('is not told from another by its ETag, its time or a 304', async () => {
    const entry = await secrets.make();
    const reply = await api.get(`${entry.path}&reveal=true`, { headers: { 'If-None-Match': '"1"' } });
    expect([reply.status, reply.text, reply.headers.get('cache-control')]).toEqual([304, '', 'no-store']);
  });

  it('is revealed from no cache: what comes after is redacted again, and another value is seen at once', async () => {
    const entry = await secrets.make();
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await api.get(`${entry.path}&reveal=true`)).body.value).toBe(entry.secret);
      expect((await api.get(entry.path)).body.value).toBe(REDACTED);
    }
    await api.put(`${ENTRIES}/${entry.id}`, { value: 'second' });
    expect((await api.get(`${entry.path}&reveal=true`)).body.value).toBe('second');
  });
});

describe('what lies in the tables', () => {
  it('opens nowhere else than where it was sealed', async () => {
    const [one, other] = [await secrets.make(), await secrets.make()];
    await written.query(
      'update metadata.entry set value = (select value from metadata.entry where id = $1) where id = $2',
      [one.id, other.id],
    );
    const reply = await api.get(`${ENTRIES}/${other.id}?reveal=true`);
    expect(refusalIn(reply)).toEqual({ status: 500, code: 'internal_error', pointers: [] });
    expect(Object.keys(reply.body).sort()).toEqual(['code', 'request_id', 'status', 'title', 'type']);
    expect(reply.text).not.toContain(one.secret);
  });

  it('does not tell equal values apart from others', async () => {
    const value = `same-${randomUUID()}`;
    const ids = [await secrets.make({}, value), await secrets.make({}, value)].map(({ id }) => id);
    const rows = await written.query<{ value: string }>(
      'select value from metadata.entry where id = any ($1)',
      [ids],
    );
    expect(new Set(rows.map((row) => row.value)).size).toBe(2);
  });

  it('is not searched', async () => {
    const { secret, ...entry } = await secrets.make();
    for (const q of [secret, REDACTED, 'REDACTED']) {
      const found = await api.get(`${ENTRIES}?namespace=${entry.namespace}&q=${encodeURIComponent(q)}`);
      expect([q, found.body.items]).toEqual([q, []]);
    }
  });
});
