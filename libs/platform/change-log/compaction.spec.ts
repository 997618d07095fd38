import { describeCompacted } from './compaction-job.js';
import { boundaryOf, monthOf } from './compaction.js';

describe('where the whole history begins', () => {
  it.each([
    ['2026-03-31T23:59:59.999Z', 30, '2026-03-01'],
    ['2026-03-31T00:00:00.000Z', 31, '2026-02-01'],
    ['2026-01-15T00:00:00.000Z', 365, '2025-01-01'],
    ['2024-03-01T00:00:00.000Z', 366, '2023-03-01'],
  ])('at %s with %i days is %s', (now, days, boundary) => {
    expect(boundaryOf(new Date(now), days)).toEqual(new Date(`${boundary}T00:00:00Z`));
  });

  it('is seven days ago at the latest, so that what is sent again finds its event', () => {
    expect(boundaryOf(new Date('2026-03-07T23:59:59Z'), 1)).toEqual(new Date('2026-02-01T00:00:00Z'));
    expect(boundaryOf(new Date('2026-03-08T00:00:00Z'), 1)).toEqual(new Date('2026-03-01T00:00:00Z'));
  });

  it('is the month in UTC, wherever the process runs', () => {
    expect(monthOf(new Date('2026-01-01T00:30:00+01:00'))).toEqual(new Date('2025-12-01T00:00:00Z'));
  });
});

describe('what is said of a month', () => {
  const month = { firstDay: new Date('2025-02-01T00:00:00Z'), rows: 9, acts: 2, versions: 3, held: 0 };

  it('is a line', () => {
    expect(describeCompacted(month, 'removed', 1_234)).toBe(
      '2025-02: removed 3 versions and 2 acts of 9 rows in 1.2 s.',
    );
  });

  it('names what could not go yet', () => {
    expect(describeCompacted({ ...month, held: 4 }, 'would remove')).toBe(
      '2025-02: would remove 3 versions and 2 acts of 9 rows; 4 more cannot go yet.',
    );
  });
});
