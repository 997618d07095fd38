import type { CatalogReferences } from '#catalog';
import { IdConflict } from '#shared-kernel';
import type { ExpectedVersion, UnitOfWork } from '#shared-kernel';
import { Configuration } from '../domain/configuration.js';
import type { ConfigurationRevision } from '../domain/configuration.js';
import { referencesOf, sameContent } from '../domain/configuration-content.js';
import type { ConfigurationContent, ConfigurationState, Scope } from '../domain/configuration-state.js';
import type { ConfigurationRepository } from '../domain/configuration.repository.js';
import { ConfigurationNotFound, OverlappingWindow } from '../domain/errors.js';
import { BASE } from '../domain/identity.js';
import type { ConfigurationId } from '../domain/identity.js';
import type { LayerChange } from './effective-check.js';
import type { Layers } from './layers.js';
import type { SchemaValidation } from './schema-validation.js';
import type { SecretResolver } from './secret-resolver.js';

/** Which configuration to change, and the version the caller looked at when deciding to (null: any). */
export interface ConfigurationAt {
  readonly id: ConfigurationId;
  readonly ifVersion: ExpectedVersion;
}

/** A configuration that is to be made. */
export interface NewConfiguration {
  readonly id: ConfigurationId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly scope: Scope;
  readonly content: ConfigurationContent;
  readonly reason: string | null;
}

/** What became of a request to make a configuration. */
export interface StoredConfiguration {
  readonly state: ConfigurationState;
  readonly outcome: 'created' | 'unchanged';
}

/** What is to change, decided on what is there. */
export type ReviseConfiguration = (current: ConfigurationState) => ConfigurationRevision;

/** What writing needs. */
export interface WriteParts {
  readonly configurations: ConfigurationRepository;
  readonly layers: Layers;
  readonly schemas: SchemaValidation;
  readonly secrets: SecretResolver;
  readonly catalog: CatalogReferences;
  readonly unitOfWork: UnitOfWork;
}

/**
 * What is written in one unit of work. Each call is whole by itself or leaves nothing behind; the results of all of them
 * are checked together when the work is done.
 */
export class ConfigurationWrites {
  readonly #changes = new Map<string, LayerChange>();
  /** Environments that were found to be known, each with the tenant that sees it. */
  readonly #known = new Set<string>();
  /** Services that are held, each with the tenant for which. */
  #held: ReadonlySet<string> = new Set();

  constructor(private readonly parts: WriteParts) {}

  /** One for each configuration that was changed, from what it was at first to what it became at last. */
  get changes(): readonly LayerChange[] {
    return [...this.#changes.values()];
  }

  /**
   * The same id with the same content again is no conflict: the stored configuration is the answer.
   * @throws OverlappingWindow, IdConflict, InvalidInput, SchemaUnknown, CatalogReferenceUnknown
   */
  create(request: NewConfiguration): Promise<StoredConfiguration> {
    const { id, idIsGiven, scope, content, reason } = request;
    return this.#attempt(async () => {
      await this.#hold(scope);
      if (idIsGiven && (await this.parts.configurations.isIdUsed(id))) return this.#repeat(request);
      const configuration = Configuration.create({ id, ...scope }, content, reason);
      await this.#expectKnown(scope);
      await this.#store(configuration, null);
      return { state: configuration.snapshot, outcome: 'created' };
    });
  }

  /** @throws ConfigurationNotFound, StaleVersion, OverlappingWindow, InvalidInput, SchemaUnknown */
  revise(
    target: ConfigurationAt,
    revise: ReviseConfiguration,
    reason: string | null,
  ): Promise<ConfigurationState> {
    return this.#change(target, (configuration) =>
      configuration.revise(revise(configuration.snapshot), reason),
    );
  }

  /** @throws ConfigurationNotFound, StaleVersion, OverlappingWindow */
  activate(target: ConfigurationAt, reason: string | null): Promise<ConfigurationState> {
    return this.#change(target, (configuration) => configuration.activate(reason));
  }

  /** @throws ConfigurationNotFound, StaleVersion */
  deactivate(target: ConfigurationAt, reason: string | null): Promise<ConfigurationState> {
    return this.#change(target, (configuration) => configuration.deactivate(reason));
  }

  /** @throws ConfigurationNotFound, StaleVersion, VersionNotFound, OverlappingWindow, SchemaUnknown */
  rollBack(target: ConfigurationAt, version: number, reason: string | null): Promise<ConfigurationState> {
    return this.#change(target, async (configuration) => {
      const past = await this.parts.configurations.contentAt(target.id, version);
      configuration.revertTo(past, version, reason);
    });
  }

  /** Gives what it was. @throws ConfigurationNotFound, StaleVersion */
  delete(target: ConfigurationAt, reason: string | null): Promise<ConfigurationState> {
    return this.#change(target, (configuration) => configuration.delete(reason));
  }

  /** The active configuration of this scope without a window, kept for this unit of work; null when there is none. */
  async findPermanent(scope: Scope): Promise<ConfigurationState | null> {
    await this.#hold(scope);
    return (await this.parts.configurations.findPermanent(scope))?.snapshot ?? null;
  }

  /** Once for each service: the first lock lasts to the end of the unit of work. */
  async #hold({ service, tenant }: Pick<Scope, 'service' | 'tenant'>): Promise<void> {
    const place = JSON.stringify([service, tenant]);
    if (this.#held.has(place)) return;
    await this.parts.layers.hold(service, tenant);
    this.#held = new Set([...this.#held, place]);
  }

  /** What is undone gives back what was locked on its way. */
  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    const held = this.#held;
    try {
      return await this.parts.unitOfWork.attempt(work);
    } catch (error) {
      this.#held = held;
      throw error;
    }
  }

  /** Once for each environment; `base` lies under all of them and is none. */
  async #expectKnown({ tenant, environment }: Scope): Promise<void> {
    const place = JSON.stringify([tenant, environment]);
    if (environment === BASE || this.#known.has(place)) return;
    const environments = [{ value: environment, pointer: '/environment' }];
    await this.parts.catalog.expectKnown(tenant, { environments });
    this.#known.add(place);
  }

  #change(
    target: ConfigurationAt,
    act: (configuration: Configuration) => void | Promise<void>,
  ): Promise<ConfigurationState> {
    const { configurations } = this.parts;
    return this.#attempt(async () => {
      await this.#hold(await configurations.scopeOf(target.id));
      const configuration = await configurations.get(target.id);
      configuration.expectVersion(target.ifVersion);
      const before = configuration.snapshot;
      await act(configuration);
      await this.#store(configuration, before);
      return configuration.snapshot;
    });
  }

  async #store(configuration: Configuration, before: ConfigurationState | null): Promise<void> {
    const { change, snapshot } = configuration;
    if (!change) return;
    if (!change.removes) await this.#expectNamed(snapshot, before);
    await this.#save(configuration);
    const earlier = this.#changes.get(snapshot.id);
    this.#changes.set(snapshot.id, {
      before: earlier ? earlier.before : before,
      after: change.removes ? null : configuration.snapshot,
    });
  }

  /** What it names is there, and may be named. What it named before is not asked for again. */
  async #expectNamed(state: ConfigurationState, before: ConfigurationState | null): Promise<void> {
    const { tenant, schemaId } = state;
    if (schemaId !== null && schemaId !== before?.schemaId) {
      await this.parts.schemas.expectUsable(tenant, schemaId);
    }
    const references = referencesOf(state);
    if (references.length === 0 || (before && sameJson(references, referencesOf(before)))) return;
    await this.parts.secrets.expectAllowed(tenant, references);
  }

  /** When the time is taken, the refusal tells by whom. */
  async #save(configuration: Configuration): Promise<void> {
    const { configurations, unitOfWork } = this.parts;
    try {
      await unitOfWork.attempt(() => configurations.save(configuration));
    } catch (error) {
      if (!(error instanceof OverlappingWindow)) throw error;
      const { snapshot } = configuration;
      throw new OverlappingWindow(await configurations.findOverlapping(snapshot, snapshot, snapshot.id));
    }
  }

  /** @throws IdConflict */
  async #repeat({ id, scope, content }: NewConfiguration): Promise<StoredConfiguration> {
    const stored = await this.#seen(id);
    if (!stored) throw new IdConflict();
    const wanted = Configuration.create({ id, ...scope }, content).snapshot;
    if (!sameScope(stored, scope) || !sameContent(stored, wanted)) throw new IdConflict(id);
    return { state: stored, outcome: 'unchanged' };
  }

  /** Null for one that is gone, or is not for this caller to change. */
  async #seen(id: ConfigurationId): Promise<ConfigurationState | null> {
    try {
      return (await this.parts.configurations.get(id)).snapshot;
    } catch (error) {
      if (error instanceof ConfigurationNotFound) return null;
      throw error;
    }
  }
}

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const sameScope = (a: Scope, b: Scope): boolean =>
  a.tenant === b.tenant && a.service === b.service && a.name === b.name && a.environment === b.environment;
