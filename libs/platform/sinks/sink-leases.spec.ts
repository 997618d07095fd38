import { ChangeBus } from '#platform/change-log';
import { SinkLeases } from './sink-leases.js';
import type { KindLeases } from './sink-store.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Leases of one kind, with what the database says to each beat. */
function replica(beat: () => Promise<KindLeases[]>) {
  const store = { beat: jest.fn(beat), report: () => Promise.resolve(), giveBack: () => Promise.resolve() };
  const bus = new ChangeBus();
  const leases = new SinkLeases(store as never, bus);
  leases.register({ kind: 'test', begin: jest.fn() });
  leases.onApplicationBootstrap();
  return { store, bus };
}

it('looks seldom while there is no sink, and within a second when somebody wrote something', async () => {
  const { store, bus } = replica(() => Promise.resolve([]));
  await jest.advanceTimersByTimeAsync(1_000);
  expect(store.beat).toHaveBeenCalledTimes(1);
  bus.publish([{ tenant: 'acme' } as never], 'elsewhere');
  await jest.advanceTimersByTimeAsync(1_000);
  expect(store.beat).toHaveBeenCalledTimes(2);
  await jest.advanceTimersByTimeAsync(3_000);
  expect(store.beat).toHaveBeenCalledTimes(2);
});
