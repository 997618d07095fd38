import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { EventPresenters } from '#platform/events';
import { CatalogReferences } from './application/catalog-references.js';
import { CompanyOf } from './application/company-of.js';
import { CompanyQueries } from './application/company.queries.js';
import { CompanyService } from './application/company.service.js';
import { EnvironmentQueries } from './application/environment.queries.js';
import { EnvironmentService } from './application/environment.service.js';
import { OwnerTeams } from './application/owner-teams.js';
import { OwnedKinds } from './application/owned-things.js';
import { TeamHoldings } from './application/team-holdings.js';
import { CompanyRepository } from './domain/company.repository.js';
import { EnvironmentRepository } from './domain/environment.repository.js';
import { CompaniesController } from './http/companies.controller.js';
import { CompanyBodies } from './http/company-bodies.js';
import { CompanyHistoryController } from './http/company-history.controller.js';
import { toCompanyResponse } from './http/company.wire.js';
import { EnvironmentBodies } from './http/environment-bodies.js';
import { EnvironmentHistoryController } from './http/environment-history.controller.js';
import { toEnvironmentResponse } from './http/environment.wire.js';
import { EnvironmentsController } from './http/environments.controller.js';
import { COMPANY_TYPE, toCompanyView } from './infrastructure/company.table.js';
import type { CompanyRecord } from './infrastructure/company.table.js';
import { ENVIRONMENT_TYPE, toEnvironmentView } from './infrastructure/environment.table.js';
import type { EnvironmentRecord } from './infrastructure/environment.table.js';
import { SqlCatalogReferences } from './infrastructure/sql-catalog-references.js';
import { SqlCompanyOf } from './infrastructure/sql-company-of.js';
import { SqlOwnerTeams } from './infrastructure/sql-owner-teams.js';
import { SqlCompanyQueries } from './infrastructure/sql-company.queries.js';
import { SqlEnvironmentQueries } from './infrastructure/sql-environment.queries.js';
import { TypeOrmCompanyRepository } from './infrastructure/typeorm-company.repository.js';
import { TypeOrmEnvironmentRepository } from './infrastructure/typeorm-environment.repository.js';

/** The catalog, wired: ports to adapters, and what runs by itself. */
@Module({
  controllers: [
    CompaniesController,
    CompanyHistoryController,
    EnvironmentsController,
    EnvironmentHistoryController,
  ],
  providers: [
    CompanyService,
    CompanyBodies,
    { provide: OwnerTeams, useClass: SqlOwnerTeams },
    { provide: CompanyOf, useClass: SqlCompanyOf },
    { provide: CompanyRepository, useClass: TypeOrmCompanyRepository },
    { provide: CompanyQueries, useClass: SqlCompanyQueries },
    EnvironmentService,
    EnvironmentBodies,
    { provide: EnvironmentRepository, useClass: TypeOrmEnvironmentRepository },
    { provide: EnvironmentQueries, useClass: SqlEnvironmentQueries },
    { provide: CatalogReferences, useClass: SqlCatalogReferences },
    OwnedKinds,
    TeamHoldings,
  ],
  exports: [CatalogReferences, TeamHoldings],
})
export class CatalogModule implements OnApplicationBootstrap {
  constructor(private readonly presenters: EventPresenters) {}

  onApplicationBootstrap(): void {
    this.presenters.register(COMPANY_TYPE, (row) =>
      toCompanyResponse(toCompanyView(row as unknown as CompanyRecord)),
    );
    this.presenters.register(ENVIRONMENT_TYPE, (row) =>
      toEnvironmentResponse(toEnvironmentView(row as unknown as EnvironmentRecord)),
    );
  }
}
