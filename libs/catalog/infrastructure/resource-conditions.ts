import { SHARED_TENANT } from '#platform/context';
import { Conditions, containsPattern, whereLabelRowsMatch } from '#platform/database';
import type { OwnersFilter, ResourceFilter } from '../application/resource.queries.js';

/** How a check called `h` reads now. */
const STATUS_NOW = `case when h.expires_at <= statement_timestamp() then 'critical' else h.status end`;

/** As bad as the worst endpoint of a resource called `t`, one that nobody checked being unknown; null: it has none. */
export const HEALTH_NOW = `case when json_array_length(t.endpoints) > 0 then (
  select case when bool_or(${STATUS_NOW} = 'critical') then 'critical'
    when bool_or(${STATUS_NOW} = 'warning') then 'warning'
    when count(*) filter (where ${STATUS_NOW} = 'passing') < json_array_length(t.endpoints) then 'unknown'
    else 'passing' end
  from catalog.endpoint_health h where h.resource_id = t.id) end`;

/** Only these can be worse than unknown: they are few, and an index knows them. */
const MAY_BE_WRONG = `exists (select from catalog.endpoint_health h where h.tenant = t.tenant and h.resource_id = t.id
  and (h.status in ('warning', 'critical') or h.expires_at is not null))`;

const STALE_NOW = `(t.ttl_seconds is not null and coalesce(
    (select s.last_seen_at from catalog.resource_seen s where s.resource_id = t.id), t.created_at)
  + t.ttl_seconds * interval '1 second' <= statement_timestamp())`;

/**
 * The teams themselves and, where that is asked for, all teams below them; a circle, were there one, ends. As an array,
 * so that the index of owners is taken: of a join the planner would expect so much that it went through all by name.
 */
const TEAMS_BELOW = `array(with recursive below as (
    select k.id from catalog.team k where k.id = any (?)
    union select k.id from catalog.team k join below b on k.parent_team_id = b.id)
  select id from below)`;

/** Which columns hold any of these, by the name of the filter. */
const COLUMNS = {
  companyIds: 't.company_id',
  namespaces: 't.namespace',
  names: 't.name',
  types: 't.type',
  environments: 't.environment',
  lifecycleStatuses: 't.lifecycle_status',
  sources: 't.source',
} as const;

/** Of the resources called `t` only those that the filter wants; the tenant is a matter of the list. */
export function resourceConditions(filter: ResourceFilter): Conditions {
  const where = new Conditions();
  for (const [name, column] of Object.entries(COLUMNS)) {
    where.when(filter[name as keyof typeof COLUMNS], (conditions, any) => conditions.isOneOf(column, any));
  }
  return where
    .when(filter.owners, whereOwned)
    .when(filter.ownerless, (conditions, is) => conditions.raw(`t.owner_team_id is ${is ? '' : 'not '}null`))
    .when(filter.orphan, (conditions, is) => conditions.raw(is ? 't.orphan' : 'not t.orphan'))
    .when(filter.stale, (conditions, is) => conditions.raw(is ? STALE_NOW : `not ${STALE_NOW}`))
    .when(filter.health, whereHealth)
    .when(filter.selector, (conditions, selector) =>
      whereLabelRowsMatch(conditions, selector, { table: 'catalog.resource_label', owner: 'resource_id' }),
    )
    .when(filter.updatedSince, (conditions, since) => conditions.and('t.updated_at >= ?', since))
    .when(filter.q, (conditions, text) =>
      conditions.and(
        't.id in (select catalog.search_resource(?, ?))',
        filter.tenant === null ? [SHARED_TENANT] : [filter.tenant, SHARED_TENANT],
        containsPattern(text),
      ),
    );
}

const whereOwned = (where: Conditions, { teamIds, reach }: OwnersFilter): Conditions =>
  where.and(reach === 'own' ? 't.owner_team_id = any (?)' : `t.owner_team_id = any (${TEAMS_BELOW})`, [
    ...teamIds,
  ]);

function whereHealth(where: Conditions, statuses: readonly string[]): Conditions {
  where.and(`${HEALTH_NOW} = any (?)`, [...statuses]);
  return statuses.every((status) => status === 'critical' || status === 'warning')
    ? where.raw(MAY_BE_WRONG)
    : where;
}
