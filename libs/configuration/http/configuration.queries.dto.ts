import {
  AnyOf,
  Instant,
  ListQuery,
  listResponse,
  ReasonQuery,
  TenantQuery,
  Text,
  YesNo,
} from '#platform/http';
import { ENVIRONMENT, ENVIRONMENT_LENGTH_MAX } from '../domain/identity.js';
import { ConfigurationResponse } from './configuration.dto.js';

const DRY_RUN = {
  optional: true,
  default: false,
  description: 'Say what would happen, and store nothing.',
} as const;

/** What every write takes. */
export class WriteQuery {
  @YesNo(DRY_RUN)
  readonly dry_run?: boolean;
}

/** The same, where a change has no body. */
export class DeleteQuery extends ReasonQuery {
  @YesNo(DRY_RUN)
  readonly dry_run?: boolean;
}

/** The configurations of one service. */
export class ServiceListQuery extends ListQuery {
  @AnyOf({ description: 'Any of these.' })
  readonly environment?: string[];

  @YesNo({ optional: true, description: 'Active or not.' })
  readonly active?: boolean;

  @Instant({ optional: true, description: 'Active ones whose window has this instant.' })
  readonly effective_at?: string;

  @Text({
    optional: true,
    min: 1,
    max: 255,
    description: 'Anywhere in service, name or description, whatever the case.',
  })
  readonly q?: string;
}

export class ConfigurationListQuery extends ServiceListQuery {
  @AnyOf({ description: 'Any of these.' })
  readonly service_id?: string[];
}

export class EffectiveOneQuery extends TenantQuery {
  @Text({
    pattern: ENVIRONMENT,
    max: ENVIRONMENT_LENGTH_MAX,
    description: 'Exactly this one; what lies below it is not looked at.',
    example: 'production',
  })
  readonly environment!: string;
}

export class ConfigurationListResponse extends listResponse(() => ConfigurationResponse) {}
