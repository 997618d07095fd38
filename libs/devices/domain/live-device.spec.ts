import fc from 'fast-check';
import { InvalidInput, sameJson } from '#shared-kernel';
import { fallsTo, isBetter } from './connectivity.js';
import { mergedDocument } from './documents.js';
import type { JsonObject } from './documents.js';
import { LiveDevice } from './live-device.js';
import type { Live, Past, ReportingDevice } from './live-device.js';
import { StatusInvalid } from './report-errors.js';
import type { Report } from './report.js';

const NOTHING: Past = { statuses: [], documents: [] };
const FRESH: Live = {
  status: null,
  reported: { document: {}, version: 0, observedAt: null },
  lastSeenAt: null,
  hasDelta: false,
  told: 'never',
  dueAt: null,
};
const ANY: ReportingDevice = { heartbeatSeconds: 300, desired: {}, statusValues: [] };
const NOW = new Date('2026-05-01T12:00:00.000Z');
const before = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1_000);
const by = { now: NOW, actor: 'key:one' };

const aStatus = (value: string, observedAt: Date | null, data: JsonObject | null = null): Report => ({
  ...{ kind: 'status', value, data, observedAt },
});
const aPatch = (patch: JsonObject, observedAt: Date | null): Report => ({
  kind: 'reported',
  patch,
  observedAt,
});

/** Few instants and few values, so that equal ones meet. */
const instants = fc.option(
  fc.integer({ min: 0, max: 8 }).map((n) => before(100 - n)),
  { nil: null },
);
const reports: fc.Arbitrary<Report> = fc.oneof(
  fc.record({
    kind: fc.constant('status' as const),
    value: fc.constantFrom('a', 'b'),
    data: fc.constantFrom(null, { n: 1 }, { n: 2 }),
    observedAt: instants,
  }),
  fc.record({
    kind: fc.constant('reported' as const),
    patch: fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom(null, 1, 2, { z: 1 })),
    observedAt: instants,
  }),
  fc.constant<Report>({ kind: 'heartbeat', observedAt: null }),
);

interface Recorded {
  readonly report: Report;
  readonly at: number;
  readonly seq: number;
}

/** Everything that was accepted, by when it was observed; of one instant the later recorded wins. */
function replay(all: readonly Report[]): { status: Report | null; recorded: Recorded[] } {
  const recorded: Recorded[] = [];
  for (const [seq, report] of all.entries()) {
    const at = (report.observedAt ?? NOW).getTime();
    const isRepeat =
      report.kind === 'status' &&
      report.observedAt !== null &&
      recorded.some(
        (each) => each.at === at && each.report.kind === 'status' && saysSame(each.report, report),
      );
    if (!isRepeat) recorded.push({ report, at, seq });
  }
  const inOrder = recorded
    .filter(({ report }) => report.kind === 'status')
    .sort((one, other) => one.at - other.at || one.seq - other.seq);
  return { status: inOrder.at(-1)?.report ?? null, recorded };
}

const saysSame = (one: Report, other: Report): boolean =>
  one.kind === 'status' &&
  other.kind === 'status' &&
  one.value === other.value &&
  sameJson(one.data, other.data);

it('whatever is reported in whatever order, the current status is what was observed last', () => {
  fc.assert(
    fc.property(fc.array(reports, { maxLength: 30 }), (all) => {
      const device = new LiveDevice(ANY, FRESH, NOTHING);
      const outcomes = all.map((report) => device.take(report, by));
      const { status, recorded } = replay(all);
      const { live } = device;
      expect(live.status && { value: live.status.value, data: live.status.data }).toEqual(
        status && status.kind === 'status' ? { value: status.value, data: status.data } : null,
      );
      const kept = outcomes.filter((each) => each.kind === 'status' && !each.isRepeat);
      expect(kept).toHaveLength(recorded.filter(({ report }) => report.kind === 'status').length);
      expect(device.entries.filter(({ kind }) => kind === 'status')).toHaveLength(kept.length);
      const seen = recorded.map(({ at }) => at);
      const patches = device.entries
        .filter(({ kind }) => kind === 'reported')
        .map((each) => each.observedAt.getTime());
      expect(live.lastSeenAt?.getTime() ?? null).toBe(seen.length > 0 ? Math.max(...seen, ...patches) : null);
    }),
  );
});

it('a row is late exactly when something later was recorded of its kind before it', () => {
  fc.assert(
    fc.property(fc.array(reports, { maxLength: 30 }), (all) => {
      const device = new LiveDevice(ANY, FRESH, NOTHING);
      for (const report of all) device.take(report, by);
      for (const kind of ['status', 'reported'] as const) {
        let newest = -Infinity;
        for (const entry of device.entries.filter((each) => each.kind === kind)) {
          expect(entry.late).toBe(entry.observedAt.getTime() < newest);
          newest = Math.max(newest, entry.observedAt.getTime());
        }
      }
    }),
  );
});

it('what is reported is what the patches that were not late make, in their order', () => {
  fc.assert(
    fc.property(fc.array(reports, { maxLength: 30 }), (all) => {
      const device = new LiveDevice(ANY, FRESH, NOTHING);
      let document: JsonObject = {};
      let version = 0;
      for (const report of all) {
        const outcome = device.take(report, by);
        if (report.kind !== 'reported' || outcome.kind !== 'reported' || outcome.isRepeat || outcome.late)
          continue;
        document = mergedDocument(document, report.patch);
        version += 1;
      }
      const { reported } = device.live;
      expect([reported.document, reported.version]).toEqual([document, version]);
    }),
  );
});

it('in one go or each with what was stored before, it comes to the same', () => {
  fc.assert(
    fc.property(fc.array(reports, { maxLength: 20 }), (all) => {
      const whole = new LiveDevice(ANY, FRESH, NOTHING);
      for (const report of all) whole.take(report, by);
      let live = FRESH;
      const past = {
        statuses: [] as Past['statuses'][number][],
        documents: [] as Past['documents'][number][],
      };
      const entries = [];
      for (const report of all) {
        const one = new LiveDevice(ANY, live, past);
        const outcome = one.take(report, by);
        if (outcome.kind === 'status' && !outcome.isRepeat) past.statuses.push(outcome.status);
        for (const { kind, document, observedAt } of one.entries)
          if (kind === 'reported') past.documents.push({ document, observedAt });
        entries.push(...one.entries);
        live = one.live;
      }
      expect([live, entries]).toEqual([whole.live, whole.entries]);
    }),
  );
});

it('in whatever portions, with what of the past they reach back to, it comes to the same', () => {
  fc.assert(
    fc.property(fc.array(fc.array(reports, { maxLength: 6 }), { maxLength: 6 }), (portions) => {
      const whole = new LiveDevice(ANY, FRESH, NOTHING);
      for (const report of portions.flat()) whole.take(report, by);
      const statuses: Past['statuses'][number][] = [];
      const documents: Past['documents'][number][] = [];
      let live = FRESH;
      const entries = [];
      for (const portion of portions) {
        const device = new LiveDevice(ANY, live, reachedBy(portion, live, { statuses, documents }));
        for (const report of portion) {
          const outcome = device.take(report, by);
          if (outcome.kind === 'status' && !outcome.isRepeat) statuses.push(outcome.status);
        }
        for (const { kind, document, observedAt } of device.entries)
          if (kind === 'reported') documents.push({ document, observedAt });
        entries.push(...device.entries);
        live = device.live;
      }
      expect([live, entries]).toEqual([whole.live, whole.entries]);
    }),
  );
});

/** Of all that is stored: what was observed when these were, up to what is current, and the last document before each. */
function reachedBy(portion: readonly Report[], { status, reported }: Live, stored: Past): Past {
  const instantsOf = (kind: Report['kind'], last: Date | null | undefined): number[] =>
    portion
      .flatMap((report) => (report.kind === kind && report.observedAt ? [report.observedAt.getTime()] : []))
      .filter((at) => last && at <= last.getTime());
  const statusesAt = instantsOf('status', status?.observedAt);
  const documentsAt = instantsOf('reported', reported.observedAt);
  const bases = documentsAt.map((at) => {
    const earlier = stored.documents.filter(({ observedAt }) => observedAt.getTime() < at);
    return earlier.sort((one, other) => one.observedAt.getTime() - other.observedAt.getTime()).at(-1);
  });
  return {
    statuses: stored.statuses.filter(({ observedAt }) => statusesAt.includes(observedAt.getTime())),
    documents: stored.documents.filter(
      (each) => documentsAt.includes(each.observedAt.getTime()) || bases.includes(each),
    ),
  };
}

describe('a report', () => {
  it('is at most five minutes ahead, to the millisecond', () => {
    const device = new LiveDevice(ANY, FRESH, NOTHING);
    expect(() => device.take(aStatus('a', new Date(NOW.getTime() + 300_001)), by)).toThrow(InvalidInput);
    expect([device.entries, device.isChanged]).toEqual([[], false]);
    device.take(aStatus('a', new Date(NOW.getTime() + 300_000)), by);
    expect(device.live.lastSeenAt).toEqual(NOW);
  });

  it('says nothing where its value is none of the type', () => {
    const device = new LiveDevice({ ...ANY, statusValues: ['on', 'off'] }, FRESH, NOTHING);
    expect(() => device.take(aStatus('blue', null), by)).toThrow(StatusInvalid);
    expect(device.isChanged).toBe(false);
  });

  it('of a late patch is made of what was reported then', () => {
    const device = new LiveDevice(ANY, FRESH, NOTHING);
    device.take(aPatch({ a: 1 }, before(30)), by);
    device.take(aPatch({ b: 1 }, before(10)), by);
    const late = device.take(aPatch({ c: 1 }, before(20)), by);
    expect(late).toMatchObject({ late: true, reported: { document: { a: 1, b: 1 }, version: 2 } });
    expect(device.entries.filter(({ kind }) => kind === 'reported').map(({ document }) => document)).toEqual([
      { a: 1 },
      { a: 1, b: 1 },
      { a: 1, c: 1 },
    ]);
  });

  it('of a late patch is made of what was current before, where that is not what was reported since', () => {
    const reported = { document: { a: 1 }, version: 1, observedAt: before(30) };
    const device = new LiveDevice(ANY, { ...FRESH, reported }, NOTHING);
    device.take(aPatch({ b: 1 }, before(10)), by);
    device.take(aPatch({ c: 1 }, before(20)), by);
    expect(device.entries.filter(({ kind }) => kind === 'reported').map(({ document }) => document)).toEqual([
      { a: 1, b: 1 },
      { a: 1, c: 1 },
    ]);
  });

  it('leaves nothing desired when it is so', () => {
    const device = new LiveDevice({ ...ANY, desired: { a: 1 } }, { ...FRESH, hasDelta: true }, NOTHING);
    device.take(aPatch({ a: 2 }, null), by);
    expect(device.live.hasDelta).toBe(true);
    device.take(aPatch({ a: 1, b: 1 }, null), by);
    expect(device.live.hasDelta).toBe(false);
  });

  it('of too large a document is refused whole', () => {
    const device = new LiveDevice(ANY, FRESH, NOTHING);
    device.take(aPatch({ a: 'x'.repeat(20_000) }, null), by);
    expect(() => device.take(aPatch({ b: 'x'.repeat(20_000) }, null), by)).toThrow(InvalidInput);
    expect(Object.keys(device.live.reported.document)).toEqual(['a']);
  });
});

describe('connectivity', () => {
  it('is told where a report makes it better, and only there', () => {
    const device = new LiveDevice(ANY, { ...FRESH, told: 'late', lastSeenAt: before(900) }, NOTHING);
    device.take(aStatus('a', before(800)), by);
    expect(device.acts.map(({ type }) => type)).toEqual(['status_changed']);
    device.take({ kind: 'heartbeat', observedAt: null }, by);
    device.take({ kind: 'heartbeat', observedAt: null }, by);
    expect(device.acts.slice(1)).toEqual([
      {
        type: 'connectivity_changed',
        facts: { connectivity: 'online', previous: 'late', observed_at: NOW },
        actor: 'key:one',
      },
    ]);
    expect([device.live.told, device.live.dueAt]).toEqual(['online', fallsTo('late', NOW, 300)]);
    expect(isBetter('late', 'offline') && !isBetter('late', 'online') && !isBetter('late', 'late')).toBe(
      true,
    );
  });
});
