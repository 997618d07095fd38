import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { TestDatabase } from '../test-database.js';
import { OldHistory } from './old-history.js';
import type { OldRow } from './old-history.js';

const BEFORE = '2024-06';

let database: TestDatabase;
let history: OldHistory;

beforeAll(async () => {
  ({ history, database } = await OldHistory.create());
});

afterAll(async () => {
  await history.end();
  await database.drop();
});

const ids = Array.from({ length: 5 }, () => randomUUID());

/** In the order of the stream; of one thing the versions have the order of time, and one that is gone has no more. */
const streams = fc
  .array(
    fc.record({
      thing: fc.nat(4),
      isAct: fc.boolean(),
      month: fc.constantFrom('2023-11', '2024-01', '2024-02', '2024-03', '2024-05', '2024-06', '2024-08'),
      day: fc.integer({ min: 10, max: 28 }),
      isLast: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((drawn) => {
    const state = new Map<number, { version: number; at: string; gone: boolean }>();
    return drawn.flatMap(({ thing, isAct, month, day, isLast }): OldRow[] => {
      const id = ids[thing] ?? '';
      const at = `${month}-${day}T00:00:00.000Z`;
      if (isAct) return [{ id, version: 0, at }];
      const known = state.get(thing) ?? { version: 0, at: '', gone: false };
      if (known.gone) return [];
      const next = {
        version: known.version + 1,
        at: known.at > at ? known.at : at,
        gone: isLast && known.version > 0,
      };
      state.set(thing, next);
      return [{ id, ...next }];
    });
  });

/** Which revisions stay: the rule once more, in the plainest way. */
function modelOf(rows: readonly OldRow[], versionsMin: number, delivered: number | null): number[] {
  const boundary = `${BEFORE}-01T00:00:00.000Z`;
  const firstWhole = rows.findIndex(({ at }) => at >= boundary);
  const removable = Math.min(
    rows.length - 1,
    delivered ?? Infinity,
    firstWhole === -1 ? Infinity : firstWhole,
  );
  return rows.flatMap((row, index) => {
    const own = rows.filter(({ id, version }) => id === row.id && version > 0);
    const newest = own.at(-1);
    const inForce = own.filter(({ at }) => at < boundary).at(-1);
    const stays =
      row.at >= boundary ||
      index + 1 > removable ||
      (row.version > 0 &&
        (row === newest ||
          row === inForce ||
          (newest?.gone !== true && row.version > own.length - versionsMin)));
    return stays ? [index + 1] : [];
  });
}

it('keeps what a simple model keeps, and the chain of hashes together', async () => {
  const sinks = fc.option(fc.nat(60), { nil: null });
  await fc.assert(
    fc.asyncProperty(streams, fc.integer({ min: 1, max: 5 }), sinks, async (rows, versionsMin, delivered) => {
      await history.clear();
      await history.partitions('2024-01', '2024-02', '2024-03');
      await history.write('acme', rows);
      if (delivered !== null) await history.sink('some', { acme: delivered });
      const whole = await history.left('acme');
      await history.compactDue(BEFORE, versionsMin);
      const kept = modelOf(rows, versionsMin, delivered);
      const told = new Set(kept);
      const expected = kept.map((revision) => ({
        ...whole[revision - 1],
        previous_hash: revision === 1 || told.has(revision - 1) ? null : whole[revision - 2]?.hash,
      }));
      expect(await history.left('acme')).toEqual(expected);
      const removed = whole.map(({ revision }) => revision).filter((revision) => !told.has(revision));
      expect(await history.compactedRevision('acme')).toBe(Math.max(0, ...removed));
    }),
    { numRuns: 25 },
  );
});
