import type { ResourceFilter } from './resource.queries.js';

/** By what resources are counted, besides `labels.<key>`. */
export const FACET_FIELDS = [
  'type',
  'namespace',
  'environment',
  'lifecycle_status',
  'owner_team_id',
  'health',
  'orphan',
] as const;
export type FacetField = (typeof FACET_FIELDS)[number];

/** One way to count: by a member of the resource, or by the values of a label. */
export type Facet = { readonly field: FacetField } | { readonly label: string };

/** How many resources have a value; null: those that have none. */
export interface FacetCount {
  readonly value: string | boolean | null;
  readonly count: number;
}

/** The values of one facet, the most frequent first. */
export interface FacetCounts {
  readonly counts: readonly FacetCount[];
  /** There are more values than are given. */
  readonly isTruncated: boolean;
}

/** What there is of what in the catalog. An abstract class, so that it is also its injection token. */
export abstract class FacetQueries {
  abstract count(facet: Facet, filter: ResourceFilter): Promise<FacetCounts>;
}
