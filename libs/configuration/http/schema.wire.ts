import type { CompatibilityReport } from '../application/schema.service.js';
import type { SchemaView } from '../application/schema.queries.js';
import type { BrokenDocument, UsageReport } from '../application/schema-usage.js';
import type { ConfigSchemaState } from '../domain/config-schema.js';
import type { BrokenDocumentResponse, CompatibilityResponse, SchemaResponse } from './schema.dto.js';

/** As it is shown. */
export function toSchemaResponse(schema: SchemaView): SchemaResponse {
  const { stamp } = schema;
  return {
    id: schema.id,
    tenant_id: schema.tenant,
    version: schema.schemaVersion,
    name: schema.name,
    json_schema: schema.jsonSchema,
    compatibility: schema.compatibility,
    description: schema.description,
    refers_to: schema.references.map(({ id, name, version }) => ({ id, name, version })),
    created_at: stamp.createdAt.toISOString(),
    updated_at: stamp.updatedAt.toISOString(),
    created_by: stamp.createdBy,
    updated_by: stamp.updatedBy,
  };
}

/** What was just stored, as it is shown. */
export function toStoredSchema({ stamp, ...schema }: ConfigSchemaState): SchemaResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toSchemaResponse({ ...schema, stamp });
}

export function toCompatibility(report: CompatibilityReport, usage: UsageReport): CompatibilityResponse {
  return {
    compatible: report.errors.length === 0 && usage.broken.length === 0,
    mode: report.mode,
    against: report.against.schemaVersion,
    errors: report.errors,
    documents: {
      checked: usage.checked,
      complete: usage.isComplete,
      broken: usage.broken.map(toBroken),
    },
  };
}

const toBroken = (document: BrokenDocument): BrokenDocumentResponse => ({
  configuration_id: document.configurationId,
  service_id: document.service,
  name: document.name,
  environment: document.environment,
  tenant_id: document.tenant,
  errors: document.errors,
});
