import { Injectable } from '@nestjs/common';
import { CallContext, tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { hasDelta } from '../domain/delta.js';
import { DeviceJournal } from '../domain/device-journal.js';
import type { JournalEntry } from '../domain/device-journal.js';
import type { JsonObject } from '../domain/documents.js';
import { INSERT_HISTORY } from './report-statements.js';

interface ReportedRow {
  readonly device_id: string;
  readonly reported: JsonObject;
  readonly has_delta: boolean;
}

@Injectable()
export class SqlDeviceJournal extends DeviceJournal {
  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
  ) {
    super();
  }

  override async append(entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const { actor } = this.context.current.caller;
    const { transaction } = this.database;
    const wished = new Map(
      entries.flatMap(({ kind, deviceId, document }) =>
        kind === 'desired' ? [[deviceId as string, document as JsonObject]] : [],
      ),
    );
    await this.#compare(wished); // Before the history is written: its rows are written under the lock.
    const records = entries.map(({ deviceId, tenant, kind, document }) => ({
      ...{ t: tenantColumn(tenant), i: deviceId, k: kind, d: document, a: actor, l: false },
    }));
    await transaction.query({
      name: 'journal_insert',
      text: JOURNAL_INSERT,
      values: [JSON.stringify(records)],
    });
  }

  async #compare(wished: ReadonlyMap<string, JsonObject>): Promise<void> {
    if (wished.size === 0) return;
    const { transaction } = this.database;
    const { rows } = await transaction.query<ReportedRow>({
      name: 'journal_lock',
      text: `select l.device_id, l.reported, l.has_delta from devices.live l
             where l.device_id = any ($1::uuid[]) order by l.device_id for update`,
      values: [[...wished.keys()]],
    });
    const turned = rows.filter((row) => {
      const desired = wished.get(row.device_id);
      return desired !== undefined && hasDelta(desired, row.reported) !== row.has_delta;
    });
    if (turned.length === 0) return;
    await transaction.query({
      name: 'journal_delta',
      text: 'update devices.live set has_delta = not has_delta, revision = revision + 1 where device_id = any ($1::uuid[])',
      values: [turned.map((row) => row.device_id)],
    });
  }
}

/** What is said of a device is so as of when it is recorded. */
const JOURNAL_INSERT = INSERT_HISTORY.replace('r.o,', 'statement_timestamp(),').replace(
  'coalesce($2::timestamptz, statement_timestamp())',
  'statement_timestamp()',
);
