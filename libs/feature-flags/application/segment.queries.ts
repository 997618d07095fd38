import type { Page, PageRequest, PastStateOf, PastVersion, Stamp } from '#shared-kernel';
import type { SegmentId } from '../domain/identity.js';
import type { SegmentContent } from '../domain/segment.js';

/** A segment as it is shown. */
export interface SegmentView extends SegmentContent {
  readonly id: string;
  readonly tenant: string | null;
  readonly version: number;
  readonly name: string;
  readonly stamp: Stamp;
}

/** Which segments a list shows. */
export interface SegmentFilter {
  /** The tenant looked for; its segments and the shared ones. */
  readonly tenant: string | null;
  /** Anywhere in name or description, whatever the case. */
  readonly q?: string | undefined;
}

/** Everything that is read of segments. An abstract class, so that it is also its injection token. */
export abstract class SegmentQueries {
  /** @throws SegmentNotFound */
  abstract get(id: SegmentId): Promise<SegmentView>;

  /** The tenant's own segment of this name, else the shared one. @throws SegmentNotFound */
  abstract byName(tenant: string | null, name: string): Promise<SegmentView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: SegmentId, at: Date): Promise<SegmentView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: SegmentFilter, request: PageRequest): Promise<Page<SegmentView>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: SegmentId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: SegmentId, version: number): Promise<PastStateOf<SegmentView>>;
}
