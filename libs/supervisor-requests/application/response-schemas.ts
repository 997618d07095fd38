import type { Violation } from '#shared-kernel';
import type { RequestContent } from '../domain/request-state.js';

export type ResponseSchema = NonNullable<RequestContent['responseSchema']>;

/** Works with the schemas of responses, for which nobody vouches. An abstract class, so that it is also its injection token. */
export abstract class ResponseSchemas {
  /**
   * A schema may be stored for a tenant: it is valid, within the limits, and refers to nothing but itself.
   * @throws SchemaRefused with everything that is wrong with it, SchemaTooExpensive, ValidationBusy
   */
  abstract admit(tenant: string | null, schema: ResponseSchema, pointer: string): Promise<void>;

  /**
   * What the data break, at places below this one.
   * @throws SchemaTooExpensive, ValidationBusy
   */
  abstract check(
    tenant: string | null,
    schema: ResponseSchema,
    { data, pointer }: { readonly data: unknown; readonly pointer: string },
  ): Promise<readonly Violation[]>;
}
