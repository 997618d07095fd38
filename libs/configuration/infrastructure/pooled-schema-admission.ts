import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Violation } from '#shared-kernel';
import {
  admittedSchema,
  checkReferences,
  JsonSchemaPool,
  lintSchema,
  SchemaRefused,
} from '#platform/json-schema';
import type { LintedSchema, SchemaBundle, SchemaText } from '#platform/json-schema';
import { SchemaAdmission } from '../application/schema-admission.js';
import type { AdmittedSchema, TrialDocument } from '../application/schema-admission.js';
import type { SchemaViolation } from '../application/schema-validation.js';
import type { ConfigSchemaState, SchemaReference } from '../domain/config-schema.js';
import { ConfigSchemaRepository } from '../domain/config-schema.repository.js';
import type { JsonValue } from '../domain/json.js';
import type { SchemaDocument } from '../domain/schema-compatibility-node.js';
import { SchemaBundles, TOGETHER_MAX } from './schema-bundles.js';

/** Where a schema stands in the bodies that bring one. */
const PLACE = '/json_schema';

@Injectable()
export class PooledSchemaAdmission extends SchemaAdmission {
  constructor(
    private readonly pool: JsonSchemaPool,
    private readonly bundles: SchemaBundles,
    private readonly schemas: ConfigSchemaRepository,
  ) {
    super();
  }

  override async admit(tenant: string | null, jsonSchema: JsonValue): Promise<AdmittedSchema> {
    const linted = lintSchema(jsonSchema);
    const references = await this.#bind(tenant, linted);
    const bundle = await this.bundles.of(textOf(linted, references), references);
    if (!bundle) throw refusal([...linted.violations, TOO_MANY]);
    const violations = [...linted.violations, ...foreignMistakes(linted, bundle)];
    if (linted.isReadable) {
      const isSound = violations.length === 0;
      violations.push(...(await this.pool.admit(tenant, { bundle, patterns: linted.patterns, isSound })));
    }
    if (violations.length > 0) throw refusal(violations);
    return { jsonSchema, references, document: documentFrom(bundle) };
  }

  override async documentOf({ jsonSchema, references, id }: ConfigSchemaState): Promise<SchemaDocument> {
    const root = { ...textOf(admittedSchema(jsonSchema), references), key: id };
    return documentFrom(await this.#together(root, references));
  }

  override async check(
    tenant: string | null,
    { jsonSchema, references }: Pick<AdmittedSchema, 'jsonSchema' | 'references'>,
    documents: readonly TrialDocument[],
  ): Promise<readonly (readonly SchemaViolation[])[]> {
    const bundle = await this.#together(textOf(admittedSchema(jsonSchema), references), references);
    const texts = documents.map(({ document, secretsAt }) => ({ text: JSON.stringify(document), secretsAt }));
    return this.pool.check(tenant, bundle, texts);
  }

  /** Of one that was admitted. @throws SchemaRefused */
  async #together(root: SchemaText, references: readonly SchemaReference[]): Promise<SchemaBundle> {
    const bundle = await this.bundles.of(root, references);
    if (!bundle) throw refusal([TOO_MANY]);
    return bundle;
  }

  async #bind(tenant: string | null, { references }: LintedSchema): Promise<readonly SchemaReference[]> {
    const named = references.flatMap(({ registered }) => registered ?? []);
    const once = new Map(named.map((name) => [`${name.name}:${name.version}`, name]));
    return this.schemas.bind(tenant, [...once.values()]);
  }
}

const TOO_MANY: Violation = {
  pointer: '',
  code: 'too_many_references',
  detail: `A schema refers to at most ${TOGETHER_MAX} others, with those that they refer to.`,
};

const refusal = (violations: readonly Violation[]): SchemaRefused =>
  new SchemaRefused(violations.map((one) => ({ ...one, pointer: PLACE + one.pointer })));

/** Known by what it holds, because it may have no id yet. */
function textOf(
  { text, dialect }: Pick<LintedSchema, 'text' | 'dialect'>,
  references: readonly SchemaReference[],
): SchemaText {
  const others = Object.fromEntries(references.map(({ name, version, id }) => [`${name}:${version}`, id]));
  const key = createHash('sha256')
    .update(JSON.stringify([text, others]))
    .digest('hex');
  return { key, dialect, text, others };
}

/** References to registered schemas that lead nowhere, or to a schema of another dialect. */
function foreignMistakes(linted: LintedSchema, [root, ...others]: SchemaBundle): Violation[] {
  const known = new Map(others.map((schema) => [schema.key, schema]));
  return linted.references.flatMap((reference): Violation[] => {
    const { registered, pointer } = reference;
    if (!registered) return [];
    const target = known.get(root.others[`${registered.name}:${registered.version}`] ?? '');
    if (!target) {
      return [{ pointer, code: 'reference_unknown', detail: 'There is no such registered schema.' }];
    }
    if (target.dialect !== linted.dialect) {
      return [{ pointer, code: 'dialect_mixed', detail: `That schema is one of ${target.dialect}.` }];
    }
    return checkReferences([reference], lintSchema(JSON.parse(target.text) as JsonValue).places);
  });
}

function documentFrom([root, ...others]: SchemaBundle): SchemaDocument {
  const texts = new Map(others.map((schema) => [schema.key, schema]));
  const made = new Map<string, SchemaDocument>();
  const make = (schema: SchemaText): SchemaDocument => {
    const known = made.get(schema.key);
    if (known) return known;
    const links = new Map<string, SchemaDocument>();
    const { key, dialect, text } = schema;
    const document = { key, dialect, root: JSON.parse(text) as JsonValue, others: links };
    made.set(key, document);
    for (const [name, other] of Object.entries(schema.others)) {
      const target = texts.get(other);
      if (target) links.set(name, make(target));
    }
    return document;
  };
  return make(root);
}
