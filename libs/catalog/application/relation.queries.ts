import type { Page, PageRequest } from '#shared-kernel';
import type { HealthStatus } from '../domain/health.js';
import type { ResourceId } from '../domain/identity.js';
import type { Relation, RelationType } from '../domain/relation.js';
import type { StoredRelation } from '../domain/relation.repository.js';

/** From a resource, or to it. */
export type Direction = 'out' | 'in';

/** A relation as one of its ends sees it. */
export interface RelationView extends StoredRelation {
  readonly direction: Direction;
}

/** Which relations of a resource. */
export interface RelationFilter {
  /** Absent: both. */
  readonly direction?: Direction | undefined;
  /** Any of these; absent: all. */
  readonly types?: readonly RelationType[] | undefined;
}

/** How far to go from a resource. */
export interface GraphQuestion extends RelationFilter {
  /** In steps, from 1. */
  readonly depth: number;
}

/** A resource that was reached. */
export interface GraphNode {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly environment: string | null;
  readonly lifecycleStatus: string;
  readonly ownerTeamId: string | null;
  readonly health: HealthStatus | null;
  /** In how few steps. */
  readonly depth: number;
}

/** What was reached, the nearest first, and the relations that lead there. */
export interface ResourceGraph {
  readonly rootId: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly Relation[];
  /** There is more within these steps than is told. */
  readonly truncated: boolean;
}

/** Everything that is read of relations. An abstract class, so that it is also its injection token. */
export abstract class RelationQueries {
  /** Those from the resource first, by type and the other end. @throws ResourceNotFound, InvalidCursor */
  abstract page(id: ResourceId, filter: RelationFilter, request: PageRequest): Promise<Page<RelationView>>;

  /** @throws ResourceNotFound */
  abstract graph(id: ResourceId, question: GraphQuestion): Promise<ResourceGraph>;
}
