import { Injectable } from '@nestjs/common';
import { IdConflict, onceMore, sameJson, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import { contentOf, Environment } from '../domain/environment.js';
import type { EnvironmentIdentity, EnvironmentRevision, EnvironmentState } from '../domain/environment.js';
import { EnvironmentInUse, EnvironmentKeyTaken } from '../domain/environment-errors.js';
import { EnvironmentRepository } from '../domain/environment.repository.js';
import { slug } from '../domain/identity.js';
import type { EnvironmentId, TeamId } from '../domain/identity.js';
import { OwnedKinds } from './owned-things.js';
import type { OwnedThings } from './owned-things.js';
import { OwnerTeams } from './owner-teams.js';

/** Which environment to change, and the version the caller looked at when deciding to (null: any). */
export interface EnvironmentAt {
  readonly id: EnvironmentId;
  readonly ifVersion: ExpectedVersion;
}

/** An environment that is to be made; what is absent of its content follows from its key. */
export interface NewEnvironment extends EnvironmentIdentity {
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly content: EnvironmentRevision;
  readonly reason: string | null;
}

/** What became of a request to make an environment. */
export interface StoredEnvironment {
  readonly state: EnvironmentState;
  readonly outcome: 'created' | 'unchanged';
}

/** What is to change, decided on what is there. */
export type ReviseEnvironment = (current: EnvironmentState) => EnvironmentRevision;

/** Everything that changes an environment. */
@Injectable()
export class EnvironmentService implements OwnedThings {
  readonly kind = 'environments';

  constructor(
    private readonly environments: EnvironmentRepository,
    private readonly owners: OwnerTeams,
    private readonly unitOfWork: UnitOfWork,
    kinds: OwnedKinds,
  ) {
    kinds.register(this);
  }

  /**
   * The same id with the same content again is no conflict: the stored environment is the answer.
   * @throws EnvironmentKeyTaken, CatalogReferenceUnknown, IdConflict, InvalidInput
   */
  create(request: NewEnvironment): Promise<StoredEnvironment> {
    return onceMore(request, (again) => this.#create(again));
  }

  #create(request: NewEnvironment): Promise<StoredEnvironment> {
    return this.#withHolder(async () => {
      if (request.idIsGiven && (await this.environments.isIdUsed(request.id))) return this.#repeat(request);
      const environment = made(request);
      await this.#store(environment, null);
      return { state: environment.snapshot, outcome: 'created' };
    });
  }

  /** @throws EnvironmentNotFound, StaleVersion, CatalogReferenceUnknown, InvalidInput */
  revise(target: EnvironmentAt, revise: ReviseEnvironment, reason: string | null): Promise<EnvironmentState> {
    return this.#change(target, (environment) => environment.revise(revise(environment.snapshot), reason));
  }

  /** @throws EnvironmentNotFound, StaleVersion, VersionNotFound, CatalogReferenceUnknown */
  rollBack(target: EnvironmentAt, version: number, reason: string | null): Promise<EnvironmentState> {
    return this.#change(target, async (environment) => {
      environment.revertTo(await this.environments.contentAt(target.id, version), version, reason);
    });
  }

  /** @throws EnvironmentNotFound, StaleVersion, EnvironmentInUse */
  async delete(target: EnvironmentAt, reason: string | null): Promise<void> {
    await this.#change(target, async (environment) => {
      const resources = await this.environments.resourcesIn(environment.snapshot);
      if (resources > 0) throw new EnvironmentInUse(environment.snapshot.key, resources);
      environment.delete(reason);
    });
  }

  count(team: TeamId): Promise<number> {
    return this.unitOfWork.run(() => this.environments.countOwnedBy(team));
  }

  handOver(team: TeamId, heir: TeamId, reason: string | null): Promise<void> {
    return this.unitOfWork.run(async () => {
      for (const environment of await this.environments.ownedBy(team)) {
        environment.revise({ ownerTeamId: heir }, reason);
        await this.environments.save(environment);
      }
    });
  }

  #change(
    target: EnvironmentAt,
    act: (environment: Environment) => void | Promise<void>,
  ): Promise<EnvironmentState> {
    return this.unitOfWork.attempt(async () => {
      const environment = await this.environments.get(target.id);
      environment.expectVersion(target.ifVersion);
      const before = environment.snapshot.ownerTeamId;
      await act(environment);
      await this.#store(environment, before);
      return environment.snapshot;
    });
  }

  /** An owner that it has already is right: the database sees to that. */
  async #store(environment: Environment, ownerBefore: TeamId | null): Promise<void> {
    const { change, snapshot } = environment;
    const { ownerTeamId, companyId } = snapshot;
    if (change && !change.removes && ownerTeamId !== null && ownerTeamId !== ownerBefore)
      await this.owners.expectOf(companyId, ownerTeamId);
    await this.environments.save(environment);
  }

  /** @throws IdConflict */
  async #repeat(request: NewEnvironment): Promise<StoredEnvironment> {
    const stored = (await this.environments.findByKey(request.tenant, request.key))?.snapshot;
    const wanted = made(request).snapshot;
    const isSame =
      stored?.id === wanted.id &&
      stored.companyId === wanted.companyId &&
      sameJson(contentOf(stored), contentOf(wanted));
    if (!stored || !isSame) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }

  /** When the key is taken, the refusal tells by whom. */
  async #withHolder<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.attempt(work);
    } catch (error) {
      if (!(error instanceof EnvironmentKeyTaken)) throw error;
      const { tenant, key } = error;
      const find = () => this.environments.findByKey(tenant, slug(key, '/key'));
      const holder = await this.unitOfWork.run(find);
      throw new EnvironmentKeyTaken(tenant, key, holder?.snapshot.id ?? null);
    }
  }
}

function made({ id, tenant, companyId, key, content, reason }: NewEnvironment): Environment {
  return Environment.create({ id, tenant, companyId, key }, content, reason);
}
