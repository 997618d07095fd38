import {
  AlwaysDescribed,
  AnyOf,
  Choice,
  Described,
  Instant,
  LABELS,
  ListQuery,
  listResponse,
  REASON,
  ResourceResponse,
  Text,
  Uuid,
} from '#platform/http';
import { NAME_LENGTH_MAX } from '../domain/company.js';
import { SLUG } from '../domain/identity.js';
import { TIERS } from '../domain/tier.js';

const NAME = { min: 1, max: NAME_LENGTH_MAX, example: 'Quality assurance' } as const;
const KEY = {
  pattern: SLUG,
  description:
    'What flags, configurations, devices and resources refer to it by: of a-z, 0-9 and -, 1 to 63 characters, fixed for life.',
  example: 'qa',
} as const;
const TIER = 'How near to its users it is.';
const OWNER = 'The team that answers for it; of the same company.';

/** What may be said of an environment besides its key. */
abstract class EnvironmentProperties {
  @Uuid({ optional: true, nullable: true, description: OWNER })
  readonly owner_team_id?: string | null;

  @Described(LABELS)
  readonly labels?: object;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateEnvironmentBody extends EnvironmentProperties {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text({
    optional: true,
    nullable: true,
    max: 63,
    description:
      'That of the company, or null for all tenants. Absent: that of the company, else that of the credential.',
    example: 'acme',
  })
  readonly tenant_id?: string | null;

  @Uuid({
    optional: true,
    nullable: true,
    description: 'Absent: the only company of the tenant; none where it has none. Fixed for life.',
  })
  readonly company_id?: string | null;

  @Text(KEY)
  readonly key!: string;

  @Text({ ...NAME, optional: true, description: 'Absent: the key.' })
  readonly name?: string;

  @Choice(TIERS, {
    optional: true,
    description: `${TIER} Absent: the one that is called as the key is, else development.`,
  })
  readonly tier?: (typeof TIERS)[number];
}

export class ReviseEnvironmentBody extends EnvironmentProperties {
  @Text({ ...NAME, optional: true })
  readonly name?: string;

  @Choice(TIERS, { optional: true, description: TIER })
  readonly tier?: (typeof TIERS)[number];
}

export class EnvironmentListQuery extends ListQuery {
  @AnyOf({ description: 'Any of these keys.' })
  readonly key?: readonly string[];

  @AnyOf({ choices: TIERS, description: 'Any of these tiers.' })
  readonly tier?: readonly string[];

  @AnyOf({ description: 'Environments of any of these companies.' })
  readonly company_id?: readonly string[];

  @AnyOf({ description: 'Environments that any of these teams owns.' })
  readonly owner_team_id?: readonly string[];

  @Text({
    optional: true,
    min: 1,
    max: 4_096,
    description: 'By labels, as in Kubernetes: `tier in (gold,silver),!legacy`.',
  })
  readonly selector?: string;

  @Text({ optional: true, min: 1, max: 255, description: 'Anywhere in key or name, whatever the case.' })
  readonly q?: string;

  @Instant({ optional: true, description: 'Changed at this instant or later.' })
  readonly updated_since?: string;
}

export class EnvironmentResponse extends ResourceResponse {
  @Uuid({ nullable: true, description: 'Null where it was made before its tenant had a company.' })
  readonly company_id!: string | null;

  @Text({ example: KEY.example, description: KEY.description })
  readonly key!: string;

  @Text({ example: NAME.example })
  readonly name!: string;

  @Choice(TIERS, { description: TIER })
  readonly tier!: (typeof TIERS)[number];

  @Uuid({ nullable: true, description: OWNER })
  readonly owner_team_id!: string | null;

  @AlwaysDescribed(LABELS)
  readonly labels!: Readonly<Record<string, string>>;
}

export class EnvironmentListResponse extends listResponse(() => EnvironmentResponse) {}
