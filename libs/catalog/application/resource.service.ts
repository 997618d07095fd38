import { Injectable } from '@nestjs/common';
import { IdConflict, onceMore, sameJson, StaleVersion, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion, UpsertOptions } from '#shared-kernel';
import type { Endpoint } from '../domain/endpoint.js';
import type { CompanyId, ResourceId } from '../domain/identity.js';
import { ResourceTaken } from '../domain/resource-errors.js';
import { HAND_MADE, identityOf, Resource } from '../domain/resource.js';
import type {
  ResourceContent,
  ResourceIdentity,
  ResourceOrigin,
  ResourceRevision,
  ResourceState,
} from '../domain/resource.js';
import { ResourceRepository } from '../domain/resource.repository.js';
import { CatalogReferences } from './catalog-references.js';
import { CompanyOf } from './company-of.js';
import type { AskedHome } from './company-of.js';
import { OwnerTeams } from './owner-teams.js';
import { ResourceObservations } from './resource-observations.js';
import type { ResourceView } from './resource.queries.js';

/** Which resource to change, and the version the caller looked at when deciding to (null: any). */
export interface ResourceAt {
  readonly id: ResourceId;
  readonly ifVersion: ExpectedVersion;
}

/** A resource that is to be made. */
export interface NewResource {
  readonly id: ResourceId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly home: AskedHome;
  readonly content: ResourceContent;
  /** Absent: somebody makes it. */
  readonly origin?: ResourceOrigin;
  readonly reason: string | null;
}

/** What became of a write. */
export interface StoredResource {
  readonly state: ResourceView;
  readonly outcome: 'created' | 'updated' | 'unchanged';
}

/** What is to change, decided on what is there. */
export type ReviseResource = (current: ResourceState) => ResourceRevision;

/** Everything that changes what is said of a resource. */
@Injectable()
export class ResourceService {
  constructor(
    private readonly resources: ResourceRepository,
    private readonly observations: ResourceObservations,
    private readonly companies: CompanyOf,
    private readonly owners: OwnerTeams,
    private readonly references: CatalogReferences,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * The same id with the same content again is no conflict: the stored resource is the answer.
   * @throws ResourceTaken, IdConflict, InvalidInput, CatalogReferenceUnknown, TenantForbidden
   */
  create(request: NewResource): Promise<StoredResource> {
    return onceMore(request, (again) => this.#create(again));
  }

  #create(request: NewResource): Promise<StoredResource> {
    return this.#withHolder(async () => {
      const { companyId, tenant } = await this.companies.of(request.home);
      const { id, content, origin = HAND_MADE, reason } = request;
      const resource = Resource.create({ id, tenant, companyId }, content, origin, reason);
      if (request.idIsGiven && (await this.resources.isIdUsed(id))) return this.#repeat(resource.snapshot);
      await this.#store(resource, null);
      return { state: unseen(resource.snapshot), outcome: 'created' };
    });
  }

  /**
   * Makes the resource, or makes the one that the company knows by the same identity so.
   * @throws as `create` and `revise`
   */
  upsert(request: NewResource): Promise<StoredResource> {
    return this.#withHolder(async () => {
      const { companyId } = await this.companies.of(request.home);
      const there = await this.resources.findByIdentity(companyId, identityOf(request.content));
      if (!there) return this.create(request);
      const before = there.snapshot;
      there.revise({ ...request.content, ...request.origin }, request.reason);
      const outcome = there.change ? 'updated' : 'unchanged';
      await this.#store(there, before);
      return { state: await this.#seen(there.snapshot), outcome };
    });
  }

  /** @throws ResourceNotFound, StaleVersion, ResourceTaken, InvalidInput, CatalogReferenceUnknown */
  revise(target: ResourceAt, revise: ReviseResource, reason: string | null): Promise<ResourceView> {
    return this.#change(target, (resource) => resource.revise(revise(resource.snapshot), reason));
  }

  /** @throws ResourceNotFound, StaleVersion, InvalidInput */
  async putEndpoint(
    { createOnly, ...target }: ResourceAt & UpsertOptions,
    endpoint: Endpoint,
    reason: string | null,
  ): Promise<StoredResource> {
    let outcome: StoredResource['outcome'] = 'unchanged';
    const state = await this.#change(target, (changed) => {
      if (createOnly && changed.hasEndpoint(endpoint.name)) throw new StaleVersion(changed.snapshot.version);
      const isNew = changed.putEndpoint(endpoint, reason);
      outcome = isNew ? 'created' : changed.change ? 'updated' : 'unchanged';
    });
    return { state, outcome };
  }

  /** @throws ResourceNotFound, EndpointNotFound, StaleVersion */
  removeEndpoint(target: ResourceAt, name: string, reason: string | null): Promise<ResourceView> {
    return this.#change(target, (resource) => resource.removeEndpoint(name, reason));
  }

  /** @throws ResourceNotFound, StaleVersion, VersionNotFound, ResourceTaken, CatalogReferenceUnknown */
  rollBack(target: ResourceAt, version: number, reason: string | null): Promise<ResourceView> {
    return this.#change(target, async (resource) => {
      resource.revertTo(await this.resources.contentAt(target.id, version), version, reason);
    });
  }

  /** Its relations, in both directions, go with it. @throws ResourceNotFound, StaleVersion */
  delete(target: ResourceAt, reason: string | null): Promise<void> {
    return this.unitOfWork.run(async () => {
      const resource = await this.resources.get(target.id);
      resource.expectVersion(target.ifVersion);
      resource.delete(reason);
      await this.resources.save(resource);
    });
  }

  /** By what the company knows it; null when there is none. */
  find(companyId: CompanyId, identity: ResourceIdentity): Promise<ResourceState | null> {
    return this.unitOfWork.run(
      async () => (await this.resources.findByIdentity(companyId, identity))?.snapshot ?? null,
    );
  }

  #change(target: ResourceAt, act: (resource: Resource) => void | Promise<void>): Promise<ResourceView> {
    return this.#withHolder(async () => {
      const resource = await this.resources.get(target.id);
      resource.expectVersion(target.ifVersion);
      const before = resource.snapshot;
      await act(resource);
      await this.#store(resource, before);
      return this.#seen(resource.snapshot);
    });
  }

  /** What is stored already stays as it is, whatever became of what it refers to. */
  async #store(resource: Resource, before: ResourceState | null): Promise<void> {
    const { environment, ownerTeamId, companyId, tenant } = resource.snapshot;
    if (environment !== null && environment !== before?.environment) {
      const environments = [{ value: environment, pointer: '/environment' }];
      await this.references.expectKnown(tenant, { environments });
    }
    if (ownerTeamId !== null && ownerTeamId !== before?.ownerTeamId)
      await this.owners.expectOf(companyId, ownerTeamId);
    await this.resources.save(resource);
  }

  async #seen(state: ResourceState): Promise<ResourceView> {
    return viewOf(state, await this.observations.of(state.id));
  }

  /** @throws IdConflict */
  async #repeat(wanted: ResourceState): Promise<StoredResource> {
    const found = await this.resources.findByIdentity(wanted.companyId, identityOf(wanted));
    const stored = found?.snapshot;
    const isSame =
      stored !== undefined &&
      sameJson({ ...stored, version: 0, stamp: null }, { ...wanted, version: 0, stamp: null });
    if (!isSame) throw new IdConflict();
    return { state: await this.#seen(stored), outcome: 'unchanged' };
  }

  /** When the identity is taken, the refusal tells by whom. */
  async #withHolder<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.attempt(work);
    } catch (error) {
      if (!(error instanceof ResourceTaken) || error.companyId === null) throw error;
      const { companyId, identity } = error;
      const holder = await this.find(companyId, identity);
      throw new ResourceTaken(identity, null, holder?.id ?? null);
    }
  }
}

/** What was just stored, as it is shown. */
function viewOf({ stamp, ...resource }: ResourceState, observed: ResourceView['observed']): ResourceView {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return { ...resource, stamp, observed };
}

/** Of what was just made nothing was seen yet. */
const unseen = (state: ResourceState): ResourceView =>
  viewOf(state, state.stamp && { at: state.stamp.updatedAt, lastSeenAt: null, checks: new Map() });
