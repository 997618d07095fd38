import type { Page, PageRequest, Stamp } from '#shared-kernel';
import type { ConfigSchemaState } from '../domain/config-schema.js';
import type { SchemaId } from '../domain/identity.js';

/** A schema as it is shown. */
export interface SchemaView extends ConfigSchemaState {
  readonly stamp: Stamp;
}

/** Which schemas a list shows. */
export interface SchemaFilter {
  /** The tenant looked for; its schemas and the shared ones. */
  readonly tenant: string | null;
  /** Any of these names. */
  readonly names?: readonly string[] | undefined;
  /** Anywhere in name or description, whatever the case. */
  readonly q?: string | undefined;
}

/** Everything that is read of schemas. An abstract class, so that it is also its injection token. */
export abstract class SchemaQueries {
  /** @throws SchemaNotFound */
  abstract get(id: SchemaId): Promise<SchemaView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: SchemaFilter, request: PageRequest): Promise<Page<SchemaView>>;
}
