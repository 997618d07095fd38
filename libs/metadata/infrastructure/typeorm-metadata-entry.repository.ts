import { Injectable } from '@nestjs/common';
import { HistoryQueries, VersionNotFound, VersionedStore } from '#platform/change-log';
import { tenantColumn } from '#platform/context';
import { Database, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { EntryNotFound, MetadataKeyTaken } from '../domain/errors.js';
import type { EntryId } from '../domain/identity.js';
import { MetadataEntry } from '../domain/metadata-entry.js';
import type { EntryDefinition, EntryName } from '../domain/metadata-entry.js';
import { MetadataEntryRepository } from '../domain/metadata-entry.repository.js';
import { ENTRY_TYPE, EntryCodec } from './entry-codec.js';
import { writeTags } from './entry-tags.js';
import { EntryTable } from './entry.table.js';
import type { EntryRecord, EntryRow } from './entry.table.js';

const LOCKED = { lock: { mode: 'pessimistic_write' } } as const;

@Injectable()
export class TypeOrmMetadataEntryRepository extends MetadataEntryRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
    private readonly codec: EntryCodec,
  ) {
    super();
  }

  override async get(id: EntryId): Promise<MetadataEntry> {
    const row = await this.store.lock(EntryTable, { id });
    if (!row) throw new EntryNotFound();
    return this.#restore(row);
  }

  override async findByName(tenant: string | null, name: EntryName): Promise<MetadataEntry | null> {
    const where = { tenant: tenantColumn(tenant), namespace: name.namespace, key: name.key };
    const row = await this.database.manager.findOne(EntryTable, { where, ...LOCKED });
    return row && this.#restore(row);
  }

  override async definitionAt(id: EntryId, version: number): Promise<EntryDefinition> {
    const { row } = await this.history.version({ aggregateType: ENTRY_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return this.codec.toDefinition(row as unknown as EntryRecord);
  }

  override async isIdUsed(id: EntryId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async expired(limit: number): Promise<EntryId[]> {
    const rows = await this.database.read<{ id: EntryId }>({
      name: 'metadata_expired',
      text: `select id from metadata.entry where expires_at <= clock_timestamp() order by expires_at limit $1`,
      values: [limit],
    });
    return rows.map((row) => row.id);
  }

  override async save(entry: MetadataEntry): Promise<void> {
    const { change } = entry;
    if (!change) return;
    const { id, tenant, namespace, version, definition } = entry.snapshot;
    const tags = change.removes ? [] : definition.tags;
    const wasTagged = version > 0; // A new entry without tags has nothing to write.
    if (wasTagged || tags.length > 0) {
      this.database.transaction.defer(writeTags, { id, tenant: tenantColumn(tenant), namespace, tags });
    }
    try {
      await this.store.save(entry, this.codec.mapping);
    } catch (error) {
      if (isUniqueViolation(error, 'entry_key'))
        throw new MetadataKeyTaken(namespace, entry.snapshot.key, null);
      if (isUniqueViolation(error, 'entry_pkey')) throw new IdConflict();
      throw error;
    }
  }

  async #restore(row: EntryRow): Promise<MetadataEntry> {
    return this.store.watch(MetadataEntry.restore(await this.codec.toState(row)), this.codec.mapping);
  }
}
