import type { Statement } from '#platform/database';

/**
 * Whoever counts items shares a tenant with others who do; whoever changes a budget has it alone. A category of all tenants
 * has all of them alone.
 */
const LOCK = `hashtextextended('budget-totals', 0)`;
const lockOf = (tenant: string): string => `hashtextextended('budget-totals/' || ${tenant}, 0)`;

/** @param tenants as the database calls them, in their order */
export const countingOf = (tenants: readonly string[]): Statement => ({
  name: 'budget_counting',
  text: `select pg_advisory_xact_lock_shared(${LOCK}),
           (select count(pg_advisory_xact_lock_shared(${lockOf('o.tenant')})) from unnest($1::text[]) as o (tenant))`,
  values: [tenants],
});

export const holdingOf = (tenant: string): Statement => ({
  name: 'budget_holding',
  text: `select pg_advisory_xact_lock_shared(${LOCK}), pg_advisory_xact_lock(${lockOf('$1')})`,
  values: [tenant],
});

export const HOLDING_ALL: Statement = {
  name: 'budget_holding_all',
  text: `select pg_advisory_xact_lock(${LOCK})`,
};
