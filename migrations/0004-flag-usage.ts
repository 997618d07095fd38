import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often each flag gave what, by the hour. */
export class FlagUsage1764000000004 implements MigrationInterface {
  name = 'FlagUsage1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(EVALUATION_COUNT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table feature_flags.evaluation_count');
  }
}

/**
 * Counts of all replicas together; `tenant` is the one that the flag belongs to. Without a reference to the flag: ids are
 * never used again, and what is left of a flag that is gone goes with its time.
 */
const EVALUATION_COUNT = `
  create table feature_flags.evaluation_count (
    tenant text collate "C" not null,
    flag_id uuid not null,
    hour timestamptz(0) not null,
    reason text collate "C" not null,
    variant text collate "C" not null, -- Empty for none, because a null is not equal to itself.
    count bigint not null,
    last_at timestamptz(3) not null,
    primary key (tenant, flag_id, hour, reason, variant)
  ) with (fillfactor = 70); -- Rows of the present hour are updated in place again and again.
  create index evaluation_count_by_hour on feature_flags.evaluation_count (hour);
  call platform.isolate('feature_flags.evaluation_count');
`;
