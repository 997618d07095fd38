import { SHARED_TENANT } from '#platform/context';
import { Conditions, containsPattern } from '#platform/database';
import type { SupervisorRequestFilter } from '../application/supervisor-request.queries.js';
import { STATUS_CODES } from '../domain/request-state.js';
import type { StatusCode } from '../domain/request-state.js';

/** Whoever settles a request takes its claim away: a claimed one is pending. */
const IS_CLAIMED = 't.claimed_by is not null and t.claim_expires_at > statement_timestamp()';
const IS_FREE = '(t.claimed_by is null or t.claim_expires_at <= statement_timestamp())';

/** Something happened to it by itself that nobody has written down yet: what stands in its row is not so any more. */
export const IS_DUE = `coalesce(t.due_at <= statement_timestamp(), false)`;

/** Its time is over, whoever writes that down and when. */
const IS_OVER = `(t.status_code = 'pending_response' and t.expires_at <= statement_timestamp())`;

/** How the requests may stand that a filter lets through; none: there can be no such request. */
export function statusCodesOf(filter: SupervisorRequestFilter): readonly StatusCode[] {
  const isClaimed = filter.claimed === 'somebody' || filter.claimers !== undefined;
  return STATUS_CODES.filter((code) => {
    const isPending = code === 'pending_response';
    return (
      (filter.statuses?.includes(isPending ? 'pending' : 'not_pending') ?? true) &&
      (filter.statusCodes?.includes(code) ?? true) &&
      (!isClaimed || isPending) &&
      (filter.overdue !== 'yes' || code === 'timeout')
    );
  });
}

/** What of the requests called `t` a filter lets through, besides its window and what a page may be read by in parts. */
export function conditionsOf(filter: SupervisorRequestFilter): Conditions {
  const where = new Conditions();
  const anyOf = (column: string, values: readonly unknown[] | undefined): void => {
    where.when(values, (conditions, some) => conditions.isOneOf(column, some));
  };
  anyOf('t.claimed_by', filter.claimers);
  anyOf('t.dedupe_key', filter.dedupeKeys);
  anyOf('t.requested_by', filter.requesters);
  if (filter.claimed === 'somebody' || filter.claimers) where.raw(IS_CLAIMED);
  if (filter.claimed === 'nobody') where.raw(IS_FREE);
  if (filter.overdue === 'yes') where.raw(`t.resolution = 'unresolved'`);
  if (filter.overdue === 'no') where.raw(`not (t.status_code = 'timeout' and t.resolution = 'unresolved')`);
  addPending(where, statusCodesOf(filter));
  return where.when(filter.q, (conditions, text) =>
    conditions.and(
      't.id in (select supervisor.search_request(?, ?))',
      filter.tenant === null ? [SHARED_TENANT] : [filter.tenant, SHARED_TENANT],
      containsPattern(text),
    ),
  );
}

/** Where timeouts are not asked for, a request whose time is over is none of them: it is not pending any more. */
function addPending(where: Conditions, codes: readonly StatusCode[]): void {
  if (codes.includes('pending_response') && !codes.includes('timeout')) where.raw(`not ${IS_OVER}`);
}
