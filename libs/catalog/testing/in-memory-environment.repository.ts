import { VersionsInMemory } from '#platform/testing';
import { IdConflict } from '#shared-kernel';
import type { Clock } from '#shared-kernel';
import { contentOf, Environment } from '../domain/environment.js';
import type { EnvironmentContent, EnvironmentState } from '../domain/environment.js';
import { EnvironmentKeyTaken, EnvironmentNotFound } from '../domain/environment-errors.js';
import { EnvironmentRepository } from '../domain/environment.repository.js';
import type { EnvironmentId, Slug, TeamId } from '../domain/identity.js';

/** The environments of all tenants, with their history; as the contract says, without a database. */
export class InMemoryEnvironmentRepository extends EnvironmentRepository {
  readonly versions: VersionsInMemory<EnvironmentState>;
  /** How many resources stand in an environment, by its key. */
  readonly resources = new Map<string, number>();

  constructor(clock: Clock) {
    super();
    this.versions = new VersionsInMemory<EnvironmentState>(clock, {
      idUsed: () => new IdConflict(),
      between: ({ tenant, key }, others) =>
        others.some((other) => other.tenant === tenant && other.key === key)
          ? new EnvironmentKeyTaken(tenant, key, null)
          : null,
    });
  }

  override async get(id: EnvironmentId): Promise<Environment> {
    const state = this.versions.get(id);
    if (!state) throw new EnvironmentNotFound();
    return Environment.restore(state);
  }

  override async findByKey(tenant: string | null, key: Slug): Promise<Environment | null> {
    const state = this.versions.all.find((each) => each.tenant === tenant && each.key === key);
    return state ? Environment.restore(state) : null;
  }

  override async ownedBy(team: TeamId): Promise<readonly Environment[]> {
    const owned = this.versions.all.filter(({ ownerTeamId }) => ownerTeamId === team);
    return owned.sort((a, b) => (a.id < b.id ? -1 : 1)).map((state) => Environment.restore(state));
  }

  override async countOwnedBy(team: TeamId): Promise<number> {
    return (await this.ownedBy(team)).length;
  }

  override async contentAt(id: EnvironmentId, version: number): Promise<EnvironmentContent> {
    return contentOf(this.versions.at(id, version));
  }

  override async isIdUsed(id: EnvironmentId): Promise<boolean> {
    return this.versions.isUsed(id);
  }

  override async resourcesIn({ key }: { readonly key: Slug }): Promise<number> {
    return this.resources.get(key) ?? 0;
  }

  override async save(environment: Environment): Promise<void> {
    this.versions.save(environment);
  }
}
