import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** What is sent again for three days still finds its event, and so does who looks at what went wrong last week. */
const DAYS_MIN = 7;

/** What became of a month, or would become of it. */
export interface CompactedMonth {
  readonly firstDay: Date;
  /** That the month had. */
  readonly rows: number;
  /** Gone: what was done and changed nothing. */
  readonly acts: number;
  /** Gone: former versions. */
  readonly versions: number;
  /** That may go one day and cannot yet: a sink has them still to deliver, or what came before them has to stay. */
  readonly held: number;
}

interface Row {
  readonly is_busy: boolean;
  readonly rows: string;
  readonly acts: string;
  readonly versions: string;
  readonly held: string;
}

/** The first instant of the month that an instant lies in, in UTC. */
export const monthOf = (instant: Date): Date =>
  new Date(Date.UTC(instant.getUTCFullYear(), instant.getUTCMonth(), 1));

/** Where the whole history begins, when so many days of it are kept: months that end before are compacted. */
export const boundaryOf = (now: Date, days: number): Date =>
  monthOf(new Date(now.getTime() - Math.max(days, DAYS_MIN) * DAY_MS));

/** Makes old months of the change log small. Everything happens in the database: nothing is read to this process. */
@Injectable()
export class Compaction {
  readonly #removed = { acts: 0, versions: 0 };
  #lastRun: Date | null = null;

  constructor(private readonly database: Database) {}

  /** Rows that this process removed, by what they were. */
  get removed(): Readonly<Record<'acts' | 'versions', number>> {
    return { ...this.#removed };
  }

  /** When this process last went through all months that were due; null: it did not yet. */
  get lastRun(): Date | null {
    return this.#lastRun;
  }

  /** The months that ended before, oldest first: those that were not looked at for some time, or all. */
  async months(before: Date, which: 'due' | 'all'): Promise<Date[]> {
    const rows = await this.database.read<{ first_day: Date }>({
      text: 'select m as first_day from platform.change_log_months($1, $2) as m',
      values: [before, which === 'all'],
    });
    return rows.map(({ first_day: firstDay }) => firstDay);
  }

  /**
   * Compacts a month, all of it or nothing. Of what is gone its last change stays, of what is there its newest versions,
   * and of both what was in force at `before`. Null while another replica compacts.
   * @throws DatabaseBusy when the log was in use all the time
   */
  async compact(firstDay: Date, before: Date, versionsMin: number): Promise<CompactedMonth | null> {
    const month = await this.#ask(firstDay, [before, versionsMin, false]);
    this.#removed.acts += month?.acts ?? 0;
    this.#removed.versions += month?.versions ?? 0;
    return month;
  }

  /** What `compact` would remove; removes nothing. Null while a replica compacts. */
  rehearse(firstDay: Date, before: Date, versionsMin: number): Promise<CompactedMonth | null> {
    return this.#ask(firstDay, [before, versionsMin, true]);
  }

  /** Called when all months that were due are done. */
  ran(at: Date): void {
    this.#lastRun = at;
  }

  async #ask(firstDay: Date, rest: readonly unknown[]): Promise<CompactedMonth | null> {
    const row = await this.database.run(async () => {
      const { transaction } = this.database;
      await transaction.query({ text: 'set local statement_timeout = 0' }); // It reads a month, however large that is.
      const { rows } = await transaction.query<Row>({
        text: 'select * from platform.compact_change_log($1, $2, $3, $4)',
        values: [firstDay, ...rest],
      });
      return rows[0];
    });
    if (!row || row.is_busy) return null;
    const { rows, acts, versions, held } = row;
    return {
      firstDay,
      rows: Number(rows),
      acts: Number(acts),
      versions: Number(versions),
      held: Number(held),
    };
  }
}
