import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';
import type { Direction, GraphNode, GraphQuestion, ResourceGraph } from '../application/relation.queries.js';
import type { HealthStatus } from '../domain/health.js';
import type { ResourceId } from '../domain/identity.js';
import type { Relation, RelationType } from '../domain/relation.js';
import { HEALTH_NOW } from './resource-conditions.js';

const NODES_MAX = 1_000;
const EDGES_MAX = 10_000;

interface EdgeRow {
  readonly from_id: ResourceId;
  readonly type: RelationType;
  readonly to_id: ResourceId;
}

interface NodeRow {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly environment: string | null;
  readonly lifecycle_status: string;
  readonly owner_team_id: string | null;
  readonly health: HealthStatus | null;
}

/** What was reached up to now. */
interface Reached {
  /** In how few steps, in the order in which they were reached. */
  readonly depths: Map<ResourceId, number>;
  readonly edges: Map<string, Relation>;
  truncated: boolean;
}

/** Goes from a resource along relations, breadth first: a statement a step and a direction, each over an index. */
@Injectable()
export class SqlGraph {
  constructor(private readonly database: Database) {}

  /** In the open unit of work; the resource is there. */
  async from(rootId: ResourceId, { depth, direction, types }: GraphQuestion): Promise<ResourceGraph> {
    const ways: readonly Direction[] = direction === undefined ? ['out', 'in'] : [direction];
    const reached: Reached = { depths: new Map([[rootId, 0]]), edges: new Map(), truncated: false };
    let frontier: ResourceId[] = [rootId];
    for (let step = 1; step <= depth && frontier.length > 0; step += 1) {
      const known = reached.depths.size;
      for (const way of ways) {
        const rows = await this.#edgesOf(frontier, way, types);
        walk(reached, rows, way, step);
      }
      frontier = [...reached.depths.keys()].slice(known);
    }
    return this.#told(rootId, reached);
  }

  /** One more than may be told, so that it shows that there are more; of one resource no more than of all. */
  #edgesOf(
    frontier: readonly ResourceId[],
    way: Direction,
    types: readonly RelationType[] | undefined,
  ): Promise<EdgeRow[]> {
    const [own, other] = way === 'out' ? ['from_id', 'to_id'] : ['to_id', 'from_id'];
    return this.database.read<EdgeRow>({
      name: `graph_${way}`,
      text: `select e.from_id, e.type, e.to_id
             from unnest($1::uuid[]) with ordinality as f(id, n) cross join lateral (
               select r.from_id, r.type, r.to_id from catalog.relation r
               where r.${own} = f.id and ($2::text[] is null or r.type = any ($2))
               order by r.type, r.${other} limit $3) as e
             order by f.n, e.type, e.${other} limit $3`,
      values: [frontier, types ?? null, EDGES_MAX + 1],
    });
  }

  async #told(rootId: ResourceId, { depths, edges, truncated }: Reached): Promise<ResourceGraph> {
    const rows = await this.database.read<NodeRow>({
      name: 'graph_nodes',
      text: `select t.id, t.namespace, t.name, t.type, t.environment, t.lifecycle_status, t.owner_team_id,
               ${HEALTH_NOW} as health
             from catalog.resource t where t.id = any ($1)`,
      values: [[...depths.keys()]],
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return {
      rootId,
      nodes: [...depths].flatMap(([id, depth]) => toNode(byId.get(id), depth)),
      edges: [...edges.values()].filter(({ fromId, toId }) => byId.has(fromId) && byId.has(toId)),
      truncated,
    };
  }
}

/** Each resource once, at the depth at which it was reached first; beyond the limits nothing is noted but that. */
function walk(reached: Reached, rows: readonly EdgeRow[], way: Direction, step: number): void {
  for (const { from_id: fromId, type, to_id: toId } of rows) {
    const key = `${fromId} ${type} ${toId}`;
    if (reached.edges.has(key)) continue;
    const next = way === 'out' ? toId : fromId;
    const isNew = !reached.depths.has(next);
    if (reached.edges.size >= EDGES_MAX || (isNew && reached.depths.size >= NODES_MAX)) {
      reached.truncated = true;
      continue;
    }
    if (isNew) reached.depths.set(next, step);
    reached.edges.set(key, { fromId, type, toId });
  }
}

/** One that was taken away meanwhile is left out. */
const toNode = (row: NodeRow | undefined, depth: number): GraphNode[] =>
  row
    ? [
        {
          id: row.id,
          namespace: row.namespace,
          name: row.name,
          type: row.type,
          environment: row.environment,
          lifecycleStatus: row.lifecycle_status,
          ownerTeamId: row.owner_team_id,
          health: row.health,
          depth,
        },
      ]
    : [];
