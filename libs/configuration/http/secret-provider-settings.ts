import { at } from '#platform/http';
import type { Reading } from '#platform/http';
import type { ProviderDefinition } from '../domain/secret-provider.js';
import { destinationOf } from '../domain/secret-provider-settings.js';
import type {
  AwsAuth,
  AwsSettings,
  CredentialName,
  ProviderCredentials,
  ProviderKind,
  ProviderSettings,
  VaultAuth,
  VaultSettings,
} from '../domain/secret-provider-settings.js';
import { REDACTED } from './secret-provider.dto.js';

/** How a provider is reached, and what it is signed in with. */
export type Access = Pick<ProviderDefinition, 'settings' | 'credentials'>;

type Members = Readonly<Record<string, unknown>>;

const SETTINGS = '/settings';
const AUTH = '/settings/auth';
const JWT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount/token';
const TEXT_MAX = 1_024;
const CREDENTIAL_MAX = 10_000;
const NAMES_MAX = 100;
/** What may stand in a header. */
const VISIBLE = /^[\x21-\x7e]+$/;

/** As it is shown: credentials are there, and not told. */
export function toSettings(settings: ProviderSettings): Record<string, unknown> {
  switch (settings.kind) {
    case 'vault': {
      const { address, namespace, mount, auth } = settings;
      return { address, namespace, mount, auth: toVaultAuth(auth) };
    }
    case 'aws-secrets-manager': {
      const { region, endpoint, auth } = settings;
      return { region, endpoint, auth: toAwsAuth(auth) };
    }
    case 'file':
      return { directory: settings.directory };
    case 'env':
      return { names: settings.names };
  }
}

function toVaultAuth(auth: VaultAuth): object {
  const { method } = auth;
  if (method === 'token') return { method, token: REDACTED };
  if (method === 'approle') return { method, mount: auth.mount, role_id: auth.roleId, secret_id: REDACTED };
  return { method, mount: auth.mount, role: auth.role, jwt_path: auth.jwtPath };
}

const toAwsAuth = (auth: AwsAuth): object =>
  auth.method === 'default'
    ? { method: auth.method }
    : { method: auth.method, access_key_id: auth.accessKeyId, secret_access_key: REDACTED };

/** Reads settings from a body, and notes everything that is wrong with their form. */
export class SettingsReader {
  #credentials: ProviderCredentials = {};

  constructor(
    private readonly reading: Reading,
    /** What is stored by now, whose credentials may be kept; null is nothing. */
    private readonly stored: Access | null,
  ) {}

  read(kind: ProviderKind, value: unknown): Access {
    const settings = this.#settings(kind, value);
    return { settings, credentials: this.#credentials };
  }

  #settings(kind: ProviderKind, value: unknown): ProviderSettings {
    switch (kind) {
      case 'vault':
        return this.#vault(this.#members(value, SETTINGS, ['address', 'namespace', 'mount', 'auth']));
      case 'aws-secrets-manager':
        return this.#aws(this.#members(value, SETTINGS, ['region', 'endpoint', 'auth']));
      case 'file': {
        const { directory } = this.#members(value, SETTINGS, ['directory']);
        return { kind, directory: this.reading.text(directory, at(SETTINGS, 'directory'), TEXT_MAX) };
      }
      case 'env': {
        const { names } = this.#members(value, SETTINGS, ['names']);
        return { kind, names: this.#names(names) };
      }
    }
  }

  #vault({ address, namespace, mount, auth }: Members): VaultSettings {
    const found = {
      kind: 'vault',
      address: this.reading.text(address, at(SETTINGS, 'address'), TEXT_MAX),
      namespace: isAbsent(namespace) ? null : this.#visible(namespace, at(SETTINGS, 'namespace')),
      mount: this.#textOr('secret', mount, at(SETTINGS, 'mount')),
    } as const;
    return { ...found, auth: this.#vaultAuth(auth, found.address) };
  }

  #vaultAuth(value: unknown, address: string): VaultAuth {
    const method = this.#method(value, ['token', 'approle', 'kubernetes']);
    if (method === null) return { method: 'token' };
    if (method === 'token') {
      const { token } = this.#members(value, AUTH, ['method', 'token']);
      this.#credential('token', token, { pointer: at(AUTH, 'token'), destination: address });
      return { method };
    }
    if (method === 'approle') {
      const { mount, role_id, secret_id } = this.#members(value, AUTH, [
        'method',
        'mount',
        'role_id',
        'secret_id',
      ]);
      this.#credential('secretId', secret_id, { pointer: at(AUTH, 'secret_id'), destination: address });
      return {
        method,
        mount: this.#textOr('approle', mount, at(AUTH, 'mount')),
        roleId: this.reading.text(role_id, at(AUTH, 'role_id'), TEXT_MAX),
      };
    }
    const { mount, role, jwt_path } = this.#members(value, AUTH, ['method', 'mount', 'role', 'jwt_path']);
    return {
      method,
      mount: this.#textOr('kubernetes', mount, at(AUTH, 'mount')),
      role: this.reading.text(role, at(AUTH, 'role'), TEXT_MAX),
      jwtPath: this.#textOr(JWT_PATH, jwt_path, at(AUTH, 'jwt_path')),
    };
  }

  #aws({ region, endpoint, auth }: Members): AwsSettings {
    const found = {
      kind: 'aws-secrets-manager',
      region: this.reading.text(region, at(SETTINGS, 'region'), TEXT_MAX),
      endpoint: isAbsent(endpoint) ? null : this.reading.text(endpoint, at(SETTINGS, 'endpoint'), TEXT_MAX),
    } as const;
    if (!/^[a-z0-9-]*$/.test(found.region))
      this.reading.note('pattern', at(SETTINGS, 'region'), 'A region has a-z, 0-9 and -.');
    return {
      ...found,
      auth: auth === undefined ? { method: 'default' } : this.#awsAuth(auth, found.endpoint),
    };
  }

  #awsAuth(value: unknown, destination: string | null): AwsAuth {
    const method = this.#method(value, ['default', 'static']);
    if (method !== 'static') {
      if (method !== null) this.#members(value, AUTH, ['method']);
      return { method: 'default' };
    }
    const members = this.#members(value, AUTH, ['method', 'access_key_id', 'secret_access_key']);
    const pointer = at(AUTH, 'secret_access_key');
    this.#credential('secretAccessKey', members['secret_access_key'], { pointer, destination });
    const accessKeyId = this.reading.text(members['access_key_id'], at(AUTH, 'access_key_id'), TEXT_MAX);
    return { method, accessKeyId };
  }

  /** Null where it is none of the words: then nothing can be said of the rest. */
  #method<Word extends string>(value: unknown, words: readonly [Word, ...Word[]]): Word | null {
    const members = value === undefined ? this.#members(value, AUTH, []) : this.reading.map(value, AUTH);
    const word = words.find((known) => known === members['method']);
    if (word === undefined && value !== undefined)
      this.reading.choice(members['method'], at(AUTH, 'method'), words);
    return word ?? null;
  }

  /** Whoever may change where a credential goes does not thereby get to know it. */
  #credential(
    name: CredentialName,
    value: unknown,
    { pointer, destination }: { readonly pointer: string; readonly destination: string | null },
  ): void {
    if (value !== REDACTED) {
      this.#credentials = { [name]: this.#visible(value, pointer, CREDENTIAL_MAX) };
      return;
    }
    const stored = this.stored?.credentials[name];
    if (this.stored === null || stored === undefined) {
      this.reading.note('redacted', pointer, 'Nothing is stored in its place: send the credential itself.');
    } else if (destinationOf(this.stored.settings) !== destination) {
      this.reading.note('redacted', pointer, 'It would go to another address: send the credential itself.');
    } else this.#credentials = { [name]: stored };
  }

  #visible(value: unknown, pointer: string, max = TEXT_MAX): string {
    const text = this.reading.text(value, pointer, max);
    if (text !== '' && text.length <= max && !VISIBLE.test(text))
      this.reading.note('pattern', pointer, 'It has visible ASCII characters alone.');
    return text;
  }

  #names(value: unknown): string[] {
    const pointer = at(SETTINGS, 'names');
    const names = this.reading.list(value, pointer);
    if (Array.isArray(value) && names.length === 0) this.reading.note('required', pointer, 'At least one.');
    if (names.length > NAMES_MAX) this.reading.note('too_many', pointer, `At most ${NAMES_MAX}.`);
    return names
      .slice(0, NAMES_MAX)
      .map((name, index) => this.reading.text(name, at(pointer, index), TEXT_MAX));
  }

  #textOr(usual: string, value: unknown, pointer: string): string {
    return isAbsent(value) ? usual : this.reading.text(value, pointer, TEXT_MAX);
  }

  #members(value: unknown, pointer: string, names: readonly string[]): Members {
    if (value !== undefined) return this.reading.object(value, pointer, names);
    this.reading.note('required', pointer, 'It is required.');
    return {};
  }
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;
