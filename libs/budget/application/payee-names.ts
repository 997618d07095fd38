import type { PayeeId } from '../domain/identity.js';

/** A name that somebody gave instead of an id, and where (JSON Pointer). */
export interface NamedParty {
  readonly name: string;
  readonly pointer: string;
}

/** Who is meant by a name. */
export interface MeantParty {
  readonly id: PayeeId;
  /** True where nobody was called so and the payee was made just now. */
  readonly isNew: boolean;
}

/** Finds payees by their names. An abstract class, so that it is also its injection token. */
export abstract class PayeeNames {
  /**
   * One match, whatever the case and the spaces, is used (the tenant's own before the shared ones), none is created in
   * the open unit of work, once for all of the same name. The answer has the order of what was asked.
   * @throws InvalidInput for what is no name, PayeeAmbiguous with the candidates
   */
  abstract resolve(tenant: string | null, names: readonly NamedParty[]): Promise<readonly PayeeId[]>;

  /** The same, and tells who was made for it. @throws likewise */
  abstract meet(tenant: string | null, names: readonly NamedParty[]): Promise<readonly MeantParty[]>;
}
