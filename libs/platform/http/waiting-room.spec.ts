import { WaitingRoom } from './waiting-room.js';

let looks: number;
let room: WaitingRoom<string>;

beforeEach(() => {
  jest.useFakeTimers();
  looks = 0;
  room = new WaitingRoom(() => (looks += 1));
});

afterEach(() => {
  jest.useRealTimers();
});

const other =
  (known: string) =>
  (state: string): boolean =>
    state !== known;

const PENDING = Symbol('not yet');

const outcome = async (promise: Promise<unknown>): Promise<unknown> =>
  Promise.race([promise, Promise.resolve().then(() => Promise.resolve(PENDING))]);

it('answers those to whom a state is news, and leaves the others waiting', async () => {
  const [old, current] = [room.enter(10, other('a')), room.enter(10, other('b'))];
  room.tell('b', null);
  expect(await outcome(old.state)).toBe('b');
  expect(await outcome(current.state)).toBe(PENDING);
  expect(room.size).toBe(1);
});

it('answers without news when the time is over, each at its own', async () => {
  const [long, short] = [room.enter(10, other('a')), room.enter(2, other('a'))];
  jest.advanceTimersByTime(1_999);
  expect(await outcome(short.state)).toBe(PENDING);
  jest.advanceTimersByTime(1);
  expect(await outcome(short.state)).toBeNull();
  expect(await outcome(long.state)).toBe(PENDING);
  jest.advanceTimersByTime(8_000);
  expect(await outcome(long.state)).toBeNull();
});

it('keeps one timer, however many wait and however long, and none for nobody', () => {
  const waiting = Array.from({ length: 1_000 }, (_, index) => room.enter(1 + (index % 55), other('a')));
  expect(jest.getTimerCount()).toBe(1);
  for (const each of waiting) each.leave();
  expect([room.size, jest.getTimerCount()]).toEqual([0, 0]);
});

it('lets those who came later wait on when the first has gone', async () => {
  const first = room.enter(5, other('a'));
  jest.advanceTimersByTime(3_000);
  const second = room.enter(5, other('a'));
  first.leave();
  jest.advanceTimersByTime(4_999);
  expect(await outcome(second.state)).toBe(PENDING);
  jest.advanceTimersByTime(1);
  expect(await outcome(second.state)).toBeNull();
});

it('looks by itself when it is time to, once', () => {
  room.enter(30, other('a'));
  room.lookIn(10_000);
  jest.advanceTimersByTime(9_999);
  expect(looks).toBe(0);
  jest.advanceTimersByTime(1);
  expect(looks).toBe(1);
  jest.advanceTimersByTime(15_000);
  expect(looks).toBe(1);
});

it('looks again when a state that it was told says so', () => {
  room.enter(30, other('a'));
  room.tell('a', 1_000);
  room.tell('a', 2_000);
  jest.advanceTimersByTime(1_999);
  expect(looks).toBe(0);
  jest.advanceTimersByTime(1);
  expect(looks).toBe(1);
});

it('ends for all at once', async () => {
  const waiting = [room.enter(10, other('a')), room.enter(20, other('b'))];
  room.end();
  expect(await Promise.all(waiting.map(({ state }) => outcome(state)))).toEqual([null, null]);
  expect([room.size, jest.getTimerCount()]).toEqual([0, 0]);
});

it('refuses all when there is nothing to wait for', async () => {
  const { state } = room.enter(10, other('a'));
  room.refuse(new Error('gone'));
  await expect(state).rejects.toThrow('gone');
  expect([room.size, jest.getTimerCount()]).toEqual([0, 0]);
});
