import { Injectable } from '@nestjs/common';
import { Clock, DomainError, IdConflict, InvalidInput, StaleVersion, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion, UpsertOptions } from '#shared-kernel';
import { EntryNotFound, MetadataKeyTaken } from '../domain/errors.js';
import type { EntryId } from '../domain/identity.js';
import { isExpired, MetadataEntry, sameDefinition } from '../domain/metadata-entry.js';
import type { EntryDefinition, EntryName, EntryRevision, EntryState } from '../domain/metadata-entry.js';
import { MetadataEntryRepository } from '../domain/metadata-entry.repository.js';

/** Which entry to change, and the version the caller looked at when deciding to. */
export interface EntryAt {
  readonly id: EntryId;
  readonly ifVersion: ExpectedVersion;
}

/** An entry that is to be made. */
export interface NewEntry {
  readonly id: EntryId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly tenant: string | null;
  readonly name: EntryName;
  readonly definition: EntryDefinition;
  readonly reason: string | null;
}

/** What is to change, decided on what is there. */
export type Revise = (current: EntryState) => EntryRevision;

/** What became of it. */
export interface Stored {
  readonly state: EntryState;
  readonly outcome: 'created' | 'updated' | 'unchanged';
}

const EXPIRED_AT_ONCE = 200;

/** Everything that changes an entry. */
@Injectable()
export class MetadataService {
  constructor(
    private readonly entries: MetadataEntryRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * The same id with the same content again is no conflict: the stored entry is the answer.
   * @throws MetadataKeyTaken, IdConflict with the id where the caller may see what has it
   */
  async create(request: NewEntry): Promise<Stored> {
    try {
      return await this.#withFreeName(request.tenant, request.name, async () => {
        if (request.idIsGiven && (await this.entries.isIdUsed(request.id))) return this.#repeat(request);
        return this.#add(request);
      });
    } catch (error) {
      if (!(error instanceof IdConflict)) throw error;
      throw new IdConflict((await this.#mayBeSeen(request.id)) ? request.id : null);
    }
  }

  /** @throws EntryNotFound, StaleVersion, MetadataKeyTaken */
  async revise(target: EntryAt, revise: Revise, reason: string | null): Promise<EntryState> {
    let wanted: EntryState | null = null;
    const work = (): Promise<EntryState> =>
      this.#change(target, (entry) => {
        this.#revise(entry, revise(entry.snapshot), reason);
        wanted = entry.snapshot;
      });
    try {
      return await this.unitOfWork.attempt(work);
    } catch (error) {
      if (!(error instanceof MetadataKeyTaken) || wanted === null) throw error;
      const { tenant, namespace, key } = wanted as EntryState;
      return this.#withFreeName(tenant, { namespace, key }, work);
    }
  }

  /** Makes the entry of this name what it should be, whether it is there or not. @throws StaleVersion */
  async upsert(request: NewEntry, options: UpsertOptions): Promise<Stored> {
    try {
      return await this.#upsertOnce(request, options);
    } catch (error) {
      if (!(error instanceof MetadataKeyTaken)) throw error;
      return this.#upsertOnce(request, options); // Somebody made it at this moment: now it is there to be changed.
    }
  }

  async #mayBeSeen(id: EntryId): Promise<boolean> {
    try {
      return await this.unitOfWork.run(async () => Boolean(await this.entries.get(id)));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return error.kind === 'forbidden'; // A shared one, which the caller may read and not change.
    }
  }

  /** The id of the tenant's own entry of this name. @throws EntryNotFound */
  idOf(tenant: string | null, name: EntryName): Promise<EntryId> {
    return this.unitOfWork.run(async () => {
      const entry = await this.#findLiving(tenant, name);
      if (!entry) throw new EntryNotFound();
      return entry.snapshot.id;
    });
  }

  /** @throws EntryNotFound, StaleVersion, VersionNotFound */
  rollBack(target: EntryAt, version: number, reason: string | null): Promise<EntryState> {
    return this.#change(target, async (entry) => {
      const past = await this.entries.definitionAt(target.id, version);
      this.#expectFuture(past.expiresAt, '/version');
      entry.revertTo(past, version, reason);
    });
  }

  /** @throws EntryNotFound, StaleVersion */
  async delete(target: EntryAt, reason: string | null): Promise<void> {
    await this.#change(target, (entry) => entry.delete(reason));
  }

  /** Takes away whose time is over, some at a time; gives how many. Each is a change of its own. */
  async expire(): Promise<number> {
    const ids = await this.unitOfWork.run(() => this.entries.expired(EXPIRED_AT_ONCE));
    for (const id of ids) await this.#expireOne(id);
    return ids.length;
  }

  async #expireOne(id: EntryId): Promise<void> {
    try {
      await this.unitOfWork.run(async () => {
        const entry = await this.entries.get(id);
        if (entry.expire(this.clock.now())) await this.entries.save(entry);
      });
    } catch (error) {
      if (!(error instanceof EntryNotFound)) throw error; // Somebody else took it away meanwhile: all the better.
    }
  }

  /** @throws StaleVersion, MetadataKeyTaken where another writer was faster */
  #upsertOnce(request: NewEntry, { createOnly, ifVersion }: UpsertOptions): Promise<Stored> {
    return this.#withFreeName(request.tenant, request.name, async () => {
      const entry = await this.#findLiving(request.tenant, request.name);
      if (!entry) {
        if (ifVersion !== null) throw new StaleVersion(null);
        return this.#add(request);
      }
      if (createOnly) throw new StaleVersion(entry.snapshot.version);
      entry.expectVersion(ifVersion);
      this.#revise(entry, request.definition, request.reason);
      return this.#store(entry);
    });
  }

  async #add(request: NewEntry): Promise<Stored> {
    const { id, tenant, name, definition, reason } = request;
    this.#expectFuture(definition.expiresAt, '/expires_at');
    return this.#store(MetadataEntry.create({ id, tenant }, name, definition, reason));
  }

  #revise(entry: MetadataEntry, revision: EntryRevision, reason: string | null): void {
    this.#expectFuture(revision.expiresAt ?? null, '/expires_at');
    entry.revise(revision, reason);
  }

  /** What expired before it was stored would be stored for nobody. @throws InvalidInput */
  #expectFuture(expiresAt: Date | null, pointer: string): void {
    if (!isExpired({ expiresAt }, this.clock.now())) return;
    throw InvalidInput.at(pointer, 'past', `It expired at ${expiresAt?.toISOString()}: delete it instead.`);
  }

  async #store(entry: MetadataEntry): Promise<Stored> {
    const { change } = entry;
    await this.entries.save(entry);
    const outcome = change === null ? 'unchanged' : change.type === 'created' ? 'created' : 'updated';
    return { state: entry.snapshot, outcome };
  }

  /** @throws IdConflict */
  async #repeat({ id, tenant, name, definition }: NewEntry): Promise<Stored> {
    const stored = (await this.#findLiving(tenant, name))?.snapshot;
    const wanted = MetadataEntry.create({ id, tenant }, name, definition).snapshot;
    if (stored?.id !== id || !sameDefinition(stored.definition, wanted.definition)) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }

  /**
   * A name is free again the moment its entry expires, not when the sweeper comes.
   * @throws MetadataKeyTaken with the id of whoever has it
   */
  async #withFreeName<T>(tenant: string | null, name: EntryName, work: () => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.attempt(work);
    } catch (error) {
      if (!(error instanceof MetadataKeyTaken)) throw error;
      const holder = await this.#livingHolder(tenant, name);
      if (holder !== null) throw new MetadataKeyTaken(name.namespace, name.key, holder);
      return this.unitOfWork.attempt(work);
    }
  }

  /** The id of the entry that has the name; one whose time is over is taken away and has it no more. */
  #livingHolder(tenant: string | null, name: EntryName): Promise<string | null> {
    return this.unitOfWork.run(async () => {
      const entry = await this.entries.findByName(tenant, name);
      if (!entry?.expire(this.clock.now())) return entry?.snapshot.id ?? null;
      await this.entries.save(entry);
      return null;
    });
  }

  async #findLiving(tenant: string | null, name: EntryName): Promise<MetadataEntry | null> {
    const entry = await this.entries.findByName(tenant, name);
    return entry && isExpired(entry.snapshot.definition, this.clock.now()) ? null : entry;
  }

  #change(target: EntryAt, act: (entry: MetadataEntry) => void | Promise<void>): Promise<EntryState> {
    return this.unitOfWork.run(async () => {
      const entry = await this.entries.get(target.id);
      if (isExpired(entry.snapshot.definition, this.clock.now())) throw new EntryNotFound();
      entry.expectVersion(target.ifVersion);
      await act(entry);
      await this.entries.save(entry);
      return entry.snapshot;
    });
  }
}
