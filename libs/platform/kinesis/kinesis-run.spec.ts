import type { LoggedEvent } from '#platform/change-log';
import { SinkLost } from '#platform/sinks';
import type { HeldSink } from '#platform/sinks';
import { KinesisRun } from './kinesis-run.js';
import { PutFailed } from './kinesis-stream.js';
import type { PutRecord } from './kinesis-stream.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const anEvent = (revision: number, key: string): LoggedEvent =>
  ({ tenant: 'acme', revision, sub: 0, aggregateId: key, snapshot: null }) as LoggedEvent;

/** A log that is read from the beginning, a sink, and a Kinesis that answers as it is told. */
function aRun(log: LoggedEvent[], put: (keys: readonly string[]) => void) {
  const state = { isHeld: true, isLost: false, parked: [] as string[], puts: [] as string[] };
  const sink: Partial<HeldSink> = {
    name: 'kinesis',
    get isHeld() {
      return state.isHeld;
    },
    checkpoints: () => Promise.resolve(new Map()),
    advance: () => (state.isLost ? Promise.reject(new SinkLost('kinesis')) : Promise.resolve()),
    park: (event) => Promise.resolve(void state.parked.push(event.aggregateId)),
    succeeded: () => undefined,
    failed: () => undefined,
  };
  const head = (): number => log.at(-1)?.revision ?? 0;
  const slices = {
    heads: () => Promise.resolve(new Map([['acme', head()]])),
    after: (_: string, { revision: after }: { revision: number }) =>
      Promise.resolve({ events: log.filter(({ revision }) => revision > after), through: head() }),
  };
  const stream = {
    put: async (records: readonly PutRecord[], signal: AbortSignal) => {
      state.puts.push(records.map(({ key }) => key).join());
      if (signal.aborted) throw new PutFailed('No answer in time.', false);
      put(records.map(({ key }) => key));
      return records.map(() => ({ kind: 'taken' }));
    },
  };
  const parts = { stream, slices, encode: () => new Uint8Array(1) };
  return { state, run: new KinesisRun(sink as HeldSink, parts as never) };
}

const refuses = (bad: string) => (keys: readonly string[]) => {
  if (keys.includes(bad)) throw new PutFailed('InvalidArgumentException (status 400)', true);
};

it('sends nothing more once another one notes where it is', async () => {
  const log = [anEvent(1, 'a')];
  const { state, run } = aRun(log, () => undefined);
  state.isLost = true;
  await jest.advanceTimersByTimeAsync(1_500);
  expect(state.puts).toEqual(['a']);
  log.push(anEvent(2, 'b'));
  run.wake(['acme']);
  await jest.advanceTimersByTimeAsync(1_500);
  expect(state.puts).toEqual(['a']);
});

it('goes on when its lease stands again, with what was tried later meanwhile', async () => {
  let isUp = false;
  const { state, run } = aRun([anEvent(1, 'a')], () => {
    if (!isUp) throw new PutFailed('InternalFailure', false);
  });
  await jest.advanceTimersByTimeAsync(0);
  state.isHeld = false;
  await jest.advanceTimersByTimeAsync(60_000);
  const before = state.puts.length;
  isUp = true;
  state.isHeld = true;
  run.wake(null);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(state.puts.slice(before)).toEqual(['a']);
});

it('puts aside what is refused alone, when others were taken since', async () => {
  const { state } = aRun([anEvent(1, 'bad'), anEvent(2, 'good')], refuses('bad'));
  await jest.advanceTimersByTimeAsync(60_000);
  expect([state.parked, state.puts.includes('good')]).toEqual([['bad'], true]);
});

it('puts nothing aside while nothing is taken any more, whatever was taken before', async () => {
  const log = [anEvent(1, 'good')];
  let isBroken = false;
  const { state, run } = aRun(log, () => {
    if (isBroken) throw new PutFailed('InvalidArgumentException (status 400)', true);
  });
  await jest.advanceTimersByTimeAsync(0);
  expect(state.puts).toEqual(['good']);
  isBroken = true;
  log.push(anEvent(2, 'a'), anEvent(3, 'b'));
  run.wake(['acme']);
  await jest.advanceTimersByTimeAsync(300_000);
  expect(state.parked).toEqual([]);
  isBroken = false;
  await jest.advanceTimersByTimeAsync(60_000);
  expect(state.puts.slice(-2).toSorted()).toEqual(['a', 'b']);
});
