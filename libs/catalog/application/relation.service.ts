import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import type { Relation } from '../domain/relation.js';
import { RelationRepository } from '../domain/relation.repository.js';
import type { AddedRelation } from '../domain/relation.repository.js';
import { RelationToItself } from '../domain/resource-errors.js';

/** Everything that changes what resources are to each other. */
@Injectable()
export class RelationService {
  constructor(
    private readonly relations: RelationRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws RelationToItself, ResourceNotFound, TenantForbidden, CatalogReferenceUnknown */
  add(relation: Relation, source: string | null = null): Promise<AddedRelation> {
    return this.unitOfWork.run(async () => {
      if (relation.fromId === relation.toId) throw new RelationToItself();
      return this.relations.add(relation, source);
    });
  }

  /** @throws ResourceNotFound, TenantForbidden, RelationNotFound */
  remove(relation: Relation): Promise<void> {
    return this.unitOfWork.run(() => this.relations.remove(relation));
  }
}
