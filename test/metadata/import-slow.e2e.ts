import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import { eventually, TestApi } from '../api.js';

const PATH = '/api/v1/metadata';
const POOL_SIZE = 2;
const LINES = 300;
const IMPORTS = 2 * POOL_SIZE;

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start({ env: { DATABASE_POOL_SIZE: String(POOL_SIZE) } });
});

afterAll(() => api.stop());

const aTenant = (): string => `t-${randomUUID()}`;
const line = (entry: object): string => `${JSON.stringify(entry)}\n`;

/** An import that has sent some lines, and is silent now. */
async function begun(query: Record<string, string>, headers: Record<string, string>): Promise<ClientRequest> {
  const sent = request(`${api.url}${PATH}/import?${new URLSearchParams(query).toString()}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-ndjson', Expect: '100-continue', ...headers },
  });
  sent.flushHeaders();
  await once(sent, 'continue');
  for (let index = 0; index < LINES; index += 1) sent.write(line({ key: `k${index}`, value: index }));
  return sent;
}

async function finished(sent: ClientRequest): Promise<{ status: number | undefined; body: any }> {
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) };
}

/** Bodies on the disk; Linux tells of those without a name. */
const bodiesOnDisk = (): number =>
  readdirSync('/proc/self/fd').filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).includes('metastore-body-');
    } catch {
      return false; // Closed meanwhile.
    }
  }).length;

const noBodies = () =>
  eventually(
    async () => bodiesOnDisk(),
    (count) => count === 0,
  );

describe('imports whose clients are slow', () => {
  it.each([
    ['plain', {}, (): Record<string, string> => ({})],
    ['dry', { dry_run: 'true' }, (): Record<string, string> => ({})],
    ['with an Idempotency-Key', {}, () => ({ 'Idempotency-Key': randomUUID() })],
  ])('hold up nobody: %s', async (_, query, headers) => {
    const tenant_id = aTenant();
    const slow = await Promise.all(
      Array.from({ length: IMPORTS }, () => begun({ tenant_id, ...query }, headers())),
    );
    expect((await api.get(`${PATH}?tenant_id=${tenant_id}`)).body.items).toEqual([]);
    const operations = [{ op: 'create', tenant_id, key: 'k1', value: 'of the batch' }];
    expect((await api.post(`${PATH}/batch`, { operations })).status).toBe(200);
    expect((await api.get('/health/ready')).status).toBe(200);
    const [first] = slow;
    const { status, body } = await finished(first as ClientRequest);
    expect([status, body.created, body.updated]).toEqual([200, LINES - 1, 1]);
    for (const other of slow.slice(1)) expect((await finished(other)).status).toBe(200);
    await noBodies();
  });

  it('leave nothing when they go', async () => {
    const tenant_id = aTenant();
    const sent = await begun({ tenant_id }, { 'Idempotency-Key': randomUUID() });
    await eventually(
      async () => bodiesOnDisk(),
      (count) => count === 1,
    );
    sent.on('error', () => undefined);
    sent.destroy();
    await noBodies();
    expect((await api.get(`${PATH}?tenant_id=${tenant_id}`)).body.items).toEqual([]);
    expect(api.log.filter((text) => text.includes('A request failed.'))).toEqual([]);
  });

  it('leave no body when they are refused', async () => {
    const sent = await begun({ tenant_id: aTenant(), mode: 'unknown' }, {});
    expect((await finished(sent)).status).toBe(400);
    await noBodies();
  });
});

it('jobs, each of which needs a connection beside that of its lock, never hold all of them', async () => {
  const database = api.part(Database);
  const begun: string[] = [];
  const alone = (name: string): Promise<boolean> =>
    database.exclusively(name, async () => {
      begun.push(name);
      await database.run(() => database.read({ text: 'select pg_sleep(0.05)' }));
    });
  const names = Array.from({ length: 2 * POOL_SIZE }, (_, index) => `job-${index}`);
  const done = api.part(CallContext).runAsSystem('test', () => Promise.all(names.map(alone)));
  expect(await done).toEqual(names.map(() => true));
  expect(begun).toEqual(names);
});
