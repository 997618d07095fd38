import { Injectable } from '@nestjs/common';
import { HistoryQueries, VersionNotFound, VersionedStore } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Database, isForeignKeyViolation, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { Environment } from '../domain/environment.js';
import type { EnvironmentContent } from '../domain/environment.js';
import { EnvironmentKeyTaken, EnvironmentNotFound } from '../domain/environment-errors.js';
import { EnvironmentRepository } from '../domain/environment.repository.js';
import { companyUnknown, ownerUnknown } from '../domain/errors.js';
import type { EnvironmentId, Slug, TeamId } from '../domain/identity.js';
import {
  ENVIRONMENT_MAPPING,
  ENVIRONMENT_TYPE,
  EnvironmentTable,
  toEnvironmentContent,
  toEnvironmentState,
} from './environment.table.js';
import type { EnvironmentRecord, EnvironmentRow } from './environment.table.js';

const LOCKED = { lock: { mode: 'pessimistic_write' } } as const;

@Injectable()
export class TypeOrmEnvironmentRepository extends EnvironmentRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async get(id: EnvironmentId): Promise<Environment> {
    const row = await this.store.lock(EnvironmentTable, { id });
    if (!row) throw new EnvironmentNotFound();
    return this.#restore(row);
  }

  override async findByKey(tenant: string | null, key: Slug): Promise<Environment | null> {
    const where = { tenant: tenantColumn(tenant), key };
    const row = await this.database.manager.findOne(EnvironmentTable, { where, ...LOCKED });
    return row && this.#restore(row);
  }

  override async ownedBy(team: TeamId): Promise<readonly Environment[]> {
    const order = { id: 'asc' } as const;
    const where = { ownerTeamId: team };
    const rows = await this.database.manager.find(EnvironmentTable, { where, order, ...LOCKED });
    return rows.map((row) => this.#restore(row));
  }

  override async countOwnedBy(team: TeamId): Promise<number> {
    return this.#count({
      name: 'environments_of_team',
      text: 'select count(*)::int as count from catalog.environment where owner_team_id = $1',
      values: [team],
    });
  }

  override async contentAt(id: EnvironmentId, version: number): Promise<EnvironmentContent> {
    const { row } = await this.history.version({ aggregateType: ENVIRONMENT_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return toEnvironmentContent(row as unknown as EnvironmentRecord);
  }

  override async isIdUsed(id: EnvironmentId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async resourcesIn({ tenant, key }: { tenant: string | null; key: Slug }): Promise<number> {
    if (tenant !== null) {
      return this.#count({
        name: 'resources_in_environment',
        text: 'select count(*)::int as count from catalog.resource where tenant = $1 and environment = $2',
        values: [tenant, key],
      });
    }
    return this.#count({
      name: 'resources_in_shared_environment',
      text: `select count(*)::int as count from catalog.resource r
             where r.environment = $1 and (r.tenant = $2 or not exists (
               select from catalog.environment own where own.tenant = r.tenant and own.key = $1))`,
      values: [key, SHARED_TENANT],
    });
  }

  override async save(environment: Environment): Promise<void> {
    const { tenant, key } = environment.snapshot;
    try {
      await this.store.save(environment, ENVIRONMENT_MAPPING);
    } catch (error) {
      if (isUniqueViolation(error, 'environment_key')) throw new EnvironmentKeyTaken(tenant, key, null);
      if (isUniqueViolation(error, 'environment_pkey')) throw new IdConflict();
      if (isForeignKeyViolation(error, 'environment_company')) throw companyUnknown();
      if (isForeignKeyViolation(error, 'environment_owner')) throw ownerUnknown();
      throw error;
    }
  }

  async #count(statement: { name: string; text: string; values: unknown[] }): Promise<number> {
    const { rows } = await this.database.transaction.query<{ count: number }>(statement);
    return rows[0]?.count ?? 0;
  }

  #restore(row: EnvironmentRow): Environment {
    return this.store.watch(Environment.restore(toEnvironmentState(row)), ENVIRONMENT_MAPPING);
  }
}
