import { Module } from '@nestjs/common';
import { FeatureFlagQueries } from './application/feature-flag.queries.js';
import { FeatureFlagService } from './application/feature-flag.service.js';
import { FlagChanges } from './application/flag-changes.js';
import { FlagTargetingService } from './application/flag-targeting.service.js';
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
import { FlagUsageController } from './http/flag-usage.controller.js';
import { SnapshotRoute } from './http/snapshot.route.js';
import { BatchedFlagUsage } from './infrastructure/batched-flag-usage.js';
import { ChangeFedLiveFlagSets } from './infrastructure/change-fed-live-flag-sets.js';
import { SqlFeatureFlagQueries } from './infrastructure/sql-feature-flag.queries.js';
import { SqlFlagRows } from './infrastructure/sql-flag-rows.js';
import { SqlFlagUsage } from './infrastructure/sql-flag-usage.js';
import { SqlReferenceGraph } from './infrastructure/sql-reference-graph.js';
import { SqlSegmentQueries } from './infrastructure/sql-segment.queries.js';
import { TypeOrmFeatureFlagRepository } from './infrastructure/typeorm-feature-flag.repository.js';
import { TypeOrmSegmentRepository } from './infrastructure/typeorm-segment.repository.js';

/** Feature flags, wired: ports to adapters, and what runs by itself. */
@Module({
  controllers: [FlagUsageController],
  providers: [
    FeatureFlagService,
    FlagTargetingService,
    SegmentService,
    FlagChanges,
    References,
    { provide: FeatureFlagRepository, useClass: TypeOrmFeatureFlagRepository },
    { provide: SegmentRepository, useClass: TypeOrmSegmentRepository },
    { provide: ReferenceGraph, useClass: SqlReferenceGraph },
    { provide: FeatureFlagQueries, useClass: SqlFeatureFlagQueries },
    { provide: SegmentQueries, useClass: SqlSegmentQueries },
    EvaluateRoute,
    SnapshotRoute,
    SqlFlagRows,
    SqlFlagUsage,
    { provide: LiveFlagSets, useClass: ChangeFedLiveFlagSets },
    { provide: FlagUsage, useClass: BatchedFlagUsage },
    { provide: FlagUsageQueries, useExisting: SqlFlagUsage },
  ],
})
export class FeatureFlagsModule {}
