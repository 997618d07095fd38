import {
  AlwaysDescribed,
  AnyOf,
  Choice,
  Described,
  Instant,
  LABELS,
  LABELS_PATCH,
  ListOf,
  ListQuery,
  listResponse,
  PageQuery,
  REASON,
  ReasonQuery,
  ResourceResponse,
  Text,
  Uuid,
  YesNo,
} from '#platform/http';
import { DESCRIPTION_LENGTH_MAX, NAME_LENGTH_MAX } from '../domain/company.js';
import { SLUG } from '../domain/identity.js';
import { EMAIL_LENGTH_MAX } from '../domain/user-email.js';
import { TeamMemberResponse } from './member.dto.js';

const NAME = { min: 1, max: NAME_LENGTH_MAX, example: 'Payments' } as const;
const SLUG_FIELD = { min: 1, max: 63, pattern: SLUG, example: 'payments' } as const;
const PARENT = { nullable: true, description: 'The team above, of the same company; null: none.' } as const;

/** What may be said of a team besides name and slug. */
abstract class TeamProperties {
  @Text({ optional: true, nullable: true, max: DESCRIPTION_LENGTH_MAX })
  readonly description?: string | null;

  @Text({
    optional: true,
    nullable: true,
    min: 1,
    max: EMAIL_LENGTH_MAX,
    description: 'Where the team as a whole gets mail.',
    example: 'payments@example.com',
  })
  readonly email?: string | null;

  @Uuid({ ...PARENT, optional: true })
  readonly parent_team_id?: string | null;

  @Described(LABELS)
  readonly labels?: object;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateTeamBody extends TeamProperties {
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

  @Uuid({ optional: true, description: 'Fixed for life. Absent: the only company of the tenant.' })
  readonly company_id?: string;

  @Text(NAME)
  readonly name!: string;

  @Text({
    ...SLUG_FIELD,
    optional: true,
    description: 'One team of a company has it. Absent: made from the name.',
  })
  readonly slug?: string;
}

export class ReviseTeamBody extends TeamProperties {
  @Uuid({ optional: true, description: 'Fixed for life: another one is refused.' })
  readonly company_id?: string;

  @Text({ ...NAME, optional: true, description: 'Renames the team; id and slug stay.' })
  readonly name?: string;

  @Text({ ...SLUG_FIELD, optional: true })
  readonly slug?: string;
}

export class PatchTeamBody extends ReviseTeamBody {
  @Described(LABELS_PATCH)
  override readonly labels?: object;
}

export class TeamListQuery extends ListQuery {
  @AnyOf({ description: 'Ids of companies.' })
  readonly company_id?: readonly string[];

  @AnyOf({ description: 'Ids of teams: those right below them.' })
  readonly parent_team_id?: readonly string[];

  @YesNo({ optional: true, description: 'True: those below no other; false: those below one.' })
  readonly root?: boolean;

  @AnyOf({ description: 'Exact slugs.' })
  readonly slug?: readonly string[];

  @AnyOf({ description: 'Ids of users: the teams that they are members of.' })
  readonly member?: readonly string[];

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
    description: 'Anywhere in name, slug or description, whatever the case.',
  })
  readonly q?: string;

  @Instant({ optional: true, description: 'Changed at this instant or later.' })
  readonly updated_since?: string;
}

/** Why a team is deleted, and who gets what it owns. */
export class DeleteTeamQuery extends ReasonQuery {
  @Uuid({
    optional: true,
    description:
      'The id of the team of the same company that everything goes over to. Absent: a team that owns something stays.',
  })
  readonly reassign_to?: string;
}

export class TeamResponse extends ResourceResponse {
  @Uuid()
  readonly company_id!: string;

  @Text({ example: 'Payments' })
  readonly name!: string;

  @Text({ example: 'payments' })
  readonly slug!: string;

  @Text({ nullable: true })
  readonly description!: string | null;

  @Text({ nullable: true })
  readonly email!: string | null;

  @Uuid(PARENT)
  readonly parent_team_id!: string | null;

  @AlwaysDescribed(LABELS)
  readonly labels!: Readonly<Record<string, string>>;

  @ListOf(() => TeamMemberResponse, { description: 'In the order of joining.' })
  readonly members!: readonly TeamMemberResponse[];
}

export class TeamListResponse extends listResponse(() => TeamResponse) {}

export class PossessionListQuery extends PageQuery {}

/** Something that a team owns. */
export class PossessionResponse {
  @Choice(['environment', 'resource', 'team'])
  readonly kind!: string;

  @Uuid()
  readonly id!: string;

  @Text({ example: 'orders' })
  readonly name!: string;

  @Text({
    description: 'The key of an environment, the namespace of a resource, the slug of a team.',
    example: 'default',
  })
  readonly key!: string;

  @Text({
    nullable: true,
    description: 'The tier of an environment, the type of a resource; null for a team.',
    example: 'service',
  })
  readonly type!: string | null;

  @Text({ nullable: true, description: 'Of a resource that stands in one.', example: 'production' })
  readonly environment!: string | null;
}

export class PossessionListResponse extends listResponse(() => PossessionResponse) {}
