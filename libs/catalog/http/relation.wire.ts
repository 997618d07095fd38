import type { Direction, RelationView, ResourceGraph } from '../application/relation.queries.js';
import { INVERSE_OF } from '../domain/relation.js';
import type { GraphResponse, RelationResponse } from './relation.dto.js';

export const toRelationResponse = (relation: RelationView): RelationResponse => ({
  type: relation.type,
  inverse: INVERSE_OF[relation.type],
  direction: relation.direction,
  from_id: relation.fromId,
  to_id: relation.toId,
  created_at: relation.createdAt.toISOString(),
  created_by: relation.createdBy,
});

export const toGraphResponse = ({ rootId, nodes, edges, truncated }: ResourceGraph): GraphResponse => ({
  root_id: rootId,
  nodes: nodes.map((node) => ({
    id: node.id,
    namespace: node.namespace,
    name: node.name,
    type: node.type,
    environment: node.environment,
    lifecycle_status: node.lifecycleStatus,
    owner_team_id: node.ownerTeamId,
    health: node.health,
    depth: node.depth,
  })),
  edges: edges.map(({ fromId, type, toId }) => ({ from_id: fromId, type, to_id: toId })),
  truncated,
});

/** Undefined: both. */
export const toDirection = (way: Direction | 'both' | undefined): Direction | undefined =>
  way === 'both' ? undefined : way;
