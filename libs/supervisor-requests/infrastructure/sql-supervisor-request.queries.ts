import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SHARED_TENANT } from '#platform/context';
import { Database, KeysetLists } from '#platform/database';
import type { ListDefinition } from '#platform/database';
import { Settling } from '../application/settling.js';
import { SupervisorRequestQueries } from '../application/supervisor-request.queries.js';
import type {
  SupervisorRequestFilter,
  SupervisorRequestView,
} from '../application/supervisor-request.queries.js';
import { SupervisorRequestNotFound } from '../domain/errors.js';
import type { SupervisorRequestId } from '../domain/identity.js';
import { conditionsOf, IS_DUE, statusCodesOf } from './conditions.js';
import { readingOrderOf } from './reading-order.js';
import { REQUEST_COLUMNS, toSupervisorRequestView } from './supervisor-request.record.js';
import type { SupervisorRequestRecord } from './supervisor-request.record.js';
import { SUPERVISOR_REQUEST_TYPE } from './supervisor-request.table.js';

/** Beyond so many the sweeper is catching up; what a page shows is settled even then. */
const SETTLED_AT_ONCE = 500;

/** A row with whether something is due for it, so that it is not to be shown as it is. */
interface ShownRecord extends SupervisorRequestRecord {
  readonly is_due: boolean;
}

const LIST: ListDefinition = {
  name: 'supervisor-requests',
  table: 'supervisor.request',
  columns: `${REQUEST_COLUMNS}, ${IS_DUE} as is_due`,
  sorts: {
    priority: { column: 'priority', type: 'int' },
    request_timestamp: { column: 'request_timestamp', type: 'timestamptz' },
  },
  defaultSort: '-request_timestamp',
};

@Injectable()
export class SqlSupervisorRequestQueries extends SupervisorRequestQueries {
  readonly #views: StoredViews<SupervisorRequestRecord, SupervisorRequestView>;

  constructor(
    private readonly database: Database,
    private readonly lists: KeysetLists,
    private readonly settling: Settling,
    views: StoredViewFactory,
  ) {
    super();
    this.#views = views.of<SupervisorRequestRecord, SupervisorRequestView>({
      aggregateType: SUPERVISOR_REQUEST_TYPE,
      list: LIST,
      toView: toSupervisorRequestView,
      notFound: () => new SupervisorRequestNotFound(),
    });
  }

  override async get(id: SupervisorRequestId): Promise<SupervisorRequestView> {
    const [record] = await this.#settled([id]);
    if (!record) throw new SupervisorRequestNotFound();
    return toSupervisorRequestView(record);
  }

  override async asOf(id: SupervisorRequestId, at: Date): Promise<SupervisorRequestView> {
    const view = await this.#views.asOf(id, at);
    return view.claim && view.claim.expiresAt <= at ? { ...view, claim: null } : view;
  }

  override async page(
    filter: SupervisorRequestFilter,
    request: PageRequest,
  ): Promise<Page<SupervisorRequestView>> {
    await this.#settleDue(filter);
    const codes = statusCodesOf(filter);
    const { sort, index, split, filtered } = readingOrderOf(filter, codes, request.sort);
    const where = conditionsOf(filter);
    for (const { column, values } of filtered) where.isOneOf(column, values);
    if (index === 'time') where.raw('t.version > 0'); // What the index of everything is for; see the migration.
    const tenants = filter.tenant === null ? [SHARED_TENANT] : [filter.tenant, SHARED_TENANT];
    const window = { column: 't.request_timestamp', from: filter.createdFrom, until: filter.createdUntil };
    const list = { ...request, tenants, where, sort, split, window };
    const page = await this.lists.page<ShownRecord>(LIST, list);
    const items = await this.#settledOf(page.items);
    return { ...page, items: items.map(toSupervisorRequestView) };
  }

  override versions(id: SupervisorRequestId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: SupervisorRequestId, version: number): Promise<PastStateOf<SupervisorRequestView>> {
    return this.#views.version(id, version);
  }

  #settleDue({ tenant, stores }: SupervisorRequestFilter): Promise<number> {
    const [storeId] = stores ?? [];
    const tenants = tenant === null ? [null] : [tenant, null];
    const which = stores?.length === 1 && storeId !== undefined ? { tenants, storeId } : { tenants };
    return this.settling.settleDue(which, SETTLED_AT_ONCE);
  }

  /** Those for which something fell due since, or in numbers that the sweeper has not caught up with. */
  async #settledOf(records: readonly ShownRecord[]): Promise<readonly ShownRecord[]> {
    const due = dueOf(records);
    if (due.length === 0) return records;
    await this.settling.settleThese(due);
    const settled = new Map((await this.#settled(due)).map((record) => [record.id, record]));
    return records.flatMap((record) => (record.is_due ? (settled.get(record.id) ?? []) : record));
  }

  /** Until nothing is due for any that is not settled: whoever reads one again reads no other version of that instant. */
  async #settled(ids: readonly SupervisorRequestId[]): Promise<readonly ShownRecord[]> {
    for (;;) {
      const records = await this.#read(ids);
      const due = dueOf(records);
      if (due.length === 0) return records;
      await this.settling.settleThese(due);
    }
  }

  #read(ids: readonly SupervisorRequestId[]): Promise<ShownRecord[]> {
    return this.database.read<ShownRecord>({
      name: 'supervisor_requests_get',
      text: `select ${LIST.columns} from supervisor.request t where t.id = any ($1)`,
      values: [ids],
    });
  }
}

const dueOf = (records: readonly ShownRecord[]): SupervisorRequestId[] =>
  records.flatMap(({ id, is_due: isDue }) => (isDue ? (id as SupervisorRequestId) : []));
