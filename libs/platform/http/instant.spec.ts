import { InvalidInput } from '#shared-kernel';
import { toInstant, toInstantOrNull } from './instant.js';

it.each([
  ['2026-05-01T10:00:00.000Z', '2026-05-01T10:00:00.000Z'],
  ['2026-05-01t10:00:00.123456z', '2026-05-01T10:00:00.123Z'],
  ['2026-05-01T10:00:00+02:00', '2026-05-01T08:00:00.000Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
])('%s is %s', (text, instant) => {
  expect(toInstant(text, '/at').toISOString()).toBe(instant);
});

it.each([
  '2027-02-30T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-04-31T00:00:00+02:00',
  '2026-05-01T10:00:00+99:00',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59.999-23:59',
])('there is no %s', (text) => {
  expect(() => toInstant(text, '/at')).toThrow(InvalidInput);
});

it('leaves what is absent or null', () => {
  expect([toInstantOrNull(undefined, '/at'), toInstantOrNull(null, '/at')]).toEqual([undefined, null]);
});
