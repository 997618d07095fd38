import type { EventPage, LoggedEvent } from '#platform/change-log';
import { EventHub } from './event-hub.js';

/** A stream in memory whose reads are answered when the test says so. */
class Stream {
  readonly events: LoggedEvent[] = [];
  readonly reads: (() => void)[] = [];

  readonly hub = new EventHub(
    (after) =>
      new Promise<EventPage>((resolve) =>
        this.reads.push(() => {
          const events = this.events.filter(({ revision }) => revision > after);
          resolve({ events, next: events.at(-1)?.revision ?? after });
        }),
      ),
  );

  write(): void {
    this.events.push({ revision: this.events.length + 1, sub: 0 } as LoggedEvent);
    this.hub.look();
  }

  async answer(): Promise<void> {
    this.reads.shift()?.();
    await new Promise(setImmediate);
  }
}

const listener = () => {
  const heard: number[] = [];
  return {
    heard,
    hears: (events: readonly LoggedEvent[]) => heard.push(...events.map(({ revision }) => revision)),
  };
};

it('reads once for all, and once more for what came meanwhile', async () => {
  const stream = new Stream();
  const [one, other] = [listener(), listener()];
  expect([stream.hub.join(one.hears, 0), stream.hub.join(other.hears, 0)]).toEqual([true, true]);
  await stream.answer();
  stream.write();
  stream.write();
  stream.write();
  await stream.answer();
  await stream.answer();
  expect(stream.reads).toHaveLength(0);
  expect([one.heard, other.heard]).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
});

it('takes in nobody who has missed what was told', async () => {
  const stream = new Stream();
  stream.hub.join(listener().hears, 0);
  stream.write();
  await stream.answer();
  await stream.answer();
  const late = listener();
  expect(stream.hub.join(late.hears, 0)).toBe(false);
  expect(stream.hub.join(late.hears, 1)).toBe(true);
  stream.write();
  await stream.answer();
  expect(late.heard).toEqual([2]);
});

it('looks when the first joins, since something may have come while nobody listened', async () => {
  const stream = new Stream();
  stream.write();
  await stream.answer();
  const first = listener();
  stream.hub.join(first.hears, 0);
  await stream.answer();
  expect(first.heard).toEqual([1]);
});

it('tells nobody anything anew who joins while a read for others is under way', async () => {
  const stream = new Stream();
  const gone = listener();
  stream.hub.join(gone.hears, 0);
  stream.write();
  stream.write();
  stream.hub.leave(gone.hears);
  const next = listener();
  stream.hub.join(next.hears, 1);
  await stream.answer();
  await stream.answer();
  expect([gone.heard, next.heard]).toEqual([[], [2]]);
});
