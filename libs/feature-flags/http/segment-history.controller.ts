import { historyController } from '#platform/http';
import { SegmentQueries } from '../application/segment.queries.js';
import { SegmentService } from '../application/segment.service.js';
import { segmentId } from '../domain/identity.js';
import { SegmentResponse } from './segment.dto.js';
import { toSegmentResponse, toStoredSegment } from './segment.wire.js';
import { WirePlaces } from './wire-places.js';

export const SegmentHistoryController = historyController({
  path: 'feature-flags/segments/:id',
  tag: 'Feature flags',
  name: 'Segment',
  noun: 'a segment',
  read: 'flags:read',
  write: 'flags:write',
  rollbackNote: 'The name stays as it is.',
  rollbackRefuses: ['unprocessable'],
  returns: SegmentResponse,
  queries: SegmentQueries,
  service: SegmentService,
  idOf: segmentId,
  toResponse: toSegmentResponse,
  toStored: toStoredSegment,
  tell: (work) => new WirePlaces().tell(work),
});
