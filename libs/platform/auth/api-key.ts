import { AggregateRoot, DomainError, InvalidInput } from '#shared-kernel';
import type { Stamp } from '#shared-kernel';
import { ROLES } from './permissions.js';
import type { Role } from './permissions.js';

/** Stands for "of no tenant": a platform-wide key, seen by platform-wide callers alone. */
export const PLATFORM_WIDE = '*';

/** Everything there is to know about a key; of its secret only the hash. */
export interface ApiKeyState {
  readonly id: string;
  readonly version: number;
  /** A slug, or `*` for a platform-wide key. */
  readonly tenant: string;
  readonly stamp: Stamp | null;
  /** The public part of the token. */
  readonly tokenId: string;
  /** SHA-256 of the secret part, 32 bytes. */
  readonly secretHash: Buffer;
  readonly name: string;
  readonly role: Role;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** What whoever makes a key decides. */
export type NewApiKey = Pick<
  ApiKeyState,
  'id' | 'tenant' | 'tokenId' | 'secretHash' | 'name' | 'role' | 'expiresAt'
>;

/** There is no such key. */
export class ApiKeyNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'api_key_not_found';
  constructor(tokenId: string) {
    super(`There is no key ${tokenId}.`);
  }
}

const NAME_LENGTH_MAX = 200;

/** What a program calls with: proves who it is, and says what it may do. */
export class ApiKey extends AggregateRoot<ApiKeyState> {
  /** @throws InvalidInput */
  static create(key: NewApiKey): ApiKey {
    if (key.name.trim().length === 0 || key.name.length > NAME_LENGTH_MAX) {
      throw InvalidInput.at('/name', 'length', `A name has 1 to ${NAME_LENGTH_MAX} characters.`);
    }
    if (!ROLES.includes(key.role))
      throw InvalidInput.at('/role', 'choice', `A role is one of ${ROLES.join(', ')}.`);
    const made = new ApiKey({ ...key, version: 0, stamp: null, revokedAt: null });
    made.record('created');
    return made;
  }

  static restore(state: ApiKeyState): ApiKey {
    return new ApiKey(state);
  }

  /** From now on it opens nothing. Revoking twice is revoking once. */
  revoke(at: Date): void {
    if (this.state.revokedAt) return;
    this.state = { ...this.state, revokedAt: at };
    this.record('revoked');
  }
}

/** True while the key opens something. */
export function isActive(key: Pick<ApiKeyState, 'expiresAt' | 'revokedAt'>, now: Date): boolean {
  return key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now);
}
