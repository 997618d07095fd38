import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Violation } from '#shared-kernel';
import { JsonSchemaPool, lintSchema, SchemaRefused } from '#platform/json-schema';
import type { LintedSchema, SchemaBundle } from '#platform/json-schema';
import { ResponseSchemas } from '../application/response-schemas.js';
import type { ResponseSchema } from '../application/response-schemas.js';

type Linted = Parameters<typeof lintSchema>[0];

@Injectable()
export class PooledResponseSchemas extends ResponseSchemas {
  constructor(private readonly pool: JsonSchemaPool) {
    super();
  }

  override async admit(tenant: string | null, schema: ResponseSchema, pointer: string): Promise<void> {
    const linted = lintSchema(schema as Linted);
    const violations = [...linted.violations, ...foreignReferences(linted)];
    if (linted.isReadable && violations.length === 0) {
      const candidate = { bundle: bundleOf(linted), patterns: linted.patterns, isSound: true };
      violations.push(...(await this.pool.admit(tenant, candidate)));
    }
    if (violations.length === 0) return;
    throw new SchemaRefused(violations.map((one) => ({ ...one, pointer: pointer + one.pointer })));
  }

  override async check(
    tenant: string | null,
    schema: ResponseSchema,
    { data, pointer }: { readonly data: unknown; readonly pointer: string },
  ): Promise<readonly Violation[]> {
    const document = { text: JSON.stringify(data), secretsAt: [] };
    const [breaches = []] = await this.pool.check(tenant, bundleOf(lintSchema(schema as Linted)), [document]);
    return breaches.map(({ pointer: inside, keyword: code, detail }) => ({
      pointer: pointer + inside,
      code,
      detail,
    }));
  }
}

/** A worker knows what it has compiled by the key, so that no two schemas share one. */
const bundleOf = ({ text, dialect }: LintedSchema): SchemaBundle => [
  { key: createHash('sha256').update(text).digest('hex'), dialect, text, others: {} },
];

/** A request stands alone, so that what may be answered does not change behind it. */
function foreignReferences({ references }: LintedSchema): Violation[] {
  return references
    .filter(({ registered }) => registered !== null)
    .map(({ pointer }) => ({
      pointer,
      code: 'reference_forbidden',
      detail: 'The schema of a response refers to nothing but itself: a reference begins with #.',
    }));
}
