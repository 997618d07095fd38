import { ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import {
  AlwaysDescribed,
  batchBody,
  Choice,
  Described,
  Instant,
  ListOf,
  REASON,
  ResourceResponse,
  Text,
  TextList,
  Uuid,
  Whole,
  YesNo,
} from '#platform/http';
import { DESCRIPTION_LENGTH_MAX, FINAL_KEYS_MAX, SECRET_REFS_MAX } from '../domain/configuration-content.js';
import { ENVIRONMENT, ENVIRONMENT_LENGTH_MAX, NAME, NAME_LENGTH_MAX } from '../domain/identity.js';
import { SecretRef } from './secret-refs.js';

const OBJECT = { type: 'object', additionalProperties: true } as const;
const VALUES = {
  ...OBJECT,
  description:
    'At most 256 KiB. Null takes a key of the layers below away; `{"$secret_ref": {provider, path, field}}` stands for a secret; `${config:name.path}` for a value of the same service.',
  example: { host: 'db.example.com', port: 5432 },
} as const;
const FINAL_KEYS = { description: 'Dotted paths that no layer above may set.', example: ['tls.min_version'] };
const SECRET_REFS = {
  type: 'array',
  items: { $ref: getSchemaPath(SecretRef) },
  maxItems: SECRET_REFS_MAX,
  description: 'Secrets, put into the values over whatever stands there.',
} as const;
const FROM = { description: 'Effective from this instant on; null is since ever.' } as const;
const UNTIL = { description: 'Effective until just before this instant; null is for ever.' } as const;
const SCHEMA = { description: 'The schema that every result satisfies in which this takes part.' } as const;
const SERVICE_ID = { pattern: NAME, min: 1, max: NAME_LENGTH_MAX, example: 'order-service' } as const;
const CONFIGURATION_NAME = { pattern: NAME, min: 1, max: NAME_LENGTH_MAX, example: 'database' } as const;
const ENVIRONMENT_NAME = {
  pattern: ENVIRONMENT,
  min: 1,
  max: ENVIRONMENT_LENGTH_MAX,
  description: '`base` lies under all others.',
  example: 'production',
} as const;
const TENANT_ID = {
  optional: true,
  nullable: true,
  max: 63,
  description: 'Null for all tenants. Absent: the tenant of the credential.',
  example: 'acme',
} as const;
const FIXED = { optional: true, description: 'Fixed for life: it may only be said again.' } as const;

/** What may be said of a configuration besides its scope and its values. */
@ApiExtraModels(SecretRef)
abstract class ConfigurationProperties {
  @Uuid({ optional: true, nullable: true, ...SCHEMA })
  readonly schema_id?: string | null;

  @Described({ ...SECRET_REFS, nullable: true })
  readonly secret_refs?: readonly object[] | null;

  @TextList({ optional: true, nullable: true, maxItems: FINAL_KEYS_MAX, ...FINAL_KEYS })
  readonly final_keys?: readonly string[] | null;

  @YesNo({ optional: true, description: 'Only active configurations count.' })
  readonly is_active?: boolean;

  @Instant({ optional: true, nullable: true, ...FROM })
  readonly effective_from?: string | null;

  @Instant({ optional: true, nullable: true, ...UNTIL })
  readonly effective_until?: string | null;

  @Text({ optional: true, nullable: true, max: DESCRIPTION_LENGTH_MAX })
  readonly description?: string | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateConfigurationBody extends ConfigurationProperties {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text(TENANT_ID)
  readonly tenant_id?: string | null;

  @Text(SERVICE_ID)
  readonly service_id!: string;

  @Text(CONFIGURATION_NAME)
  readonly name!: string;

  @Text(ENVIRONMENT_NAME)
  readonly environment!: string;

  @AlwaysDescribed(VALUES)
  readonly values!: object;
}

/** The scope may be said again, so that what was read can be sent back. */
export class PatchConfigurationBody extends ConfigurationProperties {
  @Text({ ...FIXED, nullable: true })
  readonly tenant_id?: string | null;

  @Text(FIXED)
  readonly service_id?: string;

  @Text(FIXED)
  readonly name?: string;

  @Text(FIXED)
  readonly environment?: string;

  @Described(VALUES)
  readonly values?: object;
}

export class ReviseConfigurationBody extends PatchConfigurationBody {
  @YesNo({
    optional: true,
    default: true,
    description:
      'True merges the values into those that are there (RFC 7396: null removes, lists are replaced), false replaces them.',
  })
  readonly merge?: boolean;
}

/** One operation of a batch: the members that the operation takes, and `op`. */
export class ConfigurationOperation extends ReviseConfigurationBody {
  @Choice(['create', 'update', 'delete'])
  readonly op!: string;

  @Uuid({
    optional: true,
    description: 'Which configuration to update or delete; for create, the id of the caller’s choice.',
  })
  readonly id?: string;

  @Whole({ optional: true, min: 1, description: 'The version that the operation was decided on.' })
  readonly if_version?: number;
}

export class ConfigurationBatchBody extends batchBody(() => ConfigurationOperation) {}

export class ConfigurationResponse extends ResourceResponse {
  @Text({ example: 'order-service' })
  readonly service_id!: string;

  @Text({ example: 'database' })
  readonly name!: string;

  @Text({ example: 'production' })
  readonly environment!: string;

  @AlwaysDescribed(VALUES)
  readonly values!: object;

  @Uuid({ nullable: true, ...SCHEMA })
  readonly schema_id!: string | null;

  @ListOf(() => SecretRef)
  readonly secret_refs!: readonly SecretRef[];

  @TextList({ maxItems: FINAL_KEYS_MAX, ...FINAL_KEYS })
  readonly final_keys!: readonly string[];

  @YesNo()
  readonly is_active!: boolean;

  @Instant({ nullable: true, ...FROM })
  readonly effective_from!: string | null;

  @Instant({ nullable: true, ...UNTIL })
  readonly effective_until!: string | null;

  @Text({ nullable: true })
  readonly description!: string | null;

  @TextList({
    maxItems: 10_000,
    description: 'Dotted paths of all properties that hold a secret.',
    example: ['credentials.password'],
  })
  readonly secret_keys!: readonly string[];

  @YesNo({
    description:
      'It is active and the instant is in its window: now; of a past state, the instant asked for or that of the version.',
  })
  readonly is_effective!: boolean;
}
