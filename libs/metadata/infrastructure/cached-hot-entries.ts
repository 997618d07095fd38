import { Injectable } from '@nestjs/common';
import { HotCache, HotCaches } from '#platform/cache';
import type { Stamped } from '#platform/cache';
import { ChangeFeed } from '#platform/change-log';
import { CallContext, SHARED_TENANT } from '#platform/context';
import { Database, DatabaseClock } from '#platform/database';
import { HotEntries } from '../application/hot-entries.js';
import type { HotEntry } from '../application/hot-entries.js';
import type { EntryView } from '../application/metadata.queries.js';
import type { EntryName } from '../domain/metadata-entry.js';
import { ENTRY_TYPE, EntryCodec, subjectOf } from './entry-codec.js';
import { ENTRY_COLUMNS } from './entry.table.js';
import type { EntryRecord } from './entry.table.js';

/** Bytes that an entry takes beside its value, about. */
const OVERHEAD_BYTES = 800;
const BYTES_PER_CHARACTER = 2;

/** What lies in the cache: plain data, so that it can lie in Redis too. */
interface CachedEntry extends HotEntry {
  readonly record: EntryRecord;
  /** Milliseconds since 1970; null for an entry without end. */
  readonly expiresAtMs: number | null;
}

@Injectable()
export class CachedHotEntries extends HotEntries {
  readonly #cache: HotCache<CachedEntry | null>;

  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly clock: DatabaseClock,
    private readonly feed: ChangeFeed,
    private readonly codec: EntryCodec,
    caches: HotCaches,
  ) {
    super();
    this.#cache = caches.create(ENTRY_TYPE, {
      load: (tenant, subject) => this.#load(tenant, subject),
      sizeOf: (entry) => OVERHEAD_BYTES + BYTES_PER_CHARACTER * 2 * (entry?.record.value.length ?? 0),
    });
  }

  override find(tenant: string | null, name: EntryName): HotEntry | null | Promise<HotEntry | null> {
    const subject = subjectOf(name);
    if (tenant === null) return this.#get(SHARED_TENANT, subject);
    const own = this.#get(tenant, subject);
    if (own instanceof Promise) return own.then((found) => found ?? this.#get(SHARED_TENANT, subject));
    return own ?? this.#get(SHARED_TENANT, subject);
  }

  override peek(tenant: string | null, name: EntryName): HotEntry | null {
    const subject = subjectOf(name);
    if (tenant === null) return this.#living(this.#cache.peek(SHARED_TENANT, subject) ?? null);
    const own = this.#cache.peek(tenant, subject);
    if (own === undefined) return null; // It may have to be loaded: what is shared must not stand in for it.
    return this.#living(own) ?? this.#living(this.#cache.peek(SHARED_TENANT, subject) ?? null);
  }

  override viewOf(entry: HotEntry): Promise<EntryView> {
    return this.codec.toView((entry as CachedEntry).record, 'redacted');
  }

  override get mayBeOld(): boolean {
    return this.feed.isAway;
  }

  #get(stream: string, subject: string): CachedEntry | null | Promise<CachedEntry | null> {
    const kept = this.#cache.peek(stream, subject);
    if (kept !== undefined) return this.#living(kept);
    return this.#cache.get(stream, subject).then((entry) => this.#living(entry));
  }

  #living(entry: CachedEntry | null): CachedEntry | null {
    return entry === null || (entry.expiresAtMs !== null && entry.expiresAtMs <= this.clock.nowMs())
      ? null
      : entry;
  }

  /** The row and the head of its stream in one statement: both are of the same instant. */
  async #load(tenant: string, subject: string): Promise<Stamped<CachedEntry | null>> {
    const [namespace, key] = subject.split('/');
    const [row] = await this.context.runAsSystem('hot-entries', () =>
      this.database.read<{ revision: string; now: Date; record: EntryRecord | null }>({
        name: 'metadata_hot',
        text: `select coalesce((select h.revision from platform.stream_head h where h.tenant = $1), 0) as revision,
                      clock_timestamp() as now,
                      (select to_json(e) from (select ${ENTRY_COLUMNS} from metadata.entry t
                        where t.tenant = $1 and t.namespace = $2 and t.key = $3) as e) as record`,
        values: [tenant, namespace, key],
      }),
    );
    if (!row) throw new Error('A statement without a condition gave no row.');
    this.clock.observe(row.now);
    return { revision: Number(row.revision), value: row.record && toCached(row.record) };
  }
}

function toCached(record: EntryRecord): CachedEntry {
  return {
    id: record.id,
    version: record.version,
    isKeepable: !record.is_encrypted,
    record,
    expiresAtMs: record.expires_at === null ? null : new Date(record.expires_at).getTime(),
  };
}
