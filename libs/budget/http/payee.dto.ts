import {
  AlwaysDescribed,
  AnyOf,
  batchBody,
  Choice,
  Described,
  LABELS,
  LABELS_PATCH,
  ListQuery,
  listResponse,
  REASON,
  ReasonQuery,
  ResourceResponse,
  TENANT,
  Text,
  Uuid,
  Whole,
} from '#platform/http';
import { NAME_LENGTH_MAX } from '../domain/names.js';
import { EMAIL_LENGTH_MAX } from '../domain/payee.js';

const NAME = {
  min: 1,
  max: NAME_LENGTH_MAX,
  description: 'One line; white space at its ends is left out. Two payees may have the same.',
  example: 'Corner Grocery',
} as const;
const EMAIL = { nullable: true, max: EMAIL_LENGTH_MAX, example: 'shop@example.com' } as const;
const PHONE = {
  nullable: true,
  max: 16,
  description: 'As E.164 writes it: a plus and at most 15 digits.',
  example: '+4930123456',
} as const;
const ID = {
  optional: true,
  description: 'Of the caller’s choice; the same id with the same content may be sent again.',
} as const;
const MERGE_INTO = {
  optional: true,
  description: 'The payee that this one turns out to be: its items go over to that one first.',
} as const;

/** What may be said of a payee besides its name. */
abstract class PayeeProperties {
  @Text({ optional: true, ...EMAIL })
  readonly email?: string | null;

  @Text({ optional: true, ...PHONE })
  readonly phone?: string | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreatePayeeBody extends PayeeProperties {
  @Uuid(ID)
  readonly id?: string;

  @Text(TENANT)
  readonly tenant_id?: string | null;

  @Text(NAME)
  readonly name!: string;

  @Described(LABELS)
  readonly labels?: object;
}

export class RevisePayeeBody extends PayeeProperties {
  @Text({ optional: true, ...NAME })
  readonly name?: string;

  @Described(LABELS)
  readonly labels?: object;
}

export class PatchPayeeBody extends PayeeProperties {
  @Text({ optional: true, ...NAME })
  readonly name?: string;

  @Described(LABELS_PATCH)
  readonly labels?: object;
}

export class MergePayeeBody {
  @Uuid({ description: 'The payee that stays, and has the items of both from then on.' })
  readonly into!: string;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class DeletePayeeQuery extends ReasonQuery {
  @Uuid(MERGE_INTO)
  readonly merge_into?: string;
}

export class PayeeListQuery extends ListQuery {
  @AnyOf({ description: 'Called so, whatever the case and the white space.' })
  readonly name?: readonly string[];

  @AnyOf({ description: 'With any of these addresses, whatever the case.' })
  readonly email?: readonly string[];

  @Text({
    optional: true,
    min: 1,
    max: 4_096,
    description: 'By labels, as in Kubernetes: `tier in (gold,silver),!legacy`.',
  })
  readonly selector?: string;

  @Text({
    optional: true,
    min: 1,
    max: 255,
    description: 'Anywhere in name, email or phone, whatever the case.',
  })
  readonly q?: string;
}

/** One operation of a batch: what the request of its own would say, and its method. */
export class PayeeOperation extends PayeeProperties {
  @Choice(['create', 'update', 'delete'])
  readonly op!: 'create' | 'update' | 'delete';

  @Uuid({ optional: true, description: 'Required for update and delete.' })
  readonly id?: string;

  @Whole({ optional: true, min: 1, description: 'The version last seen, as If-Match says it.' })
  readonly if_version?: number;

  @Text(TENANT)
  readonly tenant_id?: string | null;

  @Text({ optional: true, ...NAME })
  readonly name?: string;

  @Described(LABELS)
  readonly labels?: object;

  @Uuid(MERGE_INTO)
  readonly merge_into?: string;
}

export class PayeeBatchBody extends batchBody(() => PayeeOperation) {}

export class PayeeResponse extends ResourceResponse {
  @Text(NAME)
  readonly name!: string;

  @Text(EMAIL)
  readonly email!: string | null;

  @Text(PHONE)
  readonly phone!: string | null;

  @AlwaysDescribed(LABELS)
  readonly labels!: Readonly<Record<string, string>>;
}

export class PayeeListResponse extends listResponse(() => PayeeResponse) {}
