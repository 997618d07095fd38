import { Injectable } from '@nestjs/common';
import { ChangeLog } from '#platform/change-log';
import { Database } from '#platform/database';
import type { HealthStatus } from '../domain/health.js';
import type { ResourceId } from '../domain/identity.js';
import { RESOURCE_COLUMNS, RESOURCE_TYPE, resourceSubject } from './resource.table.js';
import type { ResourceRecord } from './resource.table.js';

/** Something that happened to a resource and is no version of it. */
export interface ResourceAct {
  readonly type: 'health_changed' | 'revived' | 'relation_added' | 'relation_removed';
  /** What is to know about it besides how the resource is now, in the words of the wire. */
  readonly about?: Readonly<Record<string, unknown>>;
  /** Absent: now. */
  readonly occurredAt?: Date;
  /** Absent: whoever calls. */
  readonly actor?: string;
}

/** Writes into the change log what is no version, with the resource as it is. */
@Injectable()
export class ResourceActs {
  constructor(
    private readonly database: Database,
    private readonly log: ChangeLog,
  ) {}

  /** In the open unit of work, which has done it already. */
  async tell(id: ResourceId, ...acts: readonly ResourceAct[]): Promise<void> {
    if (acts.length === 0) return;
    const [record] = await this.database.read<ResourceRecord>({
      name: 'resource_of_act',
      text: `select ${RESOURCE_COLUMNS} from catalog.resource t where t.id = $1`,
      values: [id],
    });
    if (record) for (const act of acts) this.append(record, act);
  }

  append(record: ResourceRecord, { type, about, occurredAt, actor }: ResourceAct): void {
    this.log.append({
      tenant: record.tenant,
      aggregateType: RESOURCE_TYPE,
      aggregateId: record.id,
      aggregateVersion: 0,
      type,
      subject: resourceSubject(record),
      previousSubject: null,
      snapshot: JSON.stringify({ ...record, about }),
      reason: null,
      rolledBackFrom: null,
      occurredAt: occurredAt ?? null,
      ...(actor !== undefined && { actor }),
    });
  }
}

/** The job by which checks expire. */
export const HEALTH_EXPIRY = 'catalog-health-expiry';

export const healthChanged = (
  endpoint: string,
  previous: HealthStatus,
  status: HealthStatus,
): ResourceAct => ({
  type: 'health_changed',
  about: { endpoint, previous_status: previous, status },
});

/** It is nobody's doing, whoever happens to find it. */
export const expired = (endpoint: string, previous: HealthStatus, at: Date): ResourceAct => ({
  ...healthChanged(endpoint, previous, 'critical'),
  occurredAt: at,
  actor: `system:${HEALTH_EXPIRY}`,
});
