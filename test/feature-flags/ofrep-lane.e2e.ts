import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { Admission } from '#platform/auth';
import { TestApi } from '../api.js';
import { aFlag, FLAGS } from './made.js';

const BULK = '/ofrep/v1/evaluate/flags';

interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(async () => {
  await api.stop();
});

/** The key of a new flag. */
const aFlagKey = async (details: object = {}): Promise<string> => (await aFlag(api, details)).name;

/** Node's own client shows what is really sent. In as many pieces as wanted. */
function raw(
  path: string,
  pieces: readonly string[],
  headers: Record<string, string> = {},
): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(pieces.join(''));
    const all = { 'Content-Type': 'application/json', 'Content-Length': length, ...headers };
    const sent = request(`${api.url}${path}`, { method: 'POST', headers: all, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: { ...response.headers, date: 'then' },
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    const next = (at: number): void => {
      if (at === pieces.length) sent.end();
      else sent.write(pieces[at] ?? '', () => setImmediate(next, at + 1));
    };
    next(0);
  });
}

/** How many requests took the long way. */
async function longWays(act: () => Promise<unknown>): Promise<number> {
  const admitted = jest.spyOn(api.part(Admission), 'admit');
  await act();
  const { length } = admitted.mock.calls;
  admitted.mockRestore();
  return length;
}

const QUESTION = '{"context":{"targetingKey":"ü","plan":"pro"}}';

it('answers to the byte and to the header what the long way answers', async () => {
  const [on, needy] = [await aFlagKey(), await aFlagKey({ rollout_percentage: 50 })];
  const { headers: known } = await raw(BULK, [QUESTION]);
  const etag = known.etag ?? '';
  const bodies = [QUESTION, '{}', '{', '[]', '{"context":1}', '{"context":{"tenant_id":"No"}}'];
  for (const path of [BULK, `${BULK}/${on}`, `${BULK}/${needy}`]) {
    for (const body of bodies) {
      for (const tag of ['""', etag, '"other"']) {
        const headers = { 'X-Request-Id': 'the-same', 'If-None-Match': tag };
        await raw(path, [QUESTION]);
        // A text that is not of the usual form goes the long way.
        const long = await raw(path, [body], {
          ...headers,
          'Content-Type': 'application/json; charset=UTF-8',
        });
        const short = await raw(path, [body], headers);
        expect(short).toEqual(long);
        expect(short.headers['x-request-id']).toBe('the-same');
      }
    }
  }
});

it('takes the short way from the second question on, in however many pieces it comes', async () => {
  const path = `${BULK}/${await aFlagKey()}`;
  expect(await longWays(() => raw(path, [QUESTION]))).toBe(1);
  expect(await longWays(() => raw(path, [QUESTION]))).toBe(0);
  const whole = await raw(path, [QUESTION]);
  const pieces = [...QUESTION.replace('ü', 'u')];
  expect(await longWays(async () => expect((await raw(path, pieces)).text).toBe(whole.text))).toBe(0);
});

it('leaves to the long way what is out of the ordinary', async () => {
  const path = `${BULK}/${await aFlagKey()}`;
  await raw(path, [QUESTION]);
  const large = JSON.stringify({ context: { text: 'x'.repeat(100_000) } });
  const unusual: [readonly string[], Record<string, string>][] = [
    [[QUESTION], { 'Content-Type': 'text/plain' }],
    [[QUESTION], { 'Content-Encoding': 'gzip' }],
    [[QUESTION], { Expect: '100-continue' }],
    [[large], {}],
  ];
  for (const [body, headers] of unusual) expect(await longWays(() => raw(path, body, headers))).toBe(1);
});

it('sees a change, and an archived flag, at once', async () => {
  const name = await aFlagKey();
  const path = `${BULK}/${name}`;
  const { body: flag } = await api.get(`${FLAGS}/name/${name}`);
  await raw(path, [QUESTION]);
  await api.put(`${FLAGS}/${flag.id}`, { rollout_value: false });
  expect(JSON.parse((await raw(path, [QUESTION])).text)).toMatchObject({ value: false });
  await api.post(`${FLAGS}/${flag.id}/archive`);
  expect((await raw(path, [QUESTION])).status).toBe(404);
});

it('lets nobody in whom the long way would turn away', async () => {
  const closed = await TestApi.start({ beside: api, env: { APP_ENV: 'production' } });
  try {
    const ask = async (key?: string, context = {}) =>
      (await closed.post(BULK, { context }, key === undefined ? {} : { key })).status;
    const [own, viewer] = [await api.key('evaluator', 'acme'), await api.key('viewer', 'acme')];
    expect([await ask(own), await ask(own)]).toEqual([200, 200]);
    expect([await ask(viewer), await ask(viewer), await ask(), await ask('mst_no')]).toEqual([
      403, 403, 401, 401,
    ]);
    expect(await ask(own, { tenant_id: 'globex' })).toBe(403);
  } finally {
    await closed.stop();
  }
});

it('is logged and measured like any other', async () => {
  const path = `${BULK}/${await aFlagKey()}`;
  for (const id of ['q-1', 'q-2']) await raw(path, [QUESTION], { 'X-Request-Id': id });
  const lines = api.log.filter((line) => /"q-[12]"/.test(line)).map((line) => JSON.parse(line));
  expect(lines).toHaveLength(2);
  for (const line of lines)
    expect(line).toMatchObject({ method: 'POST', route: `${BULK}/:key`, status: 200, actor: 'anonymous' });
});
