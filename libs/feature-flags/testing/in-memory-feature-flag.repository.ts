import type { Clock } from '#shared-kernel';
import { VersionsInMemory } from '#platform/testing';
import { FlagNameTaken, FlagNotFound } from '../domain/errors.js';
import { FeatureFlag } from '../domain/feature-flag.js';
import type { FlagContent, FlagState } from '../domain/feature-flag.js';
import { FeatureFlagRepository } from '../domain/feature-flag.repository.js';
import type { FlagId, FlagName } from '../domain/identity.js';
import { isNamed, uniqueNames } from './unique-names.js';

/** The flags of all tenants, with their history; as the contract says, without a database. */
export class InMemoryFeatureFlagRepository extends FeatureFlagRepository {
  readonly versions: VersionsInMemory<FlagState>;

  constructor(clock: Clock) {
    super();
    this.versions = new VersionsInMemory(
      clock,
      uniqueNames(({ tenant, name }) => new FlagNameTaken(tenant, name, null)),
    );
  }

  override async get(id: FlagId): Promise<FeatureFlag> {
    const state = this.versions.get(id);
    if (!state) throw new FlagNotFound();
    return FeatureFlag.restore(state);
  }

  override async findByName(tenant: string | null, name: FlagName): Promise<FeatureFlag | null> {
    const state = this.versions.all.find(isNamed(tenant, name));
    return state ? FeatureFlag.restore(state) : null;
  }

  override async contentAt(id: FlagId, version: number): Promise<FlagContent> {
    const { profile, definition } = this.versions.at(id, version);
    return { profile, definition };
  }

  override async isIdUsed(id: FlagId): Promise<boolean> {
    return this.versions.isUsed(id);
  }

  override async save(flag: FeatureFlag): Promise<void> {
    this.versions.save(flag);
  }
}
