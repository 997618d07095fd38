import { Injectable } from '@nestjs/common';
import { HistoryQueries, VersionedStore } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn, tenantFromColumn } from '#platform/context';
import { Database, isForeignKeyViolation, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { ConfigSchema } from '../domain/config-schema.js';
import type { ConfigSchemaState, SchemaReference, VersionLabel } from '../domain/config-schema.js';
import { ConfigSchemaRepository } from '../domain/config-schema.repository.js';
import type { SchemaId, ServiceId } from '../domain/identity.js';
import { SchemaInUse, SchemaNotFound, SchemaVersionTaken } from '../domain/schema-errors.js';
import type { SchemaUser } from '../domain/schema-errors.js';
import {
  JsonSchemaTable,
  SCHEMA_COLUMNS,
  SCHEMA_MAPPING,
  refOf,
  toSchemaState,
  toSchemaView,
} from './json-schema.table.js';
import type { SchemaRecord } from './json-schema.table.js';
import { claimSchema, claimSchemaName, holdSchemas } from './schema-locks.js';

const USERS_MAX = 100;

@Injectable()
export class TypeOrmSchemaRepository extends ConfigSchemaRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async claim(id: SchemaId): Promise<ConfigSchema> {
    await claimSchema(this.database, id);
    const row = await this.store.lock(JsonSchemaTable, { id });
    if (!row) throw new SchemaNotFound();
    return this.store.watch(ConfigSchema.restore(toSchemaState(row)), SCHEMA_MAPPING);
  }

  override async stored(id: SchemaId): Promise<ConfigSchemaState> {
    const [record] = await this.database.read<SchemaRecord>({
      name: 'schema_stored',
      text: `select ${SCHEMA_COLUMNS} from configuration.json_schema t where t.id = $1`,
      values: [id],
    });
    if (!record) throw new SchemaNotFound();
    return toSchemaView(record);
  }

  override versions(tenant: string | null, name: string): Promise<VersionLabel[]> {
    return this.database.read<VersionLabel>({
      name: 'schema_versions',
      text: `select id, schema_version as "schemaVersion", compatibility from configuration.json_schema
             where tenant = $1 and name = $2 order by id`,
      values: [tenantColumn(tenant), name],
    });
  }

  override async claimVersions(tenant: string | null, name: string): Promise<VersionLabel[]> {
    await claimSchemaName(this.database, tenantColumn(tenant), name);
    return this.versions(tenant, name);
  }

  override async bind(
    tenant: string | null,
    names: readonly Omit<SchemaReference, 'id'>[],
  ): Promise<readonly SchemaReference[]> {
    if (names.length === 0) return [];
    return this.database.read<SchemaReference>({
      name: 'schema_bind',
      text: `select distinct on (t.name, t.schema_version) t.name, t.schema_version as version, t.id
             from configuration.json_schema t
             join unnest($3::text[], $4::text[]) as wanted (name, version)
               on t.name = wanted.name and t.schema_version = wanted.version
             where t.tenant in ($1, $2)
             order by t.name, t.schema_version, t.tenant = $2`,
      values: [
        tenantColumn(tenant),
        SHARED_TENANT,
        names.map(({ name }) => name),
        names.map(({ version }) => version),
      ],
    });
  }

  override async hold(ids: readonly SchemaId[]): Promise<readonly SchemaId[]> {
    if (ids.length === 0) return [];
    await holdSchemas(this.database, ids);
    const rows = await this.database.read<{ id: SchemaId }>({
      name: 'schemas_held',
      text: `select id from configuration.json_schema where id = any ($1)`,
      values: [ids],
    });
    return rows.map(({ id }) => id);
  }

  override async servicesUsing(ids: readonly SchemaId[]): Promise<readonly ServiceId[]> {
    const rows = await this.database.read<{ service: ServiceId }>({
      name: 'schema_services',
      text: `select distinct service from configuration.configuration
             where schema_id = any ($1) and is_active order by service`,
      values: [ids],
    });
    return rows.map(({ service }) => service);
  }

  override async usersOf({ id, name, schemaVersion }: ConfigSchemaState): Promise<readonly SchemaUser[]> {
    const rows = await this.database.read<Omit<SchemaUser, 'tenant'> & { tenant: string }>({
      name: 'schema_users',
      text: `select 'configuration' as kind, id, service || '/' || name || '/' || environment as name, tenant
             from configuration.configuration where schema_id = $1
             union all
             select 'schema', id, name || ':' || schema_version, tenant
             from configuration.json_schema where refs <> '{}' and refs @> array[$2]
             order by kind, tenant, name, id limit ${USERS_MAX}`,
      values: [id, refOf({ name, version: schemaVersion, id })],
    });
    return rows.map(({ tenant, ...user }) => ({ ...user, tenant: tenantFromColumn(tenant) }));
  }

  override async isIdUsed(id: SchemaId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async save(schema: ConfigSchema): Promise<void> {
    const { tenant, name, schemaVersion } = schema.snapshot;
    try {
      await this.store.save(schema, SCHEMA_MAPPING);
    } catch (error) {
      if (isUniqueViolation(error, 'json_schema_name')) {
        throw new SchemaVersionTaken(tenant, name, schemaVersion, null);
      }
      if (isUniqueViolation(error, 'json_schema_pkey')) throw new IdConflict();
      if (isForeignKeyViolation(error, 'configuration_schema')) throw new SchemaInUse([]);
      throw error;
    }
  }
}
