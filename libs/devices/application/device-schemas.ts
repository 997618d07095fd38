import type { Schema } from '../domain/device-type.js';

/** A document that has to satisfy a schema. */
export interface SchemaQuestion {
  readonly schema: Schema;
  readonly document: unknown;
}

/** One thing that a document breaks. */
export interface SchemaBreach {
  /** JSON Pointer into the document. */
  readonly pointer: string;
  /** The keyword of JSON Schema that is broken, for example `minimum`. */
  readonly keyword: string;
  readonly detail: string;
}

/** Works with the schemas of device types, for which nobody vouches. An abstract class, so that it is also its injection token. */
export abstract class DeviceSchemas {
  /**
   * A schema may be stored for a tenant: it is valid, within the limits, and refers to nothing but itself.
   * @param pointer where it stands
   * @throws SchemaRefused with everything that is wrong with it, SchemaTooExpensive, ValidationBusy
   */
  abstract admit(tenant: string | null, schema: Schema, pointer: string): Promise<void>;

  /**
   * What each document breaks, in their order; empty is right. Those of one schema are checked together, equal ones once.
   * @param tenant on whose account the work is done
   * @throws SchemaTooExpensive, ValidationBusy
   */
  abstract check(
    tenant: string | null,
    questions: readonly SchemaQuestion[],
  ): Promise<readonly (readonly SchemaBreach[])[]>;
}
