import { Pace } from './pace.js';

const failure = { begunAt: 0, now: 0, retryAfterSeconds: null, chance: 0 };

describe('the pace of a receiver', () => {
  it('grows by one with each message that is taken, up to eight', () => {
    const pace = new Pace();
    const rooms = Array.from({ length: 10 }, () => {
      const room = pace.room(0, 0);
      pace.succeeded();
      return room;
    });
    expect(rooms).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 8, 8]);
    expect(pace.room(0, 5)).toBe(3);
    expect(pace.room(0, 9)).toBe(0);
  });

  it('is one at a time after a failure, with pauses that double up to a minute', () => {
    const pace = new Pace();
    for (let count = 0; count < 7; count += 1) pace.succeeded();
    const pauses: number[] = [];
    let now = 0;
    for (let count = 0; count < 12; count += 1) {
      pace.failed({ ...failure, begunAt: now, now });
      const began = now;
      while (pace.room(now, 0) === 0) now += 10;
      pauses.push(now - began);
      expect([pace.room(now, 0), pace.room(now, 1)]).toEqual([1, 0]);
    }
    expect(pauses).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000,
    ]);
  });

  it('counts what failed together once', () => {
    const pace = new Pace();
    for (let count = 0; count < 8; count += 1) pace.failed({ ...failure, begunAt: 0, now: 100 + count });
    expect(pace.room(350, 0)).toBe(1);
  });

  it('is what the receiver asks for, within an hour', () => {
    const pace = new Pace();
    pace.failed({ ...failure, retryAfterSeconds: 30 });
    expect([pace.room(29_999, 0), pace.room(30_000, 0)]).toEqual([0, 1]);
    pace.failed({ ...failure, begunAt: 30_000, now: 30_000, retryAfterSeconds: 1e9 });
    expect([pace.room(3_629_999, 0), pace.room(3_630_000, 0)]).toEqual([0, 1]);
  });

  it('tells the end of an outage, and not that of one failure', () => {
    const pace = new Pace();
    pace.failed(failure);
    expect(pace.succeeded()).toBe(false);
    for (let now = 1; now < 4; now += 1) pace.failed({ ...failure, begunAt: now, now });
    expect([pace.succeeded(), pace.succeeded(), pace.isFailing]).toEqual([true, false, false]);
  });
});
