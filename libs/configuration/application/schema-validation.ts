import type { JsonObject } from '../domain/json.js';

/** A document that has to satisfy a registered schema. */
export interface SchemaCheck {
  readonly schemaId: string;
  readonly document: JsonObject;
  /** JSON Pointers at which secrets will stand: there any text is right. */
  readonly secretsAt: readonly string[];
}

/** One thing that a document breaks. */
export interface SchemaViolation {
  /** JSON Pointer into the document. */
  readonly pointer: string;
  /** The keyword of JSON Schema that is broken, for example `minimum`. */
  readonly keyword: string;
  readonly detail: string;
}

/** Holds documents against registered schemas. An abstract class, so that it is also its injection token. */
export abstract class SchemaValidation {
  /**
   * One list for each check, in their order; empty is right. Equal checks are made once.
   * @param tenant on whose account the work is done: one tenant cannot take all workers
   * @throws SchemaTooExpensive when a job was killed at its limit, ValidationBusy when too many wait already
   */
  abstract check(
    tenant: string | null,
    checks: readonly SchemaCheck[],
  ): Promise<readonly (readonly SchemaViolation[])[]>;

  /**
   * What a tenant's configuration may name: the tenant's own schemas and the shared ones; keeps it from being deleted
   * until the unit of work ends.
   * @throws SchemaUnknown
   */
  abstract expectUsable(tenant: string | null, schemaId: string): Promise<void>;
}
