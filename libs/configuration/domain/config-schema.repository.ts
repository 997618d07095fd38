import type { ConfigSchema, ConfigSchemaState, SchemaReference, VersionLabel } from './config-schema.js';
import type { SchemaId, ServiceId } from './identity.js';
import type { SchemaUser } from './schema-errors.js';

/** The schemas of the caller. An abstract class, so that it is also its injection token. */
export abstract class ConfigSchemaRepository {
  /**
   * The schema, kept for this unit of work: nobody begins to use it meanwhile.
   * @throws SchemaNotFound, TenantForbidden
   */
  abstract claim(id: SchemaId): Promise<ConfigSchema>;

  /** As it is stored. @throws SchemaNotFound */
  abstract stored(id: SchemaId): Promise<ConfigSchemaState>;

  /** The tenant's own versions of a name. */
  abstract versions(tenant: string | null, name: string): Promise<readonly VersionLabel[]>;

  /** The same, and until the unit of work ends nobody else adds one. */
  abstract claimVersions(tenant: string | null, name: string): Promise<readonly VersionLabel[]>;

  /** The tenant's own of each name and version before the shared one; those that are not there are missing. */
  abstract bind(
    tenant: string | null,
    names: readonly Omit<SchemaReference, 'id'>[],
  ): Promise<readonly SchemaReference[]>;

  /** Those of these that are there, kept from being deleted until the unit of work ends. */
  abstract hold(ids: readonly SchemaId[]): Promise<readonly SchemaId[]>;

  /** Services that have active configurations that name any of these. */
  abstract servicesUsing(ids: readonly SchemaId[]): Promise<readonly ServiceId[]>;

  /** The first hundred that need the schema, of all tenants that the caller sees. */
  abstract usersOf(schema: ConfigSchemaState): Promise<readonly SchemaUser[]>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: SchemaId): Promise<boolean>;

  /**
   * Stores the schema and its row in the change log: both, or neither.
   * @throws SchemaVersionTaken, SchemaInUse, IdConflict, StaleVersion
   */
  abstract save(schema: ConfigSchema): Promise<void>;
}
