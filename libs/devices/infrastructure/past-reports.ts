import type { Database } from '#platform/database';
import type { Past, PastDocument } from '../domain/live-device.js';
import type { RecordedStatus } from '../domain/report.js';
import { readDocumentsAt, readStatusesAt } from './report-statements.js';
import type { PastDocumentRow, PastStatusRow, Reach } from './report-statements.js';
import type { Reporter, Submission } from './submission.js';

const NOTHING: Past = { statuses: [], documents: [] };

interface Gathered {
  readonly statuses: RecordedStatus[];
  readonly documents: PastDocument[];
}

/** What reports reach back to: nothing, as long as each is later than the one before. */
export class PastReports {
  readonly #byDevice = new Map<string, Gathered>();

  /** In the open unit of work. */
  static async read(
    database: Database,
    submissions: readonly Submission[],
    reporters: Iterable<Reporter>,
  ): Promise<PastReports> {
    const statuses: Reach[] = [];
    const documents: Reach[] = [];
    for (const { row, before, places } of reporters) {
      for (const place of places) {
        const report = submissions[place]?.report;
        if (!report?.observedAt) continue;
        const { status, reported } = before;
        const reach = { id: row.id, at: report.observedAt };
        if (report.kind === 'status' && status && reach.at <= status.observedAt) statuses.push(reach);
        const { observedAt } = reported;
        if (report.kind === 'reported' && observedAt && reach.at <= observedAt) documents.push(reach);
      }
    }
    const past = new PastReports();
    await Promise.all([past.#readStatuses(database, statuses), past.#readDocuments(database, documents)]);
    return past;
  }

  of(id: string): Past {
    return this.#byDevice.get(id) ?? NOTHING;
  }

  async #readStatuses(database: Database, reaches: readonly Reach[]): Promise<void> {
    if (reaches.length === 0) return;
    for (const row of await database.read<PastStatusRow>(readStatusesAt(reaches)))
      this.#gathered(row.device_id).statuses.push({
        ...row.document,
        observedAt: row.observed_at,
        recordedAt: row.recorded_at,
        late: row.late,
      });
  }

  async #readDocuments(database: Database, reaches: readonly Reach[]): Promise<void> {
    if (reaches.length === 0) return;
    for (const row of await database.read<PastDocumentRow>(readDocumentsAt(reaches)))
      this.#gathered(row.device_id).documents.push({ document: row.document, observedAt: row.observed_at });
  }

  #gathered(id: string): Gathered {
    const known = this.#byDevice.get(id);
    if (known) return known;
    const made = { statuses: [], documents: [] };
    this.#byDevice.set(id, made);
    return made;
  }
}
