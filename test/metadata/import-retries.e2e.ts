import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';

const PATH = '/api/v1/metadata';
const ATTEMPTS_MAX = 5;
const NOTHING = { dry_run: false, created: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0, errors: [] };

let api: TestApi;
let owner: pg.Pool;

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
  // Sequences are not rolled back, so that they count the attempts. An entry of the namespace "40P01.2" fails twice so.
  await owner.query(`
    create sequence public.attempt;
    create function public.fail() returns trigger language plpgsql security definer as $$
      begin
        if nextval('public.attempt') <= split_part(new.namespace, '.', 2)::int then
          raise exception using errcode = substr(split_part(new.namespace, '.', 1), 2);
        end if;
        return new;
      end $$;
    create trigger fail before insert on metadata.entry for each row
      when (new.key = 'fails') execute function public.fail()`);
});

beforeEach(() => owner.query('alter sequence public.attempt restart'));

afterAll(async () => {
  await owner.end();
  await api.stop();
});

const aTenant = (): string => `t-${randomUUID()}`;
const lines = (...entries: object[]): string => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
/** Fails so many times with this error of PostgreSQL. */
const failing = (code: string, times: number): object => ({
  namespace: `e${code}.${times}`,
  key: 'fails',
  value: 1,
});

function send(query: Record<string, string>, body: string, idempotencyKey?: string): Promise<Reply> {
  return api.post(`${PATH}/import?${new URLSearchParams(query).toString()}`, body, {
    headers: {
      'Content-Type': 'application/x-ndjson',
      ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
    },
  });
}

async function keysOf(tenant: string): Promise<string[]> {
  const { text } = await api.get(`${PATH}/export?tenant_id=${tenant}`);
  return text.split('\n').flatMap((each) => (each === '' ? [] : [JSON.parse(each).key]));
}

describe('an import that the database wants again', () => {
  it.each([
    ['a deadlock', '40P01', {}, undefined],
    ['a lost race', '40001', {}, undefined],
    ['a deadlock', '40P01', { dry_run: 'true' }, undefined],
    ['a deadlock', '40P01', {}, randomUUID()],
    ['a deadlock', '40P01', { dry_run: 'true' }, randomUUID()],
  ])('counts each line once after %s: %s %j, Idempotency-Key %s', async (_, code, query, key) => {
    const tenant_id = aTenant();
    const isDryRun = 'dry_run' in query;
    const body = `{}\n${lines({ key: 'a', value: 1 }, failing(code, 2), { key: 'b', value: 1 })}`;
    const { status, body: report } = await send({ tenant_id, ...query }, body, key);
    expect([status, report.dry_run, report.created, report.failed]).toEqual([200, isDryRun, 3, 1]);
    expect(report.errors.map(({ line }: any) => line)).toEqual([1]);
    expect(await keysOf(tenant_id)).toEqual(isDryRun ? [] : ['a', 'b', 'fails']);
    const { rows } = await owner.query<{ last_value: string }>('select last_value from public.attempt');
    expect(Number(rows[0]?.last_value)).toBe(3);
  });

  it.each([
    ['a deadlock each time', '40P01', ATTEMPTS_MAX],
    ['a lock that was not given in time, each time', '55P03', ATTEMPTS_MAX],
    ['a statement that took too long', '57014', 1],
  ])('is told to come later, and leaves nothing: %s', async (_, code, attempts) => {
    const tenant_id = aTenant();
    const body = lines({ key: 'a', value: 1 }, failing(code, attempts));
    const key = randomUUID();
    const refused = await send({ tenant_id }, body, key);
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      503,
      'database_busy',
      '1',
    ]);
    expect(await keysOf(tenant_id)).toEqual([]);
    const again = await send({ tenant_id }, body, key);
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([
      200,
      { ...NOTHING, created: 2 },
      null,
    ]);
  });
});

describe('an import with an Idempotency-Key', () => {
  it('is answered again with what was answered first, and happens once', async () => {
    const tenant_id = aTenant();
    const body = lines({ key: 'a', value: 1 });
    const key = randomUUID();
    const first = await send({ tenant_id }, body, key);
    const again = await send({ tenant_id }, body, key);
    expect(first.body).toEqual({ ...NOTHING, created: 1 });
    expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([
      200,
      first.text,
      'true',
    ]);
  });

  it('is refused when it is another one', async () => {
    const tenant_id = aTenant();
    const key = randomUUID();
    await send({ tenant_id }, lines({ key: 'a', value: 1 }), key);
    for (const other of [
      lines({ key: 'a', value: 2 }),
      lines({ key: 'a', value: 1 }, { key: 'b', value: 1 }),
      '',
    ]) {
      const { status, body } = await send({ tenant_id }, other, key);
      expect([status, body.code]).toEqual([422, 'idempotency_key_reused']);
    }
    expect(await keysOf(tenant_id)).toEqual(['a']);
  });

  it('does nothing when it is a dry run', async () => {
    const tenant_id = aTenant();
    const query = { tenant_id, dry_run: 'true' };
    const { body } = await send(query, lines({ key: 'a', value: 1, tags: ['t'] }), randomUUID());
    expect(body).toEqual({ ...NOTHING, dry_run: true, created: 1 });
    expect(await keysOf(tenant_id)).toEqual([]);
    expect((await api.get(`/api/v1/events?tenant_id=${tenant_id}`)).body.items).toEqual([]);
  });
});
