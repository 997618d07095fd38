import type { PayeeId } from './identity.js';
import type { Payee, PayeeContent, PayeeState } from './payee.js';

/** The payees of the caller. An abstract class, so that it is also its injection token. */
export abstract class PayeeRepository {
  /** An id for a payee of which nobody chose one. */
  abstract newId(): PayeeId;

  /**
   * The payee, kept for this unit of work: nobody else changes it meanwhile, and no item comes to it.
   * @throws PayeeNotFound, TenantForbidden for one that belongs to all
   */
  abstract get(id: PayeeId): Promise<Payee>;

  /** The tenant's own payee by its id, kept likewise; null when there is none. */
  abstract findOwn(tenant: string | null, id: PayeeId): Promise<Payee | null>;

  /** Without keeping it; null when there is none, or none for this caller. */
  abstract find(id: PayeeId): Promise<PayeeState | null>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: PayeeId, version: number): Promise<PayeeContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: PayeeId): Promise<boolean>;

  /**
   * Who of the tenant, and who that belongs to all, is called by one of these keys (see `nameKey`), in the order of their
   * ids; of very many with the same name some.
   */
  abstract called(tenant: string | null, keys: readonly string[]): Promise<readonly CalledPayee[]>;

  /** Nobody else comes to be called so in the tenant until the end of the open unit of work, or is waited for. */
  abstract holdNames(tenant: string | null, keys: readonly string[]): Promise<void>;

  /**
   * Stores the payee and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws IdConflict, PayeeInUse where items are of one that is to go, StaleVersion
   */
  abstract save(payee: Payee): Promise<void>;

  /** The same for many, in a few statements. @throws as `save` */
  abstract saveAll(payees: readonly Payee[]): Promise<void>;
}

/** A payee that was looked for by its name. */
export interface CalledPayee {
  readonly id: PayeeId;
  readonly tenant: string | null;
  readonly key: string;
  readonly name: string;
  readonly email: string | null;
}
