export { FeatureFlagsModule } from './feature-flags.module.js';
export { FlagTable } from './infrastructure/flag.table.js';
export { SegmentTable } from './infrastructure/segment.table.js';
