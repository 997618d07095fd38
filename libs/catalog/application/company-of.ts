import type { CompanyId } from '../domain/identity.js';

/** Where something is asked to belong; absent is "not named", and a null tenant names the shared rows. */
export interface AskedHome {
  readonly companyId?: string | null | undefined;
  readonly tenant?: string | null | undefined;
}

/** Where something belongs: to a company, and so to the tenant of that company. */
export interface Home {
  readonly companyId: CompanyId;
  readonly tenant: string | null;
}

/** Where something belongs that a tenant may have before it has any company. */
export interface LooseHome {
  readonly companyId: CompanyId | null;
  readonly tenant: string | null;
}

/**
 * Which company something new belongs to: the one named, else the only one of the tenant named, else the only one of the
 * caller's tenant. An abstract class, so that it is also its injection token.
 */
export abstract class CompanyOf {
  /**
   * @throws InvalidInput at /company_id where none is named and the tenant has none or several, CatalogReferenceUnknown
   * at /company_id for one that the caller does not see or that is not of the tenant named, TenantForbidden where the
   * credential is bound to another tenant than the company
   */
  abstract of(asked: AskedHome): Promise<Home>;

  /** The same, but a tenant without any company is no mistake. @throws as `of` */
  abstract ofOrNone(asked: AskedHome): Promise<LooseHome>;

  /**
   * The same for a read, which a credential of one tenant may do of what is shared, too.
   * @throws InvalidInput, CatalogReferenceUnknown as `of`, TenantForbidden for another tenant that is named
   */
  abstract seenOrNone(asked: AskedHome): Promise<LooseHome>;
}
