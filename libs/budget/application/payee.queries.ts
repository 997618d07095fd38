import type { Page, PageRequest, PastStateOf, PastVersion, Selector, Stamp } from '#shared-kernel';
import type { PayeeId } from '../domain/identity.js';
import type { PayeeState } from '../domain/payee.js';

/** A payee as it is shown. */
export interface PayeeView extends Omit<PayeeState, 'stamp'> {
  readonly stamp: Stamp;
}

/** Which payees a list shows. */
export interface PayeeFilter {
  /** The tenant looked for; its payees and the shared ones. */
  readonly tenant: string | null;
  /** Called by any of these names, whatever the case and the spaces. */
  readonly names?: readonly string[] | undefined;
  /** With any of these addresses, whatever the case. */
  readonly emails?: readonly string[] | undefined;
  readonly selector?: Selector | undefined;
  /** Anywhere in name, email or phone, whatever the case. */
  readonly q?: string | undefined;
}

/** Everything that is read of payees. An abstract class, so that it is also its injection token. */
export abstract class PayeeQueries {
  /** @throws PayeeNotFound */
  abstract get(id: PayeeId): Promise<PayeeView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: PayeeId, at: Date): Promise<PayeeView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: PayeeFilter, request: PageRequest): Promise<Page<PayeeView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: PayeeId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: PayeeId, version: number): Promise<PastStateOf<PayeeView>>;
}
