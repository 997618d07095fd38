import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { FindOptionsWhere } from 'typeorm';
import { HistoryQueries, VersionNotFound, VersionedStore } from '#platform/change-log';
import { tenantColumn } from '#platform/context';
import { Database, isForeignKeyViolation, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { companyUnknown, ownerUnknown } from '../domain/errors.js';
import type { CompanyId, ResourceId, TeamId } from '../domain/identity.js';
import { ResourceNotFound, ResourceTaken } from '../domain/resource-errors.js';
import { identityOf, Resource } from '../domain/resource.js';
import type { ResourceContent, ResourceIdentity } from '../domain/resource.js';
import { ResourceRepository } from '../domain/resource.repository.js';
import {
  RESOURCE_MAPPING,
  RESOURCE_TYPE,
  ResourceTable,
  toResourceContent,
  toResourceState,
} from './resource.table.js';
import type { ResourceRecord, ResourceRow, WrittenResourceRow } from './resource.table.js';

const LOCKED = { lock: { mode: 'pessimistic_write' } } as const;

@Injectable()
export class TypeOrmResourceRepository extends ResourceRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async get(id: ResourceId): Promise<Resource> {
    const row = await this.store.lock(ResourceTable, { id });
    if (!row) throw new ResourceNotFound();
    return this.#restore(row);
  }

  override async findByIdentity(companyId: CompanyId, identity: ResourceIdentity): Promise<Resource | null> {
    const { environment, ...named } = identityOf(identity);
    const where = { companyId, ...named, environment: environment ?? IsNull() };
    const row = await this.database.manager.findOne(ResourceTable, { where, ...LOCKED });
    return row && this.#restore(row);
  }

  override ofSource(tenant: string | null, source: string): Promise<Resource[]> {
    return this.#all({ tenant: tenantColumn(tenant), source });
  }

  override ofTeam(teamId: TeamId): Promise<Resource[]> {
    return this.#all({ ownerTeamId: teamId });
  }

  override countOfTeam(teamId: TeamId): Promise<number> {
    return this.database.manager.countBy(ResourceTable, { ownerTeamId: teamId });
  }

  override async contentAt(id: ResourceId, version: number): Promise<ResourceContent> {
    const { row } = await this.history.version({ aggregateType: RESOURCE_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return toResourceContent(row as unknown as ResourceRecord);
  }

  override async isIdUsed(id: ResourceId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async save(resource: Resource): Promise<void> {
    const { change, snapshot } = resource;
    if (!change) return;
    try {
      await this.store.save(resource, RESOURCE_MAPPING);
    } catch (error) {
      if (isUniqueViolation(error, 'resource_identity'))
        throw new ResourceTaken(identityOf(snapshot), snapshot.companyId, null);
      if (isUniqueViolation(error, 'resource_pkey')) throw new IdConflict();
      if (isForeignKeyViolation(error, 'resource_owner')) throw ownerUnknown();
      if (isForeignKeyViolation(error, 'resource_company')) throw companyUnknown();
      throw error;
    }
    if (snapshot.version > 1 && !change.removes) await this.#forgetHealth(resource);
  }

  /** Of endpoints that it has no more: another one of the same name is not how that one was. */
  async #forgetHealth({ snapshot: { id, endpoints } }: Resource): Promise<void> {
    await this.database.transaction.query({
      name: 'resource_forget_health',
      text: 'delete from catalog.endpoint_health where resource_id = $1 and endpoint <> all ($2)',
      values: [id, endpoints.map(({ name }) => name)],
    });
  }

  async #all(where: FindOptionsWhere<WrittenResourceRow>): Promise<Resource[]> {
    const order = { id: 'ASC' } as const;
    const rows = await this.database.manager.find(ResourceTable, { where, order, ...LOCKED });
    return rows.map((row) => this.#restore(row));
  }

  #restore(row: ResourceRow): Resource {
    return this.store.watch(Resource.restore(toResourceState(row)), RESOURCE_MAPPING);
  }
}
