import fc from 'fast-check';
import { TestApi } from '../api.js';
import { aLayer, effective, inMs } from './live-made.js';
import { aService, aTenant, CONFIGURATIONS } from './made.js';

const RUNS = 12;
const INSTANTS_MAX = 40;
const SECOND = 1_000;

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

it('reads what was stored then, with what is gone by now', async () => {
  const service_id = aService();
  const before = inMs(-SECOND);
  const made = await aLayer(api, { service_id, values: { n: 1 } });
  const { body: changed } = await api.put(`${CONFIGURATIONS}/${made.id}`, { values: { n: 2 } });
  const { body: off } = await api.post(`${CONFIGURATIONS}/${made.id}/deactivate`);
  await api.post(`${CONFIGURATIONS}/${made.id}/activate`);
  await api.delete(`${CONFIGURATIONS}/${made.id}`);
  const seen = async (at: string) => {
    const { status, body } = await effective(api, service_id, { at });
    return status === 200 ? body.values.app : body.code;
  };
  expect(await seen(before)).toBe('service_not_configured');
  expect(await seen(changed.updated_at)).toEqual({ n: 2 });
  expect(await seen(off.updated_at)).toBe('service_not_configured');
  expect(await seen(inMs(0))).toBe('service_not_configured');
});

it('reads the future by what is stored now', async () => {
  const service_id = aService();
  await aLayer(api, { service_id, values: { n: 1 } });
  const [from, until] = [inMs(1_000 * SECOND), inMs(2_000 * SECOND)];
  await aLayer(api, { service_id, values: { n: 2 }, effective_from: from, effective_until: until });
  const at = async (instant: string, by = 0) => {
    const moment = new Date(Date.parse(instant) + by).toISOString();
    const { body } = await effective(api, service_id, { at: moment });
    return [body.values.app.n, body.valid_until];
  };
  expect(await at(from, -1)).toEqual([1, from]);
  expect(await at(from)).toEqual([2, until]);
  expect(await at(until, -1)).toEqual([2, until]);
  expect(await at(until)).toEqual([1, null]);
});

it('takes an instant in any zone, and tags the answer', async () => {
  const service_id = aService();
  await aLayer(api, { service_id, values: { n: 1 } });
  const inZone = await effective(api, service_id, { at: '2040-01-01T02:00:00+02:00' });
  const inUtc = await effective(api, service_id, { at: '2040-01-01T00:00:00Z' });
  expect(inZone.text).toBe(inUtc.text);
  const known = { headers: { 'If-None-Match': inUtc.headers.get('etag') ?? '' } };
  expect((await effective(api, service_id, { at: '2040-01-01T00:00:00Z' }, known)).status).toBe(304);
});

/** What is done, one after the other; `of` chooses among the configurations that were made until then. */
const value = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 0, max: 9 }),
  fc.constant({ x: 1 }),
  fc.constant({ y: null }),
);
const values = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { maxKeys: 3 });
const bound = fc.option(fc.integer({ min: -30, max: 30 }), { nil: null });
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('create' as const),
      environment: fc.constantFrom('base', 'production'),
      name: fc.constantFrom('one', 'two'),
      isOwn: fc.boolean(),
      values,
      from: bound,
      until: bound,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('put' as const), of: fc.nat(), values, merge: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('move' as const), of: fc.nat(), from: bound, until: bound }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constantFrom('activate' as const, 'deactivate' as const, 'delete' as const),
      of: fc.nat(),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const instant = (seconds: number | null): string | null => (seconds === null ? null : inMs(seconds * SECOND));

/** What is refused is refused. */
async function take(one: Step, service_id: string, tenant: string, ids: string[]): Promise<void> {
  if (one.act === 'create') {
    const { environment, name, isOwn, from, until, ...rest } = one;
    const { status, body } = await api.post(CONFIGURATIONS, {
      ...{ service_id, environment, name, tenant_id: isOwn ? tenant : null, values: rest.values },
      ...{ is_active: true, effective_from: instant(from), effective_until: instant(until) },
    });
    if (status === 201) ids.push(body.id);
    return;
  }
  const path = `${CONFIGURATIONS}/${ids[one.of % Math.max(1, ids.length)]}`;
  if (one.act === 'put') await api.put(path, { values: one.values, merge: one.merge });
  else if (one.act === 'move')
    await api.put(path, { effective_from: instant(one.from), effective_until: instant(one.until) });
  else if (one.act === 'delete') await api.delete(path);
  else await api.post(`${path}/${one.act}`);
}

interface Event {
  readonly time: string;
  readonly data: { readonly id: string; readonly version: number; readonly state: any };
}

async function eventsOf(service_id: string, tenant: string): Promise<Event[]> {
  const pages = await Promise.all(
    ['', `&tenant_id=${tenant}`].map((stream) =>
      api.get(`/api/v1/events?prefix=${service_id}/&limit=1000${stream}`),
    ),
  );
  return pages.flatMap(({ body }) => body.items).filter(({ data }: Event) => data.version > 0);
}

/** RFC 7396, as it stands there. */
function merged(target: any, patch: any): any {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, each] of Object.entries(patch)) {
    if (each === null) delete result[key];
    else result[key] = merged(result[key], each);
  }
  return result;
}

/** What has to come out, told from the events alone; null where the service is not configured. */
function recomputed(events: readonly Event[], at: string, present: string): Record<string, unknown> | null {
  const stored = new Map<string, { version: number; state: any }>();
  for (const { time, data } of events) {
    if (time > (at <= present ? at : present)) continue;
    if ((stored.get(data.id)?.version ?? 0) < data.version) stored.set(data.id, data);
  }
  const active = [...stored.values()].map(({ state }) => state).filter((state) => state?.is_active === true);
  if (active.length === 0) return null;
  const height = (state: any): number =>
    (state.tenant_id === null ? 0 : 4) +
    (state.environment === 'base' ? 0 : 2) +
    (state.effective_from === null && state.effective_until === null ? 0 : 1);
  const result: Record<string, unknown> = {};
  for (const state of active.sort((a, b) => height(a) - height(b)))
    if ((state.effective_from ?? '') <= at && at < (state.effective_until ?? '9999'))
      result[state.name] = merged(result[state.name], state.values);
  return result;
}

it('is at any instant what the events say, recomputed layer by layer', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 20 }), async (steps) => {
      const [service_id, tenant_id] = [aService(), aTenant()];
      const ids: string[] = [];
      for (const one of steps) await take(one, service_id, tenant_id, ids);
      const events = await eventsOf(service_id, tenant_id);
      const edges = events.flatMap(({ time, data: { state } }) => [
        time,
        ...[state?.effective_from, state?.effective_until].filter(Boolean),
      ]);
      const present = inMs(0);
      const instants = [...new Set(edges)]
        .slice(0, INSTANTS_MAX / 2)
        .flatMap((edge) => [edge, new Date(Date.parse(edge) - 1).toISOString()]);
      for (const at of instants) {
        const { status, body } = await effective(api, service_id, { tenant_id, at });
        const expected = recomputed(events, at, present);
        expect([at, status === 404 ? null : body.values]).toEqual([at, expected]);
        compared += 1;
      }
    }),
    { numRuns: RUNS },
  );
  expect(compared).toBeGreaterThan(RUNS);
});
