import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aKey, ENTRIES } from './entries.js';
import { REDACTED, Secrets } from './secret-entries.js';
import { Written } from './written.js';

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

describe('a change of a secret', () => {
  it.each(['PUT', 'PATCH', 'upsert', 'batch', 'import'])(
    'by %s that sends back what was shown does not destroy it',
    async (how) => {
      const { secret, ...entry } = await secrets.make();
      const body = { value: REDACTED, is_secret: true, description: 'new' };
      const ways: Readonly<Record<string, () => Promise<Reply>>> = {
        PUT: () => api.put(`${ENTRIES}/${entry.id}`, body),
        PATCH: () => api.patch(`${ENTRIES}/${entry.id}`, body),
        upsert: () => api.put(entry.path, body),
        batch: () => api.post(`${ENTRIES}/batch`, { operations: [{ op: 'update', id: entry.id, ...body }] }),
        import: () =>
          api.post(`${ENTRIES}/import`, JSON.stringify({ key: 'k', namespace: entry.namespace, ...body }), {
            headers: { 'Content-Type': 'application/x-ndjson' },
          }),
      };
      expect((await ways[how]?.())?.status).toBeLessThan(500);
      expect(await secrets.revealed(entry.id)).toBe(secret);
    },
  );

  it('keeps it where another member changes, and answers without it', async () => {
    const { secret, ...entry } = await secrets.make();
    for (const body of [
      { description: 'new' },
      { tags: ['t'] },
      { key: 'renamed' },
      { is_encrypted: false },
    ]) {
      const reply = await api.put(`${ENTRIES}/${entry.id}`, body);
      expect([reply.status, reply.body.value, reply.body.is_encrypted]).toEqual([200, REDACTED, true]);
    }
    expect(await secrets.revealed(entry.id)).toBe(secret);
  });

  it('by whoever may write and not read secrets shows nothing', async () => {
    const { secret, ...entry } = await secrets.make();
    const key = await api.key('editor', null);
    const path = `${ENTRIES}/${entry.id}`;
    const attempts = [
      await api.put(path, { is_secret: false }, { key }),
      await api.put(path, { is_secret: false, is_encrypted: false }, { key }),
      await api.patch(path, { is_secret: false, content_type: 'text' }, { key }),
      await api.patch(path, { is_secret: false, content_type: 'yaml' }, { key }),
      await api.post(
        `${ENTRIES}/batch`,
        { operations: [{ op: 'update', id: entry.id, is_secret: false }] },
        { key },
      ),
    ];
    for (const reply of attempts)
      expect([reply.status >= 400, reply.text.includes(secret)]).toEqual([true, false]);
    await api.put(path, { is_secret: false, value: 'open' }, { key });
    await api.post(`${path}/rollback/1`, {}, { key });
    expect((await api.get(path, { key })).body).toMatchObject({
      value: REDACTED,
      is_secret: true,
      version: 3,
    });
    expect((await api.put(path, { is_secret: false }, { key })).status).toBe(400);
    expect(await secrets.revealed(entry.id)).toBe(secret);
  });

  it.each([
    ['a tag', '!x!', ' a'],
    ['an alias', '*', ''],
    ['the head of a block', '|', '\n a'],
    ['a directive', '%YAML ', '\n---\na'],
    ['a key', '{a: 1, a: ', ''],
  ])('of its content type tells nothing of it in its refusal: %s', async (_, start, end) => {
    const secret = `m${randomUUID()}`;
    const entry = await secrets.make({ content_type: 'text' }, `${start}${secret}${end}`);
    const key = await api.key('editor', null);
    for (const content_type of ['yaml', 'json', 'binary']) {
      const reply = await api.put(`${ENTRIES}/${entry.id}`, { content_type }, { key });
      expect([content_type, reply.text.includes(secret)]).toEqual([content_type, false]);
    }
  });
});

describe('the history of a secret', () => {
  it('shows old values only when it is asked to, each with a record', async () => {
    const entry = await secrets.make({}, 'first-secret');
    await api.put(`${ENTRIES}/${entry.id}`, { value: 'second-secret' });
    const path = `${ENTRIES}/${entry.id}`;
    expect((await api.get(`${path}/versions/1`)).body.state.value).toBe(REDACTED);
    const first = await api.get(`${path}/versions/1?reveal=true`);
    expect([first.body.state.value, first.headers.get('cache-control')]).toEqual([
      'first-secret',
      'no-store',
    ]);
    const asOf = await api.get(`${path}?as_of=${entry.created_at}&reveal=true`);
    expect([asOf.body.value, asOf.headers.get('cache-control')]).toEqual(['first-secret', 'no-store']);
    expect(await secrets.revealsOf(entry.id)).toHaveLength(2);
    const diff = await api.get(`${path}/versions/1/diff/2`);
    expect([diff.status, diff.text.includes('-secret')]).toEqual([200, false]);
    const back = await api.post(`${path}/rollback/1`, {});
    expect([back.body.value, await secrets.revealed(entry.id)]).toEqual([REDACTED, 'first-secret']);
  });

  it('shows in a diff that it became a secret, and not what it is then', async () => {
    const { id } = (await api.post(ENTRIES, { key: aKey(), value: 'open' })).body;
    await api.put(`${ENTRIES}/${id}`, { value: 'closed', is_secret: true });
    const { body } = await api.get(`${ENTRIES}/${id}/versions/1/diff/2`);
    expect(body).toEqual(
      expect.arrayContaining([
        { op: 'replace', path: '/is_secret', value: true },
        { op: 'replace', path: '/is_encrypted', value: true },
        { op: 'replace', path: '/value', value: REDACTED },
      ]),
    );
    expect(body).toHaveLength(3);
  });

  it('stays secret after the entry is gone', async () => {
    const { secret, ...entry } = await secrets.make();
    await api.delete(`${ENTRIES}/${entry.id}`);
    const shown = await api.get(`${ENTRIES}/${entry.id}/versions/1`);
    expect([shown.status, shown.body.state.value]).toEqual([200, REDACTED]);
    const asked = await api.get(`${ENTRIES}/${entry.id}/versions/1?reveal=true`);
    expect([asked.body.state.value, (await secrets.revealsOf(entry.id)).length]).toEqual([secret, 1]);
  });
});
