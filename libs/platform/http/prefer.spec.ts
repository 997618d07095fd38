import { waitSecondsOf } from './prefer.js';

const waitOf = (prefer: string): number | null => waitSecondsOf({ prefer });

it.each([
  ['wait=0', 0],
  ['wait=30', 30],
  ['wait=55', 55],
  ['WAIT=7', 7],
  ['wait = 7', 7],
  ['wait="7"', 7],
  ['wait=7; loud=yes', 7],
  ['respond-async, wait=7', 7],
  ['return=minimal;what="a, wait=3", wait=7', 7],
  ['wait=7, wait=9', 7],
])('finds the seconds in %s', (prefer, seconds) => {
  expect(waitOf(prefer)).toBe(seconds);
});

it('takes no more than a proxy bears', () => {
  expect(waitOf('wait=56')).toBe(55);
  expect(waitOf('wait=999999999')).toBe(55);
});

it.each([
  '',
  'wait',
  'wait=',
  'wait=-1',
  'wait=1.5',
  'wait=soon',
  'wait=9999999999',
  'waiting=7',
  'x="wait=7"',
])('takes %p for no wish', (prefer) => {
  expect(waitOf(prefer)).toBeNull();
});

it('knows no wish where there is no header', () => {
  expect(waitSecondsOf({})).toBeNull();
});
