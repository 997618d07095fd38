import type { EventPage, LoggedEvent } from '#platform/change-log';
import { SharedReads } from './shared-reads.js';

const pageOf = (events: number, next: number): EventPage => ({
  events: Array.from({ length: events }, () => ({}) as LoggedEvent),
  next,
});

describe('reads that several have in common', () => {
  it('are done once, at the same time or a little later', async () => {
    const asked: string[] = [];
    const reads = new SharedReads(async (stream, after) => {
      asked.push(`${stream} ${after}`);
      return pageOf(1, after + 1);
    });
    const pages = await Promise.all([reads.page('a', 0), reads.page('a', 0), reads.page('b', 0)]);
    expect(await reads.page('a', 0)).toBe(pages[0]);
    expect(asked).toEqual(['a 0', 'b 0']);
    reads.clear();
    await reads.page('a', 0);
    expect(asked).toHaveLength(3);
  });

  it('are done again where there was nothing, or an error', async () => {
    let count = 0;
    const reads = new SharedReads(async () => {
      count += 1;
      if (count === 1) throw new Error('away');
      return pageOf(0, 0);
    });
    await expect(reads.page('a', 0)).rejects.toThrow('away');
    await reads.page('a', 0);
    await reads.page('a', 0);
    expect(count).toBe(3);
  });

  it('keep few', async () => {
    let count = 0;
    const reads = new SharedReads(async () => pageOf(1, (count += 1)));
    for (let after = 0; after < 20; after += 1) await reads.page('a', after);
    await reads.page('a', 19);
    expect(count).toBe(20);
    await reads.page('a', 0);
    expect(count).toBe(21);
  });
});
