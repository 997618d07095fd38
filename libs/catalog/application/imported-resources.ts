import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import type { DomainError } from '#shared-kernel';
import { SourceConflict } from '../domain/catalog-import-errors.js';
import { CatalogReferenceUnknown } from '../domain/errors.js';
import { resourceId } from '../domain/identity.js';
import type { ResourceId, TeamId } from '../domain/identity.js';
import type { Relation, RelationType } from '../domain/relation.js';
import { identityOf, Resource } from '../domain/resource.js';
import type { ResourceContent, ResourceOrigin } from '../domain/resource.js';
import { ResourceTaken } from '../domain/resource-errors.js';
import { ResourceRepository } from '../domain/resource.repository.js';
import { CatalogReferences } from './catalog-references.js';
import { CatalogImportStore } from './catalog-import.store.js';
import type { SaidRelation } from './catalog-import.store.js';
import type { EntityOf, ImportRun } from './import-run.js';

type ImportedResource = EntityOf<'resource'>;

/** Resources and their relations, as an import has them. */
@Injectable()
export class ImportedResources {
  constructor(
    private readonly resources: ResourceRepository,
    private readonly imports: CatalogImportStore,
    private readonly references: CatalogReferences,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async store(run: ImportRun): Promise<void> {
    const stored = await this.#ofSource(run);
    const around = { stored, environments: new Environments(this.references, run.home.tenant) };
    for (const resource of run.entitiesOf('resource'))
      await run.trying(resource, () => this.#store(run, resource, around));
    await run.settle();
    await this.#relate(run);
    await this.#leave(run, stored);
    await this.#describe(run, stored);
  }

  /** By id: what the source spoke for until now in this company. */
  async #ofSource({ home, asked }: ImportRun): Promise<Map<string, Resource>> {
    const all = await this.resources.ofSource(home.tenant, asked.source);
    const own = all.filter(({ snapshot }) => snapshot.companyId === home.companyId);
    return new Map(own.map((resource) => [resource.snapshot.id, resource]));
  }

  async #store(run: ImportRun, entity: ImportedResource, around: Surroundings): Promise<void> {
    const { source, reason } = run.asked;
    const content = contentOf(run, entity);
    const origin: ResourceOrigin = { source, sourceRef: entity.ref, orphan: false };
    const known = run.before(entity.ref);
    const before = (known && around.stored.get(known.id)) ?? null;
    if (content.environment !== null && content.environment !== before?.snapshot.environment)
      await around.environments.expect(content.environment);
    const id = resourceId(entity.newId);
    const resource = before ?? Resource.create({ id, ...run.home }, content, origin, reason);
    if (before) resource.revise({ ...content, ...origin }, reason);
    const becoming = before ? (resource.change ? 'updated' : 'unchanged') : 'created';
    if (resource.change) {
      const save = (): Promise<void> => this.resources.save(resource);
      await run.saving(save, () => this.#save(run, resource));
    }
    run.became(entity, resource.snapshot.id, becoming);
  }

  /** Who owns it is known to be there, and in the company. */
  async #save({ home, asked }: ImportRun, resource: Resource): Promise<void> {
    const isNew = resource.snapshot.version === 0;
    try {
      await this.unitOfWork.attempt(() => this.resources.save(resource));
    } catch (error) {
      if (!(error instanceof ResourceTaken)) throw error;
      const holder = await this.resources.findByIdentity(home.companyId, identityOf(resource.snapshot));
      const source = holder?.snapshot.source ?? null;
      if (!isNew || source === asked.source) throw error; // Two entities of one import.
      throw new SourceConflict(source);
    }
  }

  /** What the source said and says no more goes; what somebody said stays. */
  async #relate(run: ImportRun): Promise<void> {
    const { source } = run.asked;
    const stored = run.entitiesOf('resource').filter(({ ref }) => run.isIn(ref));
    const own = new Set(stored.flatMap(({ ref }) => run.idOf(ref, 'resource') ?? []));
    const wanted = new Map<string, Relation>();
    for (const resource of stored)
      for (const relation of relationsOf(run, resource)) wanted.set(keyOf(relation), relation);
    const from = new Set([...own, ...[...wanted.values()].map(({ fromId }) => fromId)]);
    const there = new Map((await this.imports.relationsFrom([...from])).map((one) => [keyOf(one), one]));
    const added = [...wanted.values()].filter((one) => !there.has(keyOf(one)));
    const gone = [...there.values()].filter(
      (one) => one.source === source && own.has(one.fromId) && !wanted.has(keyOf(one)),
    );
    await this.imports.relate(run.home, added, source);
    await this.imports.unrelate(gone);
    const changed = new Set<string>([...added, ...gone].map(({ fromId }) => fromId));
    for (const resource of stored) {
      const id = run.idOf(resource.ref, 'resource');
      if (id !== null && changed.has(id)) run.became(resource, id, 'updated');
    }
  }

  /** What the newest import has not; where nobody can tell what it means to have, nothing is left behind. */
  async #leave(run: ImportRun, stored: ReadonlyMap<string, Resource>): Promise<void> {
    const { unread, entities, prune, reason } = run.asked;
    if (unread === null) return;
    const meant = new Set([...unread, ...entities.map(({ ref }) => ref)]);
    for (const resource of stored.values()) {
      const { sourceRef, orphan } = resource.snapshot;
      if (sourceRef !== null && meant.has(sourceRef)) continue;
      if (prune === 'orphans') {
        resource.delete(reason);
        run.deleted();
      } else if (!orphan) {
        resource.revise({ orphan: true }, reason);
        run.orphaned();
      }
      await run.saving(() => this.resources.save(resource));
    }
    await run.settle();
  }

  async #describe(run: ImportRun, stored: ReadonlyMap<string, Resource>): Promise<void> {
    for (const { is, id } of run.describedAnew) {
      const resource = is === 'resource' ? stored.get(id) : undefined;
      resource?.describeAnew(run.asked.reason);
      if (resource) await run.saving(() => this.resources.save(resource));
    }
    await run.settle();
  }
}

interface Surroundings {
  readonly stored: ReadonlyMap<string, Resource>;
  readonly environments: Environments;
}

/** Keys of environments, each asked for once. */
class Environments {
  readonly #asked = new Map<string, DomainError | null>();

  constructor(
    private readonly references: CatalogReferences,
    private readonly tenant: string | null,
  ) {}

  /** @throws CatalogReferenceUnknown */
  async expect(key: string): Promise<void> {
    if (!this.#asked.has(key)) this.#asked.set(key, await this.#refusalOf(key));
    const refusal = this.#asked.get(key);
    if (refusal) throw refusal;
  }

  async #refusalOf(key: string): Promise<DomainError | null> {
    try {
      const environments = [{ value: key, pointer: '/environment' }];
      await this.references.expectKnown(this.tenant, { environments });
      return null;
    } catch (error) {
      if (error instanceof CatalogReferenceUnknown) return error;
      throw error;
    }
  }
}

function contentOf(run: ImportRun, resource: ImportedResource): ResourceContent {
  const { facts } = resource;
  const owner =
    facts.owner === null
      ? null
      : run.resolve(resource, { ref: facts.owner, is: 'team', pointer: '/spec/owner' });
  return {
    namespace: facts.namespace,
    type: facts.type,
    name: facts.name,
    environment: facts.environment,
    lifecycleStatus: facts.lifecycleStatus,
    description: facts.description,
    ownerTeamId: owner as TeamId | null,
    labels: facts.labels,
    annotations: facts.annotations,
    links: facts.links,
    endpoints: facts.endpoints,
    ttlSeconds: facts.ttlSeconds,
  };
}

/** Those that lead somewhere, and to something else. */
function relationsOf(run: ImportRun, resource: ImportedResource): Relation[] {
  const own = run.idOf(resource.ref, 'resource') as ResourceId;
  const to = (ref: string, type: RelationType | 'dependents'): ResourceId | null => {
    const id = run.resolve(resource, { ref, is: 'resource', pointer: POINTERS[type] });
    if (id !== own) return id as ResourceId | null;
    const detail = 'A resource has no relation to itself; the rest went in without it.';
    run.leaveOut(resource, ref, { pointer: POINTERS[type], code: 'relation_to_itself', detail });
    return null;
  };
  const said = resource.facts.relations.flatMap(({ type, to: ref }) => {
    const toId = to(ref, type);
    return toId === null ? [] : [{ fromId: own, type, toId }];
  });
  const told = resource.facts.dependents.flatMap((ref) => {
    const fromId = to(ref, 'dependents');
    return fromId === null ? [] : [{ fromId, type: 'depends_on' as const, toId: own }];
  });
  return [...said, ...told];
}

/** Where relations stand in an entity, about: the member tells which it is. */
const POINTERS: Readonly<Record<RelationType | 'dependents', string>> = {
  depends_on: '/spec/dependsOn',
  part_of: '/spec',
  provides_api: '/spec/providesApis',
  consumes_api: '/spec/consumesApis',
  deployed_to: '/metadata/annotations/metastore.io~1relations',
  dependents: '/spec/dependencyOf',
};

const keyOf = ({ fromId, type, toId }: Relation | SaidRelation): string => `${fromId} ${type} ${toId}`;
