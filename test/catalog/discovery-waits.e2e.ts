import { Database } from '#platform/database';
import { eventually, TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aHome, aName, aResource, aTenant, mistakes, outcome, RESOURCES } from './made.js';

const MANY = 300;
const ENDPOINTS = [{ name: 'http', url: 'https://a.example' }];

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

const discover = (api: TestApi, path: string, sent = {}): Promise<Reply> =>
  api.get(`/api/v1/discovery/${path}`, sent);

const etagOf = async (api: TestApi, path: string): Promise<string> =>
  (await discover(api, path)).headers.get('etag') ?? '';

const wait = (api: TestApi, path: string, known: string, seconds = 55): Promise<Reply> =>
  discover(api, path, { headers: { 'If-None-Match': known, Prefer: `wait=${seconds}` } });

const untilWaiting = (api: TestApi, count: number): Promise<number> =>
  eventually(
    async () => Number(/^metastore_discovery_waiting (\d+)$/m.exec((await api.get('/metrics')).text)?.[1]),
    (now) => now === count,
  );

/** What one who waits there gets when this is done here. */
async function wokenBy(path: string, change: () => Promise<unknown>): Promise<any> {
  const known = await etagOf(there, path);
  const answer = wait(there, path, known);
  await untilWaiting(there, 1);
  await change();
  const { status, headers, body } = await answer;
  expect([status, headers.get('preference-applied')]).toEqual([200, 'wait=55']);
  expect(headers.get('etag')).toBe(await etagOf(here, path));
  await untilWaiting(there, 0);
  return body.items.map((item: any) => `${item.name} ${item.health}`);
}

it('who waits on one replica is woken by a change on another, whatever kind of change it is', async () => {
  const { tenant, company } = await aHome(here);
  const [name, other] = [aName(), aName()];
  const [old, young] = [`${name}?tenant_id=${tenant}`, `${other}?tenant_id=${tenant}`];
  const made: any = {};
  const path = (): string => `${RESOURCES}/${made.id}`;
  const rename = (to: string) => () => here.put(path(), { name: to });
  const create = async (): Promise<unknown> =>
    Object.assign(made, await aResource(here, company.id, { name, endpoints: ENDPOINTS }));
  expect(await wokenBy(old, create)).toEqual(['http unknown']);
  expect(await wokenBy(old, rename(other))).toEqual([]);
  expect(await wokenBy(old, rename(name))).toEqual(['http unknown']);
  expect(await wokenBy(young, rename(other))).toEqual(['http unknown']);
  const check = (status: string) => () =>
    here.put(`${path()}/endpoints/http/health`, { status, output: 'x' });
  expect(await wokenBy(young, check('warning'))).toEqual(['http warning']);
  expect(await wokenBy(`${young}&healthy=true`, check('passing'))).toEqual(['http passing']);
  expect(await wokenBy(young, () => here.put(path(), { lifecycle_status: 'retired' }))).toEqual([]);
  expect(await wokenBy(young, () => here.put(path(), { lifecycle_status: 'active' }))).toEqual([
    'http passing',
  ]);
  const putAnother = () => here.put(`${path()}/endpoints/admin`, { url: 'https://b.example' });
  expect(await wokenBy(young, putAnother)).toEqual(['admin unknown', 'http passing']);
  expect(await wokenBy(young, () => here.delete(path()))).toEqual([]);
});

it('a heartbeat brings back what was stale, and time alone makes it stale again', async () => {
  const { tenant, company } = await aHome(here);
  const made = await aResource(here, company.id, { endpoints: ENDPOINTS, ttl_seconds: 1 });
  const path = `${made.name}?tenant_id=${tenant}`;
  const health = ({ body }: Reply): string[] => body.items.map((item: any) => item.health);
  await eventually(
    () => discover(there, path),
    (reply) => health(reply)[0] === 'critical',
  );
  const stale = await etagOf(there, path);
  const answer = wait(there, path, stale);
  await untilWaiting(there, 1);
  expect((await here.post(`${RESOURCES}/${made.id}/heartbeat`, {})).status).toBeLessThan(300);
  const revived = await answer;
  expect(health(revived)).toEqual(['unknown']);
  const known = revived.headers.get('etag') ?? '';
  const again = await wait(there, path, known);
  expect([again.status, health(again), again.headers.get('etag')]).toEqual([200, ['critical'], stale]);
});

it('another tenant’s of the same name is nobody else’s news, and a shared one is everybody’s', async () => {
  const [acme, umbra] = [await aHome(here), await aHome(here)];
  const name = aName();
  const key = await here.key('viewer', acme.tenant);
  const ask = (sent = {}): Promise<Reply> => discover(there, name, { key, ...sent });
  const known = (await ask()).headers.get('etag') ?? '';
  const answer = ask({ key, headers: { 'If-None-Match': known, Prefer: 'wait=55' } });
  await untilWaiting(there, 1);
  await aResource(here, umbra.company.id, { name, endpoints: ENDPOINTS });
  expect((await discover(here, `${name}?tenant_id=${umbra.tenant}`)).body.items).toHaveLength(1);
  const companies = await here.post('/api/v1/companies', { name: aName() });
  const shared = await aResource(here, companies.body.id, { name, endpoints: ENDPOINTS });
  const { status, body } = await answer;
  expect([status, body.items.map((item: any) => item.resource_id)]).toEqual([200, [shared.id]]);
  expect(outcome(await discover(there, `${name}?tenant_id=${umbra.tenant}`, { key }))).toEqual([
    403,
    'tenant_forbidden',
  ]);
});

it('answers at once who knows nothing or something else, and after the time who knows everything', async () => {
  const path = `${aName()}?tenant_id=${aTenant()}`;
  const known = await etagOf(here, path);
  const none = await discover(here, path, { headers: { Prefer: 'wait=55' } });
  expect([none.status, none.headers.get('preference-applied')]).toEqual([200, 'wait=55']);
  expect((await wait(here, path, '"another"')).status).toBe(200);
  const over = await wait(here, path, `"another", ${known}`, 1);
  expect([over.status, over.headers.get('preference-applied'), over.headers.get('etag')]).toEqual([
    304,
    'wait=1',
    known,
  ]);
  expect((await wait(here, path, known, 0)).status).toBe(304);
});

it('refuses what makes no question', async () => {
  expect(mistakes(await discover(here, 'a?selector=a%20in%20('))).toHaveLength(1);
  expect(mistakes(await discover(here, 'a?visibility=secret'))).toEqual(['/visibility choice']);
  expect(mistakes(await discover(here, 'a?healthy=maybe'))).toHaveLength(1);
  expect(mistakes(await discover(here, 'a?cursor=x'))).toHaveLength(1);
  expect(mistakes(await discover(here, `${'x'.repeat(101)}`))).toEqual(['/name too_long']);
});

it(`a change costs one look, however many ask the same question`, async () => {
  const { tenant, company } = await aHome(here);
  const made = await aResource(here, company.id, { endpoints: ENDPOINTS });
  const path = `${made.name}?tenant_id=${tenant}`;
  const known = await etagOf(there, path);
  const answers = Array.from({ length: MANY }, () => wait(there, path, known));
  await untilWaiting(there, MANY);
  const read = jest.spyOn(there.part(Database), 'read');
  await here.put(`${RESOURCES}/${made.id}`, { labels: { tier: 'gold' } });
  const replies = await Promise.all(answers);
  const looks = read.mock.calls.filter(([{ text }]) => /lifecycle_status <> all/.test(text));
  read.mockRestore();
  expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(replies[0]?.body.items[0].labels).toEqual({ tier: 'gold' });
  expect(looks).toHaveLength(1);
});
