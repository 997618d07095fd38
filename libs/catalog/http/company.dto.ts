import {
  AlwaysDescribed,
  AnyOf,
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
import { DESCRIPTION_LENGTH_MAX, NAME_LENGTH_MAX } from '../domain/company.js';

const NAME = { min: 1, max: NAME_LENGTH_MAX, example: 'Acme' } as const;

/** What may be said of a company besides its name. */
abstract class CompanyProperties {
  @Text({ optional: true, nullable: true, max: DESCRIPTION_LENGTH_MAX })
  readonly description?: string | null;

  @Described(LABELS)
  readonly labels?: object;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateCompanyBody extends CompanyProperties {
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
      'Whose it is, with everything that will belong to it; null for all tenants. Absent: the tenant of the credential.',
    example: 'acme',
  })
  readonly tenant_id?: string | null;

  @Text(NAME)
  readonly name!: string;
}

export class ReviseCompanyBody extends CompanyProperties {
  @Text({ ...NAME, optional: true, description: 'Renames the company; its id stays.' })
  readonly name?: string;
}

export class CompanyListQuery extends ListQuery {
  @AnyOf({ description: 'Exact names.' })
  readonly name?: readonly string[];

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
    description: 'Anywhere in name or description, whatever the case.',
  })
  readonly q?: string;

  @Instant({ optional: true, description: 'Changed at this instant or later.' })
  readonly updated_since?: string;
}

export class CompanyResponse extends ResourceResponse {
  @Text({ example: 'Acme' })
  readonly name!: string;

  @Text({ nullable: true })
  readonly description!: string | null;

  @AlwaysDescribed(LABELS)
  readonly labels!: Readonly<Record<string, string>>;
}

export class CompanyListResponse extends listResponse(() => CompanyResponse) {}
