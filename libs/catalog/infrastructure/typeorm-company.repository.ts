import { Injectable } from '@nestjs/common';
import { HistoryQueries, VersionNotFound, VersionedStore } from '#platform/change-log';
import { tenantColumn } from '#platform/context';
import { Database, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { Company } from '../domain/company.js';
import type { CompanyContent } from '../domain/company.js';
import { CompanyNameTaken, CompanyNotFound } from '../domain/company-errors.js';
import type { CompanyBelongings } from '../domain/company-errors.js';
import { CompanyRepository } from '../domain/company.repository.js';
import type { CompanyId } from '../domain/identity.js';
import {
  COMPANY_MAPPING,
  COMPANY_TYPE,
  CompanyTable,
  toCompanyContent,
  toCompanyState,
} from './company.table.js';
import type { CompanyRecord, CompanyRow } from './company.table.js';

@Injectable()
export class TypeOrmCompanyRepository extends CompanyRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async get(id: CompanyId): Promise<Company> {
    const row = await this.store.lock(CompanyTable, { id });
    if (!row) throw new CompanyNotFound();
    return this.#restore(row);
  }

  override async findByName(tenant: string | null, name: string): Promise<Company | null> {
    const row = await this.database.manager.findOne(CompanyTable, {
      where: { tenant: tenantColumn(tenant), name },
      lock: { mode: 'pessimistic_write' },
    });
    return row && this.#restore(row);
  }

  override async contentAt(id: CompanyId, version: number): Promise<CompanyContent> {
    const { row } = await this.history.version({ aggregateType: COMPANY_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return toCompanyContent(row as unknown as CompanyRecord);
  }

  override async isIdUsed(id: CompanyId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async belongingsOf(id: CompanyId): Promise<CompanyBelongings> {
    const { rows } = await this.database.transaction.query<CompanyBelongings>({
      name: 'company_belongings',
      text: `select (select count(*)::int from catalog.person where company_id = $1) as users,
               (select count(*)::int from catalog.team where company_id = $1) as teams,
               (select count(*)::int from catalog.environment where company_id = $1) as environments,
               (select count(*)::int from catalog.resource where company_id = $1) as resources`,
      values: [id],
    });
    return rows[0] ?? { users: 0, teams: 0, environments: 0, resources: 0 };
  }

  override async save(company: Company): Promise<void> {
    const { tenant, name } = company.snapshot;
    try {
      await this.store.save(company, COMPANY_MAPPING);
    } catch (error) {
      if (isUniqueViolation(error, 'company_name')) throw new CompanyNameTaken(tenant, name, null);
      if (isUniqueViolation(error, 'company_pkey')) throw new IdConflict();
      throw error;
    }
  }

  #restore(row: CompanyRow): Company {
    return this.store.watch(Company.restore(toCompanyState(row)), COMPANY_MAPPING);
  }
}
