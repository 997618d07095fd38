import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { ChangeLog } from '#platform/change-log';
import { Database } from '#platform/database';
import { Jobs } from '#platform/jobs';
import { connectivityAt, fallsTo, nextLook } from '../domain/connectivity.js';
import type { Connectivity } from '../domain/connectivity.js';
import { changeOf } from './report-acts.js';
import { INSERT_HISTORY } from './report-statements.js';

const JOB = 'device-connectivity';
/** It is nobody's doing, whoever happens to find it. */
const ACTOR = `system:${JOB}`;
const EVERY_MS = 1_000;
const AT_ONCE = 500;

interface DueRow {
  readonly id: string;
  readonly tenant: string;
  readonly name: string | null;
  readonly mac_address: string | null;
  readonly heartbeat_seconds: number;
  readonly last_seen_at: Date;
  readonly told_connectivity: Connectivity;
  readonly now: Date;
}

interface Transition {
  readonly from: Connectivity;
  readonly to: Connectivity;
  readonly at: Date;
}

/**
 * Tells of devices that fell silent. A device is looked at when it would be late had it said nothing since the last look: its
 * reports move nothing here. It is locked meanwhile, so that each transition is told once, by whichever replica, also what
 * fell due while none ran, and before anything that the device says after it.
 */
@Injectable()
export class ConnectivitySweeper implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly log: ChangeLog,
    private readonly jobs: Jobs,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.onOneReplica({ name: JOB, everyMs: EVERY_MS, run: () => this.tellAll() });
  }

  /** Everything that fell due until now. */
  async tellAll(): Promise<void> {
    while ((await this.database.run(() => this.#tell())) === AT_ONCE);
  }

  /** Gives the number of devices. One that is locked reports just now: it is looked at the next time. */
  async #tell(): Promise<number> {
    const rows = await this.database.read<DueRow>({
      name: 'connectivity_due',
      text: `with due as (
               select l.device_id, l.last_seen_at, l.told_connectivity from devices.live l
               where l.due_at <= statement_timestamp() order by l.due_at limit $1 for update skip locked)
             select d.id, d.tenant, d.name, d.mac_address, d.heartbeat_seconds, due.last_seen_at, due.told_connectivity,
               statement_timestamp()::timestamptz(3) as now
             from due join devices.device d on d.id = due.device_id order by d.id`,
      values: [AT_ONCE],
    });
    const records: object[] = [];
    for (const row of rows) {
      for (const transition of transitionsOf(row)) records.push(this.#append(row, transition));
    }
    const looked = rows.map((row) => {
      const told = connectivityAt(row.last_seen_at, row.heartbeat_seconds, row.now);
      return { i: row.id, t: told, u: nextLook(told, row.last_seen_at, row.heartbeat_seconds) };
    });
    if (records.length > 0)
      await this.database.read({
        name: 'reports_insert',
        text: INSERT_HISTORY,
        values: [JSON.stringify(records), null],
      });
    if (looked.length > 0)
      await this.database.read({
        name: 'connectivity_looked',
        text: `update devices.live l set told_connectivity = r.t, due_at = r.u, revision = l.revision + 1
               from json_to_recordset($1::json) as r(i uuid, t text, u timestamptz) where l.device_id = r.i`,
        values: [JSON.stringify(looked)],
      });
    return rows.length;
  }

  #append(row: DueRow, { from, to, at }: Transition): object {
    const { id, tenant, name, mac_address: mac } = row;
    const document = { connectivity: to, previous: from };
    this.log.append({
      ...changeOf(
        { id, tenant, subject: name ?? mac ?? id },
        { type: 'connectivity_changed', facts: { ...document, observed_at: at }, actor: ACTOR },
      ),
      occurredAt: at,
    });
    return { t: tenant, i: id, k: 'connectivity', d: document, o: at, a: ACTOR, l: false };
  }
}

/** A device that is offline by now was late before. A heartbeat that was set anew may have brought one back. */
function transitionsOf(row: DueRow): Transition[] {
  const { last_seen_at: seen, heartbeat_seconds: heartbeat, told_connectivity: from, now } = row;
  const to = connectivityAt(seen, heartbeat, now);
  if (to === from) return [];
  if (to === 'online') return [{ from, to, at: now }];
  if (to === 'late') return [{ from, to, at: from === 'online' ? fallsTo('late', seen, heartbeat) : now }];
  const offline = { to, at: fallsTo('offline', seen, heartbeat) };
  if (from === 'late') return [{ from, ...offline }];
  return [
    { from, to: 'late', at: fallsTo('late', seen, heartbeat) },
    { from: 'late', ...offline },
  ];
}
