import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { macAddress, readMac } from './mac-address.js';

const EUI_48 = '00:1a:2b:3c:4d:5e';
const EUI_64 = '00:1a:2b:ff:fe:3c:4d:5e';

it.each([
  ['00:1a:2b:3c:4d:5e', EUI_48],
  ['00:1A:2B:3C:4D:5E', EUI_48],
  ['00-1a-2b-3c-4d-5e', EUI_48],
  ['001a.2b3c.4d5e', EUI_48],
  ['001a2b3c4d5e', EUI_48],
  ['001A2b3C4d5E', EUI_48],
  ['00:1a:2b:ff:fe:3c:4d:5e', EUI_64],
  ['00-1A-2B-FF-FE-3C-4D-5E', EUI_64],
  ['001a.2bff.fe3c.4d5e', EUI_64],
  ['001a2bfffe3c4d5e', EUI_64],
  ['02:00:00:00:00:01', '02:00:00:00:00:01'],
  ['fe:ff:ff:ff:ff:ff', 'fe:ff:ff:ff:ff:ff'],
])('%s is %s', (text, canonical) => {
  expect(macAddress(text)).toBe(canonical);
});

it.each([
  '00:1a:2b:3c:3r:5e',
  '',
  '00:1a:2b:3c:4d',
  '00:1a:2b:3c:4d:5e:6f',
  '00:1a:2b:3c:4d:5e:6f:70:81',
  '00:1a:2b-3c-4d-5e',
  '00:1a:2b:3c:4d-5e',
  '001a:2b3c:4d5e',
  '001a-2b3c-4d5e',
  '00.1a.2b.3c.4d.5e',
  '001a.2b3c4d5e',
  '0:1a:2b:3c:4d:5e',
  '00:1a:2b:3c:4d:5e ',
  ' 00:1a:2b:3c:4d:5e',
  '00 1a 2b 3c 4d 5e',
  '00:1a:2b:3c:4d:5e\n',
  '٠٠:1a:2b:3c:4d:5e',
  '００:1a:2b:3c:4d:5e',
  '001a2b3c4d5',
  '001a2b3c4d5e6f',
  '0x001a2b3c4d5e',
  '00:1a:2b:3c:4d:5e\0',
  'a'.repeat(1_000_000),
])('%j is none', (text) => {
  expect(readMac(text)).toMatchObject({ code: 'pattern' });
});

it.each([
  ['00:00:00:00:00:00', 'mac_reserved'],
  ['0000.0000.0000.0000', 'mac_reserved'],
  ['ff:ff:ff:ff:ff:ff', 'mac_reserved'],
  ['FFFFFFFFFFFFFFFF', 'mac_reserved'],
  ['01:00:5e:00:00:fb', 'mac_reserved'],
  ['33:33:00:00:00:01', 'mac_reserved'],
])('%s is of no one device', (text, code) => {
  expect(readMac(text)).toMatchObject({ code });
});

it('an EUI-48 is never its EUI-64', () => {
  expect(macAddress(EUI_48)).not.toBe(macAddress(EUI_64));
});

it('what is wrong is told at its place', () => {
  expect(() => macAddress('x', '/mac')).toThrow(InvalidInput);
  expect(() => macAddress('x', '/mac')).toThrow(
    expect.objectContaining({ violations: [expect.objectContaining({ pointer: '/mac', code: 'pattern' })] }),
  );
});

it('all spellings of an address are one, and the canonical one is a spelling', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const bytes = fc
    .constantFrom(6, 8)
    .chain((length) => fc.array(byte, { minLength: length, maxLength: length }));
  fc.assert(
    fc.property(bytes, ([first = 0, ...rest]) => {
      const pairs = [first & 0xfe, ...rest].map((one) => one.toString(16).padStart(2, '0'));
      fc.pre(pairs.some((pair) => pair !== '00'));
      const digits = pairs.join('');
      const canonical = pairs.join(':');
      for (const spelling of [canonical, pairs.join('-'), digits, (digits.match(/.{4}/g) ?? []).join('.')])
        for (const text of [spelling, spelling.toUpperCase()]) expect(readMac(text)).toBe(canonical);
    }),
  );
});
