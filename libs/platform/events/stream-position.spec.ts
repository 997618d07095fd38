import fc from 'fast-check';
import type { LoggedEvent } from '#platform/change-log';
import { formatPositions, isAfter, parsePositions, readFrom } from './stream-position.js';

const position = fc.record({
  revision: fc.nat({ max: 1_000_000_000 }),
  sub: fc.option(fc.nat({ max: 999_999 })),
});

it('is read as it was written, in as many streams as there are', () => {
  fc.assert(
    fc.property(fc.array(position, { minLength: 1, maxLength: 2 }), (positions) => {
      expect(parsePositions(formatPositions(positions), positions.length, '/after')).toEqual(positions);
    }),
  );
});

it('0 is the beginning of however many streams', () => {
  expect(parsePositions('0', 2, '/after')).toEqual([
    { revision: 0, sub: null },
    { revision: 0, sub: null },
  ]);
});

it.each(['', '1', '1.2.3', '1.', '-1.1', '1.-1', '1.1-', 'a.b', ' 1.1', '1.1e3'])(
  '%j is no position in two streams',
  (text) => {
    expect(() => parsePositions(text, 2, '/Last-Event-ID')).toThrow(
      expect.objectContaining({
        facts: { errors: [expect.objectContaining({ pointer: '/Last-Event-ID', code: 'pattern' })] },
      }),
    );
  },
);

it('parts what was told from what is read again and from what comes after', () => {
  const event = (revision: number, sub: number) => ({ revision, sub }) as LoggedEvent;
  const whole = { revision: 7, sub: null };
  expect([event(6, 3), event(7, 0), event(7, 9), event(8, 0)].map((each) => isAfter(each, whole))).toEqual([
    ...[false, false, false, true],
  ]);
  const inside = { revision: 7, sub: 1 };
  expect([event(6, 3), event(7, 1), event(7, 2), event(8, 0)].map((each) => isAfter(each, inside))).toEqual([
    ...[false, false, true, true],
  ]);
  expect([readFrom(whole), readFrom(inside)]).toEqual([7, 6]);
});
