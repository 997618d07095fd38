import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { anAlias, aProvider, at, outcome, PROVIDERS, REDACTED, ROLE, VAULT } from './secret-providers.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start({ env: { SECRET_FILE_ROOTS: '/srv/secrets' } });
});

afterAll(() => api.stop());

const post = (body: object): Promise<Reply> => api.post(PROVIDERS, { alias: anAlias(), ...body });

describe('what is wrong with a provider', () => {
  it.each([
    [
      'an address with a password',
      { address: 'https://a:b@vault.example', auth: ROLE },
      '/settings/address pattern',
    ],
    ['an address of another scheme', { address: 'file:///etc', auth: ROLE }, '/settings/address pattern'],
    [
      'an address with a query',
      { address: 'https://vault.example/?a', auth: ROLE },
      '/settings/address pattern',
    ],
    ['a mount that leads upwards', { ...VAULT.settings, mount: '../sys' }, '/settings/mount pattern'],
    ['no way to sign in', { address: 'https://vault.example' }, '/settings/auth required'],
    ['an unknown way', { ...VAULT.settings, auth: { method: 'ldap' } }, '/settings/auth/method choice'],
    [
      'a way with members of another',
      { ...VAULT.settings, auth: { ...ROLE, token: 'x' } },
      '/settings/auth/token unknown_property',
    ],
    [
      'a token with a line break',
      { ...VAULT.settings, auth: { method: 'token', token: 'a\nb' } },
      '/settings/auth/token pattern',
    ],
    [
      'a namespace with a line break',
      { ...VAULT.settings, namespace: 'a\r\nX-Evil: 1' },
      '/settings/namespace pattern',
    ],
    [
      'nothing behind the stars',
      { ...VAULT.settings, auth: { ...ROLE, secret_id: REDACTED } },
      '/settings/auth/secret_id redacted',
    ],
    ['a member that is none', { ...VAULT.settings, port: 1 }, '/settings/port unknown_property'],
  ])('is told at its place: %s', async (_, settings, mistake) => {
    expect(outcome(await post({ ...VAULT, settings }))).toEqual([400, 'invalid_input', mistake]);
  });

  it.each([
    ['file', { directory: '/etc' }, '/settings/directory path_forbidden'],
    ['file', { directory: '/srv/secrets/../../etc' }, '/settings/directory path_forbidden'],
    ['file', { directory: '/srv/secrets-2' }, '/settings/directory path_forbidden'],
    ['env', { names: ['DATABASE_URL'] }, '/settings/names/0 reserved'],
    ['env', { names: ['AWS_SECRET_ACCESS_KEY'] }, '/settings/names/0 reserved'],
    ['env', { names: ['1A'] }, '/settings/names/0 pattern'],
    ['env', { names: [] }, '/settings/names required'],
    ['aws-secrets-manager', { region: 'x.evil.example/' }, '/settings/region pattern'],
  ])('is told at its place, too: %s %j', async (kind, settings, mistake) => {
    const reply = await post({ kind, settings, path_prefixes: ['*'] });
    expect(outcome(reply)).toEqual([400, 'invalid_input', mistake]);
  });

  it('is told all at once', async () => {
    const reply = await post({
      ...{ alias: 'Not one', kind: 'vault', is_default: 'yes', other: 1, path_prefixes: ['a/../b', '/a'] },
      settings: { address: 'x', auth: { method: 'token' } },
    });
    expect(outcome(reply)).toEqual([
      ...[400, 'invalid_input', '/alias pattern', '/is_default type', '/other unknown_property'],
      ...[
        '/path_prefixes/0 pattern',
        '/path_prefixes/1 pattern',
        '/settings/address pattern',
        '/settings/auth/token required',
      ],
    ]);
    expect(outcome(await post({ ...VAULT, path_prefixes: [] }))).toEqual([
      400,
      'invalid_input',
      '/path_prefixes required',
    ]);
    const made = await aProvider(api);
    const fixed = await api.put(at(made), { alias: 'other', kind: 'vault', settings: { names: ['a b'] } });
    expect(outcome(fixed)).toEqual([
      400,
      'invalid_input',
      '/alias fixed',
      '/kind fixed',
      '/settings/names/0 pattern',
    ]);
  });
});
