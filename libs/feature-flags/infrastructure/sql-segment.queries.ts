import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Conditions, containsPattern, Database } from '#platform/database';
import type { ListDefinition } from '#platform/database';
import { SegmentQueries } from '../application/segment.queries.js';
import type { SegmentFilter, SegmentView } from '../application/segment.queries.js';
import { SegmentNotFound } from '../domain/errors.js';
import type { SegmentId } from '../domain/identity.js';
import { SEGMENT_COLUMNS, SEGMENT_TYPE, toSegmentView } from './segment.table.js';
import type { SegmentRecord } from './segment.table.js';

const SEGMENTS: ListDefinition = {
  name: 'feature-flag-segments',
  table: 'feature_flags.segment',
  columns: SEGMENT_COLUMNS,
  sorts: {
    name: { column: 'name', type: 'text' },
    created_at: { column: 'created_at', type: 'timestamptz' },
    updated_at: { column: 'updated_at', type: 'timestamptz' },
  },
  defaultSort: 'name',
};

@Injectable()
export class SqlSegmentQueries extends SegmentQueries {
  readonly #views: StoredViews<SegmentRecord, SegmentView>;

  constructor(
    private readonly database: Database,
    views: StoredViewFactory,
  ) {
    super();
    this.#views = views.of<SegmentRecord, SegmentView>({
      aggregateType: SEGMENT_TYPE,
      list: SEGMENTS,
      toView: toSegmentView,
      notFound: () => new SegmentNotFound(),
    });
  }

  override get(id: SegmentId): Promise<SegmentView> {
    return this.#views.get(id);
  }

  override async byName(tenant: string | null, name: string): Promise<SegmentView> {
    const [record] = await this.database.read<SegmentRecord>({
      name: 'segment_by_name',
      text: `select ${SEGMENT_COLUMNS} from feature_flags.segment t
             where t.tenant in ($1, $2) and t.name = $3 order by t.tenant = $2 limit 1`,
      values: [tenantColumn(tenant), SHARED_TENANT, name],
    });
    if (!record) throw new SegmentNotFound();
    return toSegmentView(record);
  }

  override asOf(id: SegmentId, at: Date): Promise<SegmentView> {
    return this.#views.asOf(id, at);
  }

  override page({ tenant, q }: SegmentFilter, request: PageRequest): Promise<Page<SegmentView>> {
    const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
    const where = new Conditions().when(q, (conditions, text) =>
      conditions.and(
        't.id in (select feature_flags.search_segment(?, ?))',
        [...tenants],
        containsPattern(text),
      ),
    );
    return this.#views.page(tenant, where, request);
  }

  override versions(id: SegmentId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: SegmentId, version: number): Promise<PastStateOf<SegmentView>> {
    return this.#views.version(id, version);
  }
}
