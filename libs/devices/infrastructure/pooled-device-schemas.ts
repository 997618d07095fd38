import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LoneSchemas } from '#platform/json-schema';
import type { DocumentText } from '#platform/json-schema';
import { DeviceSchemas } from '../application/device-schemas.js';
import type { SchemaBreach, SchemaQuestion } from '../application/device-schemas.js';
import type { Schema } from '../domain/device-type.js';

/** What was found is kept for that many documents: a batch is checked at once, and each of its parts asks again. */
const KNOWN_MAX = 5_000;

@Injectable()
export class PooledDeviceSchemas extends DeviceSchemas {
  /** By digest of schema and document, which tell it for good; the oldest go first. */
  readonly #known = new Map<string, readonly SchemaBreach[]>();

  constructor(private readonly schemas: LoneSchemas) {
    super();
  }

  override admit(tenant: string | null, schema: Schema, pointer: string): Promise<void> {
    return this.schemas.admit(tenant, schema, { pointer, of: 'a device type' });
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
      const results = await this.schemas.check(tenant, schema, [...documents.values()]);
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
