import { Injectable } from '@nestjs/common';
import { ChangeLog } from '#platform/change-log';
import { tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { EffectiveQueries } from '../application/effective.queries.js';
import type { EffectiveQuestion, EffectiveView, LayerOrigin } from '../application/effective.queries.js';
import { viewOf } from '../application/effective-view.js';
import type { Layer } from '../domain/effective/layer.js';
import type { ServiceId } from '../domain/identity.js';
import { CONFIGURATION_TYPE, subjectOf } from './configuration.table.js';
import { SqlLayers } from './sql-layers.js';

interface OriginRow {
  readonly id: string;
  readonly version: number;
  readonly actor: string;
  readonly occurred_at: Date;
  readonly reason: string | null;
}

@Injectable()
export class SqlEffectiveQueries extends EffectiveQueries {
  constructor(
    private readonly database: Database,
    private readonly layers: SqlLayers,
    private readonly log: ChangeLog,
  ) {
    super();
  }

  override async effective(question: EffectiveQuestion): Promise<EffectiveView> {
    const { service, tenant, at } = question;
    const present = await this.layers.visibleTo(service, tenant);
    const isPast = at !== null && at <= present.now;
    const layers = isPast ? await this.layers.asOf(service, tenant, at) : present.layers;
    return viewOf(layers, question, (at ?? present.now).getTime());
  }

  override async originsOf(layers: readonly Layer[]): Promise<ReadonlyMap<Layer, LayerOrigin>> {
    const rows = await this.database.read<OriginRow>({
      name: 'configuration_origins',
      text: `select w.id, w.version, l.actor, l.occurred_at, l.reason
             from unnest($1::uuid[], $2::int[]) as w(id, version)
             join platform.change_log l on l.aggregate_id = w.id and l.aggregate_version = w.version
             where l.aggregate_type = '${CONFIGURATION_TYPE}'`,
      values: [layers.map(({ configurationId }) => configurationId), layers.map(({ version }) => version)],
    });
    const byVersion = new Map(rows.map((row) => [`${row.id} ${row.version}`, row]));
    return new Map(
      layers.flatMap((layer) => {
        const row = byVersion.get(`${layer.configurationId} ${layer.version}`);
        return row ? [[layer, originFrom(row)]] : [];
      }),
    );
  }

  override async noteRevealed(service: ServiceId, layers: readonly Layer[]): Promise<void> {
    await this.database.run(async () => {
      for (const { configurationId, tenant, name, environment } of layers)
        this.log.act({
          aggregateType: CONFIGURATION_TYPE,
          aggregateId: configurationId,
          type: 'revealed',
          subject: subjectOf({ service, name, environment }),
          tenant: tenantColumn(tenant),
        });
    });
  }
}

const originFrom = ({ actor, occurred_at, reason }: OriginRow): LayerOrigin => ({
  changedBy: actor,
  changedAt: occurred_at,
  changeReason: reason,
});
