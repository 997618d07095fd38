import { Injectable } from '@nestjs/common';
import { HotCache, HotCaches } from '#platform/cache';
import type { Stamped } from '#platform/cache';
import { ChangeBus, ChangeFeed } from '#platform/change-log';
import { CallContext, SHARED_TENANT, tenantColumn, tenantFromColumn } from '#platform/context';
import { Database, DatabaseClock } from '#platform/database';
import { LiveEffective } from '../application/live-effective.js';
import type { LayersListener, LiveLayers } from '../application/live-effective.js';
import type { Layer } from '../domain/effective/layer.js';
import type { ServiceId } from '../domain/identity.js';
import { CONFIGURATION_COLUMNS, CONFIGURATION_TYPE, serviceOf } from './configuration.table.js';
import type { ConfigurationRecord } from './configuration.table.js';
import { layerFrom } from './layer-record.js';

const OVERHEAD_BYTES = 500;
/** Two for each character of its text, and as much again for the objects. */
const BYTES_PER_CHARACTER = 4;
const NONE: readonly Layer[] = [];

/** What lies in the cache: plain data, so that it can lie in Redis too. */
interface CachedLayers {
  readonly layers: readonly Layer[];
  readonly bytes: number;
}

/** By owner and service. What has none is remembered as well. */
@Injectable()
export class ChangeFedLiveEffective extends LiveEffective {
  readonly #cache: HotCache<CachedLayers>;
  readonly #listeners = new Set<LayersListener>();

  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly clock: DatabaseClock,
    private readonly feed: ChangeFeed,
    caches: HotCaches,
    bus: ChangeBus,
  ) {
    super();
    this.#cache = caches.create(
      CONFIGURATION_TYPE,
      { load: (stream, service) => this.#load(stream, service), sizeOf: ({ bytes }) => bytes },
      serviceOf,
    );
    // After the cache, which knows by then that what it has is old.
    bus.listen([CONFIGURATION_TYPE], (changes) => {
      for (const { aggregateVersion, tenant, subject } of changes)
        if (aggregateVersion > 0) this.#tell(tenant, subject);
    });
  }

  override peek(service: ServiceId, tenant: string | null): LiveLayers | undefined {
    const shared = this.#cache.peek(SHARED_TENANT, service)?.layers;
    const own = tenant === null ? NONE : this.#cache.peek(tenant, service)?.layers;
    return shared && own && { shared, own };
  }

  override async load(service: ServiceId, tenant: string | null): Promise<LiveLayers> {
    const [shared, own] = await Promise.all([
      this.#cache.get(SHARED_TENANT, service),
      tenant === null ? null : this.#cache.get(tenantColumn(tenant), service),
    ]);
    return { shared: shared.layers, own: own?.layers ?? NONE };
  }

  override nowMs(): number {
    return this.clock.nowMs();
  }

  override onChange(listener: LayersListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  override get mayBeOld(): boolean {
    return this.feed.isAway;
  }

  #tell(stream: string, subject: string): void {
    for (const listener of this.#listeners) listener(serviceOf(subject), tenantFromColumn(stream));
  }

  /** The layers and the head of their stream in one statement: both are of the same instant. */
  async #load(stream: string, service: string): Promise<Stamped<CachedLayers>> {
    const [row] = await this.context.runAsSystem('live-configurations', () =>
      this.database.read<{ revision: string; now: Date; records: string }>({
        name: 'configuration_hot',
        text: `select coalesce((select h.revision from platform.stream_head h where h.tenant = $1), 0) as revision,
                      clock_timestamp() as now,
                      coalesce((select json_agg(c) from (select ${CONFIGURATION_COLUMNS} from configuration.configuration t
                        where t.tenant = $1 and t.service = $2 and t.is_active order by t.id) as c), '[]')::text as records`,
        values: [stream, service],
      }),
    );
    if (!row) throw new Error('A statement without a condition gave no row.');
    this.clock.observe(row.now);
    const records = JSON.parse(row.records) as ConfigurationRecord[];
    return {
      revision: Number(row.revision),
      value: {
        layers: records.map(layerFrom),
        bytes: OVERHEAD_BYTES + BYTES_PER_CHARACTER * row.records.length,
      },
    };
  }
}
