import type { CategoryId, PayeeId } from '../domain/identity.js';

/** What items may name: the tenant's own and the shared ones. An abstract class, so that it is also its injection token. */
export abstract class ItemReferences {
  /** Those of these that are there. */
  abstract known(
    tenant: string | null,
    asked: { readonly payees: readonly PayeeId[]; readonly categories: readonly CategoryId[] },
  ): Promise<ReadonlySet<PayeeId | CategoryId>>;
}
