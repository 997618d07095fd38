import { Injectable } from '@nestjs/common';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { SchemaNames } from '../application/schema-names.js';
import type { SchemaName } from '../application/schema-names.js';
import type { SchemaId } from '../domain/identity.js';

interface NameRecord {
  readonly id: SchemaId;
  readonly tenant: string;
  readonly name: string;
  readonly schema_version: string;
}

@Injectable()
export class SqlSchemaNames extends SchemaNames {
  constructor(private readonly database: Database) {
    super();
  }

  override async of(ids: readonly SchemaId[]): Promise<ReadonlyMap<SchemaId, Required<SchemaName>>> {
    if (ids.length === 0) return new Map();
    const records = await this.database.read<NameRecord>({
      name: 'schema_names',
      text: `select t.id, t.tenant, t.name, t.schema_version from configuration.json_schema t where t.id = any ($1)`,
      values: [ids],
    });
    return new Map(
      records.map(({ id, tenant, name, schema_version: version }) => [
        id,
        { name, version, isShared: tenant === SHARED_TENANT },
      ]),
    );
  }

  override async find(
    tenant: string | null,
    { name, version, isShared }: SchemaName,
  ): Promise<SchemaId | null> {
    const own = isShared === true ? SHARED_TENANT : tenantColumn(tenant);
    const other = isShared === false ? own : SHARED_TENANT;
    const [record] = await this.database.read<NameRecord>({
      name: 'schema_by_name',
      text: `select t.id from configuration.json_schema t
             where t.tenant in ($1, $2) and t.name = $3 and t.schema_version = $4 order by t.tenant = $2 limit 1`,
      values: [own, other, name, version],
    });
    return record?.id ?? null;
  }
}
