import { randomUUID } from 'node:crypto';
import { SupervisorDesk } from '#supervisor-requests';
import type { Question } from '#supervisor-requests';
import { CallContext } from '#platform/context';
import { TestApi } from '../api.js';
import type { Sent } from '../api.js';
import { aBody, aRequest, at, expire, historyOf, made, mistakes, outcome, statusesOf } from './made.js';
import { aStore, aTenant, REQUESTS, storeOf } from './sown.js';

let api: TestApi;
let supervisor: Sent;
let asker: Sent;

beforeAll(async () => {
  api = await TestApi.start();
  supervisor = { key: await api.key('supervisor', null) };
  asker = { key: await api.key('editor', null) };
});

afterAll(() => api.stop());

const respond = (request: any, body: object = { text: 'Yes' }, sent = supervisor) =>
  api.post(at(request, '/respond'), body, sent);
const types = async (request: any): Promise<string[]> =>
  (await historyOf(api, request)).map(({ type }) => type);

describe('a request', () => {
  it('is asked, and shown with everything', async () => {
    const body = {
      store_id: 'Laden Süd / 42 🏬',
      kind: 'question',
      question: 'May the freezer be switched off?',
      options: ['Yes', 'No'],
      response_schema: { type: ['object', 'null'] },
      details: { freezer: 'F-7' },
      priority: 2,
      timeout_seconds: 600,
      on_timeout: 'default_response',
      default_response: { text: 'No' },
      allow_late_response: true,
      dedupe_key: 'freezer-F-7',
      callback_url: 'https://orders.example.com/answers',
      escalation: [{ after_seconds: 60, priority: 1 }],
    };
    const reply = await api.post(REQUESTS, body);
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"1"',
      at(reply.body),
    ]);
    const { timeout_seconds: _, ...said } = body;
    expect(reply.body).toMatchObject({
      ...said,
      ...{ id: expect.any(String), tenant_id: null, version: 1, status: 'pending' },
      ...{ status_code: 'pending_response', resolution: null, settled_at: null, assignee_team_id: null },
      ...{ claim: null, response: null, requested_by: 'anonymous', escalated: 0, created_by: 'anonymous' },
      default_response: { text: 'No', decision: 'answered', data: null },
      escalation: [{ after_seconds: 60, priority: 1, assignee_team_id: null }],
    });
    const { request_timestamp: from, expires_at: until, created_at: created } = reply.body;
    expect(Date.parse(until) - Date.parse(from)).toBe(600_000);
    expect(Math.abs(Date.parse(created) - Date.parse(from))).toBeLessThan(5_000);
    const read = await api.get(at(reply.body));
    const { callback_secret: secret, ...shown } = reply.body;
    expect(secret).toMatch(/^whsec_/); // Told this once.
    expect([read.status, read.headers.get('etag'), read.body]).toEqual([200, '"1"', shown]);
    const again = await api.get(at(reply.body), { headers: { 'If-None-Match': '"1"' } });
    expect(again.status).toBe(304);
  });

  it('has half an hour, the middle priority and nothing else where nothing else is said', async () => {
    const request = await aRequest(api);
    expect(Date.parse(request.expires_at) - Date.parse(request.request_timestamp)).toBe(1_800_000);
    expect(request).toMatchObject({
      ...{ priority: 3, options: null, response_schema: null, details: {}, on_timeout: 'unresolved' },
      ...{ default_response: null, allow_late_response: false, dedupe_key: null, escalation: [] },
    });
  });

  it('is asked in the store of the path as well', async () => {
    const store = 'a/b ü%';
    const { store_id: _, ...body } = aBody() as { store_id: string };
    const reply = await api.post(storeOf(store), body);
    expect([reply.status, reply.body.store_id, reply.headers.get('location')]).toEqual([
      201,
      store,
      at(reply.body),
    ]);
    expect((await api.post(storeOf(store), { ...body, store_id: store })).status).toBe(201);
  });

  it('has an id of the asker, and may be sent again whatever became of it', async () => {
    const body = aBody({ id: randomUUID(), timeout_seconds: 60, details: { a: { b: 1, c: 2 } } });
    const request = made(await api.post(REQUESTS, body));
    await api.patch(at(request), { priority: 1, details: { d: 3 } });
    await respond(request);
    const again = await api.post(REQUESTS, { ...body, details: { a: { c: 2, b: 1 } }, timeout_seconds: 60 });
    expect([again.status, again.body.version, again.body.status_code]).toEqual([200, 3, 'response_received']);
    for (const other of [{ question: 'Other?' }, { timeout_seconds: 61 }, { tenant_id: aTenant() }])
      expect(outcome(await api.post(REQUESTS, { ...body, ...other }))).toEqual([409, 'id_conflict']);
    await api.delete(at(request));
    expect(outcome(await api.post(REQUESTS, body))).toEqual([409, 'id_conflict']);
    const both = aBody({ id: randomUUID() });
    const replies = await Promise.all([1, 2, 3].map(() => api.post(REQUESTS, both)));
    expect(statusesOf(replies)).toEqual([200, 200, 201]);
  });

  it('is changed while it is pending', async () => {
    const request = await aRequest(api, { details: { a: 1, b: { c: 2, d: 3 } } });
    const until = new Date(Date.parse(request.request_timestamp) + 7_200_000).toISOString();
    const patch = { priority: 1, expires_at: until, details: { a: null, b: { c: 4 } }, change_reason: 'Hot' };
    const reply = await api.patch(at(request), patch, { headers: { 'If-Match': '"1"' } });
    expect(reply.body).toMatchObject({
      ...{ version: 2, priority: 1, expires_at: until, details: { b: { c: 4, d: 3 } } },
    });
    expect((await api.patch(at(request), { priority: 1 })).body.version).toBe(2);
    expect((await api.patch(at(request), { details: null })).body.details).toEqual({});
    const stale = await api.patch(at(request), { priority: 2 }, { headers: { 'If-Match': '"1"' } });
    expect([...outcome(stale), stale.body.current_version]).toEqual([412, 'stale_version', 3]);
    expect((await historyOf(api, request))[1]).toMatchObject({ type: 'updated', change_reason: 'Hot' });
  });

  it('is cancelled, and deleted once nobody waits for it', async () => {
    const request = await aRequest(api);
    expect(outcome(await api.delete(at(request)))).toEqual([409, 'still_pending']);
    const cancelled = await api.post(at(request, '/cancel'), { change_reason: 'Found it' });
    expect(cancelled.body).toMatchObject({
      ...{ status: 'not_pending', status_code: 'cancelled', resolution: 'unresolved', response: null },
      settled_at: expect.any(String),
    });
    expect((await api.delete(at(request))).status).toBe(204);
    expect(outcome(await api.get(at(request)))).toEqual([404, 'supervisor_request_not_found']);
    expect(await types(request)).toEqual(['created', 'cancelled', 'deleted']);
    const second = await aRequest(api);
    expect((await api.post(at(second, '/cancel'))).status).toBe(200);
  });
});

describe('a response', () => {
  it('settles the request', async () => {
    const request = await aRequest(api, { options: ['Yes', 'No'] });
    const reply = await respond(request, { text: 'No', data: { why: 1 }, change_reason: 'Summer' });
    expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"2"']);
    expect(reply.body).toMatchObject({
      ...{ version: 2, status: 'not_pending', status_code: 'response_received', resolution: 'resolved' },
      response: {
        ...{ text: 'No', decision: 'answered', data: { why: 1 }, late: false },
        ...{ responded_by: expect.stringMatching(/^key:/), responded_at: reply.body.settled_at },
      },
    });
    expect((await api.get(at(request))).body).toEqual(reply.body);
    const late = await respond(request, { text: 'Yes' });
    expect(outcome(late)).toEqual([409, 'already_resolved']);
    expect(late.body).toMatchObject({
      ...{ current_version: 2, status_code: 'response_received', resolution: 'resolved' },
      ...{ settled_at: reply.body.settled_at, response: reply.body.response },
    });
    for (const act of [api.post(at(request, '/cancel')), api.patch(at(request), { priority: 1 })])
      expect((await act).body).toMatchObject({ code: 'already_resolved', response: reply.body.response });
  });

  it('approves what somebody else asked for', async () => {
    const request = await aRequest(api, { kind: 'approval' }, asker);
    const reply = await respond(request, { decision: 'approved' });
    expect(reply.body.response).toMatchObject({ decision: 'approved', text: null });
    const own = { key: await api.key('admin', null) };
    const mine = await aRequest(api, { kind: 'approval' }, own);
    expect(outcome(await respond(mine, { decision: 'approved' }, own))).toEqual([403, 'self_approval']);
    expect((await api.get(at(mine))).body.version).toBe(1);
    expect((await respond(mine, { decision: 'rejected' }, own)).body.response.decision).toBe('rejected');
  });

  it('satisfies the schema that the asker gave', async () => {
    const schema = { type: 'object', properties: { percent: { maximum: 100 } }, required: ['percent'] };
    const request = await aRequest(api, { response_schema: schema });
    expect(mistakes(await respond(request, { data: { percent: 101 } }))).toEqual([
      ...[422, 'response_refused'],
      '/data/percent maximum',
    ]);
    expect((await respond(request, { data: { percent: 100 } })).status).toBe(200);
    expect(outcome(await respond(request, { data: { percent: 101 } }))).toEqual([409, 'already_resolved']);
  });
});

describe('time', () => {
  it('leaves a request unresolved, which is no rejection', async () => {
    const request = await aRequest(api, { kind: 'approval' }, asker);
    await expire(api, request);
    const { body } = await api.get(at(request));
    expect(body).toMatchObject({
      ...{ status: 'not_pending', status_code: 'timeout', resolution: 'unresolved', response: null },
      ...{ settled_at: body.expires_at, updated_by: 'system:supervisor-timeouts' },
    });
    expect(outcome(await respond(request, { decision: 'approved' }))).toEqual([409, 'already_resolved']);
    expect(await types(request)).toEqual(['created', 'timed_out']);
  });

  it('takes the default where the asker wants one, and a late response instead of it', async () => {
    const silence = { on_timeout: 'default_response', default_response: { text: 'No', data: [1] } };
    const request = await aRequest(api, { ...silence, allow_late_response: true });
    await expire(api, request);
    const { body } = await api.get(at(request));
    expect(body).toMatchObject({
      ...{ status_code: 'timeout', resolution: 'resolved' },
      response: { text: 'No', data: [1], responded_by: 'system:supervisor-timeouts', late: false },
    });
    const late = await respond(request);
    expect(late.body).toMatchObject({
      ...{ status_code: 'timeout', resolution: 'resolved', settled_at: body.settled_at },
      response: { text: 'Yes', late: true },
    });
    expect(outcome(await respond(request))).toEqual([409, 'already_resolved']);
    expect(await types(request)).toEqual(['created', 'timed_out', 'responded_late']);
  });

  it('may be given as long as it has not run out', async () => {
    const request = await aRequest(api);
    await expire(api, request);
    const later = new Date(Date.now() + 60_000).toISOString();
    const refused = await api.patch(at(request), { expires_at: later });
    expect([...outcome(refused), refused.body.status_code]).toEqual([409, 'already_resolved', 'timeout']);
  });
});

describe('an escalation', () => {
  it('by hand is the next step, or what is named', async () => {
    const request = await aRequest(api, { escalation: [{ after_seconds: 60, priority: 2 }] });
    const escalate = (body?: object) => api.post(at(request, '/escalate'), body);
    expect((await escalate()).body).toMatchObject({ version: 2, priority: 2, escalated: 1 });
    expect((await escalate({ priority: 1 })).body).toMatchObject({ version: 3, priority: 1, escalated: 1 });
    expect((await escalate({ priority: 1 })).body.version).toBe(3);
    expect(outcome(await escalate({ change_reason: 'More' }))).toEqual([409, 'nothing_to_escalate']);
    expect(await types(request)).toEqual(['created', 'escalated', 'escalated']);
  });
});

it('is remembered version by version, without a way back', async () => {
  const request = await aRequest(api, { priority: 2 });
  await api.patch(at(request), { priority: 1 });
  await respond(request);
  const events = await historyOf(api, request);
  expect(
    events.map(({ version, type, priority, status_code: code }) => [version, type, priority, code]),
  ).toEqual([
    [1, 'created', 2, 'pending_response'],
    [2, 'updated', 1, 'pending_response'],
    [3, 'responded', 1, 'response_received'],
  ]);
  expect(events[2]).toMatchObject({ by: expect.stringMatching(/^key:/), response: { text: 'Yes' } });
  const page = await api.get(at(request, '/history?limit=2'));
  const next = await api.get(at(request, `/history?limit=2&cursor=${page.body.next_cursor}`));
  expect([...page.body.items, ...next.body.items].map(({ version }: any) => version)).toEqual([3, 2, 1]);
  expect((await api.get(at(request, '/versions/1'))).body.state).toEqual(request);
  expect((await api.get(at(request, '/versions/1/diff/2'))).body).toEqual([
    { op: 'replace', path: '/priority', value: 1 },
  ]);
  const { items } = (await api.get(at(request, '/versions'))).body;
  expect(items.map(({ type }: any) => type)).toEqual(['responded', 'updated', 'created']);
  const past = await api.get(at(request, `?as_of=${request.created_at}`));
  expect(past.body).toEqual(request);
  expect((await api.post(at(request, '/rollback/1'))).status).toBe(404);
});

it('keeps a team from being deleted that has work, and goes to the heir', async () => {
  const company = made(await api.post('/api/v1/companies', { name: `c-${randomUUID()}` }));
  const team = async () =>
    made(await api.post('/api/v1/teams', { company_id: company.id, name: 'T', slug: `t-${randomUUID()}` }));
  const [from, to] = [await team(), await team()];
  const request = await aRequest(api, { assignee_team_id: from.id.toUpperCase() });
  expect(request.assignee_team_id).toBe(from.id);
  const refused = await api.delete(`/api/v1/teams/${from.id}`);
  expect([...outcome(refused), refused.body.supervisor_requests]).toEqual([409, 'team_in_use', 1]);
  expect((await api.delete(`/api/v1/teams/${from.id}?reassign_to=${to.id}`)).status).toBe(204);
  expect((await api.get(at(request))).body).toMatchObject({ assignee_team_id: to.id, version: 2 });
});

it('is asked once by another context, whatever became of it', async () => {
  const id = randomUUID();
  const question: Question = {
    ...{ id, tenant: null, storeId: aStore(), question: 'Over budget', details: { a: 1 } },
    kind: 'alert',
    ...{ priority: 1, timeoutSeconds: 60, assigneeTeamId: null, requestedBy: 'system:budget-alerts' },
  };
  const ask = () =>
    api.part(CallContext).runAsSystem('budget-alerts', () => api.part(SupervisorDesk).ask(question));
  await Promise.all([ask(), ask(), ask()]);
  expect((await api.get(at({ id }))).body).toMatchObject({
    version: 1,
    requested_by: 'system:budget-alerts',
  });
  await api.post(at({ id }, '/cancel'));
  await ask();
  expect(await types({ id })).toEqual(['created', 'cancelled']);
});
