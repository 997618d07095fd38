import { AddressGuard, AddressNotAllowed, isPublicAddress } from './address-guard.js';

describe('an address of the Internet', () => {
  it.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    'is %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.168.1.1', '198.18.0.1', '203.0.113.1'],
    ...['224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...[
      '::',
      '::1',
      'fe80::1',
      'fc00::1',
      'fd12::1',
      'fec0::1',
      'ff02::1',
      '100::1',
      '2001:db8::1',
      '5f00::1',
    ],
    ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:7f00:1', '::127.0.0.1', '::ffff:0:127.0.0.1'],
    ...['64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001:0:7f00:1::', '4000::1', 'fe80::1%eth0'],
    ...['2130706433', '0x7f.1', '0177.0.0.1', 'localhost', ''],
  ])('is not %j', (address) => expect(isPublicAddress(address)).toBe(false));

  it('is one that was mapped into IPv6, too', () => expect(isPublicAddress('::ffff:8.8.8.8')).toBe(true));
});

describe('the guard', () => {
  const lookUp = (guard: AddressGuard, host: string): Promise<unknown> =>
    new Promise((resolve) => guard.lookup(host, { all: true }, (error, found) => resolve(error ?? found)));

  it('knows a host that is an address, however it is written', () => {
    const guard = new AddressGuard('public');
    for (const host of ['127.1', '0x7f000001', '2130706433', '[::1]', '[::ffff:10.0.0.1]', '169.254.169.254'])
      expect([host, guard.admits(new URL(`http://${host}/`))]).toEqual([host, false]);
    for (const host of ['1.1.1.1', '[2606:4700::1111]', 'example.com'])
      expect([host, guard.admits(new URL(`http://${host}/`))]).toEqual([host, true]);
    expect(new AddressGuard('any').admits(new URL('http://127.1/'))).toBe(true);
  });

  it('looks at what a name leads to', async () => {
    expect(await lookUp(new AddressGuard('public'), 'localhost')).toBeInstanceOf(AddressNotAllowed);
    expect(await lookUp(new AddressGuard('any'), 'localhost')).toContainEqual(
      expect.objectContaining({ address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) }),
    );
  });
});
