import type { ResourceId } from './identity.js';

/** What one resource is to another. */
export const RELATION_TYPES = [
  'depends_on',
  'part_of',
  'provides_api',
  'consumes_api',
  'deployed_to',
] as const;
export type RelationType = (typeof RELATION_TYPES)[number];

/** What the other one is to it: derived, never stored. */
export const INVERSE_OF = {
  depends_on: 'depended_on_by',
  part_of: 'has_part',
  provides_api: 'api_provided_by',
  consumes_api: 'api_consumed_by',
  deployed_to: 'hosts',
} as const satisfies Record<RelationType, string>;

/** From one resource to another, at most once of each type. */
export interface Relation {
  readonly fromId: ResourceId;
  readonly type: RelationType;
  readonly toId: ResourceId;
}
