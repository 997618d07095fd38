import { AnyOf, Choice, Instant, ListQuery, ReasonQuery, TenantQuery, Text, YesNo } from '#platform/http';
import { CONNECTIVITIES } from '../domain/connectivity.js';

const ANY = { description: 'Any of these.' } as const;
const SELECTOR = {
  optional: true,
  max: 4_096,
  description: 'What its labels are like, in the words of Kubernetes.',
  example: 'tier in (edge,core),!legacy',
} as const;

export class DeviceListQuery extends ListQuery {
  @AnyOf(ANY)
  readonly device_type?: string[];

  @AnyOf({ description: 'Any of these addresses, in any spelling.' })
  readonly mac_address?: string[];

  @AnyOf({ description: 'Any of these addresses, in any spelling.' })
  readonly ip_address?: string[];

  @AnyOf({ description: 'In any of these blocks, IPv4 or IPv6.', example: ['10.0.0.0/8'] })
  readonly cidr?: string[];

  @AnyOf({ description: 'Any of these reported values.' })
  readonly status?: string[];

  @AnyOf({ ...ANY, choices: CONNECTIVITIES })
  readonly connectivity?: string[];

  @AnyOf(ANY)
  readonly environment?: string[];

  @AnyOf({ description: 'Of any of these teams.' })
  readonly owner_team_id?: string[];

  @AnyOf(ANY)
  readonly store_id?: string[];

  @YesNo({ optional: true, description: 'What it reported differs from what is desired.' })
  readonly has_delta?: boolean;

  @Text(SELECTOR)
  readonly selector?: string;

  @Instant({ optional: true, description: 'Registered at this instant or later.' })
  readonly registered_from?: string;

  @Instant({ optional: true, description: 'Registered before this instant.' })
  readonly registered_until?: string;

  @Instant({ optional: true, description: 'Seen before this instant, and not since.' })
  readonly last_seen_before?: string;

  @Text({
    optional: true,
    min: 1,
    max: 255,
    description: 'Anywhere in name, addresses or store, whatever the case.',
  })
  readonly q?: string;
}

export class ExportDevicesQuery extends TenantQuery {
  @Choice(['json', 'csv'], {
    optional: true,
    default: 'json',
    description: 'Whole devices, or the columns of an import.',
  })
  readonly format: 'json' | 'csv' = 'json';

  @AnyOf(ANY)
  readonly device_type?: string[];

  @AnyOf(ANY)
  readonly environment?: string[];

  @AnyOf({ description: 'Of any of these teams.' })
  readonly owner_team_id?: string[];

  @AnyOf(ANY)
  readonly store_id?: string[];

  @Text(SELECTOR)
  readonly selector?: string;
}

export class ImportDevicesQuery extends ReasonQuery {
  @Text({
    optional: true,
    max: 63,
    description: 'Whose devices they are. Absent: those of the tenant of the credential, else of all.',
  })
  readonly tenant_id?: string;

  @Choice(['partial', 'atomic'], {
    optional: true,
    default: 'partial',
    description: 'partial takes what it can and tells the rest, atomic takes all or nothing.',
  })
  readonly mode: 'partial' | 'atomic' = 'partial';

  @YesNo({ optional: true, default: false, description: 'Say what would happen, and store nothing.' })
  readonly dry_run?: boolean;
}
