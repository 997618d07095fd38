import { TestApi } from '../api.js';
import type { Reply, Sent } from '../api.js';
import { administer } from '../test-database.js';
import { aStore, aTenant, REQUESTS, rowOf, sow, storeOf, told, whileLocked } from './sown.js';

const WORKERS = 50;
const REQUESTS_COUNT = 1_000;

let api: TestApi;
let beside: TestApi;
let one: Sent;
let other: Sent;
let admin: Sent;

beforeAll(async () => {
  api = await TestApi.start();
  beside = await TestApi.start({ beside: api });
  one = { key: await api.key('supervisor', null) };
  other = { key: await api.key('supervisor', null) };
  admin = { key: await api.key('admin', null) };
});

afterAll(async () => {
  await beside.stop();
  await api.stop();
});

const at = (id: string, rest = ''): string => `${REQUESTS}/${id}${rest}`;
const claim = (id: string, body: object = {}, as: Sent = one) => api.post(at(id, '/claim'), body, as);
const next = (store: string, body: object = {}, as: Sent = one, server = api) =>
  server.post(storeOf(store, '/claim-next'), body, as);
const sowOne = async (sown: Parameters<typeof sow>[1][number] = {}): Promise<string> =>
  (await sow(api, [sown]))[0] ?? '';
const outcome = ({ status, body }: Reply): unknown[] => [status, body?.code];
const mistakes = ({ status, body }: Reply): unknown[] => [
  status,
  ...body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`).sort(),
];
const types = async (id: string): Promise<string[]> => (await told(api, id)).map(({ type }) => type);
const elapsed = ({ claim_expires_at: until, updated_at: from }: any): number =>
  (until.getTime() - from.getTime()) / 1_000;

describe('a claim', () => {
  it('is of one, who renews it by claiming again, and whom nobody else gets in the way of', async () => {
    const id = await sowOne();
    const first = await claim(id);
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"2"']);
    expect(first.body).toMatchObject({ status: 'pending', claim: { by: expect.stringMatching(/^key:/) } });
    const held = first.body.claim;

    const refused = await claim(id, {}, other);
    expect(outcome(refused)).toEqual([409, 'claimed']);
    expect(refused.body.claim).toEqual(held);
    const lost = await api.post(at(id, '/claim/renew'), {}, other);
    expect(outcome(lost)).toEqual([409, 'claim_lost']);
    expect(lost.body.claim).toEqual(held);
    expect(outcome(await api.delete(at(id, '/claim'), other))).toEqual([409, 'claimed']);

    const longer = await api.post(at(id, '/claim/renew'), { lease_seconds: 3_600 }, one);
    expect(Date.parse(longer.body.claim.expires_at)).toBeGreaterThan(Date.parse(held.expires_at));
    expect(outcome(await claim(id, { lease_seconds: 10 }))).toEqual([200, undefined]);
    expect(await types(id)).toEqual(['claimed', 'claim_renewed', 'claim_renewed']);
    expect(elapsed(await rowOf(api, id))).toBeCloseTo(10, 0);
  });

  it('takes no body for the usual lease', async () => {
    const id = await sowOne();
    expect((await api.request('POST', at(id, '/claim'), one)).status).toBe(200);
    const row = await rowOf(api, id);
    expect(row.claim_expires_at.getTime() - row.first_claimed_at.getTime()).toBe(300_000);
  });

  it('is let go of by its holder, and by who may write; where there is none nothing happens', async () => {
    const id = await sowOne();
    expect((await api.delete(at(id, '/claim'), one)).status).toBe(204);
    await claim(id);
    expect((await api.delete(at(id, '/claim?change_reason=lunch'), one)).status).toBe(204);
    await claim(id);
    expect((await api.delete(at(id, '/claim'), admin)).status).toBe(204);
    expect((await claim(id, {}, other)).status).toBe(200);
    expect(await types(id)).toEqual(['claimed', 'claim_released', 'claimed', 'claim_released', 'claimed']);
  });

  it('that ran out is none: it is told of its instant, and whoever comes next gets the request', async () => {
    const lapsed = { made: -100, claimed_by: 'key:gone', claim_expires: -60, due: -60 } as const;
    const [id = '', renewed = ''] = await sow(api, [lapsed, lapsed]);
    const reply = await claim(id);
    expect(reply.status).toBe(200);
    const [expired, claimed] = await told(api, id);
    expect([expired.type, expired.actor, expired.snapshot.claimed_by]).toEqual([
      'claim_expired',
      'system:supervisor-timeouts',
      null,
    ]);
    expect(Date.now() - expired.occurred_at.getTime()).toBeGreaterThan(50_000);
    expect([claimed.type, claimed.version]).toEqual(['claimed', 3]);
    const lost = await api.post(at(renewed, '/claim/renew'), {}, one);
    expect([...outcome(lost), lost.body.claim]).toEqual([409, 'claim_lost', null]);
  });

  it('is refused where there is nothing to claim, and told what is wrong', async () => {
    const settled = await sowOne({ status_code: 'cancelled', resolution: 'unresolved' });
    const overdue = await sowOne({ expires: -1 });
    const pending = await sowOne();
    for (const rest of ['/claim', '/claim/renew']) {
      expect(outcome(await api.post(at(settled, rest), {}, one))).toEqual([409, 'already_resolved']);
      const late = await api.post(at(overdue, rest), {}, one);
      expect([...outcome(late), late.body.status_code]).toEqual([409, 'already_resolved', 'timeout']);
      expect(outcome(await api.post(at('01937b2e-7c41-7000-8000-0000000000ff', rest), {}, one))).toEqual([
        404,
        'supervisor_request_not_found',
      ]);
      expect(mistakes(await api.post(at('nothing', rest), {}, one))).toEqual([400, '/id pattern']);
      expect(mistakes(await api.post(at(pending, rest), { lease_seconds: 9, who: 'me' }, one))).toEqual([
        400,
        '/lease_seconds too_small',
        '/who unknown_property',
      ]);
      const stale = { ...one, headers: { 'If-Match': '"7"' } };
      expect(outcome(await api.post(at(pending, rest), {}, stale))).toEqual([412, 'stale_version']);
    }
    expect(outcome(await claim(pending, { lease_seconds: 3_601 }))).toEqual([400, 'invalid_input']);
    expect((await api.delete(at(settled, '/claim'), one)).status).toBe(204);
    const viewer = { key: await api.key('viewer', null) };
    expect((await claim(pending, {}, viewer)).status).toBe(403);
    expect(await types(pending)).toEqual([]);
  });

  it('is of what the credential may write: shared requests are seen by a tenant, and not claimed', async () => {
    const tenant = aTenant();
    const key = { key: await api.key('supervisor', tenant) };
    const [own = '', shared = '', foreign = ''] = await sow(api, [{ tenant }, {}, { tenant: aTenant() }]);
    expect((await claim(own, {}, key)).status).toBe(200);
    expect(outcome(await claim(shared, {}, key))).toEqual([403, 'tenant_forbidden']);
    expect((await claim(foreign, {}, key)).status).toBe(404);
  });
});

describe('the next request', () => {
  it('is the most urgent, then the oldest; what is claimed, over or another’s is passed over', async () => {
    const store = aStore();
    const tenant = aTenant();
    const [late = '', urgent = '', early = '', , lapsed = ''] = await sow(api, [
      { store, tenant, priority: 2, made: -10 },
      { store, tenant, priority: 1, made: -1 },
      { store, tenant, priority: 2, made: -20 },
      { store, tenant, priority: 1, made: -50, claimed_by: 'key:busy', claim_expires: 100, due: 100 },
      { store, tenant, priority: 2, made: -15, claimed_by: 'key:gone', claim_expires: -1, due: -1 },
      { store, tenant, priority: 1, made: -50, expires: -1 },
      { store, tenant, priority: 1, made: -60, status_code: 'cancelled', resolution: 'unresolved' },
      { store, tenant: aTenant(), priority: 1, made: -60 },
      { store, priority: 1, made: -60 },
      { store: aStore(), tenant, priority: 1, made: -60 },
    ]);
    const key = { key: await api.key('supervisor', tenant) };
    const claimed: string[] = [];
    for (;;) {
      const reply = await next(store, {}, key);
      if (reply.status === 204) {
        expect(reply.text).toBe('');
        break;
      }
      expect(reply.body.claim.by).toMatch(/^key:/);
      claimed.push(reply.body.id);
    }
    expect(claimed).toEqual([urgent, early, lapsed, late]);
  });

  it('is of the tenant that is named, and of the kinds and priorities that are wanted', async () => {
    const store = aStore();
    const tenant = aTenant();
    const [shared = '', own = '', alert = '', third = ''] = await sow(api, [
      { store, priority: 1 },
      { store, tenant, priority: 1 },
      { store, tenant, priority: 2, kind: 'alert' },
      { store, tenant, priority: 3 },
    ]);
    const ids = async (body: object): Promise<string | undefined> => (await next(store, body)).body?.id;
    expect(await ids({ tenant_id: tenant, kind: ['approval'] })).toBeUndefined();
    expect(await ids({ tenant_id: tenant, kind: ['alert', 'approval'] })).toBe(alert);
    expect(await ids({ tenant_id: tenant, priority: [5, 3] })).toBe(third);
    expect(await ids({ tenant_id: tenant, lease_seconds: 60 })).toBe(own);
    expect(await ids({ tenant_id: tenant })).toBeUndefined();
    expect(await ids({})).toBe(shared);
    expect(
      outcome(await next(store, { tenant_id: aTenant() }, { key: await api.key('supervisor', tenant) })),
    ).toEqual([403, 'tenant_forbidden']);
  });

  it('is asked for with everything that is wrong told at once', async () => {
    const wrong = { lease_seconds: 0, kind: ['alert', 'order'], priority: [0, 2, 'high'], tenant: 'a' };
    expect(mistakes(await next(aStore(), wrong))).toEqual([
      400,
      '/kind/1 choice',
      '/lease_seconds too_small',
      '/priority/0 range',
      '/priority/2 range',
      '/tenant unknown_property',
    ]);
    expect(mistakes(await next(aStore(), { kind: [], priority: [] }))).toEqual([
      400,
      '/kind too_few',
      '/priority too_few',
    ]);
    expect(mistakes(await next(aStore(), { kind: 'alert', priority: 1 }))).toEqual([
      400,
      '/kind type',
      '/priority type',
    ]);
    expect(mistakes(await next('a\nb'))).toEqual([400, '/store_id pattern']);
  });

  it('sent again with its Idempotency-Key is the same one', async () => {
    const store = aStore();
    await sow(api, [{ store }, { store }]);
    const sent = { ...one, headers: { 'Idempotency-Key': store } };
    const [first, again] = [await next(store, {}, sent), await next(store, {}, sent)];
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('that somebody has locked and then leaves free is waited for when no other is left', async () => {
    const store = aStore();
    const [id = ''] = await sow(api, [{ store }]);
    const found = await whileLocked(api, { id, end: 'rollback' }, () => next(store));
    expect([found.status, found.body?.id]).toEqual([200, id]);
  });

  it('is another one for each of fifty who ask at once, and the queue is served in its order to the end', async () => {
    const store = aStore();
    const ids = await sow(
      api,
      Array.from({ length: REQUESTS_COUNT }, (_, index) => ({
        store,
        priority: (index % 5) + 1,
        made: -((index * 37) % 100),
      })),
    );
    const seen = await Promise.all(Array.from({ length: WORKERS }, (_, worker) => drain(store, worker)));
    expect(
      seen
        .flat()
        .map(({ id }): string => id)
        .sort(),
    ).toEqual(ids.toSorted());
    for (const own of seen) expect(own.map(placeOf)).toEqual(own.map(placeOf).sort());
    const rows = await administer<any>(
      api.database.url,
      `select version, count(*)::int from supervisor.request where store_id = '${store}' and claimed_by is not null group by 1`,
    );
    expect(rows).toEqual([{ version: 2, count: REQUESTS_COUNT }]);
  });
});

/** What one worker gets until nothing is left. */
async function drain(store: string, worker: number): Promise<any[]> {
  const server = worker % 2 === 0 ? api : beside;
  const got: any[] = [];
  for (;;) {
    const { status, body } = await next(store, {}, worker % 4 < 2 ? one : other, server);
    if (status === 204) return got;
    expect(status).toBe(200);
    got.push(body);
  }
}

/** As a text that sorts as the queue does. */
const placeOf = ({ priority, request_timestamp, id }: any): string =>
  `${priority} ${request_timestamp} ${id}`;
