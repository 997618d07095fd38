import fc from 'fast-check';
import type { LoggedEvent } from '#platform/change-log';
import { RecordWindow } from './record-window.js';
import type { WindowRecord } from './record-window.js';

const LIMITS = { records: 1_000, bytes: 1_000_000 };

const aRecord = (stream: string, revision: number, key: string, bytes = 10): WindowRecord => ({
  event: { tenant: stream, revision, sub: 0, aggregateId: key } as LoggedEvent,
  key,
  data: new Uint8Array(),
  bytes,
  flaw: null,
  attempts: 0,
  suspectSince: null,
});

const windowOf = (...streams: string[]): RecordWindow => {
  const window = new RecordWindow(LIMITS);
  for (const stream of streams) window.open(stream, 0);
  return window;
};

const names = (wave: readonly WindowRecord[]): string[] =>
  wave.map(({ event, key }) => `${event.tenant}/${event.revision}/${key}`);

/** What there is to deliver: for each revision its stream, 0 to 2, and the keys that it changes. */
const logs = fc.array(fc.tuple(fc.nat(2), fc.array(fc.nat(3), { minLength: 1, maxLength: 4 })), {
  maxLength: 30,
});
/** What becomes of records, one after the other. */
const fates = fc.infiniteStream(fc.constantFrom('taken', 'later', 'back', 'taken'));

describe('the window', () => {
  it('keeps the order of every key and the limits of a call, and its checkpoint passes nothing, whatever fails', () => {
    fc.assert(
      fc.property(logs, fates, fc.integer({ min: 1, max: 5 }), (log, fate, records) => {
        const window = windowOf('s0', 's1', 's2');
        const heads = new Map<string, number>();
        const open = new Set<WindowRecord>();
        const add = (stream: string, keys: readonly number[]): void => {
          const revision = (heads.get(stream) ?? 0) + 1;
          heads.set(stream, revision);
          const added = keys.map((key) => aRecord(stream, revision, `${stream}-${key}`)); // A key belongs to one stream.
          for (const record of added) window.add(record);
          for (const record of added) open.add(record);
          window.readThrough(stream, revision);
        };
        const settle = (record: WindowRecord, nowMs: number): void => {
          const end = fate.next().value;
          if (end === 'later') window.rest(record, nowMs + 2);
          else if (end === 'back') window.giveBack(record);
          else if (open.delete(record)) window.finish(record);
        };
        const isOver = (nowMs: number): boolean => nowMs >= log.length && open.size === 0;
        let underWay: WindowRecord[] = [];
        for (let nowMs = 0; !isOver(nowMs) && nowMs < 5_000; nowMs += 1) {
          const [stream, keys] = log[nowMs] ?? [0, []];
          if (keys.length > 0) add(`s${stream}`, keys);
          const wave = window.take(nowMs, { records, bytes: 35 });
          expect(wave.length).toBeLessThanOrEqual(Math.min(records, 3));
          for (const record of wave) expect([...open].find(({ key }) => key === record.key)).toBe(record);
          const sent = [...underWay, ...wave].map(({ key }) => key);
          expect(new Set(sent).size).toBe(sent.length);
          for (const record of underWay) settle(record, nowMs); // One call is answered while the next is under way.
          underWay = wave;
          for (const [name, head] of heads) {
            const first = [...open].find(({ event }) => event.tenant === name);
            expect(window.checkpointOf(name)).toBe(first ? first.event.revision - 1 : head);
          }
        }
        expect([open.size, window.size, window.nextMs]).toEqual([0, 0, null]);
      }),
    );
  });

  it('gives each stream its turn', () => {
    const window = windowOf('a', 'b');
    for (let n = 1; n <= 3; n += 1) window.add(aRecord('a', n, `a${n}`));
    window.add(aRecord('b', 1, 'b1'));
    expect(names(window.take(0, { records: 2, bytes: 100 }))).toEqual(['a/1/a1', 'b/1/b1']);
    expect(names(window.take(0, { records: 9, bytes: 100 }))).toEqual(['a/2/a2', 'a/3/a3']);
  });

  it('sends one that is larger than a call by itself, and one that is suspected too', () => {
    const window = windowOf('a');
    const suspect = aRecord('a', 3, 'k3');
    for (const record of [aRecord('a', 1, 'k1', 200), aRecord('a', 2, 'k2'), suspect, aRecord('a', 4, 'k4')])
      window.add(record);
    suspect.suspectSince = 0;
    const limits = { records: 9, bytes: 100 };
    const waves = [0, 1, 2, 3].map((nowMs) => names(window.take(nowMs, limits)));
    expect(waves).toEqual([['a/1/k1'], ['a/2/k2'], ['a/3/k3'], ['a/4/k4']]);
  });

  it('lets a record rest until its time', () => {
    const window = windowOf('a');
    window.add(aRecord('a', 1, 'k'));
    const [record] = window.take(0, LIMITS);
    window.rest(record!, 100);
    expect([window.nextMs, window.take(99, LIMITS), names(window.take(100, LIMITS))]).toEqual([
      100,
      [],
      ['a/1/k'],
    ]);
  });

  it('has room for one more stream, however many are stuck', () => {
    const window = windowOf('a', 'b', 'c');
    const fill = (stream: string): number => {
      let count = 0;
      for (; window.hasRoom(stream); count += 1) window.add(aRecord(stream, count + 1, `${stream}${count}`));
      return count;
    };
    expect([fill('a'), fill('b'), fill('c')]).toEqual([500, 250, 125]);
    expect(window.isFull).toBe(false);
  });
});
