import { ChangeBus } from '#platform/change-log';
import type { CommittedChange } from '#platform/change-log';
import type { Job } from '#platform/jobs';
import { DueSweeper } from './due-sweeper.js';

/** Sweeps once, where these are the answers to when something is due; gives how often, and when it wants to look again. */
async function swept(
  dueInMs: readonly (number | null)[],
  lock: 'free' | 'taken' = 'free',
): Promise<[number, unknown]> {
  const jobs: Job[] = [];
  const answers = [...dueInMs];
  const sweep = jest.fn(() => Promise.resolve(0));
  const settling = { dueInMs: () => Promise.resolve(answers.shift()), sweep };
  const exclusively = async (_: string, work: () => Promise<void>): Promise<void> => {
    if (lock === 'free') await work();
  };
  const everywhere = (job: Job): unknown => jobs.push(job);
  new DueSweeper(
    settling as never,
    { exclusively } as never,
    { everywhere } as never,
    new ChangeBus(),
  ).onApplicationBootstrap();
  for (const job of jobs) await job.run();
  return [sweep.mock.calls.length, jobs[0]?.sooner?.()];
}

describe('the sweeper', () => {
  it('looks again when the next thing is due', async () => {
    expect(await swept([70])).toEqual([0, 70]);
    expect(await swept([0, 3])).toEqual([1, 3]);
    expect(await swept([null])).toEqual([0, null]);
  });

  it('leaves what somebody else is at work on for its next turn', async () => {
    expect(await swept([0, 0])).toEqual([1, 200]);
    expect(await swept([0, 0], 'taken')).toEqual([0, 200]);
  });

  it('looks soon when a request has changed, once however many did, and not for anything else', async () => {
    const bus = new ChangeBus();
    const jobs: Job[] = [];
    const hasten = jest.fn();
    new DueSweeper(
      { dueInMs: () => Promise.resolve(60_000) } as never,
      {} as never,
      { everywhere: (job: Job) => jobs.push(job), hasten } as never,
      bus,
    ).onApplicationBootstrap();
    const change = (aggregateType: string): void =>
      bus.publish([{ aggregateType } as CommittedChange], 'elsewhere');
    change('metadata.entry');
    expect(hasten).not.toHaveBeenCalled();
    change('supervisor.request');
    change('supervisor.request');
    expect(hasten.mock.calls).toEqual([[jobs[0], 200]]);
    expect(jobs[0]?.sooner?.()).toBe(200);
    await jobs[0]?.run();
    expect(jobs[0]?.sooner?.()).toBe(60_000);
  });
});
