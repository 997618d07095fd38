import { Injectable } from '@nestjs/common';
import { parseSelector } from '#shared-kernel';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Conditions, containsPattern, Database, whereLabelsMatch } from '#platform/database';
import type { ListDefinition } from '#platform/database';
import { EnvironmentQueries } from '../application/environment.queries.js';
import type { EnvironmentFilter, EnvironmentView } from '../application/environment.queries.js';
import { EnvironmentNotFound } from '../domain/environment-errors.js';
import type { EnvironmentId } from '../domain/identity.js';
import { ENVIRONMENT_COLUMNS, ENVIRONMENT_TYPE, toEnvironmentView } from './environment.table.js';
import type { EnvironmentRecord } from './environment.table.js';

const ENVIRONMENTS: ListDefinition = {
  name: 'catalog-environments',
  table: 'catalog.environment',
  columns: ENVIRONMENT_COLUMNS,
  sorts: {
    key: { column: 'key', type: 'text' },
    name: { column: 'name', type: 'text' },
    created_at: { column: 'created_at', type: 'timestamptz' },
    updated_at: { column: 'updated_at', type: 'timestamptz' },
  },
  defaultSort: 'key',
};

@Injectable()
export class SqlEnvironmentQueries extends EnvironmentQueries {
  readonly #views: StoredViews<EnvironmentRecord, EnvironmentView>;

  constructor(
    private readonly database: Database,
    views: StoredViewFactory,
  ) {
    super();
    this.#views = views.of<EnvironmentRecord, EnvironmentView>({
      aggregateType: ENVIRONMENT_TYPE,
      list: ENVIRONMENTS,
      toView: toEnvironmentView,
      notFound: () => new EnvironmentNotFound(),
    });
  }

  override get(id: EnvironmentId): Promise<EnvironmentView> {
    return this.#views.get(id);
  }

  override async byKey(tenant: string | null, key: string): Promise<EnvironmentView> {
    const [record] = await this.database.read<EnvironmentRecord>({
      name: 'environment_by_key',
      text: `select ${ENVIRONMENT_COLUMNS} from catalog.environment t
             where t.tenant in ($1, $2) and t.key = $3 order by t.tenant = $2 limit 1`,
      values: [tenantColumn(tenant), SHARED_TENANT, key],
    });
    if (!record) throw new EnvironmentNotFound();
    return toEnvironmentView(record);
  }

  override asOf(id: EnvironmentId, at: Date): Promise<EnvironmentView> {
    return this.#views.asOf(id, at);
  }

  override page(filter: EnvironmentFilter, request: PageRequest): Promise<Page<EnvironmentView>> {
    const { tenant, keys, tiers, companyIds, ownerTeamIds, selector, q, updatedSince } = filter;
    const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
    const where = new Conditions()
      .when(keys, (conditions, any) => conditions.and('t.key = any (?)', any))
      .when(tiers, (conditions, any) => conditions.and('t.tier = any (?)', any))
      .when(companyIds, (conditions, any) => conditions.and('t.company_id = any (?)', any))
      .when(ownerTeamIds, (conditions, any) => conditions.and('t.owner_team_id = any (?)', any))
      .when(selector, (conditions, text) => whereLabelsMatch(conditions, parseSelector(text)))
      .when(updatedSince, (conditions, since) => conditions.and('t.updated_at >= ?', since))
      .when(q, (conditions, text) =>
        conditions.and('t.id in (select catalog.search_environment(?, ?))', tenants, containsPattern(text)),
      );
    return this.#views.page(tenant, where, request);
  }

  override versions(id: EnvironmentId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: EnvironmentId, version: number): Promise<PastStateOf<EnvironmentView>> {
    return this.#views.version(id, version);
  }
}
