import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import pg from 'pg';
import { ApiKeys, mintApiKey, parseApiKey, SecurityAudit } from '#platform/auth';
import type { Role } from '#platform/auth';
import { CallContext } from '#platform/context';
import { eventually, TestApi } from '../api.js';
import { aTenant, ENTRIES } from '../metadata/entries.js';

let api: TestApi;
let replica: TestApi;
let closed: TestApi;
let owner: pg.Pool;

beforeAll(async () => {
  api = await TestApi.start();
  replica = await TestApi.start({ beside: api });
  closed = await TestApi.start({ beside: api, env: { APP_ENV: 'production' } });
  owner = new pg.Pool({ connectionString: api.database.url });
});

afterAll(async () => {
  await owner.end();
  for (const each of [closed, replica, api]) await each.stop();
});

const idOf = (token: string): string => parseApiKey(token)?.id ?? '';

const asSystem = <T>(work: (keys: ApiKeys) => Promise<T>): Promise<T> =>
  api.part(CallContext).runAsSystem('test', () => work(api.part(ApiKeys)));

const statusWith = async (key: string, one = closed): Promise<number> =>
  (await one.get(ENTRIES, { key })).status;

describe('a key', () => {
  it('that is valid opens what its role may, on every replica', async () => {
    const key = await api.key('viewer', aTenant());
    for (const one of [api, replica, closed]) expect(await statusWith(key, one)).toBe(200);
  });

  it('is taken from X-API-Key too', async () => {
    const key = await api.key('viewer', null);
    expect((await closed.get(ENTRIES, { headers: { 'X-API-Key': key } })).status).toBe(200);
  });

  it('is taken from Authorization when both are sent', async () => {
    const key = await api.key('viewer', null);
    const both = (bearer: string, other: string) =>
      closed.get(ENTRIES, { headers: { Authorization: `Bearer ${bearer}`, 'X-API-Key': other } });
    expect((await both(key, 'nonsense')).status).toBe(200);
    expect((await both('nonsense', key)).status).toBe(401);
  });

  it('opens nothing any more once it is revoked: at once here, and within a moment on every other replica', async () => {
    const key = await api.key('viewer', aTenant());
    for (const one of [api, replica, closed]) expect(await statusWith(key, one)).toBe(200);
    await asSystem((keys) => keys.revoke(idOf(key)));
    expect(await statusWith(key, api)).toBe(401);
    for (const one of [replica, closed])
      await eventually(
        () => statusWith(key, one),
        (status) => status === 401,
      );
  });

  it('opens nothing any more once its time is over', async () => {
    const soon = new Date(Date.now() + 1_500);
    const { token } = await asSystem((keys) =>
      keys.create({ name: 'short', role: 'viewer', tenant: null, expiresAt: soon }),
    );
    expect(await statusWith(token)).toBe(200);
    await eventually(
      () => statusWith(token),
      (status) => status === 401,
    );
    expect(Date.now()).toBeGreaterThanOrEqual(soon.getTime() - 250); // The database's clock decides.
  });

  it('that was over before it was used opens nothing', async () => {
    const { token } = await asSystem((keys) =>
      keys.create({ name: 'past', role: 'admin', tenant: null, expiresAt: new Date(Date.now() - 60_000) }),
    );
    expect(await statusWith(token)).toBe(401);
  });

  it('is stored as a hash alone', async () => {
    const key = await api.key('admin', null);
    const { rows } = await owner.query<{ row: string }>('select k::text as row from platform.api_key k');
    expect(rows.some(({ row }) => row.includes(idOf(key)))).toBe(true);
    const secret = key.split('_').at(-1) ?? '';
    const logged = await owner.query<{ row: string }>('select l::text as row from platform.change_log l');
    expect([...rows, ...logged.rows].filter(({ row }) => row.includes(secret))).toEqual([]);
  });
});

describe('what is no key of ours', () => {
  const refusal = async (headers: Record<string, string>) => {
    const { status, body, headers: answer } = await closed.get(ENTRIES, { headers });
    return { status, code: body.code, challenge: answer.get('www-authenticate') };
  };
  const INVALID = { status: 401, code: 'credential_invalid', challenge: 'Bearer' };

  it.each([
    ['malformed', 'Bearer mst_short_1'],
    ['of another kind', 'Bearer eyJhbGciOiJub25lIn0.e30.'],
    ['of another scheme', 'Basic YWRtaW46YWRtaW4='],
    ['empty', 'Bearer '],
    ['two words', 'Bearer a b'],
  ])('is refused: %s', async (_, authorization) => {
    expect(await refusal({ Authorization: authorization })).toEqual(INVALID);
  });

  it('is refused when it is well-formed and unknown', async () => {
    expect(await refusal({ Authorization: `Bearer ${mintApiKey().token}` })).toEqual(INVALID);
    expect(await refusal({ 'X-API-Key': mintApiKey().token })).toEqual(INVALID);
  });

  it('is refused when the id is right and the secret is another one’s', async () => {
    const [known, other] = [await api.key('admin', null), await api.key('admin', null)];
    const { secretHash } = mintApiKey();
    await owner.query('update platform.api_key set secret_hash = $2 where token_id = $1', [
      idOf(known),
      secretHash,
    ]);
    expect(await refusal({ Authorization: `Bearer ${known}` })).toEqual(INVALID);
    expect(await statusWith(other)).toBe(200);
  });

  it('does not fall back to the anonymous administrator', async () => {
    expect(await statusWith(mintApiKey().token, api)).toBe(401);
  });

  it('is logged with the public part and not with the secret', async () => {
    const { token, id } = mintApiKey();
    await refusal({ Authorization: `Bearer ${token}` });
    const everything = [api, replica, closed].flatMap(({ log }) => log).join('');
    expect(everything).toContain(`"keyPrefix":"${id}"`);
    expect(everything).not.toContain(token.split('_').at(-1));
  });
});

describe('without a key', () => {
  const statusFor = (host: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const url = new URL(`${api.url}${ENTRIES}`);
      request(url, { headers: { Host: host } }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      })
        .on('error', reject)
        .end();
    });

  it.each(['localhost', 'localhost:8002', '127.0.0.1', '127.0.0.1:1', '[::1]', '[::1]:8002'])(
    'development opens to %s',
    async (host) => {
      expect(await statusFor(host)).toBe(200);
    },
  );

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:8002',
    '10.0.0.1',
    'evil.example:127.0.0.1',
  ])('not even development opens to %s, whatever name points here', async (host) => {
    expect(await statusFor(host)).toBe(401);
  });

  it('production does not open', async () => {
    const { status, body } = await closed.get(ENTRIES);
    expect([status, body.code]).toEqual([401, 'credential_missing']);
  });
});

describe('roles', () => {
  const CASES: [Role, number, number, number][] = [
    ['admin', 200, 201, 200],
    ['editor', 200, 201, 403],
    ['viewer', 200, 403, 403],
    ['supervisor', 403, 403, 403],
    ['evaluator', 403, 403, 403],
    ['device', 403, 403, 403],
    ['client', 403, 403, 403],
  ];

  it.each(CASES)('%s: reads %d, writes %d, reveals %d', async (role, reads, writes, reveals) => {
    const tenant = aTenant();
    const { body: secret } = await api.post(ENTRIES, {
      tenant_id: tenant,
      key: 's',
      value: 'hidden',
      is_secret: true,
    });
    const key = await api.key(role, tenant);
    expect((await closed.get(`${ENTRIES}/key/s`, { key })).status).toBe(reads);
    expect((await closed.post(ENTRIES, { key: 'new', value: 1 }, { key })).status).toBe(writes);
    for (const path of [`${ENTRIES}/${secret.id}`, `${ENTRIES}/key/s`]) {
      const { status, text, headers } = await closed.get(`${path}?reveal=true`, { key });
      expect([path, status, text.includes('hidden')]).toEqual([path, reveals, reveals === 200]);
      if (status === 200) expect(headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('the audit trail', () => {
  const denied = async (tenant: string) => {
    await closed.part(SecurityAudit).flush();
    const { rows } = await owner.query<{ subject: string; actor: string; snapshot: any }>(
      `select subject, actor, snapshot from platform.change_log
       where tenant = $1 and aggregate_type = 'platform.access' and type = 'denied' order by subject`,
      [tenant],
    );
    return rows;
  };

  it('has every act that was refused, once, with who tried it and how often', async () => {
    const tenant = aTenant();
    const key = await api.key('viewer', tenant);
    const actor = `key:${idOf(key)}`;
    for (let time = 0; time < 3; time += 1) await closed.post(ENTRIES, { key: 'k', value: 1 }, { key });
    await closed.delete(`${ENTRIES}/${randomUUID()}`, { key });
    await closed.get(`${ENTRIES}/key/k?tenant_id=${aTenant()}`, { key });
    const routes = ['DELETE /api/v1/metadata/:id', 'GET /api/v1/metadata/key/:key', 'POST /api/v1/metadata'];
    const rows = await denied(tenant);
    expect(rows.map(({ subject }) => subject)).toEqual(routes);
    expect(rows.map(({ snapshot }) => snapshot)).toEqual(
      routes.map((route, index) => ({ actor, route, count: index === 2 ? 3 : 1 })),
    );
  });

  it('gets nothing more when nothing more was refused', async () => {
    const tenant = aTenant();
    const key = await api.key('viewer', tenant);
    await closed.delete(`${ENTRIES}/${randomUUID()}`, { key });
    expect(await denied(tenant)).toHaveLength(1);
    expect(await denied(tenant)).toHaveLength(1);
  });

  it('counts what is refused while the earlier ones are being written', async () => {
    const tenant = aTenant();
    const key = await api.key('viewer', tenant);
    const refused = () => closed.delete(`${ENTRIES}/${randomUUID()}`, { key });
    await refused();
    const locker = await owner.connect();
    await locker.query('begin; lock table platform.change_log in share mode');
    const writing = closed.part(SecurityAudit).flush();
    await refused();
    await locker.query('rollback');
    locker.release();
    await writing;
    const counts = (await denied(tenant)).map(({ snapshot }) => snapshot.count);
    expect(counts).toEqual([1, 1]);
  });

  it('has every look at a secret', async () => {
    const tenant = aTenant();
    const key = await api.key('admin', tenant);
    const { body } = await closed.post(ENTRIES, { key: 's', value: 'hidden', is_secret: true }, { key });
    await closed.get(`${ENTRIES}/${body.id}`, { key });
    await closed.get(`${ENTRIES}/${body.id}?reveal=true`, { key });
    const { rows } = await owner.query(
      `select type, actor, subject from platform.change_log where tenant = $1 and aggregate_id = $2 order by revision`,
      [tenant, body.id],
    );
    const actor = `key:${idOf(key)}`;
    expect(rows).toEqual([
      { type: 'created', actor, subject: 'default/s' },
      { type: 'revealed', actor, subject: 'default/s' },
    ]);
  });

  it('has every key that was made and revoked, under the name of who did it', async () => {
    const tenant = aTenant();
    const key = await api.key('viewer', tenant);
    await asSystem((keys) => keys.revoke(idOf(key)));
    const { rows } = await owner.query(
      `select type, actor from platform.change_log where tenant = $1 order by revision`,
      [tenant],
    );
    expect(rows).toEqual([
      { type: 'created', actor: 'system:test' },
      { type: 'revoked', actor: 'system:test' },
    ]);
  });
});
