import type { SegmentView } from '../application/segment.queries.js';
import type { SegmentState } from '../domain/segment.js';
import { toCondition } from './flag.wire.js';
import type { SegmentResponse } from './segment.dto.js';

/** As it is shown. */
export function toSegmentResponse(segment: SegmentView): SegmentResponse {
  const { definition, stamp } = segment;
  return {
    id: segment.id,
    tenant_id: segment.tenant,
    version: segment.version,
    name: segment.name,
    description: segment.description,
    include: definition.include,
    exclude: definition.exclude,
    conditions: definition.conditions.map(toCondition),
    created_at: stamp.createdAt.toISOString(),
    updated_at: stamp.updatedAt.toISOString(),
    created_by: stamp.createdBy,
    updated_by: stamp.updatedBy,
  };
}

/** What was just stored, as it is shown. */
export function toStoredSegment({ stamp, ...segment }: SegmentState): SegmentResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toSegmentResponse({ ...segment, stamp });
}
