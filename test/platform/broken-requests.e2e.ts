import { connect } from 'node:net';
import { TestApi } from '../api.js';

const SECURITY = [
  'X-Content-Type-Options: nosniff',
  "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
  'X-Frame-Options: DENY',
];

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

/** All that comes back for these very bytes, until the server closes the connection. */
function send(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', reject);
    socket.write(Buffer.from(bytes, 'latin1'));
  });
}

it.each([
  ['a header without a colon', 'GET /health HTTP/1.1\r\nHost: a\r\nbroken\r\n\r\n', 400, 'malformed_request'],
  ['an unknown method', 'FETCH /health HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'malformed_request'],
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'malformed_request'],
  ['a byte in the path that is not ASCII', 'GET /\u00ff HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'malformed_url'],
  [
    'more headers than are read',
    `GET /health HTTP/1.1\r\nHost: a\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`,
    431,
    'headers_too_large',
  ],
  [
    'an expectation that nobody knows',
    'GET /health HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n',
    417,
    'expectation_failed',
  ],
])('%s is refused with a problem, and the connection ends', async (_, bytes, status, code) => {
  const [head = '', body = ''] = (await send(bytes)).split('\r\n\r\n');
  const lines = head.split('\r\n');
  const problem = JSON.parse(body);
  expect(lines[0]).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(lines).toEqual(
    expect.arrayContaining([
      'Content-Type: application/problem+json; charset=utf-8',
      'Connection: close',
      `X-Request-Id: ${problem.request_id}`,
      ...SECURITY,
    ]),
  );
  expect(problem).toMatchObject({ status, code, type: `urn:metastore:problem:${code}` });
});

it('a path that cannot be read gets the same headers', async () => {
  const { status, headers, body } = await api.get('/api/v1/%zz');
  expect([status, body.code]).toEqual([400, 'malformed_url']);
  for (const line of SECURITY) {
    const [name = '', value] = line.split(': ');
    expect(headers.get(name)).toBe(value);
  }
});

it.each([
  '/api/v1/metadata?q=',
  '/api/v1/metadata?prefix=',
  '/api/v1/metadata?tags=',
  '/api/v1/events?prefix=',
])('%s with NUL after an equals sign is refused with its place', async (path) => {
  const { status, body } = await api.get(`${path}a=%00`);
  const [name] = path.split('?')[1]?.split('=') ?? [];
  expect([status, body.errors]).toEqual([
    400,
    [expect.objectContaining({ pointer: `/${name}`, code: 'nul_character' })],
  ]);
});

it.each([
  ['of a hot route', '/api/v1/metadata/key/1'],
  ['of any other', '/api/v1/metadata?limit=0'],
])('a refusal %s keeps the connection for the next request', async (_, path) => {
  const { status, headers } = await api.get(path);
  expect([status, headers.get('connection')]).toEqual([400, 'keep-alive']);
});
