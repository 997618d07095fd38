import type { Change } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import type { NewAct } from '../domain/live-device.js';

const AGGREGATE_TYPE = 'devices.device';

/** Of which device. */
export interface ActOf {
  readonly id: string;
  readonly tenant: string;
  /** As in the change log. */
  readonly subject: string;
}

type Row = Readonly<Record<string, unknown>>;

/** What devices told, as a line of the change log: no version of the device, and with what it was. */
export const changeOf = ({ id, tenant, subject }: ActOf, { type, facts, actor }: NewAct): Change => ({
  tenant,
  aggregateType: AGGREGATE_TYPE,
  aggregateId: id,
  aggregateVersion: 0,
  type,
  subject,
  previousSubject: null,
  snapshot: JSON.stringify({ id, tenant, told: facts }),
  reason: null,
  rolledBackFrom: null,
  occurredAt: null,
  actor,
});

/** True for a row of the change log that tells of a report, and not of the device itself. */
export const isAct = (row: Row): boolean => 'told' in row;

/** The same for readers of events. */
export const presentAct = ({ id, tenant, told }: Row): object => ({
  device_id: id,
  tenant_id: tenantFromColumn(String(tenant)),
  ...(told as object),
});
