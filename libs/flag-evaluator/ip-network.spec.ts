import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { networkTest } from './ip-network.js';

const isIn = (address: string, cidr: string): boolean | undefined => networkTest(cidr)?.(address);

describe('an address in a network', () => {
  it.each([
    ['10.1.2.3', '10.0.0.0/8'],
    ['10.1.2.3', '10.9.9.9/8'],
    ['192.168.1.130', '192.168.1.128/25'],
    ['1.2.3.4', '0.0.0.0/0'],
    ['1.2.3.4', '1.2.3.4'],
    ['1.2.3.4', '1.2.3.4/32'],
    ['::ffff:10.1.2.3', '10.0.0.0/8'],
    ['::ffff:a01:203', '10.0.0.0/8'],
    ['10.1.2.3', '::ffff:10.0.0.0/104'],
    ['2001:db8::1', '2001:db8::/32'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:ffff::', '2001:db8:8000::/33'],
    ['::1', '::/0'],
    ['::', '::/128'],
    ['64:ff9b::1.2.3.4', '64:ff9b::/96'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ])('%s is in %s', (address, cidr) => {
    expect(isIn(address, cidr)).toBe(true);
  });

  it.each([
    ['11.0.0.0', '10.0.0.0/8'],
    ['192.168.1.127', '192.168.1.128/25'],
    ['1.2.3.4', '::/0'],
    ['::ffff:1.2.3.4', '::/0'],
    ['::1', '0.0.0.0/0'],
    ['2001:db9::', '2001:db8::/32'],
    ['2001:db8:7fff::', '2001:db8:8000::/33'],
    ['010.0.0.1', '10.0.0.0/8'],
    ['10.0.0', '10.0.0.0/8'],
    ['fe80::1%eth0', 'fe80::/10'],
    ['', '0.0.0.0/0'],
  ])('%s is not in %s', (address, cidr) => {
    expect(isIn(address, cidr)).toBe(false);
  });

  it.each([
    '',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '10.0.0.0/08',
    '::/129',
    '256.1.1.1',
    'all',
    ':::',
    '1::2::3',
  ])('%j is no network', (cidr) => {
    expect(networkTest(cidr)).toBeUndefined();
  });

  it('is an address exactly when the platform takes it for one', () => {
    const part = fc.constantFrom(
      '0',
      '00',
      '1',
      '9',
      '12',
      '255',
      '256',
      'ff',
      'ffff',
      'fffff',
      ':',
      '::',
      '.',
      'g',
      '-',
      ' ',
      '1.2.3.4',
    );
    const texts = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    const grouped = fc
      .array(fc.constantFrom('', '0', 'ab', 'ffff', '1.2.3.4'), { maxLength: 10 })
      .map((parts) => parts.join(':'));
    fc.assert(
      fc.property(fc.oneof(texts, grouped, fc.ipV4(), fc.ipV6()), (text) => {
        const isAddress = isIPv4(text) || isIPv6(text);
        expect([text, networkTest(text) !== undefined]).toEqual([text, isAddress]);
      }),
      { numRuns: 3000 },
    );
  });
});
