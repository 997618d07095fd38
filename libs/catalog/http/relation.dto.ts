import { AnyOf, Choice, Instant, ListOf, Text, Uuid, Whole, YesNo } from '#platform/http';
import { HEALTH_STATUSES } from '../domain/health.js';
import { INVERSE_OF, RELATION_TYPES } from '../domain/relation.js';
import type { RelationType } from '../domain/relation.js';
import { LIFECYCLE_STATUSES } from '../domain/resource-content.js';

const DIRECTIONS = ['out', 'in'] as const;
const WAYS = ['in', 'out', 'both'] as const;
const TYPE = { description: 'What the one it comes from is to the other.' } as const;
const TO = { description: 'The resource that it leads to.' } as const;

export class AddRelationBody {
  @Choice(RELATION_TYPES, TYPE)
  readonly type!: RelationType;

  @Uuid(TO)
  readonly to_id!: string;
}

export class RemoveRelationQuery {
  @Choice(RELATION_TYPES, TYPE)
  readonly type!: RelationType;

  @Uuid(TO)
  readonly to_id!: string;
}

export class RelationListQuery {
  @Whole({ optional: true, min: 1, max: 1_000, default: 100, description: 'Items a page.' })
  readonly limit: number = 100;

  @Text({ optional: true, min: 1, max: 4_096, description: '`next_cursor` of the page before; opaque.' })
  readonly cursor?: string;

  @Choice(WAYS, { optional: true, default: 'both', description: 'From the resource, to it, or both.' })
  readonly direction?: (typeof WAYS)[number];

  @AnyOf({ choices: RELATION_TYPES, description: 'Relations of any of these types.' })
  readonly type?: readonly RelationType[];
}

export class GraphQuery {
  @Choice(WAYS, { optional: true, default: 'both', description: 'Along relations, against them, or both.' })
  readonly direction?: (typeof WAYS)[number];

  @Whole({ optional: true, min: 1, max: 5, default: 1, description: 'How many steps.' })
  readonly depth?: number;

  @AnyOf({ choices: RELATION_TYPES, description: 'Along relations of these types alone.' })
  readonly types?: readonly RelationType[];
}

export class RelationResponse {
  @Choice(RELATION_TYPES, TYPE)
  readonly type!: string;

  @Choice(Object.values(INVERSE_OF), { description: 'What the other one is to the one it comes from.' })
  readonly inverse!: string;

  @Choice(DIRECTIONS, { description: 'From the resource that was asked about, or to it.' })
  readonly direction!: string;

  @Uuid()
  readonly from_id!: string;

  @Uuid()
  readonly to_id!: string;

  @Instant()
  readonly created_at!: string;

  @Text({ example: 'key:4fJ2mPq7' })
  readonly created_by!: string;
}

export class RelationListResponse {
  @ListOf(() => RelationResponse)
  readonly items!: readonly RelationResponse[];

  @Whole()
  readonly limit!: number;

  @YesNo()
  readonly has_more!: boolean;

  @Text({ nullable: true })
  readonly next_cursor!: string | null;
}

export class GraphNodeResponse {
  @Uuid()
  readonly id!: string;

  @Text()
  readonly namespace!: string;

  @Text()
  readonly name!: string;

  @Text()
  readonly type!: string;

  @Text({ nullable: true })
  readonly environment!: string | null;

  @Choice(LIFECYCLE_STATUSES)
  readonly lifecycle_status!: string;

  @Uuid({ nullable: true })
  readonly owner_team_id!: string | null;

  @Choice(HEALTH_STATUSES, { nullable: true })
  readonly health!: string | null;

  @Whole({ min: 0, description: 'In how few steps it is reached.' })
  readonly depth!: number;
}

export class GraphEdgeResponse {
  @Uuid()
  readonly from_id!: string;

  @Choice(RELATION_TYPES)
  readonly type!: string;

  @Uuid()
  readonly to_id!: string;
}

export class GraphResponse {
  @Uuid()
  readonly root_id!: string;

  @ListOf(() => GraphNodeResponse, { description: 'The nearest first, each once; at most 1,000.' })
  readonly nodes!: readonly GraphNodeResponse[];

  @ListOf(() => GraphEdgeResponse, { description: 'Those that were gone along; at most 10,000.' })
  readonly edges!: readonly GraphEdgeResponse[];

  @YesNo({ description: 'There is more within these steps than is told.' })
  readonly truncated!: boolean;
}
