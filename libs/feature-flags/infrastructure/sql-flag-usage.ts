import { Injectable } from '@nestjs/common';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import { FlagUsageQueries } from '../application/flag-usage.queries.js';
import type { FlagUsageView, UsageWindow } from '../application/flag-usage.queries.js';

/** Evaluations of one flag with one outcome in one hour. */
export interface UsageRow {
  /** Of the flag, as the database calls it. */
  readonly tenant: string;
  readonly flagId: string;
  /** When the hour begins, in milliseconds since 1970. */
  readonly hour: number;
  readonly reason: string;
  /** Empty for none. */
  readonly variant: string;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly lastAt: number;
}

interface CountRow {
  readonly hour: Date;
  readonly reason: string;
  readonly variant: string;
  readonly count: string;
}

const DAYS_KEPT = 90;

/** The counts in their table. */
@Injectable()
export class SqlFlagUsage extends FlagUsageQueries {
  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
  ) {
    super();
  }

  override async of(flagId: string, { from, until }: UsageWindow): Promise<FlagUsageView> {
    const [rows, [last]] = await this.database.run(() =>
      Promise.all([
        this.database.read<CountRow>({
          name: 'flag_usage_hours',
          text: `select hour, reason, variant, count from feature_flags.evaluation_count
                 where tenant = (select tenant from feature_flags.flag where id = $1) and flag_id = $1
                   and hour >= $2 and hour < $3
                 order by hour, reason, variant`,
          values: [flagId, from, until],
        }),
        this.database.read<{ last_at: Date | null }>({
          name: 'flag_usage_last',
          text: `select max(last_at) as last_at from feature_flags.evaluation_count
                 where tenant = (select tenant from feature_flags.flag where id = $1) and flag_id = $1`,
          values: [flagId],
        }),
      ]),
    );
    return {
      lastEvaluatedAt: last?.last_at ?? null,
      hours: rows.map(({ hour, reason, variant, count }) => ({
        hour,
        reason,
        variant: variant === '' ? null : variant,
        count: Number(count),
      })),
    };
  }

  /** Adds to what is there, of whichever replica; in one order, so that two never wait for each other. */
  async add(rows: readonly UsageRow[]): Promise<void> {
    const column = <K extends keyof UsageRow>(name: K): UsageRow[K][] => rows.map((row) => row[name]);
    await this.context.runAsSystem('flag-usage', () =>
      this.database.run(() =>
        this.database.transaction.query({
          name: 'flag_usage_add',
          text: `insert into feature_flags.evaluation_count as u (tenant, flag_id, hour, reason, variant, count, last_at)
                 select n.tenant, n.flag_id, to_timestamp(n.hour), n.reason, n.variant, n.count, to_timestamp(n.last_at)
                 from unnest($1::text[], $2::uuid[], $3::float8[], $4::text[], $5::text[], $6::bigint[], $7::float8[])
                   as n (tenant, flag_id, hour, reason, variant, count, last_at)
                 order by 1, 2, 3, 4, 5
                 on conflict (tenant, flag_id, hour, reason, variant) do update
                   set count = u.count + excluded.count, last_at = greatest(u.last_at, excluded.last_at)`,
          values: [
            column('tenant'),
            column('flagId'),
            column('hour').map(toSeconds),
            column('reason'),
            column('variant'),
            column('count'),
            column('lastAt').map(toSeconds),
          ],
        }),
      ),
    );
  }

  /** What is older than the counts are kept. */
  async forget(): Promise<void> {
    await this.database.read({
      name: 'flag_usage_forget',
      text: `delete from feature_flags.evaluation_count where hour < now() - make_interval(days => $1)`,
      values: [DAYS_KEPT],
    });
  }
}

const MILLISECONDS = 1_000;
const toSeconds = (milliseconds: number): number => milliseconds / MILLISECONDS;
