import type { ConfigSchemaState, SchemaReference } from '../domain/config-schema.js';
import type { JsonValue } from '../domain/json.js';
import type { SchemaDocument } from '../domain/schema-compatibility-node.js';
import type { SchemaViolation } from './schema-validation.js';

/** A schema that was looked through and may be stored. */
export interface AdmittedSchema {
  readonly jsonSchema: JsonValue;
  /** Bound to what they mean for the tenant now. */
  readonly references: readonly SchemaReference[];
  readonly document: SchemaDocument;
}

/** A document that is to be held against a schema that may not be stored. */
export interface TrialDocument {
  readonly document: JsonValue;
  /** JSON Pointers at which secrets will stand. */
  readonly secretsAt: readonly string[];
}

/** Looks through schemas that nobody vouches for. An abstract class, so that it is also its injection token. */
export abstract class SchemaAdmission {
  /**
   * What may be stored of a schema for a tenant.
   * @throws SchemaRefused with everything that is wrong with it, SchemaTooExpensive, ValidationBusy
   */
  abstract admit(tenant: string | null, jsonSchema: JsonValue): Promise<AdmittedSchema>;

  /** A stored one as it is compared. */
  abstract documentOf(schema: ConfigSchemaState): Promise<SchemaDocument>;

  /**
   * What each document breaks, in their order.
   * @throws SchemaTooExpensive, ValidationBusy
   */
  abstract check(
    tenant: string | null,
    schema: Pick<AdmittedSchema, 'jsonSchema' | 'references'>,
    documents: readonly TrialDocument[],
  ): Promise<readonly (readonly SchemaViolation[])[]>;
}
