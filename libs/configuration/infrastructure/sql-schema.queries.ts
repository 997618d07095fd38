import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '#shared-kernel';
import { SHARED_TENANT } from '#platform/context';
import { Conditions, containsPattern, Database, KeysetLists } from '#platform/database';
import type { ListDefinition } from '#platform/database';
import { SchemaQueries } from '../application/schema.queries.js';
import type { SchemaFilter, SchemaView } from '../application/schema.queries.js';
import { SchemaNotFound } from '../domain/schema-errors.js';
import type { SchemaId } from '../domain/identity.js';
import { SCHEMA_COLUMNS, toSchemaView } from './json-schema.table.js';
import type { SchemaRecord } from './json-schema.table.js';

const SCHEMAS: ListDefinition = {
  name: 'configuration-schemas',
  table: 'configuration.json_schema',
  columns: SCHEMA_COLUMNS,
  sorts: {
    name: { column: 'name', type: 'text' },
    created_at: { column: 'created_at', type: 'timestamptz' },
    updated_at: { column: 'updated_at', type: 'timestamptz' },
  },
  defaultSort: 'name',
};

@Injectable()
export class SqlSchemaQueries extends SchemaQueries {
  constructor(
    private readonly database: Database,
    private readonly lists: KeysetLists,
  ) {
    super();
  }

  override async get(id: SchemaId): Promise<SchemaView> {
    const [record] = await this.database.read<SchemaRecord>({
      name: 'schema_get',
      text: `select ${SCHEMA_COLUMNS} from configuration.json_schema t where t.id = $1`,
      values: [id],
    });
    if (!record) throw new SchemaNotFound();
    return toSchemaView(record);
  }

  override async page({ tenant, names, q }: SchemaFilter, request: PageRequest): Promise<Page<SchemaView>> {
    const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
    const where = new Conditions()
      .when(names, (conditions, wanted) => conditions.and('t.name = any (?)', [...wanted]))
      .when(q, (conditions, text) =>
        conditions.and(
          't.id in (select configuration.search_json_schema(?, ?))',
          [...tenants],
          containsPattern(text),
        ),
      );
    const page = await this.lists.page<SchemaRecord>(SCHEMAS, { ...request, tenants, where });
    return { ...page, items: page.items.map(toSchemaView) };
  }
}
