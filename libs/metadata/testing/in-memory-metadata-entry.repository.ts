import { VersionNotFound } from '#platform/change-log';
import { IdConflict, StaleVersion } from '#shared-kernel';
import type { Clock, RecordedChange, Stamp } from '#shared-kernel';
import type { Restorable } from '#platform/testing';
import { EntryNotFound, MetadataKeyTaken } from '../domain/errors.js';
import type { EntryId } from '../domain/identity.js';
import { isExpired, MetadataEntry } from '../domain/metadata-entry.js';
import type { EntryDefinition, EntryName, EntryState } from '../domain/metadata-entry.js';
import { MetadataEntryRepository } from '../domain/metadata-entry.repository.js';

/** Who changes what is in memory. */
export const IN_MEMORY_ACTOR = 'tester';

/** What an entry was in each of its versions; null in one that removed it. */
type History = ReadonlyMap<number, EntryDefinition | null>;

/** The entries of all tenants, with their history; as the contract says, without a database. */
export class InMemoryMetadataEntryRepository extends MetadataEntryRepository implements Restorable {
  #states: ReadonlyMap<EntryId, EntryState> = new Map();
  #histories: ReadonlyMap<EntryId, History> = new Map();

  constructor(private readonly clock: Clock) {
    super();
  }

  override async get(id: EntryId): Promise<MetadataEntry> {
    const state = this.#states.get(id);
    if (!state) throw new EntryNotFound();
    return MetadataEntry.restore(state);
  }

  override async findByName(tenant: string | null, name: EntryName): Promise<MetadataEntry | null> {
    const state = this.#holderOf({ tenant, ...name });
    return state ? MetadataEntry.restore(state) : null;
  }

  override async definitionAt(id: EntryId, version: number): Promise<EntryDefinition> {
    const definition = this.#histories.get(id)?.get(version);
    if (!definition) throw new VersionNotFound(version);
    return definition;
  }

  override async isIdUsed(id: EntryId): Promise<boolean> {
    return this.#histories.has(id);
  }

  override async expired(limit: number): Promise<EntryId[]> {
    const now = this.clock.now();
    return [...this.#states.values()]
      .filter(({ definition }) => isExpired(definition, now))
      .sort((a, b) => Number(a.definition.expiresAt) - Number(b.definition.expiresAt))
      .slice(0, limit)
      .map(({ id }) => id);
  }

  override async save(entry: MetadataEntry): Promise<void> {
    const { change, snapshot: state } = entry;
    if (!change) return;
    this.#expectFree(state);
    entry.stored(state.version + 1, this.#stampOf(state));
    this.#write(entry.snapshot, change);
  }

  remember(): () => void {
    const states = this.#states;
    const histories = this.#histories;
    return () => {
      this.#states = states;
      this.#histories = histories;
    };
  }

  /** @throws IdConflict, StaleVersion, MetadataKeyTaken */
  #expectFree(state: EntryState): void {
    const stored = this.#states.get(state.id);
    if (state.version === 0 && stored) throw new IdConflict();
    if (state.version !== (stored?.version ?? 0)) throw new StaleVersion(stored?.version ?? null);
    const holder = this.#holderOf(state);
    if (holder && holder.id !== state.id) throw new MetadataKeyTaken(state.namespace, state.key, null);
  }

  #holderOf({ tenant, namespace, key }: EntryName & { readonly tenant: string | null }): EntryState | null {
    const isHolder = (state: EntryState): boolean =>
      state.tenant === tenant && state.namespace === namespace && state.key === key;
    return [...this.#states.values()].find(isHolder) ?? null;
  }

  #stampOf({ stamp }: EntryState): Stamp {
    const now = this.clock.now();
    const created = stamp ?? { createdAt: now, createdBy: IN_MEMORY_ACTOR };
    const { createdAt, createdBy } = created;
    return { createdAt, createdBy, updatedAt: now, updatedBy: IN_MEMORY_ACTOR };
  }

  #write(state: EntryState, { removes }: RecordedChange): void {
    const states = new Map(this.#states);
    if (removes) states.delete(state.id);
    else states.set(state.id, state);
    const past = this.#histories.get(state.id) ?? new Map();
    const history = new Map(past).set(state.version, removes ? null : state.definition);
    this.#states = states;
    this.#histories = new Map(this.#histories).set(state.id, history);
  }
}
