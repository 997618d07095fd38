import type { Entity } from '../domain/backstage/entity.js';
import type { CompanyId } from '../domain/identity.js';

/** What an export is of. */
export interface ExportedPart {
  readonly companyId: CompanyId;
  /** Only what this source speaks for; null: everything. */
  readonly source: string | null;
}

/** What a company has, as entities. An abstract class, so that it is also its injection token. */
export abstract class CatalogExportQueries {
  /** In one order, some at a time: domains first, users last. */
  abstract entities(part: ExportedPart): AsyncIterable<Entity>;
}
