import { InvalidInput } from '#shared-kernel';
import type { LoggedEvent, ReadPage } from '#platform/change-log';
import type { EventBatch } from './event-batch.js';
import { EventHub } from './event-hub.js';
import { wantedBy } from './wanted.js';

/** A stream in memory whose reads are answered when the test says so. */
class Stream {
  readonly events: LoggedEvent[] = [];
  readonly reads: ((error?: Error) => void)[] = [];
  readonly asked: (readonly string[] | null)[] = [];

  readonly hub = new EventHub({
    page: (after, types) =>
      new Promise<ReadPage>((resolve, reject) => {
        this.asked.push(types);
        this.reads.push((error) => {
          if (error) reject(error);
          const news = this.events.filter(({ revision }) => revision > after);
          const events = news.filter(({ aggregateType }) => types?.includes(aggregateType) ?? true);
          resolve({ events, next: news.at(-1)?.revision ?? after, hasMore: false });
        });
      }),
    show: () => {
      throw new Error('Nobody looks at it.');
    },
  });

  write(aggregateType = 'a'): void {
    this.events.push({ revision: this.events.length + 1, sub: 0, aggregateType } as LoggedEvent);
    this.hub.changed(aggregateType);
  }

  async answer(error?: Error): Promise<void> {
    this.reads.shift()?.(error);
    await new Promise(setImmediate);
  }
}

const listener = (...aggregateTypes: string[]) => {
  const heard: number[] = [];
  const wanted = wantedBy(aggregateTypes.length > 0 ? { aggregateTypes } : {});
  const lost = { times: 0 };
  const hears = {
    wanted,
    hears: (batch: EventBatch) => {
      heard.push(...batch.fitting(wanted).events.map(({ revision }) => revision));
    },
    lost: () => void (lost.times += 1),
  };
  return { heard, lost, hears };
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

it('reads nothing when what changed is nothing that anybody wants', async () => {
  const stream = new Stream();
  const one = listener('a');
  stream.hub.join(one.hears, 0);
  await stream.answer();
  stream.write('b');
  expect(stream.reads).toHaveLength(0);
  stream.hub.advance(1);
  stream.write('a');
  await stream.answer();
  expect([one.heard, stream.hub.position, stream.asked]).toEqual([[2], 2, [['a'], ['a']]]);
});

it('whoever wants more than the others misses nothing that came while less was read', async () => {
  const stream = new Stream();
  const [one, more, all] = [listener('a'), listener('b'), listener()];
  stream.hub.join(one.hears, 0);
  stream.write('b');
  expect(stream.hub.join(more.hears, 0)).toBe(true);
  await stream.answer();
  expect([one.heard, more.heard]).toEqual([[], []]);
  await stream.answer();
  expect([one.heard, more.heard]).toEqual([[], [1]]);
  stream.write('c');
  stream.write('a');
  expect(stream.hub.join(all.hears, 1)).toBe(true);
  await stream.answer();
  await stream.answer();
  expect([one.heard, more.heard, all.heard]).toEqual([[3], [1], [2, 3]]);
});

it('passes over nothing that was announced and is not read yet', async () => {
  const stream = new Stream();
  const one = listener();
  stream.hub.join(one.hears, 0);
  stream.write();
  stream.hub.advance(1);
  expect(stream.hub.position).toBe(0);
  await stream.answer(new Error('The database is away.'));
  await stream.answer(new Error('The database is away.'));
  stream.hub.advance(1);
  expect(stream.hub.position).toBe(0);
  stream.hub.look();
  await stream.answer();
  expect(one.heard).toEqual([1]);
  stream.hub.leave(one.hears);
});

it('lets go of all when what comes cannot be read ever', async () => {
  const stream = new Stream();
  const one = listener();
  stream.hub.join(one.hears, 0);
  await stream.answer(InvalidInput.at('/after', 'beyond_head', 'It is not so far.'));
  expect(one.lost.times).toBe(1);
});
