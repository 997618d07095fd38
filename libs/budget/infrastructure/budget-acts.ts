import type { Change } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { BUDGET_TYPE } from './budget.table.js';

type Row = Readonly<Record<string, unknown>>;

/** What is told of a threshold that was crossed. */
export interface CrossedThreshold {
  readonly id: string;
  readonly tenant: string;
  readonly budget_id: string;
  readonly budget_name: string;
}

/** As a line of the change log: no version of the budget, and with what it was. */
export const thresholdCrossed = (alert: CrossedThreshold): Change => ({
  tenant: alert.tenant,
  aggregateType: BUDGET_TYPE,
  aggregateId: alert.budget_id,
  aggregateVersion: 0,
  type: 'threshold_crossed',
  subject: alert.budget_name,
  previousSubject: null,
  snapshot: JSON.stringify({ crossed: { ...alert, tenant_id: tenantFromColumn(alert.tenant) } }),
  reason: null,
  rolledBackFrom: null,
  occurredAt: null,
});

/** What such a line has in the change log; null for a version of a budget. */
export const crossedIn = (row: Row): Row | null => (row['crossed'] as Row | undefined) ?? null;
