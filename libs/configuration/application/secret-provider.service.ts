import { Injectable } from '@nestjs/common';
import { IdConflict, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import {
  DefaultProviderTaken,
  ProviderAliasTaken,
  ProviderInUse,
  SecretProviderNotFound,
} from '../domain/secret-errors.js';
import { sameDefinition, SecretProvider } from '../domain/secret-provider.js';
import type {
  ProviderAlias,
  ProviderDefinition,
  ProviderIdentity,
  ProviderState,
} from '../domain/secret-provider.js';
import { SecretProviderRepository } from '../domain/secret-provider.repository.js';
import { SecretSurroundings } from './secret-surroundings.js';

/** Which provider to change, and the version the caller looked at when deciding to (null: any). */
export interface ProviderAt {
  readonly tenant: string | null;
  readonly alias: ProviderAlias;
  readonly ifVersion: ExpectedVersion;
}

/** A provider that is to be registered. */
export interface NewProvider {
  readonly identity: ProviderIdentity;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly definition: ProviderDefinition;
  readonly reason: string | null;
}

/** What became of a request to register a provider. */
export interface StoredProvider {
  readonly state: ProviderState;
  readonly outcome: 'created' | 'unchanged';
}

/** What is to change, decided on what is there. */
export type ReviseProvider = (current: ProviderState) => Partial<ProviderDefinition>;

/** Everything that changes a secret provider. */
@Injectable()
export class SecretProviderService {
  constructor(
    private readonly providers: SecretProviderRepository,
    private readonly surroundings: SecretSurroundings,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * The same id with the same content again is no conflict: the stored provider is the answer.
   * @throws ProviderAliasTaken, DefaultProviderTaken, IdConflict, InvalidInput
   */
  register(request: NewProvider): Promise<StoredProvider> {
    const { identity, definition, reason } = request;
    return this.#withHolder(identity, async () => {
      if (request.idIsGiven && (await this.providers.isIdUsed(identity.id))) return this.#repeat(request);
      const provider = SecretProvider.register(identity, definition, this.surroundings, reason);
      await this.providers.save(provider);
      return { state: provider.snapshot, outcome: 'created' };
    });
  }

  /** @throws SecretProviderNotFound, StaleVersion, DefaultProviderTaken, InvalidInput */
  revise(target: ProviderAt, revise: ReviseProvider, reason: string | null): Promise<ProviderState> {
    return this.#change(target, (provider) => {
      provider.revise(revise(provider.snapshot), this.surroundings, reason);
    });
  }

  /** @throws SecretProviderNotFound, StaleVersion, ProviderInUse */
  async delete(target: ProviderAt, reason: string | null): Promise<void> {
    await this.#change(target, async (provider) => {
      const users = await this.providers.usersOf(provider);
      if (users.length > 0) throw new ProviderInUse(target.alias, users);
      provider.delete(reason);
    });
  }

  #change(
    target: ProviderAt,
    act: (provider: SecretProvider) => void | Promise<void>,
  ): Promise<ProviderState> {
    return this.#withHolder(target, async () => {
      const provider = await this.providers.find(target.tenant, target.alias);
      if (!provider) throw new SecretProviderNotFound();
      provider.expectVersion(target.ifVersion);
      await act(provider);
      await this.providers.save(provider);
      return provider.snapshot;
    });
  }

  /** @throws IdConflict */
  async #repeat({ identity, definition }: NewProvider): Promise<StoredProvider> {
    const stored = (await this.providers.find(identity.tenant, identity.alias))?.snapshot;
    const wanted = SecretProvider.register(identity, definition, this.surroundings).snapshot;
    if (stored?.id !== identity.id || !sameDefinition(stored, wanted)) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }

  /** When another one has the alias, or is the default one, the refusal tells which. */
  async #withHolder<T>(of: Pick<ProviderIdentity, 'tenant' | 'alias'>, work: () => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.attempt(work);
    } catch (error) {
      if (error instanceof ProviderAliasTaken) {
        const holder = await this.unitOfWork.run(() => this.providers.find(of.tenant, of.alias));
        throw new ProviderAliasTaken(of.alias, holder?.snapshot.id ?? null);
      }
      if (!(error instanceof DefaultProviderTaken)) throw error;
      throw new DefaultProviderTaken(await this.unitOfWork.run(() => this.providers.findDefault(of.tenant)));
    }
  }
}
