import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { EventPresenters } from '#platform/events';
import { ClaimService } from './application/claim.service.js';
import { RequestCallbacks } from './application/request-callbacks.js';
import { RequestDecisions } from './application/request-decisions.js';
import { RequestHistoryQueries } from './application/request-history.queries.js';
import { RequestHoldings } from './application/request-holdings.js';
import { RequestNews } from './application/request-news.js';
import { RequestingDesk } from './application/requesting-desk.js';
import { ResponseSchemas } from './application/response-schemas.js';
import { Settling } from './application/settling.js';
import { StatisticsQueries } from './application/statistics.queries.js';
import { SupervisorDesk } from './application/supervisor-desk.js';
import { SupervisorRequestQueries } from './application/supervisor-request.queries.js';
import { SupervisorRequestService } from './application/supervisor-request.service.js';
import { TeamsAsked } from './application/teams-asked.js';
import { WorkQueue } from './application/work-queue.js';
import { SupervisorRequestRepository } from './domain/supervisor-request.repository.js';
import { CallbacksController } from './http/callbacks.controller.js';
import { ClaimsController } from './http/claims.controller.js';
import { InboxController } from './http/inbox.controller.js';
import { RequestEventsController } from './http/request-events.controller.js';
import { RequestHistoryController } from './http/request-history.controller.js';
import { StatisticsController } from './http/statistics.controller.js';
import { StoreRequestsController } from './http/store-requests.controller.js';
import { SupervisorRequestBodies } from './http/supervisor-request-bodies.js';
import { SupervisorRequestDecisionsController } from './http/supervisor-request-decisions.controller.js';
import { toSupervisorRequestResponse } from './http/supervisor-request.wire.js';
import { SupervisorRequestsController } from './http/supervisor-requests.controller.js';
import { RequestWaits } from './http/waiting.js';
import { CallbackSender } from './infrastructure/callback-sender.js';
import { ChangeFedRequestNews } from './infrastructure/change-fed-request-news.js';
import { DueSweeper } from './infrastructure/due-sweeper.js';
import { PooledResponseSchemas } from './infrastructure/pooled-response-schemas.js';
import { SqlCallbacks } from './infrastructure/sql-callbacks.js';
import { SqlRequestHistoryQueries } from './infrastructure/sql-request-history.queries.js';
import { SqlSettling } from './infrastructure/sql-settling.js';
import { SqlStatisticsQueries } from './infrastructure/sql-statistics.queries.js';
import { SqlSupervisorRequestQueries } from './infrastructure/sql-supervisor-request.queries.js';
import { SqlWorkQueue } from './infrastructure/sql-work-queue.js';
import { toSupervisorRequestView } from './infrastructure/supervisor-request.record.js';
import type { SupervisorRequestRecord } from './infrastructure/supervisor-request.record.js';
import { SUPERVISOR_REQUEST_TYPE } from './infrastructure/supervisor-request.table.js';
import { TypeOrmSupervisorRequestRepository } from './infrastructure/typeorm-supervisor-request.repository.js';

/** Supervisor requests, wired: ports to adapters, and what runs by itself. */
@Module({
  imports: [CatalogModule],
  controllers: [
    InboxController,
    StoreRequestsController,
    ClaimsController,
    StatisticsController,
    SupervisorRequestsController,
    SupervisorRequestDecisionsController,
    RequestHistoryController,
    RequestEventsController,
    CallbacksController,
  ],
  providers: [
    { provide: SupervisorRequestRepository, useClass: TypeOrmSupervisorRequestRepository },
    SqlSettling,
    { provide: Settling, useExisting: SqlSettling },
    { provide: SupervisorRequestQueries, useClass: SqlSupervisorRequestQueries },
    { provide: StatisticsQueries, useClass: SqlStatisticsQueries },
    { provide: WorkQueue, useClass: SqlWorkQueue },
    { provide: RequestHistoryQueries, useClass: SqlRequestHistoryQueries },
    { provide: ResponseSchemas, useClass: PooledResponseSchemas },
    { provide: SupervisorDesk, useClass: RequestingDesk },
    RequestDecisions,
    SupervisorRequestService,
    TeamsAsked,
    RequestHoldings,
    SupervisorRequestBodies,
    ClaimService,
    DueSweeper,
    { provide: RequestNews, useClass: ChangeFedRequestNews },
    RequestWaits,
    SqlCallbacks,
    { provide: RequestCallbacks, useExisting: SqlCallbacks },
    CallbackSender,
  ],
  exports: [SupervisorDesk],
})
export class SupervisorRequestsModule implements OnApplicationBootstrap {
  constructor(private readonly presenters: EventPresenters) {}

  onApplicationBootstrap(): void {
    this.presenters.register(SUPERVISOR_REQUEST_TYPE, (row) =>
      toSupervisorRequestResponse(toSupervisorRequestView(row as unknown as SupervisorRequestRecord)),
    );
  }
}
