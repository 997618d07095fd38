import { mintApiKey, ROLES } from '#platform/auth';
import type { ApiKeyState, Role } from '#platform/auth';
import { LocalKeyring } from '#platform/crypto';
import { InvalidInput } from '#shared-kernel';
import type { Settings } from '#platform/config';
import { withKeys } from './session.js';

/** The options of `keys create`, as they were typed. */
interface CreateOptions {
  readonly name?: string | undefined;
  readonly role?: string | undefined;
  readonly tenant?: string | undefined;
  readonly expires?: string | undefined;
}

const TENANT = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Makes a key; its token is in the answer and nowhere else. */
export function createKeys(
  settings: Settings,
  { name, role, tenant, expires }: CreateOptions,
): Promise<string> {
  if (!name) throw InvalidInput.at('--name', 'required', 'Say what the key is for.');
  const known = ROLES.find((each) => each === role);
  if (!known) throw InvalidInput.at('--role', 'choice', `A role is one of ${ROLES.join(', ')}.`);
  if (tenant !== undefined && !TENANT.test(tenant))
    throw InvalidInput.at('--tenant', 'pattern', 'A tenant is a slug.');
  const request = { name, role: known satisfies Role, tenant: tenant ?? null, expiresAt: instantOf(expires) };
  return withKeys(settings, async (keys) => {
    const { token, key } = await keys.create(request);
    return `${describe(key)}\n\n${token}\n\nThis token is shown this once.`;
  });
}

/** A line a key, oldest first. */
export function listKeys(settings: Settings): Promise<string> {
  return withKeys(settings, async (keys) => {
    const all = await keys.list();
    return all.length === 0 ? 'There are no keys.' : all.map(describe).join('\n');
  });
}

/** From the next moment on the key opens nothing. */
export function revokeKey(settings: Settings, tokenId: string | undefined): Promise<string> {
  if (!tokenId) throw InvalidInput.at('<id>', 'required', 'Say which key; "keys list" shows their ids.');
  return withKeys(settings, async (keys) => describe(await keys.revoke(tokenId)));
}

/** A token that nobody knows yet. */
export const generateKey = (): string => mintApiKey().token;

/** A keyring with one key. */
export const encryptionKey = (): string => LocalKeyring.generate();

function instantOf(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime()))
    throw InvalidInput.at('--expires', 'pattern', 'A time like 2027-01-01T00:00:00Z.');
  return instant;
}

function describe(key: ApiKeyState): string {
  const reach = key.tenant === '*' ? 'platform-wide' : `tenant ${key.tenant}`;
  const end = key.revokedAt
    ? `revoked ${key.revokedAt.toISOString()}`
    : key.expiresAt
      ? `expires ${key.expiresAt.toISOString()}`
      : 'does not expire';
  return `${key.tokenId}  ${key.role}  ${reach}  ${end}  ${key.name}`;
}
