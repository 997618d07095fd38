import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each row of the change log carries a hash of itself and of the row before it. */
export class ChainedChangeLog1764000000010 implements MigrationInterface {
  name = 'ChainedChangeLog1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await runner.query(CHAIN);
    await runner.query(AUDIT_INDEX);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index platform.change_log_by_actor;
      drop aggregate platform.chain(bytea, bytea);
      drop function platform.chained(bytea, bytea, bytea);
      alter table platform.change_log drop column hash, drop column previous_hash;
      alter table platform.stream_head drop column hash, drop column chained_from;
    `);
  }
}

/**
 * What was written before there was a chain is not covered by it: a hash that is made now proves nothing of then. A chain
 * begins with no bytes. `previous_hash` stands only where the row before was removed by compaction.
 */
const COLUMNS = `
  alter table platform.stream_head
    add column hash bytea not null default '',
    add column chained_from bigint not null default 0;
  select set_config('app.tenant', '*', true); -- Row-level security holds for the owner, too.
  update platform.stream_head set chained_from = revision;
  alter table platform.change_log add column hash bytea, add column previous_hash bytea;
`;

/**
 * The hash of a row is that of the hash before it and of a few bytes of the row: a digest of what it says, which the service makes
 * before anything is locked, its place and its instant (libs/platform/change-log/append-statements.ts).
 */
const CHAIN = `
  create function platform.chained(hash bytea, seed bytea, link bytea) returns bytea
  language plpgsql immutable parallel safe as $$
  begin
    return pg_catalog.sha256(coalesce(hash, seed) || link);
  end $$;

  -- Over rows in their order: the hash of each, beginning after the hash of the row before them.
  create aggregate platform.chain(seed bytea, link bytea) (sfunc = platform.chained, stype = bytea);
`;

/** Who did what, newest first. Everything else that the audit is asked goes over the primary key, or by aggregate. */
const AUDIT_INDEX = `
  create index change_log_by_actor on platform.change_log (tenant, actor, revision, sub, occurred_at);
`;
