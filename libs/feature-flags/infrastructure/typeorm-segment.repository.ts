import { Injectable } from '@nestjs/common';
import { HistoryQueries, VersionNotFound, VersionedStore } from '#platform/change-log';
import { tenantColumn } from '#platform/context';
import { Database, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { SegmentNameTaken, SegmentNotFound } from '../domain/errors.js';
import { Segment } from '../domain/segment.js';
import type { SegmentContent } from '../domain/segment.js';
import { SegmentRepository } from '../domain/segment.repository.js';
import type { SegmentId, SegmentName } from '../domain/identity.js';
import {
  SEGMENT_MAPPING,
  SEGMENT_TYPE,
  SegmentTable,
  toSegmentContent,
  toSegmentState,
} from './segment.table.js';
import type { SegmentRecord, SegmentRow } from './segment.table.js';

const LOCKED = { lock: { mode: 'pessimistic_write' } } as const;

@Injectable()
export class TypeOrmSegmentRepository extends SegmentRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async get(id: SegmentId): Promise<Segment> {
    const row = await this.store.lock(SegmentTable, { id });
    if (!row) throw new SegmentNotFound();
    return this.#restore(row);
  }

  override async findByName(tenant: string | null, name: SegmentName): Promise<Segment | null> {
    const where = { tenant: tenantColumn(tenant), name };
    const row = await this.database.manager.findOne(SegmentTable, { where, ...LOCKED });
    return row && this.#restore(row);
  }

  override async contentAt(id: SegmentId, version: number): Promise<SegmentContent> {
    const { row } = await this.history.version({ aggregateType: SEGMENT_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return toSegmentContent(row as unknown as SegmentRecord);
  }

  override async isIdUsed(id: SegmentId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async save(segment: Segment): Promise<void> {
    const { tenant, name } = segment.snapshot;
    try {
      await this.store.save(segment, SEGMENT_MAPPING);
    } catch (error) {
      if (isUniqueViolation(error, 'segment_name')) throw new SegmentNameTaken(tenant, name, null);
      if (isUniqueViolation(error, 'segment_pkey')) throw new IdConflict();
      throw error;
    }
  }

  #restore(row: SegmentRow): Segment {
    return this.store.watch(Segment.restore(toSegmentState(row)), SEGMENT_MAPPING);
  }
}
