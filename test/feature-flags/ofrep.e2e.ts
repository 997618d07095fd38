import { randomUUID } from 'node:crypto';
import { ahead, TestApi } from '../api.js';
import type { Reply, Sent } from '../api.js';
import { aFlag, FLAGS } from './made.js';

const BULK = '/ofrep/v1/evaluate/flags';
const JSON_TYPE = 'application/json; charset=utf-8';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(async () => {
  await api.stop();
});

/** The key of a new flag. */
const aFlagKey = async (details: object = {}): Promise<string> => (await aFlag(api, details)).name;

const one = (key: string, body: unknown = {}, sent: Sent = {}): Promise<Reply> =>
  api.post(`${BULK}/${key}`, body, sent);
const all = (body: unknown = {}, sent: Sent = {}): Promise<Reply> => api.post(BULK, body, sent);
const ofOne = (flags: { key: string }[], key: string) => flags.find((flag) => flag.key === key);

describe('one flag', () => {
  it('is answered with 200, key, reason, value and scalar metadata', async () => {
    const key = await aFlagKey();
    const { status, headers, body } = await one(key, { context: { targetingKey: 'u1' } });
    expect([status, headers.get('content-type')]).toEqual([200, JSON_TYPE]);
    expect(body).toEqual({ key, reason: 'STATIC', value: true, metadata: { version: 1 } });
  });

  it.each([{}, { context: {} }, { context: { targetingKey: 'u1' }, more: 1 }])(
    'takes %j for a question',
    async (question) => {
      expect((await one(await aFlagKey(), question)).status).toBe(200);
    },
  );

  it('is there at the root and below /api/v1', async () => {
    const key = await aFlagKey();
    const below = await api.post(`/api/v1${BULK}/${key}`, {});
    expect([below.status, below.body]).toEqual([200, (await one(key)).body]);
  });

  it('has no value where the default of the code applies', async () => {
    const key = await aFlagKey({ type: 'string', default_value: null, enabled: false });
    const { status, body } = await one(key);
    expect([status, body]).toEqual([200, { key, reason: 'DISABLED', metadata: { version: 1 } }]);
  });

  it('follows its rules and tells which', async () => {
    const rule = { attribute: 'plan', operator: 'eq', value: 'pro', result: true };
    const key = await aFlagKey({ targeting_rules: [rule] });
    const { body: matched } = await one(key, { context: { plan: 'pro' } });
    const { body: other } = await one(key, { context: { plan: 'free' } });
    expect([matched.reason, matched.value]).toEqual(['TARGETING_MATCH', true]);
    expect(matched.metadata).toEqual({ version: 1, rule_id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect([other.reason, other.value]).toEqual(['DEFAULT', false]);
  });

  it('is for the environment and the tenant that the context names', async () => {
    const key = await aFlagKey({
      environment_overrides: { staging: { enabled: false } },
      tenant_overrides: { acme: false },
    });
    const reasonIn = async (context: object) => (await one(key, { context })).body.reason;
    expect(await reasonIn({})).toBe('STATIC');
    expect(await reasonIn({ environment: 'staging' })).toBe('DISABLED');
    expect(await reasonIn({ tenant_id: 'acme' })).toBe('TARGETING_MATCH');
  });

  it('is seen as it is at once after a change', async () => {
    const key = await aFlagKey();
    const { body: flag } = await api.get(`${FLAGS}/name/${key}`);
    for (const value of [false, true]) {
      await api.put(`${FLAGS}/${flag.id}`, { rollout_value: value });
      expect((await one(key)).body.value).toBe(value);
    }
  });
});

describe('a refusal', () => {
  /** Not a problem document, in whatever went wrong. */
  function expectFailure(reply: Reply, status: number, code: string, key?: string): void {
    expect([reply.status, reply.headers.get('content-type')]).toEqual([status, JSON_TYPE]);
    const body = { ...(key !== undefined && { key }), errorCode: code, errorDetails: expect.any(String) };
    expect(reply.body).toEqual(body);
  }

  it('of a flag that is not there is 404', async () => {
    expectFailure(await one('never-there'), 404, 'FLAG_NOT_FOUND', 'never-there');
  });

  it('of an archived flag is 404', async () => {
    const key = await aFlagKey();
    const { body: flag } = await api.get(`${FLAGS}/name/${key}`);
    await api.post(`${FLAGS}/${flag.id}/archive`);
    expectFailure(await one(key), 404, 'FLAG_NOT_FOUND', key);
  });

  it('where a bucketing key is needed and there is none is 400', async () => {
    const key = await aFlagKey({ rollout_percentage: 50 });
    expectFailure(await one(key), 400, 'TARGETING_KEY_MISSING', key);
    expect((await one(key, { context: { targetingKey: 'u1' } })).status).toBe(200);
  });

  it.each([
    ['{', 'PARSE_ERROR'],
    ['[]', 'PARSE_ERROR'],
    ['{"context":{"a":1,"a":2}}', 'PARSE_ERROR'],
    ['{"context":{"__proto__":{"admin":true}}}', 'PARSE_ERROR'],
    ['{"context":"u1"}', 'INVALID_CONTEXT'],
    ['{"context":{"tenant_id":7}}', 'INVALID_CONTEXT'],
    [`{"context":{"text":"${'x'.repeat(1_100_000)}"}}`, 'INVALID_CONTEXT'],
  ])('of a body is 400, the first time and again', async (body, code) => {
    const key = await aFlagKey();
    await one(key);
    expectFailure(await one(key, body), 400, code, key);
    expectFailure(await one('new-to-the-server', body), 400, code, 'new-to-the-server');
    expectFailure(await all(body), 400, code);
  });

  it.each<Record<string, string>>([
    { 'Content-Type': 'text/plain' },
    { 'Content-Type': 'application/x-www-form-urlencoded' },
    { 'Content-Encoding': 'gzip' },
  ])('of %j is 400', async (headers) => {
    expectFailure(await one('any', '{}', { headers }), 400, 'PARSE_ERROR', 'any');
  });

  it('of a URL that nobody can read is 400', async () => {
    expectFailure(await api.post(`${BULK}/any?x=%ff`, {}), 400, 'GENERAL', 'any');
  });
});

describe('all flags', () => {
  it('are told with those that are off, failures among them, metadata and a stream', async () => {
    const [on, off] = [await aFlagKey(), await aFlagKey({ enabled: false })];
    const needy = await aFlagKey({ rollout_percentage: 50 });
    const { status, headers, body } = await all({ context: { environment: 'production' } });
    expect([status, headers.get('content-type')]).toEqual([200, JSON_TYPE]);
    expect(ofOne(body.flags, on)).toEqual((await one(on)).body);
    expect(ofOne(body.flags, off)).toMatchObject({ reason: 'DISABLED', value: false });
    const details = expect.any(String);
    expect(ofOne(body.flags, needy)).toEqual({
      ...{ key: needy, errorCode: 'TARGETING_KEY_MISSING', errorDetails: details },
    });
    expect(body.metadata).toEqual({ environment: 'production' });
    const endpoint = { requestUri: expect.stringMatching(/^\/ofrep\/v1\/stream\?token=[\w.-]+$/) };
    expect(body.eventStreams).toEqual([{ type: 'sse', endpoint }]);
  });

  it('come below /api/v1 with a stream there', async () => {
    const { body } = await api.post(`/api/v1${BULK}`, {});
    expect(body.eventStreams[0].endpoint.requestUri).toMatch(/^\/api\/v1\/ofrep\/v1\/stream\?token=/);
  });

  it('are the tenant’s own and the shared ones that it does not hide', async () => {
    const shared = await aFlagKey();
    const tenant = `t-${randomUUID()}`;
    await api.post(FLAGS, {
      tenant_id: tenant,
      name: shared,
      enabled: true,
      default_value: 'own',
      rollout_value: 'own',
    });
    const context = { tenant_id: tenant };
    expect(ofOne((await all({ context })).body.flags, shared)).toMatchObject({ value: 'own' });
    expect(ofOne((await all()).body.flags, shared)).toMatchObject({ value: true });
  });
});

describe('the ETag of all flags', () => {
  const etagOf = async (body: unknown, sent?: Sent): Promise<string> =>
    (await all(body, sent)).headers.get('etag') ?? '';
  const statusOf = async (body: unknown, etag: string, sent: Sent = {}): Promise<number> =>
    (await all(body, { ...sent, headers: { 'If-None-Match': etag } })).status;
  const question = { context: { targetingKey: 'u1', plan: 'pro' } };

  it('gives 304 without a body to who has it, whatever more they have', async () => {
    const etag = await etagOf(question);
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const header of [etag, `"other", ${etag}`, `W/${etag}`, '*']) {
      const { status, text, headers } = await all(question, { headers: { 'If-None-Match': header } });
      expect([status, text, headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect(await statusOf(question, '"other"')).toBe(200);
  });

  it('is another one for another context, of whatever attribute', async () => {
    const etag = await etagOf(question);
    const contexts = [
      { targetingKey: 'u2', plan: 'pro' },
      { targetingKey: 'u1', plan: 'free' },
      { ...question.context, more: null },
      { ...question.context, environment: 'staging' },
      { ...question.context, tenant_id: 'acme' },
    ];
    for (const context of contexts) expect(await statusOf({ context }, etag)).toBe(200);
  });

  it('is another one for another caller', async () => {
    const etag = await etagOf(question);
    for (const role of ['admin', 'client', 'evaluator'] as const) {
      expect(await statusOf(question, etag, { key: await api.key(role, null) })).toBe(200);
    }
  });

  it('is another one after a change, and after a change of a segment', async () => {
    const segment = `s-${randomUUID()}`;
    const conditions = [{ attribute: 'plan', operator: 'eq', value: 'pro' }];
    const { body: made } = await api.post(`${FLAGS}/segments`, { name: segment, conditions });
    const rules = { targeting_rules: [{ conditions: [{ segment }], result: true }] };
    const key = await aFlagKey({ default_value: false, ...rules });
    const before = await all(question);
    expect(ofOne(before.body.flags, key)).toMatchObject({ value: true });
    await api.put(`${FLAGS}/segments/${made.id}`, { exclude: ['u1'] });
    const after = await all(question, { headers: { 'If-None-Match': before.headers.get('etag') ?? '' } });
    expect(after.status).toBe(200);
    expect(ofOne(after.body.flags, key)).toMatchObject({ value: false });
  });

  it('is over when time changes a flag', async () => {
    const { at, key, etag } = await ahead(
      1_500,
      async (lead) => {
        const at = Date.now() + lead;
        const key = await aFlagKey({ expires_at: new Date(at).toISOString() });
        return { at, key, etag: await etagOf(question), left: at - Date.now() };
      },
      ({ left }) => left > 100,
    );
    let reply: Reply;
    do reply = await all(question, { headers: { 'If-None-Match': etag } });
    while (reply.status === 304);
    expect(ofOne(reply.body.flags, key)).toMatchObject({ metadata: { version: 1, expired: true } });
    expect(Date.now()).toBeGreaterThan(at - 1_000);
  });

  it('is the same on another replica', async () => {
    const other = await TestApi.start({ beside: api });
    try {
      const etag = await etagOf(question);
      const reply = await other.post(BULK, question, { headers: { 'If-None-Match': etag } });
      expect(reply.status).toBe(304);
    } finally {
      await other.stop();
    }
  });
});
