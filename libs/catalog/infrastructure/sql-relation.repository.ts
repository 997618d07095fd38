import { Injectable } from '@nestjs/common';
import { CallContext, SHARED_TENANT, TenantForbidden } from '#platform/context';
import { Database, isForeignKeyViolation } from '#platform/database';
import { CatalogReferenceUnknown } from '../domain/errors.js';
import type { ResourceId } from '../domain/identity.js';
import type { Relation } from '../domain/relation.js';
import { RelationRepository } from '../domain/relation.repository.js';
import type { AddedRelation } from '../domain/relation.repository.js';
import { RelationNotFound, ResourceNotFound } from '../domain/resource-errors.js';
import { ResourceActs } from './resource-acts.js';
import type { ResourceAct } from './resource-acts.js';

interface Written {
  readonly created_at: Date;
  readonly created_by: string;
}

@Injectable()
export class SqlRelationRepository extends RelationRepository {
  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly acts: ResourceActs,
  ) {
    super();
  }

  override async add(relation: Relation, source: string | null): Promise<AddedRelation> {
    const { fromId, type, toId } = relation;
    const tenants = await this.#tenantsOf([fromId, toId]);
    const tenant = this.#writable(tenants, fromId);
    // What belongs to all may not lead to where not all can follow.
    if (![tenant, SHARED_TENANT].includes(tenants.get(toId) ?? '')) throw otherEndUnknown();
    const written = await this.#insert(relation, tenant, source);
    if (written) await this.acts.tell(fromId, actOf('relation_added', relation));
    const stored = written ?? (await this.#stored(relation));
    return {
      relation: { fromId, type, toId, createdAt: stored.created_at, createdBy: stored.created_by },
      outcome: written ? 'created' : 'unchanged',
    };
  }

  override async remove(relation: Relation): Promise<void> {
    const { fromId, type, toId } = relation;
    this.#writable(await this.#tenantsOf([fromId]), fromId);
    const removed = await this.database.read({
      name: 'relation_remove',
      text: 'delete from catalog.relation where from_id = $1 and type = $2 and to_id = $3 returning 1',
      values: [fromId, type, toId],
    });
    if (removed.length === 0) throw new RelationNotFound();
    await this.acts.tell(fromId, actOf('relation_removed', relation));
  }

  /** Undefined when it is there already. */
  async #insert(
    { fromId, type, toId }: Relation,
    tenant: string,
    source: string | null,
  ): Promise<Written | undefined> {
    const { actor } = this.context.current.caller;
    try {
      const [row] = await this.database.read<Written>({
        name: 'relation_add',
        text: `insert into catalog.relation (tenant, from_id, type, to_id, created_at, created_by, source)
               values ($1, $2, $3, $4, statement_timestamp(), $5, $6)
               on conflict (from_id, type, to_id) do nothing returning created_at, created_by`,
        values: [tenant, fromId, type, toId, actor, source],
      });
      return row;
    } catch (error) {
      // Both were there a moment ago.
      if (isForeignKeyViolation(error, 'relation_from_id_fkey')) throw new ResourceNotFound();
      if (isForeignKeyViolation(error, 'relation_to_id_fkey')) throw otherEndUnknown();
      throw error;
    }
  }

  async #stored({ fromId, type, toId }: Relation): Promise<Written> {
    const [row] = await this.database.read<Written>({
      name: 'relation_get',
      text: 'select created_at, created_by from catalog.relation where from_id = $1 and type = $2 and to_id = $3',
      values: [fromId, type, toId],
    });
    if (!row) throw new RelationNotFound(); // It went at this very moment.
    return row;
  }

  async #tenantsOf(ids: readonly ResourceId[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.read<{ id: string; tenant: string }>({
      name: 'relation_ends',
      text: 'select id, tenant from catalog.resource where id = any ($1)',
      values: [ids],
    });
    return new Map(rows.map(({ id, tenant }) => [id, tenant]));
  }

  /** @throws ResourceNotFound, TenantForbidden */
  #writable(tenants: ReadonlyMap<string, string>, id: ResourceId): string {
    const tenant = tenants.get(id);
    if (tenant === undefined) throw new ResourceNotFound();
    const { caller } = this.context.current;
    if (caller.tenant !== null && caller.tenant !== tenant) throw new TenantForbidden();
    return tenant;
  }
}

const actOf = (type: 'relation_added' | 'relation_removed', relation: Relation): ResourceAct => ({
  type,
  about: { type: relation.type, from_id: relation.fromId, to_id: relation.toId },
});

const otherEndUnknown = (): CatalogReferenceUnknown =>
  new CatalogReferenceUnknown([
    {
      pointer: '/to_id',
      code: 'catalog_reference_unknown',
      detail: 'There is no such resource in this tenant.',
    },
  ]);
