import { Database } from '#platform/database';
import { ahead, eventually, TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { ask, gauge, respond } from './asked.js';
import { aStore, aTenant, REQUESTS, whileUnswept } from './sown.js';

const MANY = 300;

let here: TestApi;
let there: TestApi;

beforeAll(async () => {
  here = await TestApi.start();
  there = await TestApi.start({ beside: here });
});

afterAll(async () => {
  await there.stop();
  await here.stop();
});

const wait = (api: TestApi, id: string, headers: Record<string, string> = {}): Promise<Reply> =>
  api.get(`${REQUESTS}/${id}`, { headers: { Prefer: 'wait=55', ...headers } });

const untilWaiting = (api: TestApi, count: number): Promise<number> =>
  eventually(
    () => gauge(api, 'metastore_supervisor_waiting'),
    (now) => now === count,
  );

it('who waits on one replica gets the answer that is given on another', async () => {
  const { id } = await ask(here);
  const waiting = wait(there, id);
  await untilWaiting(there, 1);
  await respond(here, id, 'Go on');
  const { status, headers, body } = await waiting;
  expect([status, headers.get('preference-applied'), headers.get('etag')]).toEqual([200, 'wait=55', '"2"']);
  expect(body).toMatchObject({ status_code: 'response_received', response: { text: 'Go on' } });
  await untilWaiting(there, 0);
});

it('only the end is waited for, and with If-None-Match any change', async () => {
  const { id } = await ask(here);
  const [end, change] = [wait(there, id), wait(there, id, { 'If-None-Match': '"1"' })];
  await untilWaiting(there, 2);
  await here.patch(`${REQUESTS}/${id}`, { priority: 1 });
  const changed = await change;
  expect([changed.status, changed.body.priority, changed.headers.get('etag')]).toEqual([200, 1, '"2"']);
  await untilWaiting(there, 1);
  await here.post(`${REQUESTS}/${id}/cancel`);
  expect((await end).body).toMatchObject({ status_code: 'cancelled', version: 3 });
});

it('the end by time comes on time, also when nobody sweeps', async () => {
  const timed = await whileUnswept(here, () =>
    ahead(
      1_500,
      async (lead) => {
        const { id } = await ask(here);
        const at = new Date(Date.now() + lead).toISOString();
        const patched = await here.patch(`${REQUESTS}/${id}`, { expires_at: at });
        if (patched.status !== 200) return { reply: null, at };
        const begun = performance.now();
        const reply = await wait(there, id);
        expect(performance.now() - begun).toBeLessThan(50_000); // It was not the waiting that ended.
        return { reply, at };
      },
      ({ reply }) => reply?.body.version === 3,
    ),
  );
  expect(timed.reply?.body).toMatchObject({ status_code: 'timeout', settled_at: timed.at });
});

it('answers at once who has nothing to wait for', async () => {
  const { id } = await ask(here);
  expect((await wait(here, id, { Prefer: 'wait=0' })).body.status).toBe('pending');
  expect((await wait(here, id, { 'If-None-Match': '"7"' })).status).toBe(200);
  await respond(here, id);
  const over = await wait(here, id);
  expect([over.status, over.headers.get('preference-applied')]).toEqual([200, 'wait=55']);
  expect((await wait(here, '01937b2e-7c41-7000-8000-0000000000ff')).status).toBe(404);
});

it('gives the present state when the time is over, or 304', async () => {
  const { id } = await ask(here);
  const [plain, known] = await Promise.all([
    wait(here, id, { Prefer: 'wait=1' }),
    wait(here, id, { Prefer: 'wait=1', 'If-None-Match': '"1"' }),
  ]);
  expect([plain.status, plain.body.status, plain.headers.get('preference-applied')]).toEqual([
    ...[200, 'pending', 'wait=1'],
  ]);
  expect([known.status, known.text, known.headers.get('preference-applied')]).toEqual([304, '', 'wait=1']);
});

it('who waits for a version hears that it was deleted', async () => {
  const { id } = await ask(here);
  await respond(here, id);
  const waiting = wait(there, id, { 'If-None-Match': '"2"' });
  await untilWaiting(there, 1);
  expect((await here.delete(`${REQUESTS}/${id}`)).status).toBe(204);
  expect((await waiting).status).toBe(404);
});

it('nobody waits for what is another tenant’s', async () => {
  const { id } = await ask(here, { tenant_id: aTenant() });
  const key = await here.key('viewer', aTenant());
  expect((await here.get(`${REQUESTS}/${id}`, { key, headers: { Prefer: 'wait=55' } })).status).toBe(404);
});

it('who leaves is forgotten, and a change costs one look, however many wait', async () => {
  const { id } = await ask(here, { store_id: aStore() });
  const gone = new AbortController();
  const left = fetch(`${there.url}${REQUESTS}/${id}`, {
    headers: { Prefer: 'wait=55' },
    signal: gone.signal,
  }).catch(() => 'left');
  await untilWaiting(there, 1);
  gone.abort();
  expect(await left).toBe('left');
  await untilWaiting(there, 0);
  const answers = Array.from({ length: MANY }, () => wait(there, id));
  await untilWaiting(there, MANY);
  const read = jest.spyOn(there.part(Database), 'read');
  await respond(here, id);
  const replies = await Promise.all(answers);
  const looks = read.mock.calls.filter(
    ([{ name, text }]) => !name?.startsWith('requests_due') && /from supervisor\.request /.test(text),
  );
  read.mockRestore();
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
  expect(looks).toHaveLength(1);
});

it('the end of a replica ends waiting, with the present state', async () => {
  const third = await TestApi.start({ beside: here });
  const { id } = await ask(here);
  const waiting = wait(third, id);
  await untilWaiting(third, 1);
  await third.stop();
  const { status, body } = await waiting;
  expect([status, body.status]).toEqual([200, 'pending']);
});
