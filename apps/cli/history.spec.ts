import { beforeOf } from './history.js';

const NOW = new Date('2026-05-20T12:00:00Z');

describe('up to which day history is compacted', () => {
  it('is the month of the day that is said, also where everything is kept', () => {
    expect(beforeOf('2026-01-01', null, NOW)).toEqual(new Date('2026-01-01T00:00:00Z'));
    expect(beforeOf('2026-01-31', 10, NOW)).toEqual(new Date('2026-01-01T00:00:00Z'));
  });

  it('is that of HISTORY_DAYS where none is said', () => {
    expect(beforeOf(undefined, 60, NOW)).toEqual(new Date('2026-03-01T00:00:00Z'));
  });

  it.each([
    [undefined, 'HISTORY_DAYS is not set'],
    ['2026-02-30', 'A day like'],
    ['2026-1-1', 'A day like'],
    ['2026-01-01T00:00:00Z', 'A day like'],
    ['', 'A day like'],
    ['2026-06-01', 'now those before 2026-05-01'],
  ])('is not %p', (text, said) => {
    expect(() => beforeOf(text, null, NOW)).toThrow(said);
  });
});
