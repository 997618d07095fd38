import { Clock } from '#shared-kernel';
import type { VaultAuth, VaultSettings } from '../../libs/configuration/domain/secret-provider-settings.js';
import { SecretFailure } from '../../libs/configuration/infrastructure/secrets/secret-source.js';
import type { FetchedSecret } from '../../libs/configuration/infrastructure/secrets/secret-source.js';
import { VaultSource } from '../../libs/configuration/infrastructure/secrets/vault-source.js';
import type { VaultServer } from './vault-server.js';

/** Long enough for whatever is answered at all. */
export const PATIENCE_MS = 60_000;

/** Time as a test says. */
export class SetClock extends Clock {
  #ms = Date.parse('2026-05-01T10:00:00.000Z');

  override now(): Date {
    return new Date(this.#ms);
  }

  pass(milliseconds: number): void {
    this.#ms += milliseconds;
  }
}

export const APPROLE: VaultAuth = { method: 'approle', mount: 'approle', roleId: 'orders' };
export const KUBERNETES: VaultAuth = {
  ...{ method: 'kubernetes', mount: 'kubernetes', role: 'orders' },
  jwtPath: '/jwt',
};

/** How a source is opened; by an AppRole, unless it says otherwise. */
export interface Opening {
  readonly settings?: Partial<VaultSettings>;
  readonly token?: string;
  readonly jwt?: () => string;
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/** A source of the secrets in this Vault, whose AppRole and service account `orders` are let in with `proof`. */
export function sourceIn(vault: VaultServer, opening: Opening = {}): VaultSource {
  const {
    settings = {},
    token,
    jwt = () => 'proof',
    timeoutMs = PATIENCE_MS,
    clock = new SetClock(),
  } = opening;
  const auth = token === undefined ? APPROLE : ({ method: 'token' } as const);
  return new VaultSource(
    { kind: 'vault', address: vault.url, namespace: null, mount: 'secret', auth, ...settings },
    {
      ...{ clock, timeoutMs },
      credentials: token === undefined ? { secretId: 'proof' } : { token },
      readJwt: async () => jwt(),
    },
  );
}

/** Which secret, and for how long it is waited for. */
export interface Wanted {
  readonly path?: string;
  readonly version?: string | null;
  readonly ms?: number;
}

export const read = (source: VaultSource, wanted: Wanted = {}): Promise<FetchedSecret> => {
  const { path = 'app/db', version = null, ms = PATIENCE_MS } = wanted;
  return source.fetch({ path, version, signal: AbortSignal.timeout(ms) });
};

/** In one word why it failed, as it must. */
export async function causeOf(work: Promise<unknown>): Promise<string> {
  const failure: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof SecretFailure)) throw new Error(`No failure of ours: ${String(failure)}`);
  return failure.why;
}
