import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aConfiguration, aService, aTenant, CONFIGURATIONS, inHours, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const compare = (service: string, query = 'left=staging&right=production', key?: string): Promise<Reply> =>
  api.get(`${CONFIGURATIONS}/compare?service_id=${service}&${query}`, key === undefined ? {} : { key });

const make = (service_id: string, environment: string, body: object): Promise<any> =>
  aConfiguration(api, { service_id, environment, ...body });

it('tells how two environments differ, document by document', async () => {
  const service = aService();
  await make(service, 'base', { name: 'database', values: { host: 'db', pool: { size: 5, idle: 1 } } });
  await make(service, 'staging', { name: 'database', values: { host: 'staging-db' } });
  await make(service, 'production', { name: 'database', values: { pool: { size: 50, idle: null } } });
  await make(service, 'base', { name: 'logging', values: { level: 'info' } });
  await make(service, 'staging', { name: 'debug', values: { on: true } });
  await make(service, 'production', { name: 'alerts', values: { to: 'ops' } });
  const { status, body } = await compare(service);
  expect(status).toBe(200);
  expect(body).toEqual({
    ...{ service_id: service, left: 'staging', right: 'production', tenant_id: null },
    names: {
      alerts: [{ op: 'replace', path: '', value: { to: 'ops' } }],
      database: [
        { op: 'replace', path: '/host', value: 'db' },
        { op: 'replace', path: '/pool/size', value: 50 },
        { op: 'remove', path: '/pool/idle' },
      ],
      debug: [{ op: 'replace', path: '', value: null }],
    },
    same: ['logging'],
  });
});

it('compares what is effective now, by its windows', async () => {
  const service = aService();
  await make(service, 'staging', { values: { a: 1 } });
  await make(service, 'production', { values: { a: 1 } });
  await make(service, 'production', { values: { a: 2 }, effective_from: inHours(2) });
  expect((await compare(service)).body).toMatchObject({ names: {}, same: ['database'] });
  await make(service, 'production', { values: { a: 3 }, effective_until: inHours(1) });
  expect((await compare(service)).body.names).toEqual({
    database: [{ op: 'replace', path: '/a', value: 3 }],
  });
});

it('compares for a tenant what it gets, and shows it to nobody else', async () => {
  const [service, tenant, other] = [aService(), aTenant(), aTenant()];
  await make(service, 'staging', { values: { a: 1 } });
  await make(service, 'production', { values: { a: 1 } });
  await make(service, 'production', { tenant_id: tenant, values: { a: 2 } });
  const patch = { database: [{ op: 'replace', path: '/a', value: 2 }] };
  const query = 'left=staging&right=production';
  expect((await compare(service, `${query}&tenant_id=${tenant}`)).body.names).toEqual(patch);
  expect((await compare(service, query)).body.names).toEqual({});
  const [own, foreign] = [await api.key('viewer', tenant), await api.key('viewer', other)];
  expect((await compare(service, query, own)).body).toMatchObject({ tenant_id: tenant, names: patch });
  expect((await compare(service, query, foreign)).body.names).toEqual({});
  expect(outcome(await compare(service, `${query}&tenant_id=${tenant}`, foreign))).toEqual([
    403,
    'tenant_forbidden',
  ]);
});

it('takes names that every object inherits for names like any other', async () => {
  const service = aService();
  await make(service, 'staging', { name: 'constructor', values: { a: 1 } });
  await make(service, 'production', { name: 'to-string', values: { a: 1 } });
  expect(Object.keys((await compare(service)).body.names)).toEqual(['constructor', 'to-string']);
});

it('says what it does not take', async () => {
  const service = aService();
  expect(outcome(await compare(service))).toEqual([404, 'service_not_configured']);
  expect(mistakes(await compare('No', 'left=A&right='))).toEqual([
    '/left pattern',
    '/right pattern',
    '/right too_short',
    '/service_id pattern',
  ]);
  expect(mistakes(await compare(service, ''))).toEqual(['/left required', '/right required']);
});
