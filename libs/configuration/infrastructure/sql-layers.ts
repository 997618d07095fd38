import { Injectable } from '@nestjs/common';
import { expectWhole } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import type { Statement } from '#platform/database';
import { Layers } from '../application/layers.js';
import type { Layer } from '../domain/effective/layer.js';
import type { ServiceId } from '../domain/identity.js';
import { Boundaries } from './boundaries.js';
import { CONFIGURATION_COLUMNS, CONFIGURATION_TYPE } from './configuration.table.js';
import type { ConfigurationRecord } from './configuration.table.js';
import { layerFrom } from './layer-record.js';

/** What a configuration was, and the version that the log has after it; nothing where it was not there yet. */
interface PastLayerRow {
  readonly snapshot: ConfigurationRecord | null;
  readonly version: number | null;
  readonly next: number | null;
}

@Injectable()
export class SqlLayers extends Layers {
  constructor(
    private readonly database: Database,
    private readonly boundaries: Boundaries,
  ) {
    super();
  }

  override async hold(service: ServiceId, tenant: string | null): Promise<void> {
    const held = this.database.transaction.query(holding(service, tenant));
    await Promise.all([held, this.boundaries.tellOf(service, tenant)]); // One after the other, in one round trip.
  }

  override async ofService(service: ServiceId): Promise<Layer[]> {
    const records = await this.database.read<ConfigurationRecord>({
      name: 'configuration_layers',
      text: `select ${CONFIGURATION_COLUMNS} from configuration.configuration t
             where t.service = $1 and t.is_active order by t.id`,
      values: [service],
    });
    return records.map(layerFrom);
  }

  /** Those that a tenant sees, and the present instant, in one statement. */
  async visibleTo(service: ServiceId, tenant: string | null): Promise<{ now: Date; layers: Layer[] }> {
    const [row] = await this.database.read<{ now: Date; records: ConfigurationRecord[] }>({
      name: 'configuration_layers_visible',
      text: `select clock_timestamp() as now,
                    coalesce((select json_agg(c) from (select ${CONFIGURATION_COLUMNS} from configuration.configuration t
                      where t.service = $1 and t.tenant = any ($2) and t.is_active order by t.id) as c), '[]') as records`,
      values: [service, ownersFor(tenant)],
    });
    if (!row) throw new Error('A statement without a condition gave no row.');
    return { now: row.now, layers: row.records.map(layerFrom) };
  }

  /**
   * The scope of a configuration never changes, so that those of today and those that are gone are all there ever were.
   * @throws VersionCompacted when it is not known any more of each of them what it was
   */
  override async asOf(service: ServiceId, tenant: string | null, at: Date): Promise<Layer[]> {
    const rows = await this.database.read<PastLayerRow>({
      name: 'configuration_layers_as_of',
      text: `select l.snapshot, l.aggregate_version as version, n.next from (
               select id from configuration.configuration where service = $1 and tenant = any ($2)
               union select id from configuration.former where service = $1 and tenant = any ($2)) as c
             left join lateral (
               select snapshot, aggregate_version from platform.change_log
               where aggregate_id = c.id and aggregate_type = '${CONFIGURATION_TYPE}' and aggregate_version > 0
                 and occurred_at <= $3
               order by aggregate_version desc limit 1) as l on true
             cross join lateral (
               select min(aggregate_version) as next from platform.change_log
               where aggregate_id = c.id and aggregate_type = '${CONFIGURATION_TYPE}'
                 and aggregate_version > coalesce(l.aggregate_version, 0)) as n
             order by c.id`,
      values: [service, ownersFor(tenant), at],
    });
    for (const { version, next } of rows) expectWhole(version, next, at);
    return rows.flatMap(({ snapshot }) => (snapshot?.is_active ? [layerFrom(snapshot)] : []));
  }
}

/** Whose rows a tenant sees. */
const ownersFor = (tenant: string | null): string[] =>
  tenant === null ? [SHARED_TENANT] : [SHARED_TENANT, tenantColumn(tenant)];

/** Tenants go on beside each other; whoever changes what is shared waits for all of them. */
function holding(service: string, tenant: string | null): Statement {
  return tenant === null
    ? {
        name: 'hold_shared_layers',
        text: `select pg_advisory_xact_lock(hashtextextended('configuration/' || $1, 0))`,
        values: [service],
      }
    : {
        name: 'hold_layers',
        text: `select pg_advisory_xact_lock_shared(hashtextextended('configuration/' || $1, 0)),
                      pg_advisory_xact_lock(hashtextextended('configuration/' || $1 || '/' || $2, 0))`,
        values: [service, tenant],
      };
}
