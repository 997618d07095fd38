import { randomUUID } from 'node:crypto';
import { Settling } from '../../libs/supervisor-requests/application/settling.js';
import { CallContext } from '#platform/context';
import { eventually, TestApi } from '../api.js';
import { administer } from '../test-database.js';
import { aStore, aTenant, REQUESTS, rowOf, sow, storeOf, told, whileLocked, whileUnswept } from './sown.js';

const ACTOR = 'system:supervisor-timeouts';
const TEAM = '01937b2e-7c41-7000-8000-000000000001';
/** More than one sweep takes at once, several times over. */
const BACKLOG = 3_000;

let api: TestApi;
let beside: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
  beside = await TestApi.start({ beside: api });
});

afterAll(async () => {
  await beside.stop();
  await api.stop();
});

const sowOne = async (sown: Parameters<typeof sow>[1][number] = {}): Promise<string> =>
  (await sow(api, [sown]))[0] ?? '';

/** What is told of a request, once that much is. */
const until = (id: string, count: number): Promise<any[]> =>
  eventually(
    () => told(api, id),
    (versions) => versions.length >= count,
  );

/** As somebody at work on the request leaves it, in time. */
const responded = (id: string): string => `
  update supervisor.request set version = 2, status_code = 'response_received', resolution = 'resolved', due_at = null,
    settled_at = expires_at - interval '1 ms', responded_at = expires_at - interval '1 ms',
    response = '{"text": "Yes", "decision": "answered", "data": null, "responded_by": "key:a", "late": false}'
  where id = '${id}'`;

describe('what falls due', () => {
  it('happens by itself, once, on one of two replicas, of its instant', async () => {
    const ids = await sow(
      api,
      Array.from({ length: 20 }, (_, index) => ({ expires: 0.2 + index / 100 })),
    );
    for (const id of ids) {
      await until(id, 1);
      const { expires_at, settled_at, updated_at, ...row } = await rowOf(api, id);
      expect(row).toMatchObject({
        version: 2,
        status_code: 'timeout',
        resolution: 'unresolved',
        due_at: null,
      });
      expect([settled_at, updated_at]).toEqual([expires_at, expires_at]);
      const versions = await told(api, id);
      expect(versions).toMatchObject([
        { version: 2, type: 'timed_out', actor: ACTOR, occurred_at: expires_at },
      ]);
      expect(versions[0].snapshot).toMatchObject({ status_code: 'timeout', updated_by: ACTOR });
      expect(versions[0].snapshot).not.toHaveProperty('search_text');
    }
  });

  it('while nothing ran is told in its order, each of the instant at which it was due', async () => {
    const escalation = [
      { after_seconds: 10, priority: 2, assignee_team_id: null },
      { after_seconds: 30, priority: null, assignee_team_id: TEAM },
      { after_seconds: 90, priority: 1, assignee_team_id: null },
      { after_seconds: 100, priority: 5, assignee_team_id: null },
    ];
    const claimed = { claimed_by: 'key:gone', claim_expires: -980 };
    const made = { made: -1_000, expires: -900, due: -990, escalation, ...claimed };
    const id = await sowOne(made);
    const versions = await until(id, 5);
    const { request_timestamp: from, ...row } = await rowOf(api, id);
    const seconds = versions.map(({ occurred_at }) => (occurred_at - from) / 1_000);
    expect(versions.map(({ version, type }, index) => [version, type, seconds[index]])).toEqual([
      [2, 'escalated', 10],
      [3, 'claim_expired', 20],
      [4, 'escalated', 30],
      [5, 'escalated', 90],
      [6, 'timed_out', 100],
    ]);
    expect(versions.map(({ snapshot }) => [snapshot.priority, snapshot.assignee_team_id])).toEqual([
      [2, null],
      [2, null],
      [2, TEAM],
      [1, TEAM],
      [1, TEAM],
    ]);
    expect(row).toMatchObject({ version: 6, escalated: 3, claimed_by: null, priority: 1 });
  });

  it('is the response that the asker wanted then, and no rejection', async () => {
    const default_response = { text: 'No', decision: 'answered', data: { percent: 1 } };
    const id = await sowOne({ expires: -5, on_timeout: 'default_response', default_response });
    await until(id, 1);
    const row = await rowOf(api, id);
    expect(row).toMatchObject({ status_code: 'timeout', resolution: 'resolved' });
    expect(row.response).toEqual({ ...default_response, responded_by: ACTOR, late: false });
    expect(row.responded_at).toEqual(row.expires_at);
  });

  it('of many is done to the end, each once', async () => {
    const store = aStore();
    await sow(
      api,
      Array.from({ length: BACKLOG }, (_, index) => ({
        store,
        tenant: `t${index % 3}`,
        expires: -1 - index / 10,
      })),
    );
    const pending = `select from supervisor.request where store_id = '${store}' and status_code = 'pending_response' limit 1`;
    await eventually(
      () => administer(api.database.url, pending),
      (rows) => rows.length === 0,
    );
    const counts = `select count(*)::int as told, count(distinct aggregate_id)::int as requests from platform.change_log
                    where subject = '${store}' and type = 'timed_out'`;
    expect(await administer(api.database.url, counts)).toEqual([{ told: BACKLOG, requests: BACKLOG }]);
  });
});

describe('whoever looks', () => {
  const looks: Record<string, (id: string, store: string) => Promise<unknown>> = {
    'at it': async (id) => (await api.get(`${REQUESTS}/${id}`)).body.status_code,
    'at what is pending': async (_, store) => {
      const { body } = await api.get(storeOf(store, '?status=pending'));
      return body.items.length === 0 ? 'response_received' : body.items;
    },
    'at the statistics': async (_, store) => {
      const { body } = await api.get(storeOf(store, '/stats'));
      return Object.keys(body.counts).find((code) => body.counts[code] === 1);
    },
  };

  it.each(Object.keys(looks))('%s waits for whoever decided in time, and sees what they did', (where) =>
    whileUnswept(api, async () => {
      const store = aStore();
      const id = await sowOne({ store, expires: -1 });
      const end = `${responded(id)}; commit`;
      const seen = await whileLocked(api, { id, end }, async () => looks[where]?.(id, store));
      expect(seen).toBe('response_received');
      expect(await told(api, id)).toEqual([]);
    }),
  );

  it('sees a timeout as soon as it is one, also of what only others may write', () =>
    whileUnswept(api, async () => {
      const tenant = aTenant();
      const key = await api.key('supervisor', tenant);
      for (const whose of ['_shared', tenant]) {
        const id = await sowOne({ tenant: whose, expires: 0.05 });
        const { expires_at } = await rowOf(api, id);
        const seen: string[] = [];
        await eventually(
          async () => {
            const { body } = await api.get(`${REQUESTS}/${id}`, { key });
            seen.push(body.status_code);
            return body;
          },
          ({ status_code }) => status_code === 'timeout',
        );
        expect(
          seen.filter((code, index) => code === 'pending_response' && seen[index - 1] === 'timeout'),
        ).toEqual([]);
        expect(await told(api, id)).toMatchObject([
          { type: 'timed_out', occurred_at: expires_at, actor: ACTOR },
        ]);
      }
    }));

  it('finds everything as it is by then, however much fell due', () =>
    whileUnswept(api, async () => {
      const store = aStore();
      const due = { store, made: -10, due: -1 };
      const escalation = [{ after_seconds: 9, priority: 1, assignee_team_id: null }];
      await sow(
        api,
        Array.from({ length: 600 }, (_, index) =>
          index % 2 === 0 ? { ...due, escalation } : { ...due, claimed_by: 'key:gone', claim_expires: -1 },
        ),
      );
      const { body } = await api.get(storeOf(store, '?status=pending&limit=1000'));
      const seen = body.items.map(({ version, escalated, priority, claim }: any) =>
        [version, escalated, priority, claim].join(),
      );
      expect([seen.length, new Set(seen)]).toEqual([600, new Set(['2,0,3,', '2,1,1,'])]);
    }));

  it('finds it so also when asking the same again', () =>
    whileUnswept(api, async () => {
      const asked = { id: randomUUID(), store_id: aStore(), kind: 'alert', question: 'Open?' };
      expect((await api.post(REQUESTS, asked)).status).toBe(201);
      expect((await api.post(`${REQUESTS}/${asked.id}/claim`)).body.version).toBe(2);
      const past = `clock_timestamp() - interval '1 ms'`;
      await administer(
        api.database.url,
        `update supervisor.request set claim_expires_at = ${past}, due_at = ${past} where id = '${asked.id}'`,
      );
      const { status, headers, body } = await api.post(REQUESTS, asked);
      expect([status, headers.get('etag'), body.version, body.claim]).toEqual([200, '"3"', 3, null]);
    }));

  it('settles for all of them at once what is due, and once', () =>
    whileUnswept(api, async () => {
      const store = aStore();
      const ids = await sow(
        api,
        Array.from({ length: 50 }, () => ({ store, expires: -1 })),
      );
      const settle = (server: TestApi): Promise<number> =>
        server
          .part(CallContext)
          .runAsSystem('test', () =>
            server.part(Settling).settleDue({ tenants: [null], storeId: store }, 500),
          );
      const settled = await Promise.all([api, beside, api, beside].map(settle));
      expect(settled.reduce((sum, each) => sum + each, 0)).toBe(50);
      for (const id of ids) expect((await told(api, id)).map(({ type }) => type)).toEqual(['timed_out']);
    }));
});
