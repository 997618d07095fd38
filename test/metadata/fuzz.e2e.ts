import fc from 'fast-check';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { ENTRIES } from './entries.js';
import { refusalIn, Written } from './written.js';

const TURNS = 150;

let api: TestApi;
let written: Written;
let entry: { id: string; key: string };
let last: object;

beforeAll(async () => {
  api = await TestApi.start();
  written = new Written(api.database.url);
  entry = (await api.post(ENTRIES, { key: 'there', value: 1 })).body;
  last = await written.mark();
});

afterAll(async () => {
  await written.close();
  await api.stop();
});

/** Not a fault of the server, and written only where it was not refused. */
async function judge(reply: Reply): Promise<void> {
  const now = await written.mark();
  if (reply.status >= 400) {
    expect([refusalIn(reply).status < 500, reply.text]).toEqual([true, reply.text]);
    expect(now).toEqual(last);
  } else {
    expect([200, 201]).toContain(reply.status);
  }
  last = now;
}

const VALID = JSON.stringify({
  key: 'fuzz.key',
  namespace: 'fuzz',
  content_type: 'json',
  value: { a: [1, 2.5, null, 'text'], b: { c: true } },
  tags: ['one', 'two'],
  description: 'What it is.',
  is_encrypted: false,
  is_secret: false,
  expires_at: '2099-01-01T00:00:00.000Z',
  change_reason: 'Because.',
});

const PIECES = [
  ...'{}[],:"\\-+.eE019tfnu \n\0',
  'null',
  'true',
  '{}',
  '[]',
  '""',
  '"a":',
  '\\u0000',
  '\\ud83d',
  '1e400',
  '-0',
  '9007199254740993',
  '\ud83d\ude00',
  '\ud800',
  '"__proto__":1,',
  '"constructor":1,',
  '"toString":1,',
  '"value":1,',
  '"yaml"',
  '"binary"',
  '"tenant_id":"acme",',
  '"id":"x",',
  '0000-01-01',
  '***REDACTED***',
];
const mutation = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 12 }),
  piece: fc.oneof(fc.constantFrom(...PIECES), fc.constant('')),
});
const mutated = fc.array(mutation, { minLength: 1, maxLength: 4 }).map((mutations) =>
  mutations.reduce((text, { at, length, piece }) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + piece + text.slice(start + length);
  }, VALID),
);

/** Any value in place of one member, which keeps the rest valid. */
const member = fc
  .tuple(
    fc.constantFrom(...Object.keys(JSON.parse(VALID) as object), 'id', 'tenant_id', 'version', 'other'),
    fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '0000-01-01T00:00:00Z',
        '9999-12-31T23:59:59-23:59',
        'x'.repeat(2_000),
        'yaml',
        'binary',
        'text/plain',
        '_shared',
        '*',
      ),
    ),
  )
  .map(([name, value]) => JSON.stringify({ ...(JSON.parse(VALID) as object), [name]: value }));

const ways = fc.constantFrom('POST', 'PUT', 'PATCH', 'upsert', 'batch', 'import', 'rollback');
type Way = 'POST' | 'PUT' | 'PATCH' | 'upsert' | 'batch' | 'import' | 'rollback';

function send(way: Way, body: string | Uint8Array): Promise<Reply> {
  const one = `${ENTRIES}/${entry.id}`;
  const headers = { 'Content-Type': 'application/x-ndjson' };
  const routes: Readonly<Record<Way, () => Promise<Reply>>> = {
    POST: () => api.post(ENTRIES, body),
    PUT: () => api.put(one, body),
    PATCH: () => api.patch(one, body),
    upsert: () => api.put(`${ENTRIES}/key/fuzz?namespace=fuzz`, body),
    batch: () => api.post(`${ENTRIES}/batch`, body),
    import: () => api.post(`${ENTRIES}/import`, body, { headers }),
    rollback: () => api.post(`${one}/rollback/1`, body),
  };
  return routes[way]();
}

/** The members that this route takes, so that what is mutated was valid there. */
function fitted(way: Way, body: string): string {
  if (way === 'PUT' || way === 'PATCH')
    return body.replace('fuzz.key', 'there').replace('"namespace":"fuzz"', '"namespace":"default"');
  if (way === 'upsert') return body.replace('"key":"fuzz.key","namespace":"fuzz",', '');
  if (way === 'batch') return `{"mode":"atomic","operations":[{"op":"create",${body.slice(1)}]}`;
  return way === 'rollback' ? '{"change_reason":"x"}' : body;
}

describe('whatever is sent', () => {
  it('as a body that was valid once, is answered with a refusal that writes nothing, or done', async () => {
    await fc.assert(
      fc.asyncProperty(ways, fc.oneof(mutated, member), async (way, body) =>
        judge(await send(way, fitted(way, body))),
      ),
      { numRuns: TURNS },
    );
    for (const path of ['', '/export', '/tags', '/namespaces', `/${entry.id}/versions`])
      expect([path, (await api.get(`${ENTRIES}${path}`)).status]).toEqual([path, 200]);
    // One of the bodies may have renamed the entry, or ended its time.
    for (const path of ['/key/there', `/${entry.id}`])
      expect([200, 404]).toContain((await api.get(`${ENTRIES}${path}`)).status);
  });

  it('as bytes, is refused and writes nothing', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(ways, bytes, async (way, body) => {
        const reply = await send(way, body);
        await judge(reply);
        expect(reply.status === 400 || (way === 'import' && reply.body.created === 0)).toBe(true);
      }),
      { numRuns: TURNS },
    );
  });

  it('as a query, is answered', async () => {
    const name = fc.oneof(
      fc.constantFrom(
        'limit',
        'cursor',
        'sort',
        'q',
        'prefix',
        'tags',
        'all_tags',
        'namespace',
        'content_type',
        'updated_since',
        'tenant_id',
        'include_total',
        'reveal',
        'as_of',
        'x',
      ),
      fc.string({ maxLength: 5 }),
    );
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 10 }).map((text) => encodeURIComponent(text)),
      fc.constantFrom(
        '%ff',
        '%00',
        '%',
        '1',
        '-1',
        'true',
        'key',
        '-key',
        '__proto__',
        'constructor',
        '2026-01-01T00:00:00Z',
        'json',
      ),
    );
    const query = fc.array(
      fc.tuple(
        name.map((text) => encodeURIComponent(text)),
        value,
      ),
      { minLength: 1, maxLength: 3 },
    );
    const paths = fc.constantFrom(
      '',
      '/export',
      '/tags',
      '/namespaces',
      '/key/there',
      '/key/there/raw',
      '/id',
      '/id/versions',
      '/id/versions/1',
    );
    await fc.assert(
      fc.asyncProperty(paths, query, async (path, pairs) => {
        const url = `${ENTRIES}${path.replace('/id', `/${entry.id}`)}?${pairs.map((pair) => pair.join('=')).join('&')}`;
        await judge(await api.get(url));
      }),
      {
        numRuns: TURNS * 2,
        examples: [
          ['', [['sort', 'constructor']]],
          ['', [['q', '%00']]],
        ],
      },
    );
  });

  it('as a part of a path or a header, is answered', async () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }).map((text) => encodeURIComponent(text)),
      fc.constantFrom('%ff', '%00', '%', '%2e%2e', '__proto__', 'constructor', '0', '1', '99999999999'),
    );
    const shape = fc.constantFrom(
      '/X',
      '/key/X',
      '/key/X/raw',
      '/id/versions/X',
      '/id/versions/1/diff/X',
      '/id/X',
      '/X/versions',
    );
    const tag = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
      maxLength: 10,
    });
    const header = fc.constantFrom(
      'If-None-Match',
      'X-Request-Id',
      'traceparent',
      'Accept',
      'Prefer',
      'Idempotency-Key',
    );
    await fc.assert(
      fc.asyncProperty(shape, part, header, tag, async (path, text, name, content) => {
        const url = `${ENTRIES}${path.replace('X', text).replace('/id', `/${entry.id}`)}`;
        const reply = await api.get(url, { headers: { [name]: content } });
        if (reply.status !== 304) await judge(reply);
      }),
      { numRuns: TURNS * 2 },
    );
  });
});
