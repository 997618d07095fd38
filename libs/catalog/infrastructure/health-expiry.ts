import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#platform/database';
import { Jobs } from '#platform/jobs';
import type { HealthStatus } from '../domain/health.js';
import { expired, HEALTH_EXPIRY, ResourceActs } from './resource-acts.js';
import { RESOURCE_COLUMNS } from './resource.table.js';
import type { ResourceRecord } from './resource.table.js';

const EVERY_MS = 1_000;
const AT_ONCE = 200;

interface DueRow {
  readonly record: ResourceRecord;
  readonly endpoint: string;
  readonly status: HealthStatus;
  readonly expires_at: Date;
}

/**
 * Writes into the change log when a check expires, by which the endpoint is critical. The row says whether that is done,
 * and is locked meanwhile: it is told once, by whichever replica, also when none ran at that time.
 */
@Injectable()
export class HealthExpiry implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly acts: ResourceActs,
    private readonly jobs: Jobs,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.onOneReplica({ name: HEALTH_EXPIRY, everyMs: EVERY_MS, run: () => this.tellAll() });
  }

  /** Everything that expired until now, but what is being reported at this moment: whoever reports it tells it. */
  async tellAll(): Promise<void> {
    while ((await this.database.run(() => this.#tell())) === AT_ONCE);
  }

  async #tell(): Promise<number> {
    const rows = await this.database.read<DueRow>({
      name: 'endpoint_health_expiry',
      text: `with due as (
               select h.resource_id, h.endpoint, h.status, h.expires_at from catalog.endpoint_health h
               where h.expires_at <= statement_timestamp() and not h.is_told
               order by h.expires_at limit $1 for update skip locked),
             told as (
               update catalog.endpoint_health h set is_told = true from due
               where h.resource_id = due.resource_id and h.endpoint = due.endpoint
               returning due.resource_id, due.endpoint, due.status, due.expires_at)
             select to_json(r) as record, told.endpoint, told.status, told.expires_at
             from told join catalog.resource t on t.id = told.resource_id
               cross join lateral (select ${RESOURCE_COLUMNS}) as r
             order by told.expires_at, told.resource_id, told.endpoint`,
      values: [AT_ONCE],
    });
    for (const { record, endpoint, status, expires_at: at } of rows)
      this.acts.append(record, expired(endpoint, status, at));
    return rows.length;
  }
}
