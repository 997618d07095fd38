import { connectivityAt, fallsTo, nextLook } from './connectivity.js';

const NOW = new Date('2026-05-01T12:00:00.000Z');

describe('connectivity', () => {
  const seen = NOW;
  const after = (ms: number): Date => new Date(seen.getTime() + ms);

  it('falls at two and at four heartbeats, each still included', () => {
    expect(
      [0, 600_000, 600_001, 1_200_000, 1_200_001].map((ms) => connectivityAt(seen, 300, after(ms))),
    ).toEqual(['online', 'online', 'late', 'late', 'offline']);
    expect(connectivityAt(null, 300, NOW)).toBe('never');
  });

  it('is looked at at the first instant at which it may be another', () => {
    for (const to of ['late', 'offline'] as const) {
      const at = fallsTo(to, seen, 7);
      expect(connectivityAt(seen, 7, at)).toBe(to);
      expect(connectivityAt(seen, 7, new Date(at.getTime() - 1))).not.toBe(to);
    }
    expect(nextLook('online', seen, 7)).toEqual(fallsTo('late', seen, 7));
    expect([nextLook('offline', seen, 7), nextLook('never', null, 7)]).toEqual([null, null]);
  });
});
