import type { Statement } from '#platform/database';
import { digestToWrite } from './change-digest.js';
import type { Change, Writer } from './change.js';

const COLUMNS = `tenant, revision, sub, aggregate_type, aggregate_id, aggregate_version, type, subject, previous_subject,
      snapshot, actor, reason, rolled_back_from, request_id, trace_id, causation_id, occurred_at, hash`;

const OCCURRED_AT = 'coalesce($14::timestamptz, statement_timestamp())::timestamptz(3)';

/**
 * What is hashed of a row after the hash of the row before it: its digest, its place and its instant, each of a fixed
 * length and in PostgreSQL's binary form, which no setting changes. libs/platform/audit/change-hash.ts reckons it anew.
 */
const linkOf = (digest: string, revision: string, sub: string, occurredAt: string): string =>
  `${digest} || int8send(${revision}) || int4send(${sub}) || timestamptz_send(${occurredAt})`;

/** Takes the next revision and writes its one row. */
const APPEND_ONE = `
  with head as (
    insert into platform.stream_head as h (tenant, revision, hash)
    values ($1, 1, sha256(${linkOf('$15::bytea', '1', '0', OCCURRED_AT)}))
    on conflict (tenant) do update set revision = h.revision + 1,
      hash = sha256(h.hash || ${linkOf('$15::bytea', 'h.revision + 1', '0', OCCURRED_AT)})
    returning revision, hash
  ), written as (
    insert into platform.change_log (${COLUMNS})
    select $1, revision, 0, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, null, ${OCCURRED_AT}, hash from head
  )
  select revision from head`;

/** Takes the next revision, for rows that come after. */
const TAKE_REVISION = `
  insert into platform.stream_head as h (tenant, revision) values ($1, 1)
  on conflict (tenant) do update set revision = h.revision + 1
  returning revision`;

/** Writes rows of the revision that this transaction took, and so has locked. */
const APPEND_SOME = `
  with head as (
    select revision, hash from platform.stream_head where tenant = $1
  ), written as (
    insert into platform.change_log (${COLUMNS})
    select $1, revision, sub, aggregate_type, aggregate_id, aggregate_version, type, subject, previous_subject,
      snapshot, coalesce(actor, $3), reason, rolled_back_from, $4, $5, null, occurred_at,
      platform.chain(seed, ${linkOf('digest', 'revision', 'sub', 'occurred_at')})
        over (order by sub rows between unbounded preceding and current row)
    from (
      select head.revision, head.hash as seed, c.sub, c.aggregate_type, c.aggregate_id, c.aggregate_version, c.type,
        c.subject, c.previous_subject, c.snapshot, c.actor, c.reason, c.rolled_back_from, c.digest,
        coalesce(c.occurred_at, statement_timestamp())::timestamptz(3) as occurred_at
      from head, json_to_recordset($2::json) as c(sub int, aggregate_type text, aggregate_id uuid, aggregate_version int,
        type text, subject text, previous_subject text, snapshot json, reason text, rolled_back_from int,
        occurred_at timestamptz, actor text, digest bytea)
    ) as rows_to_write
    returning sub, hash
  )
  update platform.stream_head set hash = (select hash from written order by sub desc limit 1) where tenant = $1`;

/** One change that is a revision by itself. */
export const appendOne = (change: Change, writer: Writer): Statement => ({
  name: 'change_log_append',
  text: APPEND_ONE,
  values: [
    change.tenant,
    change.aggregateType,
    change.aggregateId,
    change.aggregateVersion,
    change.type,
    change.subject,
    change.previousSubject,
    change.snapshot,
    change.actor ?? writer.actor,
    change.reason,
    change.rolledBackFrom,
    writer.requestId,
    writer.traceId,
    change.occurredAt,
    digestToWrite(change, writer),
  ],
});

export const takeRevision = (tenant: string): Statement => ({
  name: 'change_log_take_revision',
  text: TAKE_REVISION,
  values: [tenant],
});

/** Some rows of that revision as `portionsOf` gives them for the same writer. */
export const appendSome = (
  tenant: string,
  portion: Buffer,
  { actor, requestId, traceId }: Writer,
): Statement => ({
  name: 'change_log_append_some',
  text: APPEND_SOME,
  values: [tenant, portion, actor, requestId, traceId],
});
