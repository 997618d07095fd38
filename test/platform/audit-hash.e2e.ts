import fc from 'fast-check';
import pg from 'pg';
import { TestApi } from '../api.js';
import { changeHash } from '../../libs/platform/audit/change-hash.js';
import type { ChainedRow } from '../../libs/platform/audit/chained-row.js';
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

describe('the two ways to the hash', () => {
  /** Whatever PostgreSQL takes as text. */
  const text = fc.string({ unit: 'binary', maxLength: 40 }).map((each) => each.replaceAll('\0', '0'));
  const maybe = fc.option(text, { nil: null });
  const row: fc.Arbitrary<ChainedRow> = fc.record({
    ...{ tenant: text, aggregateType: text, type: text, subject: text, actor: text },
    ...{ previousSubject: maybe, reason: maybe, requestId: maybe, traceId: maybe, causationId: maybe },
    revision: fc.maxSafeNat(),
    sub: fc.nat(),
    aggregateId: fc.uuid(),
    aggregateVersion: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
    rolledBackFrom: fc.option(fc.nat(), { nil: null }),
    occurredAt: fc.date({
      ...{ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true },
    }),
    snapshot: fc.option(fc.json(), { nil: null }),
    hash: fc.constant(null),
    previousHash: fc.constant(null),
  });

  it('agree on every row, wherever the database believes to be', async () => {
    const client = await owner.connect();
    try {
      await client.query(
        `set timezone = 'Asia/Kathmandu'; set datestyle = 'German, DMY'; set extra_float_digits = 0`,
      );
      await fc.assert(
        fc.asyncProperty(row, fc.uint8Array({ minLength: 32, maxLength: 32 }), async (each, previous) => {
          const before = Buffer.from(previous);
          const { rows } = await client.query<{ hash: Buffer }>(
            `select sha256($18::bytea || platform.change_bytes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
               $15, $16, $17)) as hash`,
            [
              ...[each.tenant, each.revision, each.sub, each.aggregateType, each.aggregateId],
              ...[each.aggregateVersion, each.type, each.subject, each.previousSubject, each.actor],
              ...[each.reason, each.rolledBackFrom, each.requestId, each.traceId, each.causationId],
              ...[each.occurredAt.toISOString(), each.snapshot, before],
            ],
          );
          expect(rows[0]?.hash.toString('hex')).toBe(changeHash(before, each).toString('hex'));
        }),
        { numRuns: 300 },
      );
    } finally {
      client.release(true);
    }
  });

  it('agree on what is written with any text in it', async () => {
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
