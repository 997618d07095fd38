import { resourceControllers } from '#platform/http';
import { SegmentQueries } from '../application/segment.queries.js';
import { SegmentService } from '../application/segment.service.js';
import { segmentId } from '../domain/identity.js';
import { SegmentBodies } from './segment-bodies.js';
import {
  CreateSegmentBody,
  ReviseSegmentBody,
  SegmentListQuery,
  SegmentListResponse,
  SegmentResponse,
} from './segment.dto.js';
import { toSegmentResponse, toStoredSegment } from './segment.wire.js';
import { WirePlaces } from './wire-places.js';

export const segmentControllers = resourceControllers({
  path: 'feature-flags/segments',
  tag: 'Feature flags',
  name: 'Segment',
  names: 'Segments',
  noun: 'a segment',
  nouns: 'segments',
  read: 'flags:read',
  write: 'flags:write',
  returns: SegmentResponse,
  queries: SegmentQueries,
  service: SegmentService,
  bodies: SegmentBodies,
  idOf: segmentId,
  toResponse: toSegmentResponse,
  toStored: toStoredSegment,
  tell: (work) => new WirePlaces().tell(work),
  create: { takes: CreateSegmentBody, refuses: ['conflict', 'unprocessable'] },
  list: {
    takes: SegmentListQuery,
    returns: SegmentListResponse,
    filter: ({ q }, tenant) => ({ tenant, q }),
  },
  update: { takes: ReviseSegmentBody, refuses: ['conflict', 'unprocessable'] },
  patch: {
    takes: ReviseSegmentBody,
    note: 'RFC 7396 over the members of the segment.',
    refuses: ['conflict', 'unprocessable'],
  },
  delete: {
    summary: 'Delete a segment that nothing refers to; its history stays',
    refuses: ['conflict'],
  },
});
