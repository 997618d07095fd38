import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { TestApi } from '../api.js';
import { ENTRIES } from './entries.js';
import { invalid, refusalIn, Written } from './written.js';

let api: TestApi;
let written: Written;
let entry: { id: string; key: string };

beforeAll(async () => {
  api = await TestApi.start();
  written = new Written(api.database.url);
  entry = (await api.post(ENTRIES, { key: 'there', value: 1 })).body;
  await api.put(`${ENTRIES}/${entry.id}`, { value: 2 });
});

afterAll(async () => {
  await written.close();
  await api.stop();
});

/** Sends a path as it is: `fetch` would tidy it first. */
function statusOfPath(path: string): Promise<number> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('a path', () => {
  it.each([
    'no-uuid',
    '1',
    `${randomUUID()}x`,
    '00000000-0000-0000-0000-000000000001',
    "1'--",
    '%00',
    '%C3%A4',
    '..%2f',
  ])('needs a UUID where an id is: %s', async (id) => {
    const before = await written.mark();
    const replies = [
      await api.get(`${ENTRIES}/${id}`),
      await api.put(`${ENTRIES}/${id}`, { value: 3 }),
      await api.patch(`${ENTRIES}/${id}`, { value: 3 }),
      await api.delete(`${ENTRIES}/${id}`),
      await api.get(`${ENTRIES}/${id}/versions`),
      await api.get(`${ENTRIES}/${id}/versions/1`),
      await api.get(`${ENTRIES}/${id}/versions/1/diff/2`),
      await api.post(`${ENTRIES}/${id}/rollback/1`, {}),
    ];
    for (const reply of replies) expect(refusalIn(reply)).toEqual(invalid('/id'));
    expect(await written.mark()).toEqual(before);
  });

  it.each(['0', '-1', '1.5', '1e3', '9007199254740993', '99999999999', '01', 'x', '%00'])(
    'needs a whole number from 1 where a version is: %s',
    async (version) => {
      const before = await written.mark();
      const path = `${ENTRIES}/${entry.id}`;
      expect(refusalIn(await api.get(`${path}/versions/${version}`))).toEqual(invalid('/version'));
      expect(refusalIn(await api.post(`${path}/rollback/${version}`, {}))).toEqual(invalid('/version'));
      expect(refusalIn(await api.get(`${path}/versions/${version}/diff/1`))).toEqual(invalid('/a'));
      expect(refusalIn(await api.get(`${path}/versions/1/diff/${version}`))).toEqual(invalid('/b'));
      expect(await written.mark()).toEqual(before);
    },
  );

  it('knows no version that is not there', async () => {
    for (const version of [3, 999_999_999]) {
      const reply = await api.get(`${ENTRIES}/${entry.id}/versions/${version}`);
      expect(refusalIn(reply)).toEqual({ status: 404, code: 'version_not_found', pointers: [] });
    }
  });

  it.each(['9a', '%20', 'a%20b', 'a%2Fb', '%C3%A4', '%00', 'a%00', 'a%0A', "a'", 'a'.repeat(256)])(
    'needs a key where a key is: %s',
    async (key) => {
      const before = await written.mark();
      for (const path of [`${ENTRIES}/key/${key}`, `${ENTRIES}/key/${key}/raw`]) {
        expect([path, refusalIn(await api.get(path))]).toEqual([path, invalid('/key')]);
      }
      expect(refusalIn(await api.put(`${ENTRIES}/key/${key}`, { value: 1 }))).toEqual(invalid('/key'));
      expect(await written.mark()).toEqual(before);
    },
  );

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'takes a key that objects have too: %s',
    async (key) => {
      expect((await api.get(`${ENTRIES}/key/${key}`)).status).toBe(404);
      expect(
        (await api.put(`${ENTRIES}/key/${key}?namespace=${key}`, { value: key, tags: [key] })).status,
      ).toBe(201);
      expect((await api.get(`${ENTRIES}/key/${key}?namespace=${key}`)).body.value).toBe(key);
      expect((await api.get(`${ENTRIES}?tags=${key}`)).body.items).toHaveLength(1);
    },
  );

  it.each(['%ff', '%', '%zz', 'a%c3', '%c0%ae', '%ed%a0%80'])(
    'is refused where it is not UTF-8: %s',
    async (part) => {
      for (const path of [`key/${part}`, `key/${part}/raw`, part, `${part}/versions`]) {
        const reply = await api.get(`${ENTRIES}/${path}`);
        expect([path, refusalIn(reply)]).toEqual([
          path,
          { status: 400, code: 'malformed_url', pointers: [] },
        ]);
      }
    },
  );

  it('leads nowhere else', async () => {
    for (const path of [
      `${ENTRIES}/../metadata/%2e%2e`,
      `${ENTRIES}//`,
      `${ENTRIES}/key/`,
      '//',
      '/api/v1/metadata/../../etc/passwd',
    ]) {
      const status = await statusOfPath(path);
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
    }
  });

  it('is refused where a part of it is too long', async () => {
    expect(refusalIn(await api.get(`${ENTRIES}/key/${'a'.repeat(2_000)}`))).toEqual({
      status: 414,
      code: 'path_too_long',
      pointers: [],
    });
  });
});

describe('a header', () => {
  it.each(['1', '"1', 'W/1', '"1" "2"', '"1""', '\u00a0', '7; drop'])(
    'If-Match is refused where it is no tag: %s',
    async (tag) => {
      const before = await written.mark();
      const sent = { headers: { 'If-Match': tag } };
      const path = `${ENTRIES}/${entry.id}`;
      const replies = [
        await api.put(path, { value: 9 }, sent),
        await api.patch(path, { value: 9 }, sent),
        await api.delete(path, sent),
        await api.post(`${path}/rollback/1`, {}, sent),
        await api.put(`${ENTRIES}/key/there`, { value: 9 }, sent),
      ];
      for (const reply of replies) expect(refusalIn(reply)).toEqual(invalid('/If-Match'));
      expect(await written.mark()).toEqual(before);
    },
  );

  it.each(['"0"', '"01"', '"9007199254740993"', '"99999999999999999999"', '"-1"', '"1.0"', '""', 'W/"2"'])(
    'If-Match matches nothing where it is no tag of ours: %s',
    async (tag) => {
      const before = await written.mark();
      const reply = await api.put(`${ENTRIES}/${entry.id}`, { value: 9 }, { headers: { 'If-Match': tag } });
      expect([refusalIn(reply).code, reply.body.current_version, reply.headers.get('etag')]).toEqual([
        'stale_version',
        2,
        '"2"',
      ]);
      expect(await written.mark()).toEqual(before);
    },
  );

  it('If-None-Match of an upsert is * or refused', async () => {
    const before = await written.mark();
    for (const tag of ['"1"', 'x', '*, "1"']) {
      const reply = await api.put(`${ENTRIES}/key/new`, { value: 9 }, { headers: { 'If-None-Match': tag } });
      expect([tag, refusalIn(reply)]).toEqual([tag, invalid('/If-None-Match')]);
    }
    expect(await written.mark()).toEqual(before);
  });

  it.each(['', 'a b', 'ä', 'x'.repeat(256)])(
    'Idempotency-Key is refused where it is none: %j',
    async (key) => {
      const before = await written.mark();
      const reply = await api.post(ENTRIES, { key: 'k', value: 1 }, { headers: { 'Idempotency-Key': key } });
      expect(refusalIn(reply)).toEqual(invalid('/Idempotency-Key'));
      expect(await written.mark()).toEqual(before);
    },
  );

  it('X-Request-Id that is none is not repeated', async () => {
    for (const id of ['a b', 'x'.repeat(129), 'ä']) {
      const reply = await api.get(`${ENTRIES}/${randomUUID()}`, { headers: { 'X-Request-Id': id } });
      expect(refusalIn(reply).status).toBe(404);
      expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});
