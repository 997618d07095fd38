import { VersionsInMemory } from '#platform/testing';
import { IdConflict } from '#shared-kernel';
import type { Clock } from '#shared-kernel';
import { Configuration, contentOf } from '../domain/configuration.js';
import type { ConfigurationContent, ConfigurationState, Scope } from '../domain/configuration-state.js';
import { ConfigurationRepository } from '../domain/configuration.repository.js';
import type { Window } from '../domain/configuration.repository.js';
import { ConfigurationNotFound, OverlappingWindow } from '../domain/errors.js';
import type { ConfigurationId } from '../domain/identity.js';

/** The configurations of all tenants, with their history; as the contract says, without a database. */
export class InMemoryConfigurationRepository extends ConfigurationRepository {
  readonly versions: VersionsInMemory<ConfigurationState>;

  constructor(clock: Clock) {
    super();
    this.versions = new VersionsInMemory<ConfigurationState>(clock, {
      idUsed: () => new IdConflict(),
      between: (state, others) =>
        state.isActive && others.some((other) => overlaps(other, state, state))
          ? new OverlappingWindow(null)
          : null,
    });
  }

  override async scopeOf(id: ConfigurationId): Promise<Scope> {
    const { tenant, service, name, environment } = this.#stateOf(id);
    return { tenant, service, name, environment };
  }

  override async get(id: ConfigurationId): Promise<Configuration> {
    return Configuration.restore(this.#stateOf(id));
  }

  override async findPermanent(scope: Scope): Promise<Configuration | null> {
    const found = this.versions.all.find(
      (state) => state.isActive && isPermanent(state) && isSameScope(state, scope),
    );
    return found ? Configuration.restore(found) : null;
  }

  override async findOverlapping(
    scope: Scope,
    window: Window,
    except: ConfigurationId,
  ): Promise<ConfigurationId | null> {
    const others = this.versions.all.filter(({ id }) => id !== except);
    return others.find((other) => overlaps(other, scope, window))?.id ?? null;
  }

  override async contentAt(id: ConfigurationId, version: number): Promise<ConfigurationContent> {
    return contentOf(this.versions.at(id, version));
  }

  override async isIdUsed(id: ConfigurationId): Promise<boolean> {
    return this.versions.isUsed(id);
  }

  override async save(configuration: Configuration): Promise<void> {
    this.versions.save(configuration);
  }

  #stateOf(id: ConfigurationId): ConfigurationState {
    const state = this.versions.get(id);
    if (!state) throw new ConfigurationNotFound();
    return state;
  }
}

const isPermanent = ({ effectiveFrom, effectiveUntil }: Window): boolean =>
  effectiveFrom === null && effectiveUntil === null;

const isSameScope = (a: Scope, b: Scope): boolean =>
  a.tenant === b.tenant && a.service === b.service && a.name === b.name && a.environment === b.environment;

/** As the exclusion constraint of the table says. */
function overlaps(state: ConfigurationState, scope: Scope, window: Window): boolean {
  if (!state.isActive || !isSameScope(state, scope)) return false;
  if (isPermanent(state) !== isPermanent(window)) return false;
  const begins = (date: Date | null): number => date?.getTime() ?? -Infinity;
  const ends = (date: Date | null): number => date?.getTime() ?? Infinity;
  return (
    begins(state.effectiveFrom) < ends(window.effectiveUntil) &&
    begins(window.effectiveFrom) < ends(state.effectiveUntil)
  );
}
