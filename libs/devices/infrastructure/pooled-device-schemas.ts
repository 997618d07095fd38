import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Violation } from '#shared-kernel';
import { JsonSchemaPool, lintSchema, SchemaRefused } from '#platform/json-schema';
import type { DocumentText, LintedSchema, SchemaBundle } from '#platform/json-schema';
import { DeviceSchemas } from '../application/device-schemas.js';
import type { SchemaBreach, SchemaQuestion } from '../application/device-schemas.js';
import type { Schema } from '../domain/device-type.js';

type Linted = Parameters<typeof lintSchema>[0];

/** What was found is kept for that many documents: a batch is checked at once, and each of its parts asks again. */
const KNOWN_MAX = 5_000;

@Injectable()
export class PooledDeviceSchemas extends DeviceSchemas {
  /** By digest of schema and document, which tell it for good; the oldest go first. */
  readonly #known = new Map<string, readonly SchemaBreach[]>();

  constructor(private readonly pool: JsonSchemaPool) {
    super();
  }

  override async admit(tenant: string | null, schema: Schema, pointer: string): Promise<void> {
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
    questions: readonly SchemaQuestion[],
  ): Promise<readonly (readonly SchemaBreach[])[]> {
    const asked = questions.map(({ schema, document }) => {
      const text = JSON.stringify(document);
      const schemaText = JSON.stringify(schema);
      return { schema, schemaText, text, key: digestOf(JSON.stringify([schemaText, text])) };
    });
    const answers = new Map<string, readonly SchemaBreach[]>();
    const open = new Map<string, { schema: Schema; documents: Map<string, DocumentText> }>();
    for (const { schema, schemaText, text, key } of asked) {
      const known = this.#known.get(key);
      if (known) answers.set(key, known);
      else {
        const group = open.get(schemaText) ?? { schema, documents: new Map<string, DocumentText>() };
        group.documents.set(key, { text, secretsAt: [] });
        open.set(schemaText, group);
      }
    }
    for (const { schema, documents } of open.values()) {
      const bundle = bundleOf(lintSchema(schema as Linted));
      const results = await this.pool.check(tenant, bundle, [...documents.values()]);
      for (const [index, key] of [...documents.keys()].entries()) {
        const breaches = results[index] ?? [];
        answers.set(key, breaches);
        this.#remember(key, breaches);
      }
    }
    return asked.map(({ key }) => answers.get(key) ?? []);
  }

  #remember(key: string, breaches: readonly SchemaBreach[]): void {
    this.#known.set(key, breaches);
    const [oldest] = this.#known.keys();
    if (this.#known.size > KNOWN_MAX && oldest !== undefined) this.#known.delete(oldest);
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64');

const bundleOf = ({ text, dialect }: LintedSchema): SchemaBundle => [
  { key: digestOf(text).replaceAll(/[^0-9A-Za-z]/g, ''), dialect, text, others: {} },
];

/** A device type stands alone, so that its meaning does not change behind it. */
function foreignReferences({ references }: LintedSchema): Violation[] {
  return references
    .filter(({ registered }) => registered !== null)
    .map(({ pointer }) => ({
      pointer,
      code: 'reference_forbidden',
      detail: 'The schema of a device type refers to nothing but itself: a reference begins with #.',
    }));
}
