import { createHash } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { ChangeLog } from '#platform/change-log';
import type { Change } from '#platform/change-log';
import { CallContext } from '#platform/context';
import type { Call } from '#platform/context';
import { Database } from '#platform/database';
import { TestApi } from '../api.js';
import { aTenant, Entries, ENTRIES } from '../metadata/entries.js';

const VERIFY = '/api/v1/audit/verify';

let api: TestApi;
let owner: pg.Pool;
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

async function verdictOf(tenant: string, query = ''): Promise<any> {
  const { status, body } = await api.get(`${VERIFY}?tenant_id=${tenant}${query}`);
  expect([status, body.code]).toEqual([200, undefined]);
  return body;
}

describe('whatever is written', () => {
  /** Whatever PostgreSQL takes as text. */
  const text = fc.string({ unit: 'binary', maxLength: 20 }).map((each) => each.replaceAll('\0', '0'));
  const maybe = fc.option(text, { nil: null });
  const anyCase = fc.uuid().chain((id) => fc.constantFrom(id, id.toUpperCase()));
  /** An object, as every state is, with spaces and escapes that another writer of JSON would not have put there. */
  const snapshot = fc
    .tuple(fc.dictionary(text, fc.jsonValue()), fc.constantFrom(0, 1, 2))
    .map(([state, spaces]) =>
      JSON.stringify(state, null, spaces).replaceAll(/\\u0000|[\ud800-\udfff]|\\ud\w+/g, '\\u0041'),
    );
  const change = (tenant: string): fc.Arbitrary<Change> =>
    fc
      .record({
        ...{ tenant: fc.constant(tenant), aggregateType: text, aggregateId: anyCase, type: text },
        aggregateVersion: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
        ...{ subject: text, previousSubject: maybe, reason: maybe, actor: maybe },
        snapshot: fc.option(snapshot, { nil: null }),
        rolledBackFrom: fc.option(fc.nat(2_147_483_647), { nil: null }),
        occurredAt: fc.option(
          fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
          { nil: null },
        ),
      })
      .map(({ actor, ...each }) => (actor === null ? each : { ...each, actor }));

  const write = (changes: readonly Change[], call: Call): Promise<void> =>
    api.part(CallContext).run(call, () =>
      api.part(Database).run(async () => {
        for (const each of changes) api.part(ChangeLog).append(each);
      }),
    );

  it.each([
    ['one', 1, 1],
    ['some', 2, 5],
  ])('%s at a time, with anything in it, fits', async (_, minLength, maxLength) => {
    const tenant = aTenant();
    let [writes, rows] = [0, 0];
    const some = fc.array(change(tenant), { minLength, maxLength });
    await fc.assert(
      fc.asyncProperty(some, text, maybe, text, async (changes, requestId, traceId, actor) => {
        await write(changes, { caller: { actor, tenant: null, permissions: new Set() }, requestId, traceId });
        writes += 1;
        rows += changes.length;
        const { ok, broken } = await verdictOf(tenant, `&from_revision=${writes}`);
        expect([ok, broken]).toEqual([true, null]);
      }),
      { numRuns: 100 },
    );
    expect(await verdictOf(tenant)).toMatchObject({ ok: true, checked_rows: rows });
  });

  it('is hashed alike wherever the database believes to be', async () => {
    const client = await owner.connect();
    try {
      const hashes: string[] = [];
      for (const settings of [
        "timezone = 'Asia/Kathmandu'; set bytea_output = 'escape'",
        "timezone = 'UTC'; set datestyle = 'German, DMY'",
      ]) {
        await client.query(`set ${settings}`);
        const { rows } = await client.query(
          `select encode(sha256($1::bytea || int8send(7) || int4send(1) || timestamptz_send($2)), 'hex') as hash`,
          [Buffer.alloc(32, 1), '2026-05-01T02:03:04.567Z'],
        );
        hashes.push(rows[0].hash);
      }
      // Written out: 32 bytes, the revision, the sub, and the microseconds from 2000-01-01 to then.
      const place =
        '0000000000000007' +
        '00000001' +
        (BigInt(Date.UTC(2026, 4, 1, 2, 3, 4, 567) - 946_684_800_000) * 1_000n)
          .toString(16)
          .padStart(16, '0');
      const expected = createHash('sha256')
        .update(Buffer.alloc(32, 1))
        .update(Buffer.from(place, 'hex'))
        .digest('hex');
      expect(hashes).toEqual([expected, expected]);
    } finally {
      client.release(true);
    }
  });

  it('over HTTP, with any text in it, fits', async () => {
    const tenant = aTenant();
    const texts = ['', '"', `'`, '\\', '\n\r\t', '😀', 'ä:1,', '\u2028', ' ', '-', '1:a,', '\u{10ffff}'];
    for (const value of texts)
      expect(
        (
          await api.post(ENTRIES, {
            tenant_id: tenant,
            key: `k${texts.indexOf(value)}`,
            value,
            description: value,
            change_reason: value || null,
          })
        ).status,
      ).toBe(201);
    await entries.batch(
      'atomic',
      texts.map((value, n) => ({
        op: 'create',
        tenant_id: tenant,
        key: `b${n}`,
        value: { [value]: value },
        description: value,
      })),
    );
    expect(await verdictOf(tenant)).toMatchObject({ ok: true, checked_rows: 24 });
  });
});
