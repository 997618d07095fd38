import type { SegmentId, SegmentName } from './identity.js';
import type { Segment, SegmentContent } from './segment.js';

/** The segments of the caller. An abstract class, so that it is also its injection token. */
export abstract class SegmentRepository {
  /**
   * The segment, kept for this unit of work: nobody else changes it meanwhile.
   * @throws SegmentNotFound
   */
  abstract get(id: SegmentId): Promise<Segment>;

  /** The tenant's own segment by its name, kept likewise; null when there is none. */
  abstract findByName(tenant: string | null, name: SegmentName): Promise<Segment | null>;

  /**
   * What it was like in a version.
   * @throws VersionNotFound, also for the version that removed it
   */
  abstract contentAt(id: SegmentId, version: number): Promise<SegmentContent>;

  /** True when something has or had this id. */
  abstract isIdUsed(id: SegmentId): Promise<boolean>;

  /**
   * Stores the segment and its row in the change log: both, or neither. Nothing happened, nothing is stored.
   * @throws SegmentNameTaken, IdConflict, StaleVersion
   */
  abstract save(segment: Segment): Promise<void>;
}
