import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Conditions, containsPattern, Database } from '#platform/database';
import type { ListDefinition } from '#platform/database';
import { FeatureFlagQueries } from '../application/feature-flag.queries.js';
import type { FlagFilter, FlagView } from '../application/feature-flag.queries.js';
import { FlagNotFound } from '../domain/errors.js';
import type { FlagId } from '../domain/identity.js';
import { FLAG_COLUMNS, FLAG_TYPE, toFlagView } from './flag.table.js';
import type { FlagRecord } from './flag.table.js';

const FLAGS: ListDefinition = {
  name: 'feature-flags',
  table: 'feature_flags.flag',
  columns: FLAG_COLUMNS,
  sorts: {
    name: { column: 'name', type: 'text' },
    created_at: { column: 'created_at', type: 'timestamptz' },
    updated_at: { column: 'updated_at', type: 'timestamptz' },
  },
  defaultSort: 'name',
};

/**
 * Expired, or left alone for longer than flags of its kind are expected to live. The lifetimes are those of Unleash:
 * https://docs.getunleash.io/concepts/feature-flags
 */
const STALE = `(t.archived_at is null and (
  to_timestamp((t.definition ->> 'expiresAt')::float8 / 1000) <= statement_timestamp()
  or t.kind in ('release', 'experiment') and t.updated_at <= statement_timestamp() - interval '40 days'
  or t.kind = 'ops' and t.updated_at <= statement_timestamp() - interval '7 days'))`;

@Injectable()
export class SqlFeatureFlagQueries extends FeatureFlagQueries {
  readonly #views: StoredViews<FlagRecord, FlagView>;

  constructor(
    private readonly database: Database,
    views: StoredViewFactory,
  ) {
    super();
    this.#views = views.of<FlagRecord, FlagView>({
      aggregateType: FLAG_TYPE,
      list: FLAGS,
      toView: toFlagView,
      notFound: () => new FlagNotFound(),
    });
  }

  override get(id: FlagId): Promise<FlagView> {
    return this.#views.get(id);
  }

  override async byName(tenant: string | null, name: string): Promise<FlagView> {
    const [record] = await this.database.read<FlagRecord>({
      name: 'flag_by_name',
      text: `select ${FLAG_COLUMNS} from feature_flags.flag t
             where t.tenant in ($1, $2) and t.name = $3 order by t.tenant = $2 limit 1`,
      values: [tenantColumn(tenant), SHARED_TENANT, name],
    });
    if (!record) throw new FlagNotFound();
    return toFlagView(record);
  }

  override asOf(id: FlagId, at: Date): Promise<FlagView> {
    return this.#views.asOf(id, at);
  }

  override page(filter: FlagFilter, request: PageRequest): Promise<Page<FlagView>> {
    const tenants = filter.tenant === null ? [SHARED_TENANT] : [filter.tenant, SHARED_TENANT];
    return this.#views.page(filter.tenant, conditionsOf(filter, tenants), request);
  }

  override versions(id: FlagId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: FlagId, version: number): Promise<PastStateOf<FlagView>> {
    return this.#views.version(id, version);
  }
}

function conditionsOf(filter: FlagFilter, tenants: readonly string[]): Conditions {
  return new Conditions()
    .raw(`t.archived_at is ${filter.isArchived ? 'not null' : 'null'}`)
    .when(filter.isEnabled, (where, is) => where.and(`(t.definition ->> 'enabled')::boolean = ?`, is))
    .when(filter.tags, (where, tags) => where.and('t.tags && ?::text[]', [...tags]))
    .when(filter.kinds, (where, kinds) => where.and('t.kind = any (?)', [...kinds]))
    .when(filter.isStale, (where, is) => where.and(`coalesce(${STALE}, false) = ?`, is))
    .when(filter.q, (where, text) =>
      where.and('t.id in (select feature_flags.search_flag(?, ?))', [...tenants], containsPattern(text)),
    );
}
