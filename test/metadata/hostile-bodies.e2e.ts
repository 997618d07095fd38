import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { TestApi } from '../api.js';
import { ENTRIES } from './entries.js';
import { HostileWrites, WRITES } from './hostile-writes.js';
import { refusalIn } from './written.js';

let api: TestApi;
let hostile: HostileWrites;

beforeAll(async () => {
  api = await TestApi.start();
  hostile = await HostileWrites.on(api);
});

afterAll(async () => {
  await hostile.close();
  await api.stop();
});

describe('a body that is not what it says', () => {
  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/x-ndjson',
    'application/jsonp',
    'json',
    '*/*',
  ])('is refused with 415: %s', async (type) => {
    await hostile.writingNothing(async () => {
      for (const how of WRITES) {
        const reply = await hostile.write(how, '{"key":"k","value":1}', { 'Content-Type': type });
        expect([how, refusalIn(reply)]).toEqual([
          how,
          { status: 415, code: 'unsupported_media_type', pointers: [] },
        ]);
      }
    });
  });

  it('is refused with 415 where an import is not JSON Lines', async () => {
    await hostile.writingNothing(async () => {
      for (const type of ['application/json', 'text/csv']) {
        const reply = await api.post(`${ENTRIES}/import`, '{"key":"k","value":1}', {
          headers: { 'Content-Type': type },
        });
        expect([type, refusalIn(reply).status]).toEqual([type, 415]);
      }
    });
  });

  it('is refused where it says nothing of itself', async () => {
    await hostile.writingNothing(async () => {
      const body = Buffer.from('{"key":"k","value":1}');
      const response = await fetch(`${api.url}${ENTRIES}`, { method: 'POST', body });
      const problem = (await response.json()) as { code: string };
      expect([response.status, problem.code]).toEqual([415, 'unsupported_media_type']);
    });
  });

  it('is refused where it is compressed, because nothing here opens it', async () => {
    await hostile.writingNothing(async () => {
      const zipped = gzipSync('{"key":"k","value":1}');
      for (const body of [zipped, '{"key":"k","value":1}']) {
        const reply = await hostile.write('POST', body, { 'Content-Encoding': 'gzip' });
        expect(refusalIn(reply)).toEqual({ status: 415, code: 'unsupported_media_type', pointers: [] });
      }
    });
  });

  it('is refused with 413 where it is larger than a mebibyte, declared or not', async () => {
    await hostile.writingNothing(async () => {
      for (const bytes of [1_048_577, 5_000_000]) {
        const body = `{"key":"k","value":"${'x'.repeat(bytes - 22)}"}`;
        expect(Buffer.byteLength(body)).toBe(bytes);
        for (const how of WRITES)
          expect([how, refusalIn(await hostile.write(how, body)).status]).toEqual([how, 413]);
        const sent: RequestInit & { duplex: 'half' } = {
          method: 'POST',
          body: new Blob([body]).stream(),
          duplex: 'half',
          headers: { 'Content-Type': 'application/json' },
        };
        const response = await fetch(`${api.url}${ENTRIES}`, sent);
        expect(response.status).toBe(413);
      }
    });
  });

  it('is refused as too large with a code', async () => {
    await hostile.writingNothing(async () => {
      const body = `{"key":"k","value":"${'x'.repeat(1_100_000)}"}`;
      expect(refusalIn(await hostile.write('POST', body, { Connection: 'close' }))).toEqual({
        status: 413,
        code: 'body_too_large',
        pointers: [],
      });
    });
  });

  it('is taken where it is a mebibyte to the byte', async () => {
    const body = `{"key":"large","value":"${'x'.repeat(1_048_576 - 26)}"}`;
    expect(Buffer.byteLength(body)).toBe(1_048_576);
    expect((await hostile.write('POST', body)).status).toBe(201);
  });
});

/** Sends over one connection that is kept, as a proxy does; the status, or why there was none. */
function overOneConnection(agent: Agent) {
  return (path: string, type: string, body: string): Promise<number | string> =>
    new Promise((resolve) => {
      const { hostname, port } = new URL(api.url);
      const options = { hostname, port, path, agent, method: 'POST', headers: { 'Content-Type': type } };
      const sent = request({ ...options, timeout: 3_000 }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.on('timeout', () => sent.destroy(new Error('There was no answer.')));
      sent.on('error', (error) => resolve(error.message));
      sent.end(body);
    });
}

describe('a connection', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  afterAll(() => agent.destroy());

  it.each([
    ['a body that was too large', ENTRIES, 'application/json', 5_000_000],
    ['a line that was too large', `${ENTRIES}/import`, 'application/x-ndjson', 3_000_000],
    ['a media type that is not taken', ENTRIES, 'text/plain', 900_000],
    ['an import that is not taken', `${ENTRIES}/import?mode=none`, 'application/x-ndjson', 900_000],
  ])(
    'is closed, or serves the next request after %s',
    async (_, path, type, bytes) => {
      const send = overOneConnection(agent);
      for (let turn = 0; turn < 3; turn += 1) {
        const body = `{"key":"k","value":"${'x'.repeat(bytes)}"}`;
        expect(await send(path, type, body)).toEqual(expect.any(Number));
        const next = `{"key":"next-${randomUUID()}","value":"${'x'.repeat(900_000)}"}`;
        expect(await send(ENTRIES, 'application/json', next)).toBe(201);
      }
    },
    20_000,
  );
});
