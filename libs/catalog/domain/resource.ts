import { AggregateRoot, InvalidInput, sameJson } from '#shared-kernel';
import type { Stamp } from '#shared-kernel';
import { endpointMistakes } from './endpoint.js';
import type { Endpoint } from './endpoint.js';
import type { CompanyId, ResourceId, TeamId } from './identity.js';
import { contentMistakes } from './resource-content.js';
import type { ResourceContent, ResourceIdentity } from './resource-content.js';
import { EndpointNotFound } from './resource-errors.js';

export type { ResourceContent, ResourceIdentity } from './resource-content.js';

/** Which import speaks for a resource. */
export interface ResourceOrigin {
  /** Null: nobody's, somebody made it. */
  readonly source: string | null;
  /** What it is called there, for example `component:default/orders`. */
  readonly sourceRef: string | null;
  /** The newest import of its source did not have it. */
  readonly orphan: boolean;
}

/** Everything there is to know about a resource, but how it is. */
export interface ResourceState extends ResourceContent, ResourceOrigin {
  readonly id: ResourceId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
  readonly companyId: CompanyId;
}

/** What is to change; absent leaves as it is. */
export type ResourceRevision = Partial<ResourceContent & ResourceOrigin>;

export const HAND_MADE: ResourceOrigin = { source: null, sourceRef: null, orphan: false };

/** Where a resource belongs, for life. */
export interface ResourceHome {
  readonly id: ResourceId;
  readonly tenant: string | null;
  readonly companyId: CompanyId;
}

/** Something that somebody owns, that runs somewhere and that others reach. */
export class Resource extends AggregateRoot<ResourceState> {
  /** @throws InvalidInput */
  static create(
    home: ResourceHome,
    content: ResourceContent,
    origin: ResourceOrigin = HAND_MADE,
    reason: string | null = null,
  ): Resource {
    const { id, tenant, companyId } = home;
    const whose = { id, tenant, companyId, version: 0, stamp: null };
    const resource = new Resource({ ...whose, ...checked(content), ...origin });
    resource.record('created', { reason });
    return resource;
  }

  /** Rebuilds a stored resource; for repositories and tests alone. */
  static restore(state: ResourceState): Resource {
    return new Resource(state);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput */
  revise(revision: ResourceRevision, reason: string | null): void {
    this.#become({ ...this.state, ...revision }, 'updated', reason);
  }

  /** Puts an endpoint in the place of the one of its name, or behind the others; true when it is new. @throws InvalidInput */
  putEndpoint(endpoint: Endpoint, reason: string | null): boolean {
    const mistakes = endpointMistakes(endpoint, '');
    if (mistakes.length > 0) throw new InvalidInput(mistakes);
    const { endpoints } = this.state;
    const isNew = !this.hasEndpoint(endpoint.name);
    const next = isNew
      ? [...endpoints, endpoint]
      : endpoints.map((other) => (other.name === endpoint.name ? endpoint : other));
    this.#become({ ...this.state, endpoints: next }, 'updated', reason);
    return isNew;
  }

  /** @throws EndpointNotFound */
  removeEndpoint(name: string, reason: string | null): void {
    this.expectEndpoint(name);
    const endpoints = this.state.endpoints.filter((endpoint) => endpoint.name !== name);
    this.#become({ ...this.state, endpoints }, 'updated', reason);
  }

  /** Another team answers for it. */
  handOverTo(heir: TeamId, reason: string | null): void {
    this.#become({ ...this.state, ownerTeamId: heir }, 'handed_over', reason);
  }

  /** Going back is going forward: an old content becomes the newest version. Who speaks for it stays. @throws InvalidInput */
  revertTo(past: ResourceContent, version: number, reason: string | null): void {
    this.state = { ...this.state, ...checked(past) };
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** An import says it in other words: nothing that is known here changes, and history tells it all the same. */
  describeAnew(reason: string | null): void {
    this.record('described', { reason });
  }

  /** Takes it away; its history stays. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }

  hasEndpoint(name: string): boolean {
    return this.state.endpoints.some((endpoint) => endpoint.name === name);
  }

  /** @throws EndpointNotFound */
  expectEndpoint(name: string): void {
    if (!this.hasEndpoint(name)) throw new EndpointNotFound();
  }

  #become(next: ResourceState, type: string, reason: string | null): void {
    checked(next);
    if (sameJson(next, this.state)) return;
    this.state = next;
    this.record(type, { reason });
  }
}

/** @throws InvalidInput with everything that breaks a rule */
function checked<Content extends ResourceContent>(content: Content): Content {
  const mistakes = contentMistakes(content);
  if (mistakes.length > 0) throw new InvalidInput(mistakes);
  return content;
}

/** By what a company knows it. */
export const identityOf = ({ namespace, type, name, environment }: ResourceIdentity): ResourceIdentity => ({
  namespace,
  type,
  name,
  environment,
});
