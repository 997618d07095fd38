import type { Statement } from '#platform/database';
import type { Change } from './change.js';

/** Who writes, and in which request. */
export interface Writer {
  readonly actor: string;
  readonly requestId: string | null;
  readonly traceId: string | null;
}

const COLUMNS = `tenant, revision, sub, aggregate_type, aggregate_id, aggregate_version, type, subject, previous_subject,
      snapshot, actor, reason, rolled_back_from, request_id, trace_id, causation_id, occurred_at, hash`;

const OCCURRED_AT = 'coalesce($14::timestamptz, statement_timestamp())::timestamptz(3)';

/**
 * The hash of the one row of a revision, after the hash of the row before it: of the same bytes as `platform.change_bytes`
 * gives. What is known beforehand of them comes as a parameter, because to put them together would cost the database
 * more than all the rest of the statement.
 */
const linkedTo = (revision: string, hash: string): string =>
  `sha256(${hash} || convert_to(concat(platform.netstring($1::text), platform.netstring((${revision})::text), $15::text,
        platform.netstring((extract(epoch from ${OCCURRED_AT}) * 1000)::bigint::text), platform.netstring($8::json::text)), 'UTF8'))`;

/**
 * Takes the next revision and writes its one row. Where the stream stands already, the hash of its first row is not reckoned:
 * the row of the stream stays for ever, so that the insert meets it.
 */
const APPEND_ONE = `
  with head as (
    insert into platform.stream_head as h (tenant, revision, hash)
    values ($1::text, 1, case when exists (select from platform.stream_head where tenant = $1) then ''::bytea
      else ${linkedTo('1::bigint', `''::bytea`)} end)
    on conflict (tenant) do update set revision = h.revision + 1,
      hash = ${linkedTo('h.revision + 1', 'h.hash')}
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
      snapshot, actor, reason, rolled_back_from, $4, $5, null, occurred_at,
      platform.chain(seed, platform.change_bytes($1, revision, sub, aggregate_type, aggregate_id, aggregate_version, type,
        subject, previous_subject, actor, reason, rolled_back_from, $4, $5, null, occurred_at, snapshot::text))
        over (order by sub rows between unbounded preceding and current row)
    from (
      select head.revision, head.hash as seed, c.sub, c.aggregate_type, c.aggregate_id, c.aggregate_version, c.type,
        c.subject, c.previous_subject, c.snapshot, coalesce(c.actor, $3) as actor, c.reason, c.rolled_back_from,
        coalesce(c.occurred_at, statement_timestamp())::timestamptz(3) as occurred_at
      from head, json_to_recordset($2::json) as c(sub int, aggregate_type text, aggregate_id uuid, aggregate_version int,
        type text, subject text, previous_subject text, snapshot json, reason text, rolled_back_from int,
        occurred_at timestamptz, actor text)
    ) as rows_to_write
    returning sub, hash
  )
  update platform.stream_head set hash = (select hash from written order by sub desc limit 1) where tenant = $1`;

/** One change that is a revision by itself. */
export const appendOne = (change: Change, { actor, requestId, traceId }: Writer): Statement => ({
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
    change.actor ?? actor,
    change.reason,
    change.rolledBackFrom,
    requestId,
    traceId,
    change.occurredAt,
    bytesBetween(change, { actor, requestId, traceId }),
  ],
});

/** The fields that come after the revision and before the instant, as `platform.change_bytes` writes them. */
const bytesBetween = (change: Change, { actor, requestId, traceId }: Writer): string =>
  [
    0,
    change.aggregateType,
    change.aggregateId.toLowerCase(), // As the database writes a UUID.
    change.aggregateVersion,
    change.type,
    change.subject,
    change.previousSubject,
    change.actor ?? actor,
    change.reason,
    change.rolledBackFrom,
    requestId,
    traceId,
    null, // What caused it.
  ]
    .map(netstring)
    .join('');

function netstring(field: string | number | null): string {
  if (field === null) return '-';
  const text = String(field);
  return `${Buffer.byteLength(text)}:${text},`;
}

export const takeRevision = (tenant: string): Statement => ({
  name: 'change_log_take_revision',
  text: TAKE_REVISION,
  values: [tenant],
});

/** Some rows of that revision as `portionsOf` gives them. */
export const appendSome = (
  tenant: string,
  portion: Buffer,
  { actor, requestId, traceId }: Writer,
): Statement => ({
  name: 'change_log_append_some',
  text: APPEND_SOME,
  values: [tenant, portion, actor, requestId, traceId],
});
