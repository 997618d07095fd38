import { DomainError, InvalidInput } from '#shared-kernel';
import type { Caller } from './call.js';

/** The tenant of rows that belong to all; no slug can look like it. On the wire it is `null`. */
export const SHARED_TENANT = '_shared';

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** A credential bound to one tenant reaches for another's, or for what belongs to all to change it. */
export class TenantForbidden extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'tenant_forbidden';
  constructor() {
    super('The credential does not reach beyond its tenant.');
  }
}

/**
 * The one tenant that a write acts in: the one it names, else the credential's own, else the shared rows.
 * `undefined` is "not named", `null` names the shared rows.
 * @throws TenantForbidden
 */
export function writeTenant(caller: Caller, named: string | null | undefined): string | null {
  const tenant = named === undefined ? caller.tenant : checkedSlug(named);
  if (caller.tenant !== null && tenant !== caller.tenant) throw new TenantForbidden();
  return tenant;
}

/**
 * The one tenant that a read is made for; the shared rows are always visible beside it.
 * @throws TenantForbidden
 */
export function readTenant(caller: Caller, named: string | null | undefined): string | null {
  const tenant = named === undefined ? caller.tenant : checkedSlug(named);
  if (tenant !== null && caller.tenant !== null && tenant !== caller.tenant) throw new TenantForbidden();
  return tenant;
}

/** What the database calls a tenant. */
export const tenantColumn = (tenant: string | null): string => tenant ?? SHARED_TENANT;

/** What everything above the database calls it. */
export const tenantFromColumn = (column: string): string | null => (column === SHARED_TENANT ? null : column);

function checkedSlug(tenant: string | null): string | null {
  if (tenant !== null && !SLUG.test(tenant)) {
    throw InvalidInput.at(
      '/tenant_id',
      'pattern',
      'A tenant id is a slug: a-z, 0-9 and -, 1 to 63 characters.',
    );
  }
  return tenant;
}
