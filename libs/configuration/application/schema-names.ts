import type { SchemaId } from '../domain/identity.js';

/** How people call a schema: by its id nobody would find it in another installation. */
export interface SchemaName {
  readonly name: string;
  /** As Semantic Versioning says. */
  readonly version: string;
  /** True for one that belongs to all; absent is the tenant's own before the shared one. */
  readonly isShared?: boolean;
}

/** Translates between ids of schemas and their names. An abstract class, so that it is also its injection token. */
export abstract class SchemaNames {
  /** Those that are there, by id. */
  abstract of(ids: readonly SchemaId[]): Promise<ReadonlyMap<SchemaId, Required<SchemaName>>>;

  /** The schema that a tenant means by a name; null when there is none. */
  abstract find(tenant: string | null, name: SchemaName): Promise<SchemaId | null>;
}
