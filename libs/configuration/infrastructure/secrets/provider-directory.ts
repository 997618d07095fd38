import { Injectable } from '@nestjs/common';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { isPathAllowed } from '../../domain/secret-provider-path.js';
import type { SecretReference } from '../../domain/secret-reference.js';
import { PROVIDER_COLUMNS } from '../secret-provider.table.js';
import type { SecretProviderRecord } from '../secret-provider.table.js';

/** A provider with what it signs in with, still sealed. */
export interface ListedProvider extends SecretProviderRecord {
  readonly credentials: string | null;
}

/** Whoever refers to providers holds this together with all others, and whoever takes one away alone. */
const HELD = `hashtextextended('configuration-secret-providers', 0)`;

/** Finds the providers that references lead to. */
@Injectable()
export class ProviderDirectory {
  constructor(private readonly database: Database) {}

  /** Until the unit of work ends no provider is taken away. */
  async hold(): Promise<void> {
    await this.database.transaction.query({
      name: 'hold_secret_providers',
      text: `select pg_advisory_xact_lock_shared(${HELD})`,
    });
  }

  /** Until the unit of work ends nobody refers to a provider who did not do so before. */
  async holdAlone(): Promise<void> {
    await this.database.transaction.query({
      name: 'hold_secret_providers_alone',
      text: `select pg_advisory_xact_lock(${HELD})`,
    });
  }

  /** At which versions those are that are still there. */
  async versionsOf(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.read<{ id: string; version: number }>({
      name: 'secret_provider_versions',
      text: 'select id, version from configuration.secret_provider where id = any ($1)',
      values: [ids],
    });
    return new Map(rows.map(({ id, version }) => [id, version]));
  }

  /** Those of the tenants and the shared ones. */
  async of(tenants: readonly (string | null)[]): Promise<ProvidersInReach> {
    const reach = [...new Set([SHARED_TENANT, ...tenants.map(tenantColumn)])];
    return new ProvidersInReach(
      await this.database.read<ListedProvider>({
        name: 'secret_providers_in_reach',
        text: `select ${PROVIDER_COLUMNS}, t.credentials from configuration.secret_provider t where t.tenant = any ($1)`,
        values: [reach],
      }),
    );
  }
}

/** Which provider a reference means: the asking tenant's own, else the shared one. */
export class ProvidersInReach {
  constructor(private readonly providers: readonly ListedProvider[]) {}

  find(tenant: string | null, { provider }: Pick<SecretReference, 'provider'>): ListedProvider | null {
    const isMeant = (one: ListedProvider): boolean =>
      provider === null ? one.is_default : one.alias === provider;
    const ofOwner = (owner: string): ListedProvider | undefined =>
      this.providers.find((one) => one.tenant === owner && isMeant(one));
    return ofOwner(tenantColumn(tenant)) ?? ofOwner(SHARED_TENANT) ?? null;
  }
}

/** True when a configuration of the tenant may ask the provider for this path. */
export function letsThrough(provider: ListedProvider, tenant: string | null, path: string): boolean {
  const { settings, path_prefixes: prefixes } = provider;
  if (settings.kind === 'env' && !settings.names.includes(path)) return false;
  return isPathAllowed(prefixes, tenant, path);
}
