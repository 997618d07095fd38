import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { HistoryQueries, VersionNotFound, VersionedStore } from '#platform/change-log';
import { tenantColumn, tenantFromColumn } from '#platform/context';
import { Database, isExclusionViolation, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { Configuration } from '../domain/configuration.js';
import type { ConfigurationContent, Scope } from '../domain/configuration-state.js';
import { ConfigurationRepository } from '../domain/configuration.repository.js';
import type { Window } from '../domain/configuration.repository.js';
import { ConfigurationNotFound, OverlappingWindow } from '../domain/errors.js';
import type { ConfigurationId, ConfigurationName, EnvironmentName, ServiceId } from '../domain/identity.js';
import {
  CONFIGURATION_MAPPING,
  CONFIGURATION_TYPE,
  ConfigurationTable,
  toConfigurationContent,
  toConfigurationState,
} from './configuration.table.js';
import type { ConfigurationRecord, ConfigurationRow } from './configuration.table.js';

const LOCKED = { lock: { mode: 'pessimistic_write' } } as const;

@Injectable()
export class TypeOrmConfigurationRepository extends ConfigurationRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async scopeOf(id: ConfigurationId): Promise<Scope> {
    const [row] = await this.database.read<ScopeRow>({
      name: 'configuration_scope',
      text: 'select tenant, service, name, environment from configuration.configuration where id = $1',
      values: [id],
    });
    if (!row) throw new ConfigurationNotFound();
    return { ...row, tenant: tenantFromColumn(row.tenant) };
  }

  override async get(id: ConfigurationId): Promise<Configuration> {
    const row = await this.store.lock(ConfigurationTable, { id });
    if (!row) throw new ConfigurationNotFound();
    return this.#restore(row);
  }

  override async findPermanent({ tenant, ...rest }: Scope): Promise<Configuration | null> {
    const row = await this.database.manager.findOne(ConfigurationTable, {
      where: {
        tenant: tenantColumn(tenant),
        service: rest.service,
        name: rest.name,
        environment: rest.environment,
        isActive: true,
        effectiveFrom: IsNull(),
        effectiveUntil: IsNull(),
      },
      ...LOCKED,
    });
    return row && this.#restore(row);
  }

  override async findOverlapping(
    { tenant, service, name, environment }: Scope,
    { effectiveFrom, effectiveUntil }: Window,
    except: ConfigurationId,
  ): Promise<ConfigurationId | null> {
    const [row] = await this.database.read<{ id: ConfigurationId }>({
      name: 'configuration_overlapping',
      text: `select id from configuration.configuration
             where tenant = $1 and service = $2 and name = $3 and environment = $4 and is_active and id <> $7
               and (effective_from is null and effective_until is null)
                 = ($5::timestamptz is null and $6::timestamptz is null)
               and tstzrange(effective_from, effective_until) && tstzrange($5, $6)
             order by effective_from nulls first, id limit 1`,
      values: [tenantColumn(tenant), service, name, environment, effectiveFrom, effectiveUntil, except],
    });
    return row?.id ?? null;
  }

  override async contentAt(id: ConfigurationId, version: number): Promise<ConfigurationContent> {
    const { row } = await this.history.version({ aggregateType: CONFIGURATION_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return toConfigurationContent(row as unknown as ConfigurationRecord);
  }

  override async isIdUsed(id: ConfigurationId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async save(configuration: Configuration): Promise<void> {
    try {
      await this.store.save(configuration, CONFIGURATION_MAPPING);
    } catch (error) {
      if (isExclusionViolation(error, 'configuration_overlap')) throw new OverlappingWindow(null);
      if (isUniqueViolation(error, 'configuration_pkey')) throw new IdConflict();
      throw error;
    }
  }

  #restore(row: ConfigurationRow): Configuration {
    return this.store.watch(Configuration.restore(toConfigurationState(row)), CONFIGURATION_MAPPING);
  }
}

interface ScopeRow {
  readonly tenant: string;
  readonly service: ServiceId;
  readonly name: ConfigurationName;
  readonly environment: EnvironmentName;
}
