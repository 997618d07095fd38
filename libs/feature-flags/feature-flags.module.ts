import { Module } from '@nestjs/common';
import { FeatureFlagQueries } from './application/feature-flag.queries.js';
import { FeatureFlagService } from './application/feature-flag.service.js';
import { FlagChanges } from './application/flag-changes.js';
import { FlagTargetingService } from './application/flag-targeting.service.js';
import { References } from './application/references.js';
import { SegmentQueries } from './application/segment.queries.js';
import { SegmentService } from './application/segment.service.js';
import { FeatureFlagRepository } from './domain/feature-flag.repository.js';
import { ReferenceGraph } from './domain/reference-graph.js';
import { SegmentRepository } from './domain/segment.repository.js';
import { SqlFeatureFlagQueries } from './infrastructure/sql-feature-flag.queries.js';
import { SqlReferenceGraph } from './infrastructure/sql-reference-graph.js';
import { SqlSegmentQueries } from './infrastructure/sql-segment.queries.js';
import { TypeOrmFeatureFlagRepository } from './infrastructure/typeorm-feature-flag.repository.js';
import { TypeOrmSegmentRepository } from './infrastructure/typeorm-segment.repository.js';

/** Feature flags, wired: ports to adapters, and what runs by itself. */
@Module({
  controllers: [],
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
  ],
})
export class FeatureFlagsModule {}
