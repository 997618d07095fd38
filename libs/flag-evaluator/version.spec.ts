import { compareVersions, versionOf } from './version.js';

function order(a: string, b: string): number {
  const [left, right] = [versionOf(a), versionOf(b)];
  if (left === undefined || right === undefined) throw new Error('No version.');
  return Math.sign(compareVersions(left, right));
}

describe('the precedence of versions', () => {
  it('is that of the specification', () => {
    const ascending = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.9.0',
      '1.10.0',
      '1.11.0',
      '2.0.0',
      '2.1.0',
      '2.1.1',
      '99999999999999999999.0.0',
      '100000000000000000000.0.0',
    ];
    for (const [left, a] of ascending.entries())
      for (const [right, b] of ascending.entries())
        expect([a, b, order(a, b)]).toEqual([a, b, Math.sign(left - right)]);
  });

  it.each([
    ['v1.2.3', '1.2.3'],
    ['1.2', '1.2.0'],
    ['2', '2.0.0'],
    ['2-rc.1', '2.0.0-rc.1'],
    ['1.2.3+build.5', '1.2.3+other'],
    ['2024.05.01', '2024.5.1'],
    ['0', '0.0.0'],
  ])('takes %s for %s', (a, b) => {
    expect(order(a, b)).toBe(0);
  });

  it.each(['', 'v', '1.', '1.2.3.4', '1.2.3-', '1..3', 'latest', '1.2.3 ', '-1', '1.0.0-a..b'])(
    'finds none in %j',
    (text) => {
      expect(versionOf(text)).toBeUndefined();
    },
  );
});
