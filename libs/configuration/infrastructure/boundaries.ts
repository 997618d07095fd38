import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { ChangeLog } from '#platform/change-log';
import { tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { Jobs } from '#platform/jobs';
import { CONFIGURATION_COLUMNS, CONFIGURATION_TYPE, subjectOf } from './configuration.table.js';
import type { ConfigurationRecord } from './configuration.table.js';

const JOB = 'configuration-boundaries';
/** It is nobody's doing, whoever happens to find it. */
const ACTOR = `system:${JOB}`;
const EVERY_MS = 1_000;
const AT_ONCE = 200;

interface DueRow {
  readonly record: ConfigurationRecord;
  readonly boundaries: readonly Date[];
}

interface Boundary {
  readonly record: ConfigurationRecord;
  readonly at: Date;
  readonly type: 'took_effect' | 'ended';
}

/**
 * Writes into the change log when windows open and close. The row says up to when that is done, and is locked meanwhile:
 * each boundary is told once, by whichever replica, also when none ran at its time, and before anything that changes the
 * configuration after it.
 */
@Injectable()
export class Boundaries implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly log: ChangeLog,
    private readonly jobs: Jobs,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.onOneReplica({ name: JOB, everyMs: EVERY_MS, run: () => this.tellAll() });
  }

  /** Everything that passed until now. */
  async tellAll(): Promise<void> {
    const name = 'configuration_boundaries';
    while ((await this.database.run(() => this.#tell(name, 'true', [AT_ONCE]))) === AT_ONCE);
  }

  /** In the open unit of work, which is about to change layers of this service; null: those of all tenants. */
  async tellOf(service: string, tenant: string | null): Promise<void> {
    const values = [null, service, tenant === null ? null : tenantColumn(tenant)];
    const which = 't.service = $2 and ($3::text is null or t.tenant = $3)';
    await this.#tell('configuration_boundaries_of', which, values);
  }

  /** Gives the number of configurations. */
  async #tell(name: string, which: string, values: unknown[]): Promise<number> {
    const rows = await this.database.read<DueRow>({
      name,
      text: `with due as (
               select t.id, t.next_boundary from configuration.configuration t
               where t.next_boundary <= statement_timestamp() and ${which}
               order by t.next_boundary, t.id limit $1 for update),
             told as (
               update configuration.configuration t set told_until = statement_timestamp()
               from due where t.id = due.id
               returning ${CONFIGURATION_COLUMNS}, due.next_boundary)
             select to_json(r) as record, array(
               select b from unnest(array[t.effective_from, t.effective_until]) as b
               where b >= t.next_boundary and b <= statement_timestamp() order by b) as boundaries
             from told t cross join lateral (select ${CONFIGURATION_COLUMNS}) as r`,
      values,
    });
    for (const boundary of rows.flatMap(boundariesOf).sort(inTheirOrder)) this.#append(boundary);
    return rows.length;
  }

  #append({ record, at, type }: Boundary): void {
    this.log.append({
      tenant: record.tenant,
      aggregateType: CONFIGURATION_TYPE,
      aggregateId: record.id,
      aggregateVersion: 0,
      type,
      subject: subjectOf(record),
      previousSubject: null,
      snapshot: JSON.stringify({ ...record, seen_at: at }),
      reason: null,
      rolledBackFrom: null,
      occurredAt: at,
      actor: ACTOR,
    });
  }
}

const boundariesOf = ({ record, boundaries }: DueRow): Boundary[] =>
  boundaries.map((at) => ({
    record,
    at,
    type: at.getTime() === timeOf(record.effective_from) ? 'took_effect' : 'ended',
  }));

/** Where one window ends and the next begins, the end is told first. */
const inTheirOrder = (one: Boundary, other: Boundary): number =>
  one.at.getTime() - other.at.getTime() || (one.type < other.type ? -1 : 1);

const timeOf = (instant: Date | string | null): number | null =>
  instant === null ? null : new Date(instant).getTime();
