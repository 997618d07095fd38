import { SHARED_TENANT } from '#platform/context';
import { Conditions, containsPattern } from '#platform/database';
import type { SupervisorRequestFilter } from '../application/supervisor-request.queries.js';

const IS_CLAIMED = `(t.claimed_by is not null and t.claim_expires_at > statement_timestamp())`;
const IS_FREE = `(t.claimed_by is null or t.claim_expires_at <= statement_timestamp())`;

/** What of the requests called `t` a filter lets through, besides what the parts of a page are read by. */
export function conditionsOf(filter: SupervisorRequestFilter): Conditions {
  const tenants = filter.tenant === null ? [SHARED_TENANT] : [filter.tenant, SHARED_TENANT];
  const where = new Conditions();
  const anyOf = (column: string, values: readonly unknown[] | undefined): void => {
    where.when(values, (conditions, some) => conditions.isOneOf(column, some));
  };
  anyOf('t.assignee_team_id', filter.teams);
  anyOf('t.claimed_by', filter.claimers);
  anyOf('t.dedupe_key', filter.dedupeKeys);
  anyOf('t.requested_by', filter.requesters);
  return where
    .when(filter.createdFrom, (conditions, from) => conditions.and('t.request_timestamp >= ?', from))
    .when(filter.createdUntil, (conditions, until) => conditions.and('t.request_timestamp < ?', until))
    .when(filter.claimed, (conditions, by) => conditions.raw(by === 'somebody' ? IS_CLAIMED : IS_FREE))
    .when(filter.claimers, (conditions) => conditions.raw(IS_CLAIMED))
    .when(filter.q, (conditions, text) =>
      conditions.and('t.id in (select supervisor.search_request(?, ?))', tenants, containsPattern(text)),
    );
}
