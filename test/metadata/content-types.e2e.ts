import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aKey, ENTRIES } from './entries.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const create = (content_type: string, value: unknown): Promise<Reply> =>
  api.post(ENTRIES, { key: aKey(), content_type, value });
const refusal = ({ status, body }: Reply): unknown => [
  status,
  body.code,
  body.errors?.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]),
];
const badValue = (code: string): unknown => [400, 'invalid_input', [['/value', code]]];

/** Nine levels of ten aliases each: a thousand million strings. */
const ALIAS_BOMB = Array.from(
  { length: 9 },
  (_, level) =>
    `a${level}: &a${level} [${Array(10)
      .fill(level === 0 ? 'x' : `*a${level - 1}`)
      .join(', ')}]`,
).join('\n');

describe('YAML', () => {
  it.each([
    ['nothing', ''],
    ['a scalar', 'plain'],
    ['comments and order', '# why\nb: 1.0\na: !!str 2 # last\n'],
    ['several documents', '---\na: 1\n---\nb: 2\n...\n'],
    ['anchors and aliases', 'a: &x {k: 1}\nb: *x\nc: *x\n'],
    ['a merge key', 'base: &base\n  a: 1\nmine:\n  <<: *base\n  b: 2\n'],
    ['a block', 'text: |\n  one\n\n  two\nfolded: >-\n  three\n'],
    ['other line ends', 'a: 1\r\nb: é\u{1F600}\r\n'],
    ['names that objects have', 'constructor: 1\n__proto__: 2\n'],
  ])('is kept to the byte: %s', async (_, value) => {
    const reply = await create('yaml', value);
    expect([reply.status, reply.body.value]).toEqual([201, value]);
    expect((await api.get(`${ENTRIES}/${reply.body.id}`)).body.value).toBe(value);
    const raw = await api.get(`${ENTRIES}/key/${reply.body.key}/raw`);
    expect([raw.headers.get('content-type'), raw.text]).toEqual(['application/yaml; charset=utf-8', value]);
  });

  it.each([
    ['an open bracket', 'a: [1, 2'],
    ['a tab as indentation', 'a:\n\t- 1'],
    ['a key twice', 'a: 1\na: 2'],
    ['a key twice, further down', 'x:\n  - {b: 1, b: 2}'],
    ['a merge key twice', 'a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a'],
    ['an alias of nothing', 'a: *nowhere'],
    ['a mistake in the second document', '---\na: 1\n---\na: ]'],
    ['aliases that expand to too much', ALIAS_BOMB],
    ['too many brackets', '['.repeat(10_000)],
  ])('is refused with its place: %s', async (_, value) => {
    expect(refusal(await create('yaml', value))).toEqual(badValue('yaml'));
  });

  it('is refused soon, however large the bomb is', async () => {
    const started = performance.now();
    const levels = Array.from(
      { length: 2_000 },
      (_, level) => `b${level}: &b${level} [*b${level - 1}, *b${level - 1}]`,
    );
    const value = ['b-1: &b-1 x', ...levels].join('\n');
    expect(refusal(await create('yaml', value))).toEqual(badValue('yaml'));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('text', () => {
  it.each(['', ' ', '\r\n\t', '{"not": "read"', 'e\u0301 is not \u00e9', '\u{1F600}\u2028\uFFFF\u{10FFFF}'])(
    'is kept to the character: %j',
    async (value) => {
      const reply = await create('text', value);
      expect([reply.status, reply.body.value]).toEqual([201, value]);
      const raw = await api.get(`${ENTRIES}/key/${reply.body.key}/raw`);
      expect([raw.status, raw.headers.get('content-type'), raw.text]).toEqual([
        200,
        'text/plain; charset=utf-8',
        value,
      ]);
    },
  );

  it.each(['yaml', 'text', 'binary'])('like %s is a string and nothing else', async (type) => {
    for (const value of [1, true, null, ['a'], { a: 1 }]) {
      expect([value, refusal(await create(type, value))]).toEqual([value, badValue('type')]);
    }
  });
});

describe('binary', () => {
  it.each([
    ['', ''],
    ['AA==', '00'],
    ['AAECAwQFBgcICQoLDA0ODw==', '000102030405060708090a0b0c0d0e0f'],
    ['/+7dzLuqmYh3ZlVEMyIRAA==', 'ffeeddccbbaa99887766554433221100'],
  ])('is kept as base64 and given as bytes: %s', async (value, hex) => {
    const { status, body } = await create('binary', value);
    expect([status, body.value]).toEqual([201, value]);
    const raw = await fetch(`${api.url}${ENTRIES}/key/${body.key}/raw`);
    expect(raw.headers.get('content-type')).toBe('application/octet-stream');
    expect(Buffer.from(await raw.arrayBuffer()).toString('hex')).toBe(hex);
  });

  it.each(['A', 'AA', 'AA=', 'AAA', 'A===', 'AA==AA==', '-_8=', 'AA ==', 'AA==\n', 'ä===', '****'])(
    'is refused where it is no base64 with padding: %j',
    async (value) => {
      expect(refusal(await create('binary', value))).toEqual(badValue('base64'));
    },
  );
});

describe('the content type', () => {
  it.each([
    ['application/json', 'json', '1'],
    ['application/yaml', 'yaml', 'a: 1'],
    ['text/plain', 'text', 'a'],
    ['application/octet-stream', 'binary', 'AAAA'],
  ])('is taken as %s and shown as %s', async (media, short, value) => {
    const made = await create(media, value);
    expect([made.status, made.body.content_type, made.body.value]).toEqual([201, short, value]);
    const same = await api.put(`${ENTRIES}/${made.body.id}`, { content_type: short });
    expect([same.status, same.body.version]).toEqual([200, 1]);
    const tag = `t-${randomUUID()}`;
    await api.put(`${ENTRIES}/${made.body.id}`, { tags: [tag] });
    for (const type of [media, short]) {
      const listed = await api.get(`${ENTRIES}?tags=${tag}&content_type=${encodeURIComponent(type)}`);
      expect(listed.body.items.map(({ id }: { id: string }) => id)).toEqual([made.body.id]);
    }
  });

  it.each(['JSON', 'text/plain; charset=utf-8', '', 'constructor', '__proto__', 7, null])(
    'is refused where it is none of these: %j',
    async (type) => {
      const reply = await api.post(ENTRIES, { key: aKey(), value: 'a', content_type: type });
      expect(refusal(reply)).toEqual([400, 'invalid_input', [['/content_type', 'choice']]]);
    },
  );

  it('changes together with the value', async () => {
    const { id, key } = (await create('json', { a: 1 })).body;
    for (const [content_type, value, raw] of [
      ['yaml', 'a: 1', 'a: 1'],
      ['text', 'a', 'a'],
      ['binary', 'YQ==', 'a'],
      ['json', ['a'], '["a"]'],
    ]) {
      const reply = await api.put(`${ENTRIES}/${id}`, { content_type, value });
      expect([reply.status, reply.body.content_type, reply.body.value]).toEqual([200, content_type, value]);
      expect((await api.get(`${ENTRIES}/key/${key}/raw`)).text).toBe(raw);
    }
  });

  it('reads the new value as the old type where it is not named', async () => {
    const { id } = (await create('binary', 'AAAA')).body;
    expect(refusal(await api.put(`${ENTRIES}/${id}`, { value: 'no base64' }))).toEqual(badValue('base64'));
    const text = (await create('text', 'a')).body;
    expect((await api.put(`${ENTRIES}/${text.id}`, { value: '{"b":1}' })).body).toMatchObject({
      content_type: 'text',
      value: '{"b":1}',
    });
  });

  it('changes together with the value', async () => {
    const { id, key } = (await create('text', '{"a": 1.0}')).body;
    const yaml = await api.patch(`${ENTRIES}/${id}`, { content_type: 'yaml', value: '{"a": 1.0}' });
    expect([yaml.status, yaml.body.content_type, yaml.body.value]).toEqual([200, 'yaml', '{"a": 1.0}']);
    expect((await api.get(`${ENTRIES}/key/${key}/raw`)).headers.get('content-type')).toBe(
      'application/yaml; charset=utf-8',
    );
  });

  it.each([
    ['text', '{"a": 1}', 'json'],
    ['text', 'no JSON', 'json'],
    ['text', '', 'json'],
    ['text', '1,"tags":["planted"]', 'json'],
    ['text', '{"a":1,"a":2}', 'json'],
    ['text', '{"__proto__":1}', 'json'],
    ['text', '"\\u0000"', 'json'],
    ['text', '"\\ud800"', 'json'],
    ['text', '['.repeat(65) + ']'.repeat(65), 'json'],
    ['yaml', 'a: 1', 'json'],
    ['binary', 'AAAA', 'json'],
    ['text', 'a: ]', 'yaml'],
    ['text', 'a', 'binary'],
  ])('does not change without one, whatever the text looks like: %s %j to %s', async (from, value, to) => {
    const made = await create(from, value);
    expect(made.status).toBe(201);
    const reply = await api.put(`${ENTRIES}/${made.body.id}`, { content_type: to });
    expect([reply.status, reply.text.slice(0, 1_000)]).toEqual([
      400,
      expect.stringContaining('invalid_input'),
    ]);
    expect((await api.get(`${ENTRIES}/${made.body.id}`)).body).toEqual(made.body);
  });
});

describe('the raw value', () => {
  it.each([
    ['json', { a: 1 }, 'application/json', '{"a":1}'],
    ['yaml', 'a: 1', 'application/yaml; charset=utf-8', 'a: 1'],
    ['text', 'ä', 'text/plain; charset=utf-8', 'ä'],
    ['binary', 'YQ==', 'application/octet-stream', 'a'],
  ])(
    'of %s has its media type and the ETag of the entry, and is not sent twice',
    async (type, value, media, raw) => {
      for (const is_encrypted of [false, true]) {
        const key = aKey();
        const { id } = (await api.post(ENTRIES, { key, content_type: type, value, is_encrypted })).body;
        const path = `${ENTRIES}/key/${key}/raw`;
        const first = await api.get(path);
        const seen = [first.status, first.headers.get('content-type'), first.headers.get('etag'), first.text];
        expect(seen).toEqual([200, media, '"1"', raw]);
        const again = await api.get(path, { headers: { 'If-None-Match': '"1"' } });
        expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', '"1"']);
        await api.put(`${ENTRIES}/${id}`, { description: 'new' });
        const newer = await api.get(path, { headers: { 'If-None-Match': '"1"' } });
        expect([newer.status, newer.headers.get('etag'), newer.text]).toEqual([200, '"2"', raw]);
      }
    },
  );

  it('is 404 where there is none', async () => {
    const reply = await api.get(`${ENTRIES}/key/${aKey()}/raw`);
    expect([reply.status, reply.body.code, reply.headers.get('etag')]).toEqual([
      404,
      'metadata_not_found',
      null,
    ]);
  });

  it('never lets a browser guess what it is', async () => {
    const { key } = (await create('text', '<script>alert(1)</script>')).body;
    const reply = await api.get(`${ENTRIES}/key/${key}/raw`);
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  });
});
