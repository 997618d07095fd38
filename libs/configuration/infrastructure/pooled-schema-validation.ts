import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { JsonSchemaPool } from '#platform/json-schema';
import type { DocumentText } from '#platform/json-schema';
import { SchemaValidation } from '../application/schema-validation.js';
import type { SchemaCheck, SchemaViolation } from '../application/schema-validation.js';
import { SchemaUnknown } from '../domain/schema-errors.js';
import { SchemaBundles } from './schema-bundles.js';
import { holdSchemas } from './schema-locks.js';

@Injectable()
export class PooledSchemaValidation extends SchemaValidation {
  constructor(
    private readonly pool: JsonSchemaPool,
    private readonly bundles: SchemaBundles,
    private readonly database: Database,
  ) {
    super();
  }

  override async check(
    tenant: string | null,
    checks: readonly SchemaCheck[],
  ): Promise<readonly (readonly SchemaViolation[])[]> {
    const results: (readonly SchemaViolation[])[] = checks.map(() => []);
    for (const [schemaId, alike] of bySchema(checks)) {
      const documents = [...alike.values()].map(({ document }) => document);
      const violations = await this.pool.check(tenant, await this.bundles.ofId(schemaId), documents);
      for (const [place, { indexes }] of [...alike.values()].entries())
        for (const index of indexes) results[index] = violations[place] ?? [];
    }
    return results;
  }

  override async expectUsable(tenant: string | null, schemaId: string): Promise<void> {
    await holdSchemas(this.database, [schemaId]);
    const tenants = tenant === null ? [SHARED_TENANT] : [SHARED_TENANT, tenantColumn(tenant)];
    const [found] = await this.database.read<{ id: string }>({
      name: 'schema_usable',
      text: `select id from configuration.json_schema where id = $1 and tenant = any ($2)`,
      values: [schemaId, tenants],
    });
    if (!found) throw new SchemaUnknown();
  }
}

/** One document, and which of the checks ask for it. */
interface Asked {
  readonly document: DocumentText;
  readonly indexes: number[];
}

/** By schema, each document once. Long texts are told apart by digest: V8 tells those of one length apart by comparing. */
function bySchema(checks: readonly SchemaCheck[]): Map<string, Map<string, Asked>> {
  const schemas = new Map<string, Map<string, Asked>>();
  for (const [index, { schemaId, document, secretsAt }] of checks.entries()) {
    const text = JSON.stringify(document);
    const key = createHash('sha256').update(JSON.stringify(secretsAt)).update(text).digest('base64');
    const asked = schemas.get(schemaId) ?? new Map<string, Asked>();
    schemas.set(schemaId, asked);
    const before = asked.get(key);
    if (before) before.indexes.push(index);
    else asked.set(key, { document: { text, secretsAt }, indexes: [index] });
  }
  return schemas;
}
