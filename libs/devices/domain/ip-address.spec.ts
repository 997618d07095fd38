import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { cidrRange, ipAddress, readIp } from './ip-address.js';

it.each([
  ['192.168.1.10', '192.168.1.10'],
  ['0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', '255.255.255.255'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  // RFC 5952, 4.1 to 4.3.
  ['2001:0db8::0001', '2001:db8::1'],
  ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:DB8:ABCD::', '2001:db8:abcd::'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:c000:201', '192.0.2.1'],
  ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ['::192.0.2.1', '::c000:201'],
])('%s is %s', (text, canonical) => {
  expect(ipAddress(text)).toBe(canonical);
});

it.each([
  '',
  '192.168.001.010',
  '01.2.3.4',
  '256.1.1.1',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.4/32',
  '1.2.3.4:80',
  ' 1.2.3.4',
  '1.2.3.4\n',
  '0x7f.0.0.1',
  '2130706433',
  '١.2.3.4',
  'fe80::1%eth0',
  '2001:db8::/32',
  '[::1]',
  '[::1]:80',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8',
  '1:2:3:4:5:6:7:8::',
  ':1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:',
  '12345::',
  'g::',
  '::1.2.3',
  '::01.2.3.4',
  '1.2.3.4::',
  '1:2:3:4:5:6:7:1.2.3.4',
  '1:2.3.4.5::6',
  'localhost',
  ':'.repeat(1_000_000),
])('%j is none', (text) => {
  expect(readIp(text)).toBeNull();
});

it('takes what Node takes, without zones, and gives what it takes again', () => {
  const group = fc.stringMatching(/^[0-9a-fA-F]{1,4}$/);
  const mostly = fc.array(fc.oneof(group, fc.constant('0'), fc.constant(''), fc.ipV4()), { maxLength: 9 });
  const texts = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    mostly.map((parts) => parts.join(':')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const read = readIp(text);
      expect(read !== null).toBe(isIPv4(text) || isIPv6(text));
      if (read === null) return;
      expect(readIp(read)).toBe(read);
      if (!read.includes(':')) expect(isIPv4(read)).toBe(true);
      else expect(new URL(`http://[${text}]`).hostname).toBe(`[${read}]`); // WHATWG URLs are in RFC 5952's form.
    }),
    { numRuns: 500 },
  );
});

it.each([
  ['10.0.0.0/8', '10.0.0.0', '10.255.255.255'],
  ['10.1.2.3/8', '10.0.0.0', '10.255.255.255'],
  ['192.0.2.7/32', '192.0.2.7', '192.0.2.7'],
  ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
  ['2001:db8::/32', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001:db8::1/128', '2001:db8::1', '2001:db8::1'],
  ['::/0', '::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['::fffe:0:0/95', '::fffe:0:0', '::ffff:ffff:ffff'],
])('%s is from %s to %s', (block, first, last) => {
  expect(cidrRange(block)).toEqual({ first, last });
});

it.each([
  '',
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0.0/08',
  '10.0.0.0/-1',
  '::/129',
  '::ffff:10.0.0.0/104',
  '/8',
  '1.2.3.4/8/8',
])('%j is no block', (text) => {
  expect(() => cidrRange(text)).toThrow(
    expect.objectContaining({ violations: [expect.objectContaining({ pointer: '/cidr', code: 'pattern' })] }),
  );
});
