import {
  AlwaysDescribed,
  AnyOf,
  Described,
  Instant,
  LABELS,
  LABELS_PATCH,
  ListOf,
  ListQuery,
  listResponse,
  REASON,
  ResourceResponse,
  Text,
  Uuid,
  YesNo,
} from '#platform/http';
import { NAME_LENGTH_MAX } from '../domain/company.js';
import { EMAIL_LENGTH_MAX } from '../domain/user-email.js';
import { UserMembershipResponse } from './member.dto.js';

const NAME = { min: 1, max: NAME_LENGTH_MAX, example: 'Ada Lovelace' } as const;
const EMAIL = {
  min: 1,
  max: EMAIL_LENGTH_MAX,
  description: 'One user of a company has it, whatever the case.',
  example: 'ada@example.com',
} as const;
const ACTIVE = 'False for somebody who is not there any more, and stays known.';

/** What may be said of a user besides name and address. */
abstract class UserProperties {
  @Described(LABELS)
  readonly labels?: object;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateUserBody extends UserProperties {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text({
    optional: true,
    nullable: true,
    max: 63,
    description: 'The tenant of the company; absent, it follows from it.',
    example: 'acme',
  })
  readonly tenant_id?: string | null;

  @Uuid({
    optional: true,
    description: 'Fixed for life. Absent: the only company of the tenant.',
  })
  readonly company_id?: string;

  @Text(NAME)
  readonly name!: string;

  @Text(EMAIL)
  readonly email!: string;

  @YesNo({ optional: true, default: true, description: ACTIVE })
  readonly active?: boolean;
}

export class ReviseUserBody extends UserProperties {
  @Uuid({ optional: true, description: 'Fixed for life: another one is refused.' })
  readonly company_id?: string;

  @Text({ ...NAME, optional: true })
  readonly name?: string;

  @Text({ ...EMAIL, optional: true })
  readonly email?: string;

  @YesNo({ optional: true, description: ACTIVE })
  readonly active?: boolean;
}

export class PatchUserBody extends ReviseUserBody {
  @Described(LABELS_PATCH)
  override readonly labels?: object;
}

export class UserListQuery extends ListQuery {
  @AnyOf({ description: 'Ids of companies.' })
  readonly company_id?: readonly string[];

  @AnyOf({ description: 'Exact addresses, whatever the case.' })
  readonly email?: readonly string[];

  @YesNo({ optional: true, description: 'True: those who are active; false: those who are not.' })
  readonly active?: boolean;

  @AnyOf({ description: 'Ids of teams: their members.' })
  readonly team_id?: readonly string[];

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
    description: 'Anywhere in name or address, whatever the case.',
  })
  readonly q?: string;

  @Instant({ optional: true, description: 'Changed at this instant or later.' })
  readonly updated_since?: string;
}

export class UserResponse extends ResourceResponse {
  @Uuid()
  readonly company_id!: string;

  @Text({ example: 'Ada Lovelace' })
  readonly name!: string;

  @Text({ example: 'ada@example.com' })
  readonly email!: string;

  @YesNo({ description: ACTIVE })
  readonly active!: boolean;

  @AlwaysDescribed(LABELS)
  readonly labels!: Readonly<Record<string, string>>;

  @ListOf(() => UserMembershipResponse, {
    description: 'The teams that the user is in, in the order of joining.',
  })
  readonly teams!: readonly UserMembershipResponse[];
}

export class UserListResponse extends listResponse(() => UserResponse) {}
