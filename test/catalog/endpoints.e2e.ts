import pg from 'pg';
import { HealthExpiry } from '../../libs/catalog/infrastructure/health-expiry.js';
import { CallContext } from '#platform/context';
import { eventually, TestApi } from '../api.js';
import { aCompany, aResource, aTenant, mistakes, outcome, RESOURCES } from './made.js';

let api: TestApi;
let company: any;
let owner: pg.Pool;

beforeAll(async () => {
  api = await TestApi.start();
  company = await aCompany(api);
  owner = new pg.Pool({ connectionString: api.database.url });
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

const WEB = { name: 'web', url: 'https://orders.example.com' };
const PARTS = { host: 'db.example.com', port: 5_432, protocol: 'postgres' };

const resource = (body: object = {}): Promise<any> => aResource(api, company.id, body);
const pathOf = ({ id }: any): string => `${RESOURCES}/${id}`;
const report = (of: any, status: string, rest: object = {}, endpoint = 'web'): Promise<any> =>
  api.put(`${pathOf(of)}/endpoints/${endpoint}/health`, { status, ...rest });
const healthOf = async (of: any): Promise<unknown[]> => {
  const { body } = await api.get(pathOf(of));
  return [body.health, ...body.endpoints.map(({ health }: any) => health.status)];
};

/** What the log tells of a resource besides its versions. */
async function acts(of: any): Promise<any[]> {
  const { body } = await api.get(
    '/api/v1/events?limit=1000&aggregate_type=catalog.resource&aggregate_id=' + of.id,
  );
  return body.items.filter(({ data }: any) => data.version === 0);
}

const told = async (of: any): Promise<unknown[]> =>
  (await acts(of)).map(({ type, data }) => [
    type.split('.')[4],
    data.state.about?.previous_status ?? null,
    data.state.about?.status ?? null,
  ]);

/** As if that much time had passed since everything was seen. */
const ago = (of: any, seconds: number): Promise<unknown> =>
  owner.query(
    `update catalog.endpoint_health set checked_at = checked_at - $2 * interval '1 second',
       expires_at = expires_at - $2 * interval '1 second' where resource_id = $1`,
    [of.id, seconds],
  );

const expire = (): Promise<void> =>
  api.part(CallContext).runAsSystem('test', () => api.part(HealthExpiry).tellAll());

describe('an endpoint', () => {
  it('is added, replaced and removed, each a version of the resource', async () => {
    const made = await resource();
    const path = `${pathOf(made)}/endpoints/db`;
    const added = await api.put(path, PARTS);
    expect([added.status, added.headers.get('etag'), added.headers.get('location')]).toEqual([
      201,
      '"2"',
      pathOf(made),
    ]);
    expect(added.body.endpoints).toEqual([
      {
        ...{ name: 'db', url: null, ...PARTS, visibility: 'internal' },
        health: { status: 'unknown', output: '', checked_at: null, ttl_seconds: null },
      },
    ]);
    const again = await api.put(path, PARTS);
    expect([again.status, again.body.version]).toEqual([200, 2]);
    const replaced = await api.put(path, { url: 'postgres://db.example.com/orders', visibility: 'public' });
    expect([replaced.status, replaced.body.version, replaced.body.endpoints[0]]).toEqual([
      200,
      3,
      expect.objectContaining({ url: 'postgres://db.example.com/orders', host: null, visibility: 'public' }),
    ]);
    const stale = await api.put(path, PARTS, { headers: { 'If-Match': '"2"' } });
    expect(outcome(stale)).toEqual([412, 'stale_version']);
    const onlyNew = { headers: { 'If-None-Match': '*' } };
    const there = await api.put(path, PARTS, onlyNew);
    expect([...outcome(there), there.body.current_version]).toEqual([412, 'stale_version', 3]);
    expect((await api.delete(path)).status).toBe(204);
    expect(outcome(await api.delete(path))).toEqual([404, 'endpoint_not_found']);
    const { body } = await api.get(pathOf(made));
    expect([body.version, body.endpoints, body.health]).toEqual([4, [], null]);
  });

  it('is refused where it is wrong, or one too many', async () => {
    const made = await resource({
      endpoints: Array.from({ length: 50 }, (_, n) => ({ ...WEB, name: `e${n}` })),
    });
    const put = (name: string, body: object): Promise<any> =>
      api.put(`${pathOf(made)}/endpoints/${name}`, body);
    expect(mistakes(await put('e50', { url: WEB.url }))).toEqual(['/endpoints too_many']);
    expect(mistakes(await put('e1', {}))).toEqual([' required']);
    expect(mistakes(await put('e1', { url: WEB.url, port: 1 }))).toEqual([' exclusive']);
    expect(mistakes(await put('e1', { host: 'x', port: 0 }))).toEqual(['/port too_small']);
    expect(mistakes(await put('e1', { url: 'data:text/html,x' }))).toEqual(['/url url']);
    expect(mistakes(await put('a%20b', { url: WEB.url }))).toEqual(['/name pattern']);
    expect(mistakes(await put('e1', { name: 'e1', url: WEB.url }))).toEqual(['/name unknown_property']);
    expect((await put('e1', { url: 'https://new.example.com' })).status).toBe(200);
  });

  it('is not lost when several are added at once', async () => {
    const made = await resource();
    const names = ['a', 'b', 'c', 'd'];
    const replies = await Promise.all(
      names.map((name) => api.put(`${pathOf(made)}/endpoints/${name}`, { url: WEB.url })),
    );
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const { body } = await api.get(pathOf(made));
    expect([body.version, body.endpoints.map(({ name }: any) => name).sort()]).toEqual([5, names]);
  });
});

describe('the health of an endpoint', () => {
  it('is as the newest check says, and of a resource as of its worst endpoint', async () => {
    const made = await resource({ endpoints: [WEB, { ...PARTS, name: 'db' }] });
    expect(await healthOf(made)).toEqual(['unknown', 'unknown', 'unknown']);
    const reply = await report(made, 'passing', { output: '√ 200', ttl_seconds: 60 });
    expect([reply.status, reply.headers.get('etag'), reply.body]).toEqual([
      200,
      null,
      { status: 'passing', output: '√ 200', checked_at: expect.any(String), ttl_seconds: 60 },
    ]);
    expect(await healthOf(made)).toEqual(['unknown', 'passing', 'unknown']);
    await report(made, 'warning', {}, 'db');
    expect(await healthOf(made)).toEqual(['warning', 'passing', 'warning']);
    await report(made, 'passing', {}, 'db');
    expect(await healthOf(made)).toEqual(['passing', 'passing', 'passing']);
    await report(made, 'critical');
    expect(await healthOf(made)).toEqual(['critical', 'critical', 'passing']);
    expect((await api.get(pathOf(made))).body.version).toBe(1);
    for (const [health, count] of [
      ['critical', 1],
      ['passing', 0],
      ['passing,critical', 1],
    ])
      // prettier-ignore
      expect((await api.get(`${RESOURCES}?name=${made.name}&health=${health}`)).body.items).toHaveLength(
        count as number,
      );
  });

  it('is told in the log when it changes, and only then', async () => {
    const made = await resource({ endpoints: [WEB] });
    await report(made, 'passing', { ttl_seconds: 60 });
    await report(made, 'passing', { ttl_seconds: 60 });
    await report(made, 'warning', { output: 'slow' });
    await report(made, 'warning', { output: 'slower' });
    expect(await told(made)).toEqual([
      ['health_changed', 'unknown', 'passing'],
      ['health_changed', 'passing', 'warning'],
    ]);
    const [, last] = await acts(made);
    expect([
      last.data.state.health,
      last.data.state.endpoints[0].health.output,
      last.data.state.about,
    ]).toEqual(['warning', 'slow', { endpoint: 'web', previous_status: 'passing', status: 'warning' }]);
  });

  it('is critical once it is older than it holds, which is told once', async () => {
    const made = await resource({ endpoints: [WEB] });
    await report(made, 'passing', { output: 'fine', ttl_seconds: 60 });
    await ago(made, 59);
    expect(await healthOf(made)).toEqual(['passing', 'passing']);
    await ago(made, 2);
    expect(await healthOf(made)).toEqual(['critical', 'critical']);
    const listed = await api.get(`${RESOURCES}?name=${made.name}&health=critical`);
    expect(listed.body.items.map(({ health }: any) => health)).toEqual(['critical']);
    await eventually(
      () => told(made),
      (all) => all.length === 2,
    );
    await expire();
    await expire();
    expect(await told(made)).toEqual([
      ['health_changed', 'unknown', 'passing'],
      ['health_changed', 'passing', 'critical'],
    ]);
    const [, expiry] = await acts(made);
    const { rows } = await owner.query('select expires_at from catalog.endpoint_health where resource_id = $1', [made.id]); // prettier-ignore
    expect([expiry.data.actor, expiry.time]).toEqual(['system:catalog-health-expiry', rows[0].expires_at.toISOString()]); // prettier-ignore
    await report(made, 'passing');
    expect((await told(made)).at(-1)).toEqual(['health_changed', 'critical', 'passing']);
  });

  it('is told to have expired by whoever reports first, in its order', async () => {
    const made = await resource({ endpoints: [WEB] });
    await report(made, 'warning', { ttl_seconds: 60 });
    await Promise.all([ago(made, 61).then(() => report(made, 'passing', { ttl_seconds: 60 })), expire()]);
    await expire();
    expect(await told(made)).toEqual([
      ['health_changed', 'unknown', 'warning'],
      ['health_changed', 'warning', 'critical'],
      ['health_changed', 'critical', 'passing'],
    ]);
  });

  it('that is critical anyway has nothing to tell when it expires', async () => {
    const made = await resource({ endpoints: [WEB] });
    await report(made, 'critical', { ttl_seconds: 60 });
    await ago(made, 61);
    await expire();
    expect(await told(made)).toEqual([['health_changed', 'unknown', 'critical']]);
  });

  it('goes with its endpoint, however that goes', async () => {
    const made = await resource({ endpoints: [WEB] });
    await report(made, 'critical');
    await api.put(`${pathOf(made)}/endpoints/web`, { url: 'https://b.example.com' });
    expect(await healthOf(made)).toEqual(['critical', 'critical']);
    await api.put(pathOf(made), { endpoints: [] });
    await api.put(pathOf(made), { endpoints: [WEB] });
    expect(await healthOf(made)).toEqual(['unknown', 'unknown']);
  });

  it('is refused where it is wrong', async () => {
    const made = await resource({ endpoints: [WEB] });
    expect(mistakes(await report(made, 'fine'))).toEqual(['/status choice']);
    expect(mistakes(await report(made, 'passing', { output: 'x'.repeat(4_097) }))).toEqual([
      '/output too_long',
    ]);
    expect(mistakes(await report(made, 'passing', { output: 'é'.repeat(2_049) }))).toEqual([
      '/output too_long',
    ]);
    expect((await report(made, 'passing', { output: 'x'.repeat(4_096) })).status).toBe(200);
    expect(mistakes(await report(made, 'passing', { ttl_seconds: 0 }))).toEqual(['/ttl_seconds too_small']);
    expect(mistakes(await report(made, 'passing', { ttl_seconds: 31_536_001 }))).toEqual([
      '/ttl_seconds too_large',
    ]);
    expect(outcome(await report(made, 'passing', {}, 'nope'))).toEqual([404, 'endpoint_not_found']);
    expect(outcome(await report({ id: company.id }, 'passing'))).toEqual([404, 'resource_not_found']);
    const key = await api.key('admin', aTenant());
    const foreign = await api.put(`${pathOf(made)}/endpoints/web/health`, { status: 'passing' }, { key });
    expect(outcome(foreign)).toEqual([403, 'tenant_forbidden']);
  });
});

describe('a heartbeat', () => {
  it('says when a resource was last seen, and is told only when it had been stale', async () => {
    const made = await resource({ ttl_seconds: 60 });
    const beat = (): Promise<any> => api.post(`${pathOf(made)}/heartbeat`);
    expect((await beat()).status).toBe(204);
    const seen = (await api.get(pathOf(made))).body;
    expect([seen.version, seen.stale, seen.last_seen_at]).toEqual([1, false, expect.any(String)]);
    await owner.query(
      `update catalog.resource_seen set last_seen_at = last_seen_at - interval '61 s' where resource_id = $1`,
      [made.id],
    );
    expect((await api.get(pathOf(made))).body.stale).toBe(true);
    const stale = async (is: 'true' | 'false'): Promise<number> =>
      (await api.get(`${RESOURCES}?name=${made.name}&stale=${is}`)).body.items.length;
    expect([await stale('true'), await stale('false')]).toEqual([1, 0]);
    expect(await told(made)).toEqual([]);
    await beat();
    await beat();
    expect(await told(made)).toEqual([['revived', null, null]]);
    expect([await stale('true'), await stale('false')]).toEqual([0, 1]);
  });

  it('may be missing from the beginning', async () => {
    const made = await resource({ ttl_seconds: 60 });
    await owner.query(`update catalog.resource set created_at = created_at - interval '61 s' where id = $1`, [
      made.id,
    ]);
    expect((await api.get(pathOf(made))).body).toMatchObject({ stale: true, last_seen_at: null });
    await api.put(pathOf(made), { ttl_seconds: null });
    expect((await api.get(pathOf(made))).body.stale).toBe(false);
  });
});
