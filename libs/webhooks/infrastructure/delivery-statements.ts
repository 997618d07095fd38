/** As many attempts are shown of one delivery. */
export const ATTEMPTS_KEPT = 20;

/**
 * Of each aggregate the first one that is pending is due, and no other. Whoever runs this holds the deliveries of the webhook,
 * or one that comes in while the one before it ends would never be due.
 */
export const ADD = `
  with given as (
    select g.* from rows from (json_to_recordset($3::json) as (
      id uuid, stream text, revision bigint, sub int, event_type text, aggregate_id uuid, subject text, body text)
    ) with ordinality as g(id, stream, revision, sub, event_type, aggregate_id, subject, body, place)
    where not exists (select from webhooks.delivery d where d.id = g.id)),
  placed as (
    select given.*, row_number() over (partition by aggregate_id order by place) = 1 and not exists (
      select from webhooks.delivery d
      where d.webhook_id = $1 and d.aggregate_id = given.aggregate_id and d.status = 'pending' and not d.beside) as is_next
    from given)
  insert into webhooks.delivery (id, tenant, webhook_id, stream, revision, sub, event_type, aggregate_id, subject, body, due_at)
  select id, $2, $1, stream, revision, sub, event_type, aggregate_id, subject, body, case when is_next then clock_timestamp() end
  from placed order by place`;

export const DUE = `
  select id, body, attempts, tries from webhooks.delivery
  where webhook_id = $1 and due_at <= clock_timestamp() and id <> all ($3::uuid[])
  order by due_at, seq limit $2`;

export const WITH_DUE = `
  select w.id from unnest($1::uuid[]) as w(id)
  where exists (select from webhooks.delivery d where d.webhook_id = w.id and d.due_at <= clock_timestamp())`;

/** A failure counts only where nobody else noted another attempt meanwhile; that something was taken counts always. */
export const CLOSE = `
  with closed as (
    update webhooks.delivery d set status = $4, attempts = d.attempts + 1, tries = d.tries + 1,
      due_at = clock_timestamp() + make_interval(secs => $5),
      over_at = case when $4 <> 'pending' then clock_timestamp() end,
      body = case when $4 = 'delivered' then null else d.body end,
      attempt_log = (
        select json_agg(kept.entry order by kept.place) from (
          select entry, place from json_array_elements(d.attempt_log) with ordinality as known(entry, place)
          union all select $6::json, 1e9 order by place desc limit ${ATTEMPTS_KEPT}) as kept)
    where d.id = $2 and d.webhook_id = $1 and d.status = 'pending' and (d.attempts = $3 or $4 = 'delivered')
    returning d.id, d.aggregate_id, d.status, d.beside)
  update webhooks.delivery d set due_at = clock_timestamp()
  from closed where closed.status <> 'pending' and not closed.beside and d.id = (
    select n.id from webhooks.delivery n
    where n.webhook_id = $1 and n.aggregate_id = closed.aggregate_id and n.status = 'pending' and not n.beside and n.id <> closed.id
    order by n.seq limit 1)`;

export const HASTEN = `
  update webhooks.delivery set due_at = clock_timestamp()
  where webhook_id = $1 and due_at > clock_timestamp()`;
