import { Injectable } from '@nestjs/common';
import type { Violation } from '#shared-kernel';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { isUuid } from '#platform/http';
import { CatalogReferences } from '../application/catalog-references.js';
import type { Named, References } from '../application/catalog-references.js';
import { CatalogReferenceUnknown } from '../domain/errors.js';
import { isBuiltIn } from '../domain/tier.js';

/** What of that which was asked for is there. */
interface Found {
  /** Whether the tenant sees any environment at all. */
  readonly described: boolean;
  readonly environments: readonly string[];
  readonly teams: readonly string[];
}

@Injectable()
export class SqlCatalogReferences extends CatalogReferences {
  constructor(private readonly database: Database) {
    super();
  }

  override async expectKnown(tenant: string | null, references: References): Promise<void> {
    const environments = (references.environments ?? []).filter(({ value }) => !isBuiltIn(value));
    const { teams = [] } = references;
    if (environments.length === 0 && teams.length === 0) return;
    const found = await this.#find(tenant, environments, teams);
    const unknown = [
      ...(found.described ? missing(environments, found.environments, 'environment') : []),
      ...missing(teams, found.teams, 'team'),
    ];
    if (unknown.length > 0) throw new CatalogReferenceUnknown(unknown);
  }

  async #find(
    tenant: string | null,
    environments: readonly Named[],
    teams: readonly Named[],
  ): Promise<Found> {
    const ids = teams.map(({ value }) => value).filter(isUuid);
    const [found] = await this.database.read<Found>({
      name: 'catalog_references',
      text: `select exists (select from catalog.environment where tenant in ($1, $2)) as described,
               array(select key from catalog.environment where tenant in ($1, $2) and key = any ($3)) as environments,
               array(select id::text from catalog.team where tenant in ($1, $2) and id = any ($4::uuid[])) as teams`,
      values: [tenantColumn(tenant), SHARED_TENANT, environments.map(({ value }) => value), ids],
    });
    return found ?? { described: false, environments: [], teams: [] };
  }
}

/** At each place where one was named. */
function missing(
  named: readonly Named[],
  found: readonly string[],
  what: 'environment' | 'team',
): Violation[] {
  const known = new Set(found);
  return named
    .filter(({ value }) => !known.has(what === 'team' ? value.toLowerCase() : value))
    .map(({ value, pointer }) => ({
      pointer,
      code: 'catalog_reference_unknown',
      detail: `The catalog has no ${what} "${value}" here.`,
    }));
}
