import type { Page, PageRequest, Stamp } from '#shared-kernel';
import type { ImportId } from '../domain/identity.js';
import type { ImportState } from '../domain/import.js';

/** An import as it is shown. */
export interface ImportView extends Omit<ImportState, 'stamp'> {
  readonly stamp: Stamp;
}

/** Which imports a list shows. */
export interface ImportFilter {
  /** The tenant looked for; its imports and those of shared items. */
  readonly tenant: string | null;
  readonly formats?: readonly string[] | undefined;
}

/** Everything that is read of imports. An abstract class, so that it is also its injection token. */
export abstract class ImportQueries {
  /** @throws ImportNotFound */
  abstract get(id: ImportId): Promise<ImportView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was undone */
  abstract asOf(id: ImportId, at: Date): Promise<ImportView>;

  /** Newest first unless said otherwise. @throws InvalidInput, InvalidCursor */
  abstract page(filter: ImportFilter, request: PageRequest): Promise<Page<ImportView>>;
}
