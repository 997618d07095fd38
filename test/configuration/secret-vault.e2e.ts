import type { VaultSource } from '../../libs/configuration/infrastructure/secrets/vault-source.js';
import { FAULTS, redirect, status } from './contract-server.js';
import { VaultServer } from './vault-server.js';
import { causeOf, KUBERNETES, PATIENCE_MS, read, sourceIn } from './vault-sources.js';
import type { Opening } from './vault-sources.js';

let vault: VaultServer;

beforeEach(async () => {
  vault = await VaultServer.start();
  vault.write('app/db', { password: 'one', port: 5432 });
  vault.role('orders', 'proof');
});

afterEach(() => vault.close());

const open = (opening: Opening = {}): VaultSource => sourceIn(vault, opening);

describe('a secret in Vault', () => {
  it('is given with its version, the newest or the one that is named', async () => {
    vault.write('app/db', { password: 'two' });
    const source = open({ token: vault.token() });
    expect(await read(source)).toEqual({ text: null, fields: { password: 'two' }, version: '2' });
    expect((await read(source, { version: '1' })).fields).toEqual({ password: 'one', port: 5432 });
    expect(await causeOf(read(source, { version: '3' }))).toBe('not_found');
    expect(await causeOf(read(source, { version: '1&x=1' }))).toBe('not_found');
  });

  it('is asked for under its very path, whatever characters that has', async () => {
    const path = 'tëam a/%2e%2e/b&c=d+;:@';
    vault.write(path, { x: '1' });
    expect((await read(open({ token: vault.token() }), { path })).fields).toEqual({ x: '1' });
    expect(vault.arrived.at(-1)?.url).toBe('/v1/secret/data/t%C3%ABam%20a/%252e%252e/b%26c%3Dd%2B%3B%3A%40');
  });

  it('is asked for in the namespace, below the mount and behind the path of the address', async () => {
    vault.namespace = 'team-a';
    const token = vault.token();
    expect((await read(open({ token, settings: { namespace: 'team-a' } }))).version).toBe('1');
    expect(await causeOf(read(open({ token, settings: { namespace: 'team-b' } })))).toBe('login_failed');
    const address = `${vault.url}/behind/`;
    await causeOf(read(open({ token, settings: { address, mount: 'kv/team' } })));
    vault.break('/', status(200, { data: { data: { a: 'b' }, metadata: { version: 1 } } }));
    await read(open({ token, settings: { address, mount: 'kv/team' } }));
    expect(vault.arrived.at(-1)?.url).toBe('/behind/v1/kv/team/data/app/db');
  });

  it.each(['softly', 'for good'] as const)(
    'that was deleted %s is told from one that never was',
    async (how) => {
      const source = open({ token: vault.token() });
      vault.delete('app/db', how);
      expect(await causeOf(read(source))).toBe('deleted');
      expect(await causeOf(read(source, { path: 'app/never' }))).toBe('not_found');
    },
  );
});

describe('a failure of Vault', () => {
  it.each([
    ['sealed', status(503, { errors: ['Vault is sealed'] })],
    ['unavailable', status(503, { errors: ['no healthy upstream'] })],
    ['throttled', status(429, { errors: ['request path "x": rate limit quota exceeded'] })],
    ['unavailable', status(472)],
    ['unavailable', status(473)],
    ['unavailable', status(500, { errors: ['internal error'] })],
    ['refused', status(405, { errors: [] })],
    ['malformed', FAULTS.malformed],
    ['malformed', status(200, { data: { password: 'of KV version 1' } })],
    ['unreachable', FAULTS.reset],
    ['unreachable', FAULTS.brokenOff],
    ['too_large', FAULTS.huge],
  ] as const)('is told as %s', async (cause, fault) => {
    const source = open({ token: vault.token() });
    await read(source);
    vault.break('/v1/secret', fault);
    expect(await causeOf(read(source))).toBe(cause);
    vault.break('/v1/secret', null);
    expect((await read(source)).version).toBe('1');
  });

  it.each([
    ['never answers', FAULTS.silent],
    ['stops in the middle', FAULTS.stalled],
  ])('that %s ends in time', async (_, fault) => {
    const source = open({ token: vault.token() });
    await read(source);
    vault.break('/v1/secret', fault);
    expect(await causeOf(read(source, { ms: 50 }))).toBe('timeout');
  });

  it('that never answers the log-in ends in time, too', async () => {
    vault.break('/v1/auth/approle/login', FAULTS.silent);
    expect(await causeOf(read(open({ timeoutMs: 50 })))).toBe('timeout');
  });

  it('is that of an address where nobody is', async () => {
    await vault.close();
    const source = open({ token: 'hvs.x' });
    await expect(read(source)).rejects.toThrow('The provider cannot be reached: ECONNREFUSED.');
    vault = await VaultServer.start();
  });

  it('never leads elsewhere: redirects are not followed, and the token stays here', async () => {
    const other = await VaultServer.start();
    const source = open({ token: vault.token() });
    await read(source);
    vault.break('/v1/secret', redirect(`${other.url}/v1/secret/data/app/db`));
    expect(await causeOf(read(source))).toBe('redirected');
    expect(other.arrived).toEqual([]);
    await other.close();
  });

  it('says nothing that Vault said', async () => {
    const source = open({ token: vault.token() });
    await read(source);
    const told: string[] = [];
    for (const code of [200, 400, 403, 404, 500, 503]) {
      vault.break('/v1/secret', status(code, { errors: ['sealed marker'], data: { marker: 'marker' } }));
      told.push(String(await read(source).catch((error: unknown) => error)));
    }
    expect(told).toHaveLength(6);
    for (const text of told) expect(text).toMatch(/^SecretFailure: (?!.*marker)/);
  });
});

describe('a trial', () => {
  const probe = (source: VaultSource): Promise<string> => source.probe(AbortSignal.timeout(PATIENCE_MS));

  it('says whether the provider lets the service in, and fetches no secret', async () => {
    for (const source of [open(), open({ token: vault.token() }), open({ settings: { auth: KUBERNETES } })])
      expect(await probe(source)).toBe('The provider answers and lets the service in.');
    vault.role('orders', 'other');
    for (const source of [open(), open({ token: 'hvs.wrong' }), open({ settings: { auth: KUBERNETES } })])
      expect(await causeOf(probe(source))).toBe('login_failed');
    expect(vault.timesAsked('/v1/secret')).toBe(0);
  });
});
