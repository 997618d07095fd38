import type { Violation } from '#shared-kernel';

export const PROVIDER_KINDS = ['vault', 'aws-secrets-manager', 'file', 'env'] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** How the service signs in to Vault or OpenBao; what is secret of it stands among the credentials. */
export type VaultAuth =
  | { readonly method: 'token' }
  | { readonly method: 'approle'; readonly mount: string; readonly roleId: string }
  | {
      readonly method: 'kubernetes';
      readonly mount: string;
      readonly role: string;
      /** The file of the service account's token, read anew at each log-in. */
      readonly jwtPath: string;
    };

/** KV version 2 of Vault or OpenBao. */
export interface VaultSettings {
  readonly kind: 'vault';
  /** An http or https URL without credentials, query and fragment. */
  readonly address: string;
  readonly namespace: string | null;
  /** Where the KV engine is mounted. */
  readonly mount: string;
  readonly auth: VaultAuth;
}

export type AwsAuth =
  { readonly method: 'default' } | { readonly method: 'static'; readonly accessKeyId: string };

export interface AwsSettings {
  readonly kind: 'aws-secrets-manager';
  readonly region: string;
  /** Null is AWS itself. */
  readonly endpoint: string | null;
  readonly auth: AwsAuth;
}

/** Files of a folder, as Kubernetes mounts secrets. */
export interface FileSettings {
  readonly kind: 'file';
  /** An absolute path. */
  readonly directory: string;
}

/** Variables of the process. */
export interface EnvSettings {
  readonly kind: 'env';
  /** Those that may be asked for. */
  readonly names: readonly string[];
}

export type ProviderSettings = VaultSettings | AwsSettings | FileSettings | EnvSettings;

/** What is secret of how the service signs in. Stored sealed, and never shown. */
export const CREDENTIAL_NAMES = ['token', 'secretId', 'secretAccessKey'] as const;
export type CredentialName = (typeof CREDENTIAL_NAMES)[number];
export type ProviderCredentials = Readonly<Partial<Record<CredentialName, string>>>;

/** What the machine allows, which the settings of a provider have to keep to. */
export interface Surroundings {
  /** Absolute paths of the folders that files of secrets may lie in. */
  readonly fileRoots: readonly string[];
  /** True for a variable by which the service itself is set. */
  isReserved(variable: string): boolean;
}

/** The credential that a provider cannot sign in without; null where it needs none. */
export function credentialOf(settings: ProviderSettings): CredentialName | null {
  if (settings.kind === 'vault') {
    if (settings.auth.method === 'token') return 'token';
    return settings.auth.method === 'approle' ? 'secretId' : null;
  }
  return settings.kind === 'aws-secrets-manager' && settings.auth.method === 'static'
    ? 'secretAccessKey'
    : null;
}

/** Where a credential would be sent to; null is nowhere else than to AWS. */
export function destinationOf(settings: ProviderSettings): string | null {
  if (settings.kind === 'vault') return settings.address;
  return settings.kind === 'aws-secrets-manager' ? settings.endpoint : null;
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Everything that is wrong; pointers are in the names of the interfaces above. */
export function settingsProblems(settings: ProviderSettings, surroundings: Surroundings): Violation[] {
  switch (settings.kind) {
    case 'vault':
      return [
        ...addressProblems('/address', settings.address),
        ...mountProblems('/mount', settings.mount),
        ...(settings.auth.method === 'token' ? [] : mountProblems('/auth/mount', settings.auth.mount)),
        ...(settings.auth.method === 'kubernetes'
          ? fileProblems('/auth/jwtPath', settings.auth.jwtPath, surroundings)
          : []),
      ];
    case 'aws-secrets-manager':
      return settings.endpoint === null ? [] : addressProblems('/endpoint', settings.endpoint);
    case 'file':
      return fileProblems('/directory', settings.directory, surroundings);
    case 'env':
      return settings.names.flatMap((name, index) => variableProblems(`/names/${index}`, name, surroundings));
  }
}

function addressProblems(pointer: string, address: string): Violation[] {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isRight =
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.password === '' &&
    !/[?#\\\s]/.test(address);
  if (isRight) return [];
  const detail = 'It must be an http or https URL without user, query and fragment.';
  return [{ pointer, code: 'pattern', detail }];
}

function mountProblems(pointer: string, mount: string): Violation[] {
  const detail = 'A mount is names of a-z, A-Z, 0-9, _, . and - with / between.';
  const isRight = mount.split('/').every((name) => /^[\w.-]+$/.test(name) && !/^\.\.?$/.test(name));
  return isRight ? [] : [{ pointer, code: 'pattern', detail }];
}

function fileProblems(pointer: string, path: string, { fileRoots }: Surroundings): Violation[] {
  const names = path.split('/').slice(1);
  const isPlain =
    path.startsWith('/') && !path.includes('\0') && !names.some((name) => ['', '.', '..'].includes(name));
  if (isPlain && fileRoots.some((root) => path === root || path.startsWith(`${root}/`))) return [];
  const detail = 'It must be an absolute path inside of a folder that SECRET_FILE_ROOTS names.';
  return [{ pointer, code: 'path_forbidden', detail }];
}

function variableProblems(pointer: string, name: string, surroundings: Surroundings): Violation[] {
  if (!VARIABLE.test(name)) {
    return [
      { pointer, code: 'pattern', detail: 'A variable has letters, digits and _, and no digit first.' },
    ];
  }
  if (!surroundings.isReserved(name)) return [];
  return [{ pointer, code: 'reserved', detail: 'The service itself is set by this variable.' }];
}
