import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Conditions, containsPattern, Database } from '#platform/database';
import type { ListDefinition } from '#platform/database';
import { ConfigurationQueries } from '../application/configuration.queries.js';
import type { ConfigurationFilter, ConfigurationView } from '../application/configuration.queries.js';
import type { Scope } from '../domain/configuration-state.js';
import { ConfigurationNotFound } from '../domain/errors.js';
import type { ConfigurationId } from '../domain/identity.js';
import { CONFIGURATION_COLUMNS, CONFIGURATION_TYPE, toConfigurationView } from './configuration.table.js';
import type { ConfigurationRecord } from './configuration.table.js';

const CONFIGURATIONS: ListDefinition = {
  name: 'configurations',
  table: 'configuration.configuration',
  columns: CONFIGURATION_COLUMNS,
  sorts: {
    name: { column: 'name', type: 'text' },
    service_id: { column: 'service', type: 'text' },
    created_at: { column: 'created_at', type: 'timestamptz' },
    updated_at: { column: 'updated_at', type: 'timestamptz' },
  },
  defaultSort: 'name',
};

@Injectable()
export class SqlConfigurationQueries extends ConfigurationQueries {
  readonly #views: StoredViews<ConfigurationRecord, ConfigurationView>;

  constructor(
    private readonly database: Database,
    views: StoredViewFactory,
  ) {
    super();
    this.#views = views.of<ConfigurationRecord, ConfigurationView>({
      aggregateType: CONFIGURATION_TYPE,
      list: CONFIGURATIONS,
      toView: toConfigurationView,
      notFound: () => new ConfigurationNotFound(),
    });
  }

  override get(id: ConfigurationId): Promise<ConfigurationView> {
    return this.#views.get(id);
  }

  override async effective({ tenant, service, name, environment }: Scope): Promise<ConfigurationView> {
    const [record] = await this.database.read<ConfigurationRecord>({
      name: 'configuration_effective',
      text: `select ${CONFIGURATION_COLUMNS} from configuration.configuration t
             where t.tenant in ($1, $2) and t.service = $3 and t.name = $4 and t.environment = $5 and t.is_active
               and tstzrange(t.effective_from, t.effective_until) @> statement_timestamp()
             order by t.tenant = $2, t.effective_from is null and t.effective_until is null limit 1`,
      values: [tenantColumn(tenant), SHARED_TENANT, service, name, environment],
    });
    if (!record) throw new ConfigurationNotFound();
    return toConfigurationView(record);
  }

  override async asOf(id: ConfigurationId, at: Date): Promise<ConfigurationView> {
    return { ...(await this.#views.asOf(id, at)), seenAt: at };
  }

  override page(filter: ConfigurationFilter, request: PageRequest): Promise<Page<ConfigurationView>> {
    const tenants = filter.tenant === null ? [SHARED_TENANT] : [filter.tenant, SHARED_TENANT];
    return this.#views.page(filter.tenant, conditionsOf(filter, tenants), request);
  }

  override versions(id: ConfigurationId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: ConfigurationId, version: number): Promise<PastStateOf<ConfigurationView>> {
    return this.#views.version(id, version);
  }
}

function conditionsOf(filter: ConfigurationFilter, tenants: readonly string[]): Conditions {
  return new Conditions()
    .when(filter.services, (where, services) => where.and('t.service = any (?)', [...services]))
    .when(filter.environments, (where, names) => where.and('t.environment = any (?)', [...names]))
    .when(filter.isActive, (where, isActive) => where.and('t.is_active = ?', isActive))
    .when(filter.effectiveAt, (where, at) =>
      where.and('t.is_active and tstzrange(t.effective_from, t.effective_until) @> ?::timestamptz', at),
    )
    .when(filter.q, (where, text) =>
      where.and(
        't.id in (select configuration.search_configuration(?, ?))',
        [...tenants],
        containsPattern(text),
      ),
    );
}
