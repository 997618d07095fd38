import type { Page, PageRequest, PastStateOf, PastVersion, Stamp } from '#shared-kernel';
import type { CompanyContent } from '../domain/company.js';
import type { CompanyId } from '../domain/identity.js';

/** A company as it is shown. */
export interface CompanyView extends CompanyContent {
  readonly id: string;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp;
}

/** Which companies a list shows. */
export interface CompanyFilter {
  /** The tenant looked for; its companies and the shared ones. */
  readonly tenant: string | null;
  /** Any of these. */
  readonly names?: readonly string[] | undefined;
  /** By labels, in the grammar of selectors. */
  readonly selector?: string | undefined;
  /** Anywhere in name or description, whatever the case. */
  readonly q?: string | undefined;
  /** Changed at this instant or later. */
  readonly updatedSince?: Date | undefined;
}

/** Everything that is read of companies. An abstract class, so that it is also its injection token. */
export abstract class CompanyQueries {
  /** @throws CompanyNotFound */
  abstract get(id: CompanyId): Promise<CompanyView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: CompanyId, at: Date): Promise<CompanyView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: CompanyFilter, request: PageRequest): Promise<Page<CompanyView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: CompanyId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: CompanyId, version: number): Promise<PastStateOf<CompanyView>>;
}
