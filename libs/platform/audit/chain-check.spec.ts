import fc from 'fast-check';
import { ChainCheck, WHOLE_REVISION } from './chain-check.js';
import type { Anchor, Broken } from './chain-check.js';
import { changeHash, NO_HASH } from './change-hash.js';
import type { ChainedRow, ChainHead } from './chained-row.js';

const WHOLE = Number.MAX_SAFE_INTEGER;
const START = { revision: 0, sub: WHOLE_REVISION, hash: NO_HASH };

const aRow = (members: Partial<ChainedRow>): ChainedRow => ({
  tenant: 'acme',
  revision: 1,
  sub: 0,
  aggregateType: 'metadata.entry',
  aggregateId: '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10',
  aggregateVersion: 1,
  type: 'created',
  subject: 'default/k',
  previousSubject: null,
  actor: 'key:a',
  reason: null,
  rolledBackFrom: null,
  requestId: null,
  traceId: null,
  causationId: null,
  occurredAt: new Date(0),
  snapshot: '{"a":1}',
  hash: null,
  previousHash: null,
  ...members,
});

/** A stream with so many rows in each of its revisions, as the database would write it. */
function streamOf(sizes: readonly number[]): ChainedRow[] {
  let hash: Buffer = NO_HASH;
  return sizes.flatMap((size, index) =>
    Array.from({ length: size }, (_, sub) => {
      const row = aRow({ revision: index + 1, sub, subject: `s${index}.${sub}` });
      hash = changeHash(hash, row);
      return { ...row, hash };
    }),
  );
}

const headOf = (rows: readonly ChainedRow[], members: Partial<ChainHead> = {}): ChainHead => ({
  revision: rows.at(-1)?.revision ?? 0,
  hash: rows.at(-1)?.hash ?? NO_HASH,
  chainedFrom: 0,
  compactedRevision: 0,
  ...members,
});

function brokenIn(rows: readonly ChainedRow[], head: ChainHead, anchor: Anchor | null = null): Broken | null {
  const check = new ChainCheck(START, anchor);
  for (const row of rows) {
    const broken = check.take(row, head.compactedRevision);
    if (broken) return broken;
  }
  return check.finish(head, WHOLE);
}

const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 });
/** A stream and the number of one of its rows. */
const streamAndPlace = sizes.chain((each) => {
  const rows = streamOf(each);
  return fc.record({ rows: fc.constant(rows), place: fc.nat(rows.length - 1) });
});

describe('a chain', () => {
  it('fits as it was written', () => {
    fc.assert(
      fc.property(sizes, (each) => expect(brokenIn(streamOf(each), headOf(streamOf(each)))).toBeNull()),
    );
  });

  it('fits when nothing was ever written', () => {
    expect(brokenIn([], headOf([]))).toBeNull();
  });

  it.each<[string, Partial<ChainedRow>]>([
    ['tenant', { tenant: 'globex' }],
    ['aggregate_type', { aggregateType: 'metadata.entries' }],
    ['aggregate_id', { aggregateId: '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e11' }],
    ['aggregate_version', { aggregateVersion: 2 }],
    ['type', { type: 'updated' }],
    ['subject', { subject: 'other' }],
    ['previous_subject', { previousSubject: '' }],
    ['snapshot', { snapshot: '{"a": 1}' }],
    ['no snapshot', { snapshot: null }],
    ['actor', { actor: 'key:b' }],
    ['reason', { reason: '' }],
    ['rolled_back_from', { rolledBackFrom: 1 }],
    ['request_id', { requestId: 'r' }],
    ['trace_id', { traceId: 't' }],
    ['causation_id', { causationId: 'c' }],
    ['occurred_at', { occurredAt: new Date(1) }],
  ])('names the row whose %s was changed', (_, change) => {
    fc.assert(
      fc.property(streamAndPlace, ({ rows, place }) => {
        const changed = rows.map((row, index) => (index === place ? { ...row, ...change } : row));
        const { revision, sub } = rows[place] ?? aRow({});
        expect(brokenIn(changed, headOf(rows))).toEqual({ revision, sub, reason: 'hash_mismatch' });
      }),
    );
  });

  it('is broken at or right after a row that was removed, also the last', () => {
    fc.assert(
      fc.property(streamAndPlace, ({ rows, place }) => {
        const broken = brokenIn(rows.toSpliced(place, 1), headOf(rows));
        const places = [rows[place], rows[place + 1]].map((row) => row && [row.revision, row.sub]);
        expect(places).toContainEqual([broken?.revision, broken?.sub]);
      }),
    );
  });

  it('is broken when its end was cut off, by however much', () => {
    fc.assert(
      fc.property(streamAndPlace, ({ rows, place }) => {
        expect(brokenIn(rows.slice(0, place), headOf(rows))).not.toBeNull();
      }),
    );
  });

  it('names the first of two rows that changed places', () => {
    fc.assert(
      fc.property(streamAndPlace, ({ rows, place }) => {
        const [one, other] = [rows[place], rows[place + 1]];
        if (!one || !other) return;
        const swapped = rows.toSpliced(
          place,
          2,
          { ...other, revision: one.revision, sub: one.sub },
          { ...one, revision: other.revision, sub: other.sub },
        );
        expect(brokenIn(swapped, headOf(rows))).toMatchObject({ revision: one.revision, sub: one.sub });
      }),
    );
  });

  it('names a row that was put in, with a hash that fits or without', () => {
    const rows = streamOf([1, 1]);
    const last = rows[1] ?? aRow({});
    const inserted = aRow({ revision: 2, sub: 1 });
    const fitting = { ...inserted, hash: changeHash(last.hash ?? NO_HASH, inserted) };
    expect(brokenIn([...rows, inserted], headOf(rows))).toMatchObject({
      ...{ revision: 2, sub: 1, reason: 'hash_missing' },
    });
    expect(brokenIn([...rows, fitting], headOf(rows))).toMatchObject({ reason: 'head_mismatch' });
    const later = { ...inserted, revision: 3, sub: 0 };
    const beyond = { ...later, hash: changeHash(last.hash ?? NO_HASH, later) };
    expect(brokenIn([...rows, beyond], headOf(rows))).toMatchObject({ revision: 3, reason: 'beyond_head' });
  });

  it('that was rewritten from a row on, head and all, fits by itself, and not what was noted before', () => {
    const rows = streamOf([1, 1, 1]);
    let hash = rows[0]?.hash ?? NO_HASH;
    const rewritten = rows.map((row, index) => {
      if (index === 0) return row;
      const changed = { ...row, actor: 'key:forged' };
      hash = changeHash(hash, changed);
      return { ...changed, hash };
    });
    const noted = (revision: number): Anchor => ({ revision, hash: rows[revision - 1]?.hash ?? NO_HASH });
    expect(brokenIn(rewritten, headOf(rewritten))).toBeNull();
    expect(brokenIn(rewritten, headOf(rewritten), noted(1))).toBeNull();
    for (const revision of [2, 3])
      expect(brokenIn(rewritten, headOf(rewritten), noted(revision))).toEqual({
        ...{ revision, sub: 0, reason: 'expected_mismatch' },
      });
  });

  it('has no row that was noted beyond its head', () => {
    const rows = streamOf([1, 1]);
    const hash = rows.at(-1)?.hash ?? NO_HASH;
    expect(brokenIn(rows, headOf(rows), { revision: 3, hash })).toMatchObject({
      ...{ revision: 3, reason: 'expected_mismatch' },
    });
  });
});

describe('a chain from which compaction removed rows', () => {
  /** Removes the rows of these numbers; what follows each is told its hash. */
  const compacted = (rows: readonly ChainedRow[], gone: ReadonlySet<number>): ChainedRow[] =>
    rows.flatMap((row, index) =>
      gone.has(index)
        ? []
        : [{ ...row, previousHash: gone.has(index - 1) ? (rows[index - 1]?.hash ?? null) : null }],
    );
  const some = sizes.chain((each) => {
    const rows = streamOf(each);
    const places = Array.from({ length: rows.length - 1 }, (_, index) => index);
    return fc.record({ rows: fc.constant(rows), gone: fc.subarray(places) });
  });
  const pointOf = (rows: readonly ChainedRow[], gone: readonly number[]): number =>
    Math.max(0, ...gone.map((place) => rows[place]?.revision ?? 0));

  it('still fits', () => {
    fc.assert(
      fc.property(some, ({ rows, gone }) => {
        const head = headOf(rows, { compactedRevision: pointOf(rows, gone) });
        expect(brokenIn(compacted(rows, new Set(gone)), head)).toBeNull();
      }),
    );
  });

  it('is broken where a row is gone that compaction has not come to', () => {
    fc.assert(
      fc.property(some, ({ rows, gone }) => {
        fc.pre(gone.length > 0);
        const head = headOf(rows, { compactedRevision: pointOf(rows, gone) - 1 });
        expect(brokenIn(compacted(rows, new Set(gone)), head)).not.toBeNull();
      }),
    );
  });

  it('names the row that was changed', () => {
    const rows = compacted(streamOf([1, 1, 1, 1]), new Set([1]));
    const changed = rows.map((row) => (row.revision === 3 ? { ...row, actor: 'key:forged' } : row));
    expect(brokenIn(changed, headOf(rows, { compactedRevision: 2 }))).toEqual({
      ...{ revision: 3, sub: 0, reason: 'hash_mismatch' },
    });
  });

  it('cannot say of a row that is gone whether it was what was noted, and does not call it broken', () => {
    const whole = streamOf([1, 1, 1, 1]);
    const rows = compacted(whole, new Set([0, 1]));
    const head = headOf(rows, { compactedRevision: 2 });
    expect(brokenIn(rows, head, { revision: 1, hash: whole[0]?.hash ?? NO_HASH })).toBeNull();
    expect(brokenIn(rows, head, { revision: 3, hash: NO_HASH })).toMatchObject({
      reason: 'expected_mismatch',
    });
  });
});
