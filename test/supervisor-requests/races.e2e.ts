import { TestApi } from '../api.js';
import type { Reply, Sent } from '../api.js';
import { aBody, aRequest, at, expire, historyOf, made, statusesOf } from './made.js';
import { aStore, aTenant, REQUESTS, whileLocked } from './sown.js';

const RACERS = 20;

let api: TestApi;
let beside: TestApi;
let supervisors: Sent[];

beforeAll(async () => {
  api = await TestApi.start();
  beside = await TestApi.start({ beside: api });
  supervisors = await Promise.all([1, 2, 3, 4].map(async () => ({ key: await api.key('supervisor', null) })));
});

afterAll(async () => {
  await beside.stop();
  await api.stop();
});

/** Two in three respond, the others cancel; on one replica or the other. */
function race(request: any, number: number): Promise<Reply> {
  const server = number % 2 === 0 ? api : beside;
  if (number % 3 === 2) return server.post(at(request, '/cancel'));
  return server.post(
    at(request, '/respond'),
    { text: `${number}` },
    supervisors[number % supervisors.length],
  );
}

/** Reads on both replicas until told to stop; gives what was seen, in the order in which each reader saw it. */
function watch(request: any): { stop: () => Promise<string[][]> } {
  let isOver = false;
  const read = async (server: TestApi): Promise<string[]> => {
    const seen: string[] = [];
    while (!isOver) seen.push(finalOf((await server.get(at(request))).body));
    return seen;
  };
  const readers = [api, beside, api, beside].map(read);
  return {
    stop: () => {
      isOver = true;
      return Promise.all(readers);
    },
  };
}

/** What became of a request, in a refusal or shown. */
const finalOf = ({ status_code: code, resolution, settled_at: at, response }: any): string =>
  JSON.stringify([code, resolution, at, response]);

const PENDING = finalOf({
  status_code: 'pending_response',
  resolution: null,
  settled_at: null,
  response: null,
});

/** Everything that a reader saw is the end, or came before it. */
function expectAgreement(seen: readonly string[][], end: string): void {
  for (const states of seen) {
    const first = states.findIndex((state) => state !== PENDING);
    expect(new Set(states.slice(first === -1 ? states.length : first))).toEqual(
      new Set(first === -1 ? [] : [end]),
    );
  }
}

it('has one winner, of whom all the others are told, and all who read agree', async () => {
  for (let round = 0; round < 3; round += 1) {
    const request = await aRequest(api);
    const watching = watch(request);
    const replies = await Promise.all(Array.from({ length: RACERS }, (_, number) => race(request, number)));
    const seen = await watching.stop();
    const winners = replies.filter(({ status }) => status === 200);
    const losers = replies.filter(({ status, body }) => status === 409 && body.code === 'already_resolved');
    expect([winners.length, losers.length]).toEqual([1, RACERS - 1]);
    const end = finalOf(winners[0]?.body);
    expect(new Set(losers.map(({ body }) => finalOf(body)))).toEqual(new Set([end]));
    expect(finalOf((await api.get(at(request))).body)).toBe(end);
    expectAgreement(seen, end);
    expect(await historyOf(api, request)).toHaveLength(2);
  }
});

it('has one winner where time is one of the racers', async () => {
  const ends = new Set<string>();
  for (const milliseconds of [0, 5, 10, 20, 40, 80, 160]) {
    const request = await aRequest(api);
    await expire(api, request, milliseconds / 1_000);
    const watching = watch(request);
    const replies = await Promise.all(Array.from({ length: RACERS }, (_, number) => race(request, number)));
    const seen = await watching.stop();
    const { body } = await beside.get(at(request));
    const end = finalOf(body);
    const winners = replies.filter(({ status }) => status === 200);
    expect(winners.map((winner) => finalOf(winner.body))).toEqual(
      body.status_code === 'timeout' ? [] : [end],
    );
    const losers = replies.filter(({ status }) => status === 409);
    expect(winners.length + losers.length).toBe(RACERS);
    expect(new Set(losers.map((loser) => finalOf(loser.body)))).toEqual(new Set([end]));
    expectAgreement(seen, end);
    const types = (await historyOf(api, request)).map(({ type }) => type);
    expect(types).toHaveLength(2);
    ends.add(body.status_code);
  }
  expect(ends).toContain('timeout'); // Of the first round it is certain.
});

it('is decided by the time at which nobody else can decide any more, and not by that of the question', async () => {
  const request = await aRequest(api);
  const over = `clock_timestamp() - interval '1 millisecond'`;
  const end = `update supervisor.request set expires_at = ${over}, due_at = ${over} where id = '${request.id}'; commit`;
  const reply = await whileLocked(api, { id: request.id, end }, () => race(request, 1));
  expect([reply.status, reply.body.code, reply.body.status_code]).toEqual([
    409,
    'already_resolved',
    'timeout',
  ]);
});

it('takes one of many late responses', async () => {
  const request = await aRequest(api, { allow_late_response: true });
  await expire(api, request);
  const late = (number: number) =>
    (number % 2 === 0 ? api : beside).post(at(request, '/respond'), { text: `${number}` }, supervisors[0]);
  const replies = await Promise.all(Array.from({ length: RACERS }, (_, number) => late(number)));
  expect(statusesOf(replies)).toEqual([200, ...Array(RACERS - 1).fill(409)]);
  const { body } = await api.get(at(request));
  expect(body).toMatchObject({ version: 3, status_code: 'timeout', response: { late: true } });
  for (const { status, body: told } of replies) if (status === 409) expect(finalOf(told)).toBe(finalOf(body));
});

describe('the same thing asked twice', () => {
  const post = (body: object, sent?: Sent) => api.post(REQUESTS, body, sent);

  it('is one request as long as it is open', async () => {
    const body = aBody({ dedupe_key: 'a' });
    const first = made(await post(body));
    const again = await post({ ...body, question: 'Asked otherwise?' });
    expect([again.status, again.body, again.headers.get('location')]).toEqual([200, first, at(first)]);
    for (const other of [{ store_id: aStore() }, { dedupe_key: 'b' }, { tenant_id: aTenant() }])
      expect((await post({ ...body, ...other })).status).toBe(201);
    await api.post(at(first, '/respond'), { text: 'Yes' });
    expect((await post(body)).status).toBe(201);
    expect((await api.get(at(first))).body.version).toBe(2);
  });

  it('is another request once time ran out, even where nobody wrote that yet', async () => {
    const body = aBody({ dedupe_key: 'a' });
    const first = made(await post(body));
    await expire(api, first);
    const second = made(await post(body));
    expect(second.id).not.toBe(first.id);
    expect((await historyOf(api, first)).map(({ type }) => type)).toEqual(['created', 'timed_out']);
  });

  it('at one moment is one request', async () => {
    const body = aBody({ dedupe_key: 'a' });
    const replies = await Promise.all(Array.from({ length: 20 }, () => post(body)));
    expect(statusesOf(replies)).toEqual([...Array(19).fill(200), 201]);
    expect(new Set(replies.map(({ body: { id } }) => id)).size).toBe(1);
  });
});
