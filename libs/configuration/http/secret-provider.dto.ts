import {
  AlwaysDescribed,
  Choice,
  Described,
  ListQuery,
  listResponse,
  REASON,
  ResourceResponse,
  Text,
  TextList,
  Uuid,
  Whole,
  YesNo,
} from '#platform/http';
import { ALIAS, ALIAS_LENGTH_MAX, PREFIXES_MAX } from '../domain/secret-provider.js';
import { PROVIDER_KINDS } from '../domain/secret-provider-settings.js';

/** Stands for a credential where it is not shown. */
export const REDACTED = '***REDACTED***';

const DESCRIPTION_LENGTH_MAX = 1_000;
const PREFIX_LENGTH_MAX = 1_024;
const TOKEN = { type: 'string', description: `Never shown: it reads as \`${REDACTED}\`.` };
const TEXT = { type: 'string' };

const VAULT_AUTH = {
  oneOf: [
    {
      type: 'object',
      required: ['method', 'token'],
      properties: { method: { type: 'string', enum: ['token'] }, token: TOKEN },
    },
    {
      type: 'object',
      required: ['method', 'role_id', 'secret_id'],
      properties: {
        method: { type: 'string', enum: ['approle'] },
        mount: { ...TEXT, default: 'approle' },
        role_id: TEXT,
        secret_id: TOKEN,
      },
    },
    {
      type: 'object',
      required: ['method', 'role'],
      properties: {
        method: { type: 'string', enum: ['kubernetes'] },
        mount: { ...TEXT, default: 'kubernetes' },
        role: TEXT,
        jwt_path: {
          ...TEXT,
          default: '/var/run/secrets/kubernetes.io/serviceaccount/token',
          description: 'A file in a folder that SECRET_FILE_ROOTS names; read anew at each log-in.',
        },
      },
    },
  ],
};

const AWS_AUTH = {
  oneOf: [
    { type: 'object', required: ['method'], properties: { method: { type: 'string', enum: ['default'] } } },
    {
      type: 'object',
      required: ['method', 'access_key_id', 'secret_access_key'],
      properties: {
        method: { type: 'string', enum: ['static'] },
        access_key_id: TEXT,
        secret_access_key: TOKEN,
      },
    },
  ],
};

const SETTINGS = {
  description: `How the provider is reached. \`${REDACTED}\` in place of a credential keeps the stored one, as long as it goes to the same address.`,
  oneOf: [
    {
      type: 'object',
      title: 'vault',
      required: ['address', 'auth'],
      properties: {
        address: { ...TEXT, description: 'An http or https URL.' },
        namespace: { type: ['string', 'null'] },
        mount: { ...TEXT, default: 'secret', description: 'Where KV version 2 is mounted.' },
        auth: VAULT_AUTH,
      },
    },
    {
      type: 'object',
      title: 'aws-secrets-manager',
      required: ['region'],
      properties: {
        region: TEXT,
        endpoint: { type: ['string', 'null'], description: 'Absent: AWS itself.' },
        auth: AWS_AUTH,
      },
    },
    {
      type: 'object',
      title: 'file',
      required: ['directory'],
      properties: {
        directory: { ...TEXT, description: 'An absolute path in a folder that SECRET_FILE_ROOTS names.' },
      },
    },
    {
      type: 'object',
      title: 'env',
      required: ['names'],
      properties: { names: { type: 'array', items: TEXT, description: 'Variables that may be asked for.' } },
    },
  ],
  example: { names: ['PAYMENT_API_KEY'] },
};

const PREFIXES = {
  maxItems: PREFIXES_MAX,
  max: PREFIX_LENGTH_MAX,
  description:
    'Paths below these may be asked for, cut at slashes. `*` is every path; `{tenant_id}` stands for the tenant whose configuration asks. At least one; of `env` every listed variable when absent.',
  example: ['*'],
} as const;

/** What may be said of a provider besides what it is. */
abstract class SecretProviderProperties {
  @TextList({ ...PREFIXES, optional: true })
  readonly path_prefixes?: readonly string[];

  @YesNo({ optional: true, description: 'Answers references that name no provider. One an owner.' })
  readonly is_default?: boolean;

  @Text({ optional: true, nullable: true, max: DESCRIPTION_LENGTH_MAX })
  readonly description?: string | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateSecretProviderBody extends SecretProviderProperties {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text({ optional: true, nullable: true, max: 63, description: 'Null for all tenants.', example: 'acme' })
  readonly tenant_id?: string | null;

  @Text({ min: 1, max: ALIAS_LENGTH_MAX, pattern: ALIAS, example: 'prod-vault' })
  readonly alias!: string;

  @Choice(PROVIDER_KINDS, { example: 'env' })
  readonly kind!: string;

  @AlwaysDescribed(SETTINGS)
  readonly settings!: object;
}

export class ReviseSecretProviderBody extends SecretProviderProperties {
  @Text({ optional: true, description: 'Fixed for life: another one is refused.' })
  readonly alias?: string;

  @Choice(PROVIDER_KINDS, { optional: true, description: 'Fixed for life: another one is refused.' })
  readonly kind?: string;

  @Described(SETTINGS)
  readonly settings?: object;
}

export class SecretProviderListQuery extends ListQuery {}

export class SecretProviderResponse extends ResourceResponse {
  @Text({ example: 'prod-vault' })
  readonly alias!: string;

  @Choice(PROVIDER_KINDS, { example: 'env' })
  readonly kind!: string;

  @AlwaysDescribed(SETTINGS)
  readonly settings!: object;

  @TextList(PREFIXES)
  readonly path_prefixes!: readonly string[];

  @YesNo()
  readonly is_default!: boolean;

  @Text({ nullable: true })
  readonly description!: string | null;
}

export class SecretProviderListResponse extends listResponse(() => SecretProviderResponse) {}

export class ProviderTestResponse {
  @YesNo({ description: 'Whether the provider can be reached and lets the service in.' })
  readonly ok!: boolean;

  @Text({ example: 'All variables are set.' })
  readonly detail!: string;

  @Whole({ min: 0 })
  readonly latency_ms!: number;
}
