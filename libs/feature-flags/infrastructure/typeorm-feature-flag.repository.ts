import { Injectable } from '@nestjs/common';
import { HistoryQueries, VersionNotFound, VersionedStore } from '#platform/change-log';
import { tenantColumn } from '#platform/context';
import { Database, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { FlagNameTaken, FlagNotFound } from '../domain/errors.js';
import { FeatureFlag } from '../domain/feature-flag.js';
import type { FlagContent } from '../domain/feature-flag.js';
import { FeatureFlagRepository } from '../domain/feature-flag.repository.js';
import type { FlagId, FlagName } from '../domain/identity.js';
import { FLAG_MAPPING, FLAG_TYPE, FlagTable, toFlagContent, toFlagState } from './flag.table.js';
import type { FlagRecord, FlagRow } from './flag.table.js';

const LOCKED = { lock: { mode: 'pessimistic_write' } } as const;

@Injectable()
export class TypeOrmFeatureFlagRepository extends FeatureFlagRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async get(id: FlagId): Promise<FeatureFlag> {
    const row = await this.store.lock(FlagTable, { id });
    if (!row) throw new FlagNotFound();
    return this.#restore(row);
  }

  override async findByName(tenant: string | null, name: FlagName): Promise<FeatureFlag | null> {
    const where = { tenant: tenantColumn(tenant), name };
    const row = await this.database.manager.findOne(FlagTable, { where, ...LOCKED });
    return row && this.#restore(row);
  }

  override async contentAt(id: FlagId, version: number): Promise<FlagContent> {
    const { row } = await this.history.version({ aggregateType: FLAG_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return toFlagContent(row as unknown as FlagRecord);
  }

  override async isIdUsed(id: FlagId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async save(flag: FeatureFlag): Promise<void> {
    const { tenant, name } = flag.snapshot;
    try {
      await this.store.save(flag, FLAG_MAPPING);
    } catch (error) {
      if (isUniqueViolation(error, 'flag_name')) throw new FlagNameTaken(tenant, name, null);
      if (isUniqueViolation(error, 'flag_pkey')) throw new IdConflict();
      throw error;
    }
  }

  #restore(row: FlagRow): FeatureFlag {
    return this.store.watch(FeatureFlag.restore(toFlagState(row)), FLAG_MAPPING);
  }
}
