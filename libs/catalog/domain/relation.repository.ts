import type { Relation } from './relation.js';

/** A relation that is stored, and since when. */
export interface StoredRelation extends Relation {
  readonly createdAt: Date;
  readonly createdBy: string;
}

/** What became of a request to relate. */
export interface AddedRelation {
  readonly relation: StoredRelation;
  readonly outcome: 'created' | 'unchanged';
}

/** The relations of the caller's resources. An abstract class, so that it is also its injection token. */
export abstract class RelationRepository {
  /**
   * Stores it, and tells it in the change log; one that is there stays as it is.
   * @param source the import that says so; null: somebody does
   * @throws ResourceNotFound, TenantForbidden, CatalogReferenceUnknown at /to_id
   */
  abstract add(relation: Relation, source: string | null): Promise<AddedRelation>;

  /** Takes it away, and tells it in the change log. @throws ResourceNotFound, TenantForbidden, RelationNotFound */
  abstract remove(relation: Relation): Promise<void>;
}
