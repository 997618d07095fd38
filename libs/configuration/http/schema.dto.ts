import {
  AlwaysDescribed,
  AnyJson,
  AnyOf,
  Choice,
  ListOf,
  ListQuery,
  listResponse,
  REASON,
  ResourceResponse,
  TENANT,
  Text,
  Uuid,
  ViolationResponse,
  Whole,
  YesNo,
} from '#platform/http';
import { COMPATIBILITIES, DESCRIPTION_LENGTH_MAX } from '../domain/config-schema.js';
import { FIRST_VERSION, SCHEMA_VERSION, SCHEMA_VERSION_LENGTH_MAX } from '../domain/config-schema-version.js';
import { NAME, NAME_LENGTH_MAX } from '../domain/identity.js';

const JSON_SCHEMA = {
  oneOf: [{ type: 'object', additionalProperties: true }, { type: 'boolean' }],
  description:
    'A JSON Schema of 2020-12, or of draft-07 where `$schema` says so. It refers to itself or to `urn:metastore:schema:<name>:<version>`.',
  example: { type: 'object', properties: { pool_size: { type: 'integer', minimum: 1 } } },
};
const VERSION = {
  max: SCHEMA_VERSION_LENGTH_MAX,
  pattern: SCHEMA_VERSION,
  description: 'By Semantic Versioning, without build metadata.',
  example: '1.1.0',
} as const;
const COMPATIBILITY_SAYS =
  'What the next version is held to: nothing; backward: documents that fit the older one fit the newer one; forward: the other way round; or both.';

/** What is said of a schema besides its name and version. */
abstract class SchemaProperties {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text(TENANT)
  readonly tenant_id?: string | null;

  @AlwaysDescribed(JSON_SCHEMA)
  readonly json_schema!: unknown;

  @Text({ optional: true, nullable: true, max: DESCRIPTION_LENGTH_MAX })
  readonly description?: string | null;

  @Choice(COMPATIBILITIES, {
    optional: true,
    description: `${COMPATIBILITY_SAYS} Absent: as the newest version has it, and none for the first.`,
  })
  readonly compatibility?: (typeof COMPATIBILITIES)[number];

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateSchemaBody extends SchemaProperties {
  @Text({ min: 1, max: NAME_LENGTH_MAX, pattern: NAME, example: 'database' })
  readonly name!: string;

  @Text({ ...VERSION, optional: true, default: FIRST_VERSION })
  readonly version?: string;
}

export class AddSchemaVersionBody extends SchemaProperties {
  @Text(VERSION)
  readonly version!: string;
}

export class CheckCompatibilityBody {
  @Text(TENANT)
  readonly tenant_id?: string | null;

  @AlwaysDescribed(JSON_SCHEMA)
  readonly json_schema!: unknown;

  @Choice(COMPATIBILITIES, { optional: true, description: 'Absent: as the version has it.' })
  readonly mode?: (typeof COMPATIBILITIES)[number];

  @Text({ ...VERSION, optional: true, description: 'The version to compare with. Absent: the newest.' })
  readonly against?: string;
}

export class ValidateDocumentBody {
  @AnyJson({ description: 'Any JSON. What stands for a secret, `{"$secret_ref": …}`, is any text.' })
  readonly document!: unknown;
}

export class SchemaListQuery extends ListQuery {
  @AnyOf({ description: 'Schemas of this name.' })
  readonly name?: readonly string[];

  @Text({
    optional: true,
    min: 1,
    max: 255,
    description: 'Anywhere in name or description, whatever the case.',
  })
  readonly q?: string;
}

/** A schema that another one refers to. */
export class SchemaReferenceResponse {
  @Uuid()
  readonly id!: string;

  @Text({ example: 'address' })
  readonly name!: string;

  @Text({ example: '1.0.0' })
  readonly version!: string;
}

export class SchemaResponse extends ResourceResponse<string> {
  @Text({
    description: 'By Semantic Versioning. The ETag is always "1": a schema never changes.',
    example: '1.1.0',
  })
  override readonly version!: string;

  @Text({ example: 'database' })
  readonly name!: string;

  @AlwaysDescribed(JSON_SCHEMA)
  readonly json_schema!: unknown;

  @Choice(COMPATIBILITIES, { description: COMPATIBILITY_SAYS })
  readonly compatibility!: string;

  @Text({ nullable: true })
  readonly description!: string | null;

  @ListOf(() => SchemaReferenceResponse, { description: 'The registered schemas that it refers to.' })
  readonly refers_to!: readonly SchemaReferenceResponse[];
}

export class SchemaListResponse extends listResponse(() => SchemaResponse) {}

/** One thing that a document breaks. */
export class DocumentErrorResponse {
  @Text({ description: 'JSON Pointer (RFC 6901) into the document.', example: '/pool_size' })
  readonly pointer!: string;

  @Text({ description: 'The keyword of JSON Schema.', example: 'minimum' })
  readonly keyword!: string;

  @Text({ example: 'It must be >= 1.' })
  readonly detail!: string;
}

export class ValidationResponse {
  @YesNo()
  readonly valid!: boolean;

  @ListOf(() => DocumentErrorResponse, { description: 'The first hundred; none when it is valid.' })
  readonly errors!: readonly DocumentErrorResponse[];
}

/** An effective document that the schema would break. */
export class BrokenDocumentResponse {
  @Uuid({ description: 'The highest layer that names the schema.' })
  readonly configuration_id!: string;

  @Text({ example: 'order-service' })
  readonly service_id!: string;

  @Text({ example: 'database' })
  readonly name!: string;

  @Text({
    description: '`base` stands for every environment without layers of its own.',
    example: 'production',
  })
  readonly environment!: string;

  @Text({ nullable: true })
  readonly tenant_id!: string | null;

  @ListOf(() => DocumentErrorResponse)
  readonly errors!: readonly DocumentErrorResponse[];
}

/** The effective documents of now in which layers with any version of the schema take part. */
export class CheckedDocumentsResponse {
  @Whole({ description: 'How many were held against the schema, at most 1,000.' })
  readonly checked!: number;

  @YesNo({ description: 'False where there are more.' })
  readonly complete!: boolean;

  @ListOf(() => BrokenDocumentResponse)
  readonly broken!: readonly BrokenDocumentResponse[];
}

export class CompatibilityResponse {
  @YesNo({ description: 'True when nothing stands against it, in the schemas or in a document.' })
  readonly compatible!: boolean;

  @Choice(COMPATIBILITIES, { description: 'What was looked at.' })
  readonly mode!: string;

  @Text({ description: 'The version that it was compared with.', example: '1.0.0' })
  readonly against!: string;

  @ListOf(() => ViolationResponse, {
    description:
      'The pointer is into the schema that asks for more. `undecided`: the two differ in a way that is not compared.',
  })
  readonly errors!: readonly ViolationResponse[];

  @AlwaysDescribed({ allOf: [{ $ref: '#/components/schemas/CheckedDocumentsResponse' }] })
  readonly documents!: CheckedDocumentsResponse;
}
