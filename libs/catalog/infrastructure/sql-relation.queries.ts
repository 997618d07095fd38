import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '#shared-kernel';
import { Conditions, Cursors, Database } from '#platform/database';
import type { Statement } from '#platform/database';
import { RelationQueries } from '../application/relation.queries.js';
import type {
  Direction,
  GraphQuestion,
  RelationFilter,
  RelationView,
  ResourceGraph,
} from '../application/relation.queries.js';
import type { ResourceId } from '../domain/identity.js';
import type { RelationType } from '../domain/relation.js';
import { ResourceNotFound } from '../domain/resource-errors.js';
import { SqlGraph } from './sql-graph.js';

interface RelationRow {
  readonly direction: Direction;
  readonly other: string;
  readonly from_id: ResourceId;
  readonly type: RelationType;
  readonly to_id: ResourceId;
  readonly created_at: Date;
  readonly created_by: string;
}

/** Where a page ended: direction, type, and the other end. */
type After = readonly [direction: Direction, type: string, other: string];

/** In this order they are listed. */
const ENDS = {
  out: { own: 'r.from_id', other: 'r.to_id' },
  in: { own: 'r.to_id', other: 'r.from_id' },
} as const;

@Injectable()
export class SqlRelationQueries extends RelationQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly graphs: SqlGraph,
  ) {
    super();
  }

  override async page(
    id: ResourceId,
    filter: RelationFilter,
    { limit, cursor }: PageRequest,
  ): Promise<Page<RelationView>> {
    await this.#expectSeen(id);
    const scope = ['catalog-relations', id, filter.direction ?? null, [...(filter.types ?? [])].sort()];
    const after = cursor === undefined ? null : (this.cursors.open(scope, cursor) as unknown as After);
    const rows = await this.database.read<RelationRow>(pageStatement(id, filter, after, limit + 1));
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const hasMore = rows.length > limit && last !== undefined;
    return {
      items: items.map(toView),
      limit,
      nextCursor: hasMore ? this.cursors.seal(scope, [last.direction, last.type, last.other]) : null,
    };
  }

  override graph(id: ResourceId, question: GraphQuestion): Promise<ResourceGraph> {
    return this.database.run(async () => {
      await this.#expectSeen(id);
      return this.graphs.from(id, question);
    });
  }

  /** @throws ResourceNotFound */
  async #expectSeen(id: ResourceId): Promise<void> {
    const rows = await this.database.read({
      name: 'resource_is_seen',
      text: 'select 1 from catalog.resource where id = $1',
      values: [id],
    });
    if (rows.length === 0) throw new ResourceNotFound();
  }
}

/** One ordered read a direction, each over its index and no longer than the page. */
function pageStatement(
  id: ResourceId,
  { direction, types }: RelationFilter,
  after: After | null,
  limit: number,
): Statement {
  const where = new Conditions();
  const [own, most] = [where.bind(id), where.bind(limit)];
  const any = types && where.bind([...types]);
  const position = after && [where.bind(after[1]), where.bind(after[2])].join(', ');
  const parts = (['out', 'in'] as const)
    .filter((way) => isAsked(way, direction, after))
    .map((way) => {
      const { own: end, other } = ENDS[way];
      const isBehind = after?.[0] === way ? ` and (r.type, ${other}) > (${position})` : '';
      const isOfType = any === undefined ? '' : ` and r.type = any (${any})`;
      return `(select '${way}' as direction, ${other} as other, r.from_id, r.type, r.to_id, r.created_at, r.created_by
             from catalog.relation r where ${end} = ${own}${isOfType}${isBehind}
             order by r.type, ${other} limit ${most})`;
    });
  const text = `select * from (${parts.join(' union all ')}) as t
                order by t.direction desc, t.type, t.other limit ${most}`;
  return { text, values: where.values };
}

/** What lies before the position is behind us. */
const isAsked = (way: Direction, wanted: Direction | undefined, after: After | null): boolean =>
  (wanted === undefined || wanted === way) && !(way === 'out' && after?.[0] === 'in');

const toView = (row: RelationRow): RelationView => ({
  direction: row.direction,
  fromId: row.from_id,
  type: row.type,
  toId: row.to_id,
  createdAt: row.created_at,
  createdBy: row.created_by,
});
