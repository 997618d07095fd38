import { Jobs } from './jobs.js';

const context = { runAsSystem: (_: string, work: () => Promise<void>) => work() };

describe('a job', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const runsOf = async (sooner: (() => number | null) | undefined, milliseconds: number): Promise<number> => {
    const jobs = new Jobs(context as never, {} as never);
    const run = jest.fn(() => Promise.resolve());
    jobs.everywhere({ name: 'test', everyMs: 1_000, run, ...(sooner && { sooner }) });
    await jest.advanceTimersByTimeAsync(milliseconds);
    await jobs.beforeApplicationShutdown();
    await jest.advanceTimersByTimeAsync(10_000);
    return run.mock.calls.length;
  };

  it('is done at the start and again and again, until the end', async () => {
    expect(await runsOf(undefined, 0)).toBe(1);
    expect(await runsOf(undefined, 899)).toBe(1);
    expect(await runsOf(undefined, 1_000)).toBe(2);
  });

  it('is done sooner where it says so, and never later', async () => {
    expect(await runsOf(() => 100, 350)).toBe(4);
    expect(await runsOf(() => null, 899)).toBe(1);
    expect(await runsOf(() => 5_000, 1_000)).toBe(2);
  });

  it('is hastened where it waits for its turn, and never put off', async () => {
    const jobs = new Jobs(context as never, {} as never);
    const run = jest.fn(() => Promise.resolve());
    const job = { name: 'test', everyMs: 1_000, run };
    jobs.everywhere(job);
    await jest.advanceTimersByTimeAsync(0);
    jobs.hasten(job, 100);
    jobs.hasten(job, 5_000);
    await jest.advanceTimersByTimeAsync(99);
    expect(run).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(run).toHaveBeenCalledTimes(2);
    await jest.advanceTimersByTimeAsync(899);
    expect(run).toHaveBeenCalledTimes(2);
    await jest.advanceTimersByTimeAsync(101);
    expect(run).toHaveBeenCalledTimes(3);
    await jobs.beforeApplicationShutdown();
  });
});
