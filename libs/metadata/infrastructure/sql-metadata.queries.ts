import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastVersion } from '#shared-kernel';
import { ChangeLog, GoneThen, HistoryQueries } from '#platform/change-log';
import type { PastState } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Conditions, containsPattern, Database, KeysetLists, prefixEnd } from '#platform/database';
import type { ListDefinition } from '#platform/database';
import { MetadataQueries } from '../application/metadata.queries.js';
import type {
  Count,
  EntryFilter,
  EntryVersion,
  EntryView,
  Showing,
} from '../application/metadata.queries.js';
import { EntryNotFound } from '../domain/errors.js';
import type { EntryId } from '../domain/identity.js';
import { ENTRY_TYPE, EntryCodec, subjectOf } from './entry-codec.js';
import { ENTRY_COLUMNS } from './entry.table.js';
import type { EntryRecord } from './entry.table.js';

const ENTRIES: ListDefinition = {
  name: 'metadata',
  table: 'metadata.entry',
  columns: ENTRY_COLUMNS,
  sorts: {
    key: { column: 'key', type: 'text' },
    created_at: { column: 'created_at', type: 'timestamptz' },
    updated_at: { column: 'updated_at', type: 'timestamptz' },
  },
  defaultSort: 'key',
};
const EXPORTED_AT_ONCE = 500;
const TAG_OF_ENTRY = 'select from metadata.entry_tag g where g.tenant = t.tenant and g.entry_id = t.id';
const LIVING = '(t.expires_at is null or t.expires_at > statement_timestamp())';

@Injectable()
export class SqlMetadataQueries extends MetadataQueries {
  constructor(
    private readonly database: Database,
    private readonly lists: KeysetLists,
    private readonly history: HistoryQueries,
    private readonly log: ChangeLog,
    private readonly codec: EntryCodec,
  ) {
    super();
  }

  override async get(id: EntryId, showing: Showing): Promise<EntryView> {
    const [record] = await this.database.read<EntryRecord>({
      name: 'metadata_get',
      text: `select ${ENTRY_COLUMNS} from metadata.entry t where t.id = $1 and ${LIVING}`,
      values: [id],
    });
    if (!record) throw new EntryNotFound();
    return this.#show(record, showing);
  }

  override async asOf(id: EntryId, at: Date, showing: Showing): Promise<EntryView> {
    const { row } = await this.history.asOf({ aggregateType: ENTRY_TYPE, id }, at);
    const record = row as unknown as EntryRecord;
    if (record.expires_at !== null && new Date(record.expires_at) <= at) throw new GoneThen(at);
    return this.#show(record, showing);
  }

  override async page(filter: EntryFilter, request: PageRequest): Promise<Page<EntryView>> {
    const tenants = visibleTo(filter.tenant);
    const page = await this.lists.page<EntryRecord>(ENTRIES, {
      ...request,
      tenants,
      where: conditionsOf(filter, tenants),
    });
    return {
      ...page,
      items: await Promise.all(page.items.map((record) => this.codec.toView(record, 'redacted'))),
    };
  }

  override versions(id: EntryId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.history.page({ aggregateType: ENTRY_TYPE, id }, request);
  }

  override async version(id: EntryId, version: number, showing: Showing): Promise<EntryVersion> {
    const past: PastState = await this.history.version({ aggregateType: ENTRY_TYPE, id }, version);
    const { row, ...facts } = past;
    return { ...facts, entry: row && (await this.#show(row as unknown as EntryRecord, showing)) };
  }

  override tags(tenant: string | null, namespace: string | null): Promise<Count[]> {
    return this.#counts({
      name: 'metadata_tags',
      text: `select tag as name, count(*)::int as entries from metadata.entry_tag
             where tenant = any ($1) and ($2::text is null or namespace = $2)
               and entry_id not in (select t.id from metadata.entry t where t.expires_at <= statement_timestamp())
             group by tag order by count(*) desc, tag`,
      values: [visibleTo(tenant), namespace],
    });
  }

  override namespaces(tenant: string | null): Promise<Count[]> {
    return this.#counts({
      name: 'metadata_namespaces',
      text: `select t.namespace as name, count(*)::int as entries from metadata.entry t
             where t.tenant = any ($1) and ${LIVING} group by t.namespace order by t.namespace`,
      values: [visibleTo(tenant)],
    });
  }

  override async *all(
    tenant: string | null,
    namespace: string | null,
    showing: Showing,
  ): AsyncIterable<EntryView> {
    let after: readonly [string, string] = ['', ''];
    for (;;) {
      const records = await this.database.read<EntryRecord>({
        name: 'metadata_export',
        text: `select ${ENTRY_COLUMNS} from metadata.entry t
               where t.tenant = $1 and ($2::text is null or t.namespace = $2) and (t.namespace, t.key) > ($3, $4) and ${LIVING}
               order by t.namespace, t.key limit $5`,
        values: [tenantColumn(tenant), namespace, ...after, EXPORTED_AT_ONCE],
      });
      for (const record of records) yield this.#show(record, showing);
      const last = records.at(-1);
      if (!last || records.length < EXPORTED_AT_ONCE) return;
      after = [last.namespace, last.key];
    }
  }

  #counts(statement: { name: string; text: string; values: unknown[] }): Promise<Count[]> {
    return this.database.read<Count>(statement);
  }

  /** A secret that is revealed leaves a row in the log, or it is not revealed. */
  async #show(record: EntryRecord, showing: Showing): Promise<EntryView> {
    if (record.is_secret && showing === 'revealed') {
      const { id, tenant } = record;
      await this.database.run(async () => {
        this.log.act({
          aggregateType: ENTRY_TYPE,
          aggregateId: id,
          type: 'revealed',
          subject: subjectOf(record),
          tenant,
        });
      });
    }
    return this.codec.toView(record, showing);
  }
}

/** A tenant sees its own rows and the shared ones. */
const visibleTo = (tenant: string | null): string[] =>
  tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];

/** Prefixes are ranges and tags are rows, because under row-level security only those follow an index. */
function conditionsOf(filter: EntryFilter, tenants: readonly string[]): Conditions {
  return new Conditions()
    .raw(LIVING)
    .when(filter.namespaces, (where, names) => where.and('t.namespace = any (?)', [...names]))
    .when(filter.contentTypes, (where, types) => where.and('t.content_type = any (?)', [...types]))
    .when(filter.updatedSince, (where, since) => where.and('t.updated_at >= ?', since))
    .when(filter.prefix, (where, prefix) => {
      const end = prefixEnd(prefix);
      where.and('t.key >= ?', prefix);
      if (end !== null) where.and('t.key < ?', end);
    })
    .when(filter.tags, (where, tags) => where.and(`exists (${TAG_OF_ENTRY} and g.tag = any (?))`, [...tags]))
    .when(filter.allTags, (where, tags) => {
      for (const tag of tags) where.and(`exists (${TAG_OF_ENTRY} and g.tag = ?)`, tag);
    })
    .when(filter.q, (where, text) =>
      where.and('t.id in (select metadata.search_entry(?, ?))', [...tenants], containsPattern(text)),
    );
}
