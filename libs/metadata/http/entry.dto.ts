import {
  AnyJson,
  batchBody,
  Choice,
  Instant,
  ListOf,
  listResponse,
  REASON,
  ResourceResponse,
  TENANT,
  Text,
  TextList,
  Uuid,
  Whole,
  YesNo,
} from '#platform/http';
import { REDACTED } from '../domain/content.js';

export const CONTENT_TYPES = ['json', 'yaml', 'text', 'binary'] as const;
export const CONTENT_TYPES_IN = [
  ...CONTENT_TYPES,
  'application/json',
  'application/yaml',
  'text/plain',
  'application/octet-stream',
] as const;

const NAME = /^[A-Za-z][A-Za-z0-9._-]*$/;
const NAME_MAX = 255;
const VALUE =
  'json: any JSON value, given back exactly as it came. yaml, text: a string. binary: a base64 string.';

/** What may be said of an entry besides its value. */
abstract class EntryProperties {
  @Choice(CONTENT_TYPES_IN, { optional: true, default: 'json' })
  readonly content_type?: string;

  @TextList({
    optional: true,
    maxItems: 200,
    max: 400,
    description: 'Trimmed, in lower case, each once; at most 50 of 1 to 100 characters.',
    example: ['database'],
  })
  readonly tags?: string[];

  @Text({ optional: true, nullable: true, max: 1_000 })
  readonly description?: string | null;

  @YesNo({ optional: true, description: 'Encrypt the value where it is stored, in the history too.' })
  readonly is_encrypted?: boolean;

  @YesNo({
    optional: true,
    description: 'Show the value only to whoever may read secrets and asks for it. Implies encryption.',
  })
  readonly is_secret?: boolean;

  @Instant({ optional: true, nullable: true, description: 'From then on the entry is not there any more.' })
  readonly expires_at?: string | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateEntryBody extends EntryProperties {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text(TENANT)
  readonly tenant_id?: string | null;

  @Text({ min: 1, max: NAME_MAX, pattern: NAME, example: 'app.database.pool_size' })
  readonly key!: string;

  @Text({ optional: true, min: 1, max: NAME_MAX, pattern: NAME, default: 'default', example: 'production' })
  readonly namespace?: string;

  @AnyJson({ description: VALUE, example: 10 })
  readonly value!: unknown;
}

export class ReviseEntryBody extends EntryProperties {
  @Text({
    optional: true,
    min: 1,
    max: NAME_MAX,
    pattern: NAME,
    description: 'Renames the entry; id and history stay.',
  })
  readonly key?: string;

  @Text({
    optional: true,
    min: 1,
    max: NAME_MAX,
    pattern: NAME,
    description: 'Moves the entry; id and history stay.',
  })
  readonly namespace?: string;

  @AnyJson({ optional: true, description: VALUE })
  readonly value?: unknown;
}

export class UpsertEntryBody extends EntryProperties {
  @AnyJson({ description: VALUE })
  readonly value!: unknown;
}

/** One operation of a batch: the members that the operation takes, and `op`. */
export class EntryOperation extends EntryProperties {
  @Choice(['create', 'update', 'delete'])
  readonly op!: string;

  @Uuid({
    optional: true,
    description: 'Which entry to update or delete; for create, the id of the caller’s choice.',
  })
  readonly id?: string;

  @Whole({ optional: true, min: 1, description: 'The version that the operation was decided on.' })
  readonly if_version?: number;

  @Text({ optional: true, nullable: true, max: 63 })
  readonly tenant_id?: string | null;

  @Text({ optional: true, min: 1, max: NAME_MAX, pattern: NAME })
  readonly key?: string;

  @Text({ optional: true, min: 1, max: NAME_MAX, pattern: NAME })
  readonly namespace?: string;

  @AnyJson({ optional: true, description: VALUE })
  readonly value?: unknown;
}

export class EntryBatchBody extends batchBody(() => EntryOperation) {}

export class EntryResponse extends ResourceResponse {
  @Text({ example: 'production' })
  readonly namespace!: string;

  @Text({ example: 'app.database.pool_size' })
  readonly key!: string;

  @Choice(CONTENT_TYPES)
  readonly content_type!: string;

  @AnyJson({ description: `${VALUE} A secret is shown as "${REDACTED}".`, example: 10 })
  readonly value!: unknown;

  @TextList({ maxItems: 50 })
  readonly tags!: readonly string[];

  @Text({ nullable: true })
  readonly description!: string | null;

  @YesNo()
  readonly is_encrypted!: boolean;

  @YesNo()
  readonly is_secret!: boolean;

  @Instant({ nullable: true })
  readonly expires_at!: string | null;
}

export class EntryListResponse extends listResponse(() => EntryResponse) {}

export class CountResponse {
  @Text()
  readonly name!: string;

  @Whole({ min: 1 })
  readonly entries!: number;
}

export class CountListResponse {
  @ListOf(() => CountResponse)
  readonly items!: readonly CountResponse[];
}
