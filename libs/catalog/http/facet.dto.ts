import { AnyOf, FreeObject, TextList } from '#platform/http';
import { ResourceListQuery } from './resource.queries.dto.js';

export const FACETS_MAX = 20;

/** By what to count, and which resources. */
export class FacetsQuery extends ResourceListQuery {
  @AnyOf({
    optional: false,
    description:
      'type, namespace, environment, lifecycle_status, owner_team_id, health, orphan or labels.<key>; at most 20.',
    example: ['type'],
  })
  readonly field!: readonly string[];
}

/** How many resources there are of each value. */
export class FacetsResponse {
  @FreeObject({
    description:
      'By field: its values, the most frequent first, at most 1,000. Null counts those that have no value.',
    example: { type: [{ value: 'service', count: 12 }] },
  })
  readonly facets!: Readonly<Record<string, readonly object[]>>;

  @TextList({ maxItems: FACETS_MAX, description: 'Fields that have more values than are given.' })
  readonly truncated!: readonly string[];
}
