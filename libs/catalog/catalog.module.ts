import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { EventPresenters } from '#platform/events';
import { CatalogReferences } from './application/catalog-references.js';
import { CompanyOf } from './application/company-of.js';
import { CompanyQueries } from './application/company.queries.js';
import { CompanyService } from './application/company.service.js';
import { EnvironmentQueries } from './application/environment.queries.js';
import { EnvironmentService } from './application/environment.service.js';
import { MemberQueries } from './application/member.queries.js';
import { MemberService } from './application/member.service.js';
import { OwnerTeams } from './application/owner-teams.js';
import { OwnedResources } from './application/owned-resources.js';
import { OwnedKinds } from './application/owned-things.js';
import { RelationQueries } from './application/relation.queries.js';
import { RelationService } from './application/relation.service.js';
import { ResourceHealthService } from './application/resource-health.service.js';
import { ResourceObservations } from './application/resource-observations.js';
import { ResourceQueries } from './application/resource.queries.js';
import { ResourceService } from './application/resource.service.js';
import { TeamChanges } from './application/team-changes.js';
import { TeamHoldings } from './application/team-holdings.js';
import { TeamEstate } from './application/team-estate.js';
import { TeamRemovalService } from './application/team-removal.service.js';
import { TeamQueries } from './application/team.queries.js';
import { TeamService } from './application/team.service.js';
import { UserQueries } from './application/user.queries.js';
import { UserService } from './application/user.service.js';
import { TeamRepository } from './domain/team.repository.js';
import { TeamTree } from './domain/team-tree.js';
import { UserRepository } from './domain/user.repository.js';
import { MembersController } from './http/members.controller.js';
import { TeamBodies } from './http/team-bodies.js';
import { TeamHistoryController } from './http/team-history.controller.js';
import { toTeamResponse } from './http/team.wire.js';
import { TeamsController } from './http/teams.controller.js';
import { UserBodies } from './http/user-bodies.js';
import { UserHistoryController } from './http/user-history.controller.js';
import { toUserResponse } from './http/user.wire.js';
import { userControllers } from './http/users.controller.js';
import { SqlMemberQueries } from './infrastructure/sql-member.queries.js';
import { SqlTeamTree } from './infrastructure/sql-team-tree.js';
import { SqlTeamQueries } from './infrastructure/sql-team.queries.js';
import { SqlUserQueries } from './infrastructure/sql-user.queries.js';
import { TEAM_TYPE, toTeamView } from './infrastructure/team.table.js';
import type { TeamRecord } from './infrastructure/team.table.js';
import { TypeOrmTeamRepository } from './infrastructure/typeorm-team.repository.js';
import { TypeOrmUserRepository } from './infrastructure/typeorm-user.repository.js';
import { toUserView, USER_TYPE } from './infrastructure/user.table.js';
import type { UserRecord } from './infrastructure/user.table.js';
import { CompanyRepository } from './domain/company.repository.js';
import { EnvironmentRepository } from './domain/environment.repository.js';
import { RelationRepository } from './domain/relation.repository.js';
import { ResourceRepository } from './domain/resource.repository.js';
import { companyControllers } from './http/companies.controller.js';
import { CompanyBodies } from './http/company-bodies.js';
import { CompanyHistoryController } from './http/company-history.controller.js';
import { toCompanyResponse } from './http/company.wire.js';
import { EnvironmentByKeyController } from './http/environment-by-key.controller.js';
import { EnvironmentBodies } from './http/environment-bodies.js';
import { EnvironmentHistoryController } from './http/environment-history.controller.js';
import { toEnvironmentResponse } from './http/environment.wire.js';
import { environmentControllers } from './http/environments.controller.js';
import { RelationsController } from './http/relations.controller.js';
import { ResourceBodies } from './http/resource-bodies.js';
import { ResourceEndpointsController } from './http/resource-endpoints.controller.js';
import { ResourceHistoryController } from './http/resource-history.controller.js';
import { toResourceEvent } from './http/resource.wire.js';
import { catalogResourceControllers } from './http/resources.controller.js';
import { COMPANY_TYPE, toCompanyView } from './infrastructure/company.table.js';
import type { CompanyRecord } from './infrastructure/company.table.js';
import { ENVIRONMENT_TYPE, toEnvironmentView } from './infrastructure/environment.table.js';
import type { EnvironmentRecord } from './infrastructure/environment.table.js';
import { HealthExpiry } from './infrastructure/health-expiry.js';
import { ResourceActs } from './infrastructure/resource-acts.js';
import { RESOURCE_TYPE, toResourceView } from './infrastructure/resource.table.js';
import type { ResourceRecord } from './infrastructure/resource.table.js';
import { SqlGraph } from './infrastructure/sql-graph.js';
import { SqlRelationQueries } from './infrastructure/sql-relation.queries.js';
import { SqlRelationRepository } from './infrastructure/sql-relation.repository.js';
import { SqlResourceObservations } from './infrastructure/sql-resource-observations.js';
import { SqlResourceQueries } from './infrastructure/sql-resource.queries.js';
import { TypeOrmResourceRepository } from './infrastructure/typeorm-resource.repository.js';
import { SqlCatalogReferences } from './infrastructure/sql-catalog-references.js';
import { SqlCompanyOf } from './infrastructure/sql-company-of.js';
import { SqlOwnerTeams } from './infrastructure/sql-owner-teams.js';
import { SqlCompanyQueries } from './infrastructure/sql-company.queries.js';
import { SqlEnvironmentQueries } from './infrastructure/sql-environment.queries.js';
import { TypeOrmCompanyRepository } from './infrastructure/typeorm-company.repository.js';
import { TypeOrmEnvironmentRepository } from './infrastructure/typeorm-environment.repository.js';

import { CatalogExportQueries } from './application/catalog-export.queries.js';
import { CatalogImportService } from './application/catalog-import.service.js';
import { CatalogImportStore } from './application/catalog-import.store.js';
import { DiscoveryNews } from './application/discovery-news.js';
import { DiscoveryQueries } from './application/discovery.queries.js';
import { FacetQueries } from './application/facet.queries.js';
import { ImportedMembers } from './application/imported-members.js';
import { ImportedPeople } from './application/imported-people.js';
import { ImportedResources } from './application/imported-resources.js';
import { CatalogTransferController } from './http/catalog-transfer.controller.js';
import { DiscoveryAnswers } from './http/discovery-answers.js';
import { DiscoveryController } from './http/discovery.controller.js';
import { DiscoveryWaits } from './http/discovery-waits.js';
import { FacetsController } from './http/facets.controller.js';
import { ChangeFedDiscoveryNews } from './infrastructure/change-fed-discovery-news.js';
import { SqlCatalogExportQueries } from './infrastructure/sql-catalog-export.queries.js';
import { SqlCatalogImportStore } from './infrastructure/sql-catalog-import.store.js';
import { SqlDiscoveryQueries } from './infrastructure/sql-discovery.queries.js';
import { SqlFacetQueries } from './infrastructure/sql-facet.queries.js';

/** The catalog, wired: ports to adapters, and what runs by itself. */
@Module({
  controllers: [
    DiscoveryController,
    FacetsController,
    CatalogTransferController,
    ...companyControllers,
    CompanyHistoryController,
    ...userControllers,
    UserHistoryController,
    TeamsController,
    TeamHistoryController,
    MembersController,
    ...environmentControllers,
    EnvironmentByKeyController,
    EnvironmentHistoryController,
    ...catalogResourceControllers,
    ResourceHistoryController,
    ResourceEndpointsController,
    RelationsController,
  ],
  providers: [
    DiscoveryAnswers,
    DiscoveryWaits,
    { provide: DiscoveryNews, useClass: ChangeFedDiscoveryNews },
    { provide: DiscoveryQueries, useClass: SqlDiscoveryQueries },
    { provide: FacetQueries, useClass: SqlFacetQueries },
    CatalogImportService,
    ImportedPeople,
    ImportedMembers,
    ImportedResources,
    { provide: CatalogImportStore, useClass: SqlCatalogImportStore },
    { provide: CatalogExportQueries, useClass: SqlCatalogExportQueries },
    CompanyService,
    CompanyBodies,
    { provide: OwnerTeams, useClass: SqlOwnerTeams },
    { provide: CompanyOf, useClass: SqlCompanyOf },
    { provide: CompanyRepository, useClass: TypeOrmCompanyRepository },
    { provide: CompanyQueries, useClass: SqlCompanyQueries },
    UserService,
    UserBodies,
    { provide: UserRepository, useClass: TypeOrmUserRepository },
    { provide: UserQueries, useClass: SqlUserQueries },
    TeamService,
    TeamChanges,
    TeamEstate,
    TeamRemovalService,
    TeamBodies,
    { provide: TeamRepository, useClass: TypeOrmTeamRepository },
    { provide: TeamTree, useClass: SqlTeamTree },
    { provide: TeamQueries, useClass: SqlTeamQueries },
    MemberService,
    { provide: MemberQueries, useClass: SqlMemberQueries },
    EnvironmentService,
    EnvironmentBodies,
    { provide: EnvironmentRepository, useClass: TypeOrmEnvironmentRepository },
    { provide: EnvironmentQueries, useClass: SqlEnvironmentQueries },
    { provide: CatalogReferences, useClass: SqlCatalogReferences },
    ResourceService,
    ResourceHealthService,
    ResourceBodies,
    ResourceActs,
    OwnedResources,
    HealthExpiry,
    { provide: ResourceRepository, useClass: TypeOrmResourceRepository },
    { provide: ResourceObservations, useClass: SqlResourceObservations },
    { provide: ResourceQueries, useClass: SqlResourceQueries },
    RelationService,
    SqlGraph,
    { provide: RelationRepository, useClass: SqlRelationRepository },
    { provide: RelationQueries, useClass: SqlRelationQueries },
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
    this.presenters.register(USER_TYPE, (row) => toUserResponse(toUserView(row as unknown as UserRecord)));
    this.presenters.register(TEAM_TYPE, (row) => toTeamResponse(toTeamView(row as unknown as TeamRecord)));
    this.presenters.register(ENVIRONMENT_TYPE, (row) =>
      toEnvironmentResponse(toEnvironmentView(row as unknown as EnvironmentRecord)),
    );
    this.presenters.register(RESOURCE_TYPE, ({ about, ...row }) =>
      toResourceEvent(toResourceView(row as unknown as ResourceRecord), about),
    );
  }
}
