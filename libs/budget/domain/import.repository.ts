import type { ImportId } from './identity.js';
import type { Import } from './import.js';

/** The imports of the caller. An abstract class, so that it is also its injection token. */
export abstract class ImportRepository {
  /**
   * The import, kept for this unit of work: nobody else undoes it meanwhile.
   * @throws ImportNotFound, TenantForbidden for one that belongs to all
   */
  abstract get(id: ImportId): Promise<Import>;

  /** Stores the import and its row in the change log: both, or neither. @throws StaleVersion */
  abstract save(one: Import): Promise<void>;
}
