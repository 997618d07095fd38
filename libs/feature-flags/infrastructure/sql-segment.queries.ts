import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastVersion } from '#shared-kernel';
import { HistoryQueries } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Conditions, containsPattern, Database, KeysetLists } from '#platform/database';
import type { ListDefinition } from '#platform/database';
import { SegmentQueries } from '../application/segment.queries.js';
import type { SegmentFilter, SegmentVersion, SegmentView } from '../application/segment.queries.js';
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
  constructor(
    private readonly database: Database,
    private readonly lists: KeysetLists,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async get(id: SegmentId): Promise<SegmentView> {
    const [record] = await this.database.read<SegmentRecord>({
      name: 'segment_get',
      text: `select ${SEGMENT_COLUMNS} from feature_flags.segment t where t.id = $1`,
      values: [id],
    });
    if (!record) throw new SegmentNotFound();
    return toSegmentView(record);
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

  override async asOf(id: SegmentId, at: Date): Promise<SegmentView> {
    const { row } = await this.history.asOf({ aggregateType: SEGMENT_TYPE, id }, at);
    return toSegmentView(row as unknown as SegmentRecord);
  }

  override async page({ tenant, q }: SegmentFilter, request: PageRequest): Promise<Page<SegmentView>> {
    const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
    const where = new Conditions().when(q, (conditions, text) =>
      conditions.and(
        't.id in (select feature_flags.search_segment(?, ?))',
        [...tenants],
        containsPattern(text),
      ),
    );
    const page = await this.lists.page<SegmentRecord>(SEGMENTS, { ...request, tenants, where });
    return { ...page, items: page.items.map(toSegmentView) };
  }

  override versions(id: SegmentId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.history.page({ aggregateType: SEGMENT_TYPE, id }, request);
  }

  override async version(id: SegmentId, version: number): Promise<SegmentVersion> {
    const { row, ...facts } = await this.history.version({ aggregateType: SEGMENT_TYPE, id }, version);
    return { ...facts, segment: row && toSegmentView(row as unknown as SegmentRecord) };
  }
}
