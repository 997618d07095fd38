import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Violation } from '#shared-kernel';
import { SchemaRefused } from './errors.js';
import { JsonSchemaPool } from './json-schema-pool.js';
import type { DocumentText, DocumentViolation, SchemaBundle } from './messages.js';
import { lintSchema } from './schema-lint.js';
import type { LintedSchema } from './schema-lint.js';

type Linted = Parameters<typeof lintSchema>[0];

/** A schema that came as JSON. */
export type LoneSchema = Readonly<Record<string, unknown>> | boolean;

/** Where a schema was sent, and what it is of, as a sentence names it. */
export interface SchemaPlace {
  readonly pointer: string;
  readonly of: string;
}

/** Works with schemas that refer to nothing but themselves, so that what they mean does not change behind them. */
@Injectable()
export class LoneSchemas {
  constructor(private readonly pool: JsonSchemaPool) {}

  /**
   * A schema may be stored for a tenant.
   * @throws SchemaRefused with everything that is wrong with it, SchemaTooExpensive, ValidationBusy
   */
  async admit(tenant: string | null, schema: LoneSchema, { pointer, of }: SchemaPlace): Promise<void> {
    const linted = lintSchema(schema as Linted);
    const violations = [...linted.violations, ...foreignReferences(linted, of)];
    if (linted.isReadable && violations.length === 0) {
      const candidate = { bundle: bundleOf(linted), patterns: linted.patterns, isSound: true };
      violations.push(...(await this.pool.admit(tenant, candidate)));
    }
    if (violations.length === 0) return;
    throw new SchemaRefused(violations.map((one) => ({ ...one, pointer: pointer + one.pointer })));
  }

  /** What each document breaks. @throws SchemaTooExpensive, ValidationBusy */
  check(
    tenant: string | null,
    schema: LoneSchema,
    documents: readonly DocumentText[],
  ): Promise<readonly (readonly DocumentViolation[])[]> {
    return this.pool.check(tenant, bundleOf(lintSchema(schema as Linted)), documents);
  }
}

/** A worker knows what it has compiled by the key, so that no two schemas share one. */
const bundleOf = ({ text, dialect }: LintedSchema): SchemaBundle => [
  { key: createHash('sha256').update(text).digest('hex'), dialect, text, others: {} },
];

function foreignReferences({ references }: LintedSchema, of: string): Violation[] {
  return references
    .filter(({ registered }) => registered !== null)
    .map(({ pointer }) => ({
      pointer,
      code: 'reference_forbidden',
      detail: `The schema of ${of} refers to nothing but itself: a reference begins with #.`,
    }));
}
