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
      drop function platform.change_bytes(text, bigint, int, text, uuid, int, text, text, text, text, text, int, text, text, text, timestamptz, text);
      drop function platform.netstring(text);
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
  update platform.stream_head set chained_from = revision;
  alter table platform.change_log add column hash bytea, add column previous_hash bytea;
`;

/**
 * The bytes of a row: each field as a netstring (`5:hello,`, lengths in bytes of UTF-8), a null as `-`, so that no two rows
 * have the same; numbers in decimal, instants in milliseconds since 1970, the snapshot as the text that is stored, last,
 * because it is the longest. What the service verifies with is written by itself: libs/platform/audit/change-hash.ts.
 */
const CHAIN = `
  create function platform.netstring(text) returns text language sql stable parallel safe as $$
    select coalesce(octet_length($1)::text || ':' || $1 || ',', '-')
  $$;

  create function platform.change_bytes(tenant text, revision bigint, sub int, aggregate_type text, aggregate_id uuid,
    aggregate_version int, type text, subject text, previous_subject text, actor text, reason text, rolled_back_from int,
    request_id text, trace_id text, causation_id text, occurred_at timestamptz, snapshot text)
  returns bytea language sql stable parallel safe as $$
    select convert_to(concat(platform.netstring(tenant), platform.netstring(revision::text), platform.netstring(sub::text),
      platform.netstring(aggregate_type), platform.netstring(aggregate_id::text), platform.netstring(aggregate_version::text),
      platform.netstring(type), platform.netstring(subject), platform.netstring(previous_subject), platform.netstring(actor),
      platform.netstring(reason), platform.netstring(rolled_back_from::text), platform.netstring(request_id),
      platform.netstring(trace_id), platform.netstring(causation_id),
      platform.netstring((extract(epoch from occurred_at) * 1000)::bigint::text), platform.netstring(snapshot)), 'UTF8')
  $$;

  create function platform.chained(hash bytea, seed bytea, bytes bytea) returns bytea
  language plpgsql immutable parallel safe set search_path = pg_catalog as $$
  begin
    return sha256(coalesce(hash, seed) || bytes);
  end $$;

  -- Over rows in their order: the hash of each, beginning after the hash of the row before them.
  create aggregate platform.chain(seed bytea, bytes bytea) (sfunc = platform.chained, stype = bytea);
`;

/** Who did what, newest first. Everything else that the audit is asked goes over the primary key, or by aggregate. */
const AUDIT_INDEX = `
  create index change_log_by_actor on platform.change_log (tenant, actor, revision, sub, occurred_at);
`;
