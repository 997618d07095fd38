import type { VaultSource } from '../../libs/configuration/infrastructure/secrets/vault-source.js';
import { status } from './contract-server.js';
import { VaultServer } from './vault-server.js';
import { APPROLE, causeOf, KUBERNETES, read, SetClock, sourceIn } from './vault-sources.js';
import type { Opening } from './vault-sources.js';

const MINUTE = 60_000;
const LOGIN = '/v1/auth/approle/login';
const RENEWAL = '/v1/auth/token/renew-self';

let vault: VaultServer;
let clock: SetClock;

beforeEach(async () => {
  vault = await VaultServer.start();
  clock = new SetClock();
  vault.write('app/db', { password: 'one', port: 5432 });
  vault.role('orders', 'proof');
});

afterEach(() => vault.close());

const open = (opening: Opening = {}): VaultSource => sourceIn(vault, { clock, ...opening });

describe('a log-in', () => {
  it.each([
    ['an AppRole', APPROLE, LOGIN, { role_id: 'orders', secret_id: 'proof' }],
    ['a service account', KUBERNETES, '/v1/auth/kubernetes/login', { role: 'orders', jwt: 'proof' }],
  ])('of %s is made once for all who ask at the same time', async (_, auth, path, body) => {
    const source = open({ settings: { auth }, jwt: () => 'proof\n' });
    await Promise.all(Array.from({ length: 20 }, () => read(source)));
    expect(vault.timesAsked(path)).toBe(1);
    expect(JSON.parse(vault.arrived[0]?.body ?? '')).toEqual(body);
  });

  it('reads the service account’s token anew each time', async () => {
    let jwt = 'old';
    const source = open({ settings: { auth: KUBERNETES }, jwt: () => jwt });
    expect(await causeOf(read(source))).toBe('login_failed');
    jwt = 'proof';
    expect((await read(source)).version).toBe('1');
  });

  it('that is refused is told as such, and tried again by the next one', async () => {
    vault.role('orders', 'other');
    const source = open();
    expect(await causeOf(read(source))).toBe('login_failed');
    vault.role('orders', 'proof');
    expect((await read(source)).version).toBe('1');
  });

  it('is made anew once when its token is refused, by one for all', async () => {
    const source = open();
    await read(source);
    vault.revokeTokens();
    const secrets = await Promise.all(Array.from({ length: 10 }, () => read(source)));
    expect(secrets.map(({ version }) => version)).toEqual(Array(10).fill('1'));
    expect(vault.timesAsked(LOGIN)).toBe(2);
  });

  it('that does not help is not made again at each request: every one leaves a token behind', async () => {
    const source = open();
    vault.forbidden.add('app/db');
    for (let time = 0; time < 5; time += 1) expect(await causeOf(read(source))).toBe('forbidden');
    expect(vault.timesAsked(LOGIN)).toBe(2);
    clock.pass(MINUTE);
    await causeOf(read(source));
    expect(vault.timesAsked(LOGIN)).toBe(3);
  });

  it('cannot be made with a token: one that is refused stays refused', async () => {
    const source = open({ token: 'hvs.wrong' });
    expect(await causeOf(read(source))).toBe('forbidden');
    expect(vault.timesAsked('/v1/secret')).toBe(1);
  });
});

describe('a lease', () => {
  const HOUR = 60 * MINUTE;

  it('is used as it is until two thirds of it are over, and then renewed', async () => {
    const source = open();
    await read(source);
    clock.pass(39 * MINUTE);
    await read(source);
    expect(vault.timesAsked(RENEWAL)).toBe(0);
    clock.pass(2 * MINUTE);
    await Promise.all([read(source), read(source), read(source)]);
    expect([vault.timesAsked(RENEWAL), vault.timesAsked(LOGIN)]).toEqual([1, 1]);
    clock.pass(39 * MINUTE);
    await read(source);
    expect(vault.timesAsked(RENEWAL)).toBe(1);
  });

  it('is renewed while nobody asks, too', async () => {
    const source = open();
    await source.keepAlive();
    expect(vault.arrived).toEqual([]);
    await read(source);
    await source.keepAlive();
    expect(vault.timesAsked(RENEWAL)).toBe(0);
    clock.pass(41 * MINUTE);
    await source.keepAlive();
    expect(vault.timesAsked(RENEWAL)).toBe(1);
  });

  it('of a token that was given is renewed likewise', async () => {
    const source = open({ token: vault.token({ ttl: 3_600, isRenewable: true }) });
    await read(source);
    clock.pass(41 * MINUTE);
    await read(source);
    expect(vault.timesAsked(RENEWAL)).toBe(1);
  });

  it('that cannot be renewed, or is over, ends in a log-in', async () => {
    vault.lease = { ttl: 3_600, isRenewable: false };
    const source = open();
    await read(source);
    clock.pass(41 * MINUTE);
    await read(source);
    expect([vault.timesAsked(RENEWAL), vault.timesAsked(LOGIN)]).toEqual([0, 2]);
    vault.lease = { ttl: 3_600, isRenewable: true };
    clock.pass(2 * HOUR);
    await read(source);
    expect([vault.timesAsked(RENEWAL), vault.timesAsked(LOGIN)]).toEqual([0, 3]);
  });

  it('that nears its greatest age, or is refused its renewal, ends in a log-in', async () => {
    const source = open();
    await read(source);
    vault.renewedTtl = 60;
    clock.pass(41 * MINUTE);
    await read(source);
    expect([vault.timesAsked(RENEWAL), vault.timesAsked(LOGIN)]).toEqual([1, 2]);
    vault.break(RENEWAL, status(403, { errors: ['permission denied'] }));
    clock.pass(41 * MINUTE);
    await read(source);
    expect([vault.timesAsked(RENEWAL), vault.timesAsked(LOGIN)]).toEqual([2, 3]);
  });

  it('that cannot be renewed for now is good until its end', async () => {
    const source = open();
    await read(source);
    vault.break('/v1/auth', status(503, { errors: ['Vault is sealed'] }));
    clock.pass(41 * MINUTE);
    expect((await read(source)).version).toBe('1');
    await read(source);
    expect(vault.timesAsked(RENEWAL)).toBe(1); // Not at each request again.
    clock.pass(20 * MINUTE);
    expect(await causeOf(read(source))).toBe('sealed');
  });

  it('without an end is never renewed', async () => {
    vault.lease = { ttl: 0, isRenewable: true };
    const source = open();
    await read(source);
    clock.pass(1_000 * HOUR);
    await read(source);
    expect([vault.timesAsked(RENEWAL), vault.timesAsked(LOGIN)]).toEqual([0, 1]);
  });
});
