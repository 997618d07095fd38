import { Injectable } from '@nestjs/common';
import { InvalidInput, pointerToken } from '#shared-kernel';
import { ConfigSchemaRepository } from '../domain/config-schema.repository.js';
import type { SchemaId } from '../domain/identity.js';
import type { JsonValue } from '../domain/json.js';
import { pointerViolations } from '../domain/long-pointers.js';
import { isSecretLeaf } from '../domain/secret-reference.js';
import { SchemaAdmission } from './schema-admission.js';
import { SchemaService } from './schema.service.js';
import type { CompatibilityReport, NextSchema } from './schema.service.js';
import { SchemaUsage } from './schema-usage.js';
import type { UsageReport } from './schema-usage.js';
import type { SchemaViolation } from './schema-validation.js';

/** What would be, without anything being stored. */
@Injectable()
export class SchemaTrials {
  constructor(
    private readonly schemas: ConfigSchemaRepository,
    private readonly service: SchemaService,
    private readonly usage: SchemaUsage,
    private readonly admission: SchemaAdmission,
  ) {}

  /**
   * What a document breaks; empty is valid.
   * @throws InvalidInput, SchemaNotFound, SchemaTooExpensive, ValidationBusy
   */
  async validate(
    tenant: string | null,
    id: SchemaId,
    document: JsonValue,
  ): Promise<readonly SchemaViolation[]> {
    const untold = pointerViolations(document, '/document');
    if (untold.length > 0) throw new InvalidInput(untold);
    const schema = await this.schemas.stored(id);
    const [violations = []] = await this.admission.check(tenant, schema, [
      { document, secretsAt: secretPlaces(document) },
    ]);
    return violations;
  }

  /**
   * How a schema would go as the next version, with the older one and with what is in use.
   * @throws SchemaNotFound, SchemaRefused, SchemaTooExpensive, ValidationBusy
   */
  async compare(
    request: NextSchema,
  ): Promise<{ readonly report: CompatibilityReport; readonly usage: UsageReport }> {
    const report = await this.service.compare(request);
    const { tenant } = report.against;
    const versions = await this.schemas.versions(tenant, request.name);
    const usage = await this.usage.holdAgainst(
      request.tenant,
      versions.map(({ id }) => id),
      report.next,
    );
    return { report, usage };
  }
}

/** JSON Pointers of what stands for a secret; the document is no deeper than a body may be. */
function secretPlaces(value: JsonValue, pointer = ''): string[] {
  if (isSecretLeaf(value)) return [pointer];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    secretPlaces(inner as JsonValue, `${pointer}/${pointerToken(name)}`),
  );
}
