import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { CallContext } from '#platform/context';
import { EventPresenters } from '#platform/events';
import { FeatureFlagQueries } from './application/feature-flag.queries.js';
import { FeatureFlagService } from './application/feature-flag.service.js';
import { FlagChanges } from './application/flag-changes.js';
import { FlagTargetingService } from './application/flag-targeting.service.js';
import { FlagTransferService } from './application/flag-transfer.service.js';
import { FlagUsage } from './application/flag-usage.js';
import { FlagUsageQueries } from './application/flag-usage.queries.js';
import { LiveFlagSets } from './application/live-flag-sets.js';
import { References } from './application/references.js';
import { SegmentQueries } from './application/segment.queries.js';
import { SegmentService } from './application/segment.service.js';
import { FeatureFlagRepository } from './domain/feature-flag.repository.js';
import { ReferenceGraph } from './domain/reference-graph.js';
import { SegmentRepository } from './domain/segment.repository.js';
import { EvaluateRoute } from './http/evaluate.route.js';
import { FlagActionsController } from './http/flag-actions.controller.js';
import { FlagBatch } from './http/flag-batch.js';
import { FlagBodies } from './http/flag-bodies.js';
import { FlagDocuments } from './http/flag-document.js';
import { FlagHistoryController } from './http/flag-history.controller.js';
import { FlagOverridesController } from './http/flag-overrides.controller.js';
import { FlagRulesController } from './http/flag-rules.controller.js';
import { FlagTransferController } from './http/flag-transfer.controller.js';
import { FlagUsageController } from './http/flag-usage.controller.js';
import { toResponse } from './http/flag.wire.js';
import { FlagdDocuments } from './http/flagd/flagd-import.js';
import { FlagsController } from './http/flags.controller.js';
import { SegmentBodies } from './http/segment-bodies.js';
import { SegmentByNameController } from './http/segment-by-name.controller.js';
import { SegmentHistoryController } from './http/segment-history.controller.js';
import { toSegmentResponse } from './http/segment.wire.js';
import { segmentControllers } from './http/segments.controller.js';
import { FlagStreams } from './http/ofrep/flag-streams.js';
import { OfrepQuestions } from './http/ofrep/ofrep-questions.js';
import { OfrepRoutes } from './http/ofrep/ofrep.routes.js';
import { StreamTokens } from './http/ofrep/stream-token.js';
import { SnapshotRoute } from './http/snapshot.route.js';
import { BatchedFlagUsage } from './infrastructure/batched-flag-usage.js';
import { ChangeFedLiveFlagSets } from './infrastructure/change-fed-live-flag-sets.js';
import { FLAG_TYPE, toFlagView } from './infrastructure/flag.table.js';
import type { FlagRecord } from './infrastructure/flag.table.js';
import { SEGMENT_TYPE, toSegmentView } from './infrastructure/segment.table.js';
import type { SegmentRecord } from './infrastructure/segment.table.js';
import { SqlFeatureFlagQueries } from './infrastructure/sql-feature-flag.queries.js';
import { SqlFlagRows } from './infrastructure/sql-flag-rows.js';
import { SqlFlagUsage } from './infrastructure/sql-flag-usage.js';
import { SqlReferenceGraph } from './infrastructure/sql-reference-graph.js';
import { SqlSegmentQueries } from './infrastructure/sql-segment.queries.js';
import { TypeOrmFeatureFlagRepository } from './infrastructure/typeorm-feature-flag.repository.js';
import { TypeOrmSegmentRepository } from './infrastructure/typeorm-segment.repository.js';

/** Feature flags, wired: ports to adapters, and what runs by itself. */
@Module({
  imports: [CatalogModule],
  controllers: [
    ...segmentControllers,
    SegmentByNameController,
    SegmentHistoryController,
    FlagTransferController,
    FlagsController,
    FlagActionsController,
    FlagRulesController,
    FlagOverridesController,
    FlagHistoryController,
    FlagUsageController,
  ],
  providers: [
    FeatureFlagService,
    FlagTargetingService,
    SegmentService,
    FlagChanges,
    FlagBodies,
    FlagBatch,
    FlagTransferService,
    FlagDocuments,
    FlagdDocuments,
    SegmentBodies,
    References,
    { provide: FeatureFlagRepository, useClass: TypeOrmFeatureFlagRepository },
    { provide: SegmentRepository, useClass: TypeOrmSegmentRepository },
    { provide: ReferenceGraph, useClass: SqlReferenceGraph },
    { provide: FeatureFlagQueries, useClass: SqlFeatureFlagQueries },
    { provide: SegmentQueries, useClass: SqlSegmentQueries },
    EvaluateRoute,
    SnapshotRoute,
    OfrepRoutes,
    OfrepQuestions,
    StreamTokens,
    FlagStreams,
    SqlFlagRows,
    SqlFlagUsage,
    { provide: LiveFlagSets, useClass: ChangeFedLiveFlagSets },
    { provide: FlagUsage, useClass: BatchedFlagUsage },
    { provide: FlagUsageQueries, useExisting: SqlFlagUsage },
  ],
})
export class FeatureFlagsModule implements OnApplicationBootstrap {
  constructor(
    private readonly presenters: EventPresenters,
    private readonly context: CallContext,
  ) {}

  onApplicationBootstrap(): void {
    this.presenters.register(FLAG_TYPE, (row) =>
      toResponse(toFlagView(row as unknown as FlagRecord), this.#onlooker()),
    );
    this.presenters.register(SEGMENT_TYPE, (row) =>
      toSegmentResponse(toSegmentView(row as unknown as SegmentRecord)),
    );
  }

  /** Of whom nothing is known sees the overrides of nobody: no tenant has an empty name. */
  #onlooker(): string | null {
    const call = this.context.currentOrNull;
    return call ? call.caller.tenant : '';
  }
}
