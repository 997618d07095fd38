import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { EventPresenters } from '#platform/events';
import { CompanyOf } from './application/company-of.js';
import { CompanyQueries } from './application/company.queries.js';
import { CompanyService } from './application/company.service.js';
import { OwnerTeams } from './application/owner-teams.js';
import { OwnedKinds } from './application/owned-things.js';
import { TeamHoldings } from './application/team-holdings.js';
import { CompanyRepository } from './domain/company.repository.js';
import { CompaniesController } from './http/companies.controller.js';
import { CompanyBodies } from './http/company-bodies.js';
import { CompanyHistoryController } from './http/company-history.controller.js';
import { toCompanyResponse } from './http/company.wire.js';
import { COMPANY_TYPE, toCompanyView } from './infrastructure/company.table.js';
import type { CompanyRecord } from './infrastructure/company.table.js';
import { SqlCompanyOf } from './infrastructure/sql-company-of.js';
import { SqlOwnerTeams } from './infrastructure/sql-owner-teams.js';
import { SqlCompanyQueries } from './infrastructure/sql-company.queries.js';
import { TypeOrmCompanyRepository } from './infrastructure/typeorm-company.repository.js';

/** The catalog, wired: ports to adapters, and what runs by itself. */
@Module({
  controllers: [CompaniesController, CompanyHistoryController],
  providers: [
    CompanyService,
    CompanyBodies,
    { provide: OwnerTeams, useClass: SqlOwnerTeams },
    { provide: CompanyOf, useClass: SqlCompanyOf },
    { provide: CompanyRepository, useClass: TypeOrmCompanyRepository },
    { provide: CompanyQueries, useClass: SqlCompanyQueries },
    OwnedKinds,
    TeamHoldings,
  ],
  exports: [TeamHoldings],
})
export class CatalogModule implements OnApplicationBootstrap {
  constructor(private readonly presenters: EventPresenters) {}

  onApplicationBootstrap(): void {
    this.presenters.register(COMPANY_TYPE, (row) =>
      toCompanyResponse(toCompanyView(row as unknown as CompanyRecord)),
    );
  }
}
