import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { FlagSet } from '#flag-evaluator';
import { ChangeBus, ChangeFeed } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn, tenantFromColumn } from '#platform/context';
import { Health, Metrics } from '#platform/observability';
import { LiveFlagSets } from '../application/live-flag-sets.js';
import type {
  FlagSetSwap,
  LayeredFlagContent,
  LiveFlagIdentity,
  SwapListener,
} from '../application/live-flag-sets.js';
import { FlagLayer } from './flag-layer.js';
import type { FlagNews } from './flag-layer.js';
import { FLAG_TYPE } from './flag.table.js';
import { layerChangesOf } from './layer-changes.js';
import type { LayerChanges } from './layer-changes.js';
import { SEGMENT_TYPE } from './segment.table.js';
import { SqlFlagRows } from './sql-flag-rows.js';
import type { ChangedNames } from './sql-flag-rows.js';

/** Of all tenants together; one tenant's are kept however many they are. */
const OWN_ROWS_MAX = 200_000;
const RETRY_MS = 50;
const RETRY_MS_MAX = 2_000;
const MILLISECONDS = 1_000;
const NOTHING = { flags: [], segments: [] };

interface Loading {
  readonly layer: Promise<FlagLayer>;
  /** What happened since the load began, and may not be in what it reads. */
  readonly news: FlagNews[];
}

/**
 * A layer for the shared flags, and one for each tenant that has flags of its own, on first use. What this process commits
 * is put in before the caller is answered, from the change itself; of what others commit the names are heard and their
 * rows read. Both carry revisions, so that their order does not matter.
 */
@Injectable()
export class ChangeFedLiveFlagSets
  extends LiveFlagSets
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  readonly #logger = new Logger(ChangeFedLiveFlagSets.name);
  #shared: FlagLayer | null = null;
  readonly #own = new LRUCache<string, FlagLayer>({
    maxSize: OWN_ROWS_MAX,
    sizeCalculation: ({ size }) => Math.min(1 + size, OWN_ROWS_MAX),
  });
  /** Tenants that have something of their own, or had it: for all others the shared flags are the whole. */
  readonly #owners = new Set<string>();
  readonly #loading = new Map<string, Loading>();
  readonly #unread = new Map<string, { flags: Set<string>; segments: Set<string> }>();
  readonly #reading = new Map<string, Promise<void>>();
  readonly #failing = new Set<string>();
  readonly #listeners = new Set<SwapListener>();
  #starting: Promise<void> | null = null;
  #isStopped = false;
  #loadSeconds = 0;

  constructor(
    private readonly rows: SqlFlagRows,
    private readonly feed: ChangeFeed,
    bus: ChangeBus,
    health: Health,
    metrics: Metrics,
  ) {
    super();
    bus.listen([FLAG_TYPE, SEGMENT_TYPE], (changes) =>
      layerChangesOf(changes).forEach((change) => this.#hear(change)),
    );
    health.register('feature_flags', () => this.#health());
    metrics.gauge(
      'metastore_flags_load_seconds',
      'How long it took at the start to read and compile the shared flags; 0 until then.',
      () => this.#loadSeconds,
    );
  }

  /**
   * The feed of the platform has started: from here on every change is heard of. No request is taken before this ends;
   * where it fails, the process is not ready until it does not.
   */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      this.#logger.warn(`The flags cannot be read now: ${String(error)}`);
      void this.#startUntilDone();
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopped = true;
    await Promise.allSettled([this.#starting, ...this.#reading.values()]);
  }

  override of(tenant: string | null): FlagSet | undefined {
    const shared = this.#shared?.over(undefined);
    if (shared === undefined || tenant === null || !this.#owners.has(tenant)) return shared;
    return this.#own.get(tenant)?.over(shared);
  }

  override async load(tenant: string | null): Promise<FlagSet> {
    if (!this.#shared) await this.#start();
    const own = tenant !== null && this.#owners.has(tenant) ? await this.#layer(tenant) : null;
    const shared = this.#shared?.over(undefined);
    if (shared === undefined) throw new Error('The shared flags were loaded and are not there.');
    return own?.over(shared) ?? shared;
  }

  override stateOf(tenant: string | null): string | undefined {
    const shared = this.#shared?.state;
    if (shared === undefined || tenant === null || !this.#owners.has(tenant)) return shared;
    const own = this.#own.get(tenant);
    if (own === undefined) return undefined;
    return own.size === 0 ? shared : `${shared}.${own.state}`;
  }

  override contentOf(tenant: string | null): LayeredFlagContent | undefined {
    if (!this.#shared) return undefined;
    const shared = this.#shared.content;
    if (tenant === null || !this.#owners.has(tenant)) return { shared, own: NOTHING };
    const own = this.#own.get(tenant)?.content;
    return own && { shared, own };
  }

  override identityOf(tenant: string | null, name: string): LiveFlagIdentity | undefined {
    const ownId = tenant === null ? undefined : this.#own.get(tenant)?.flagId(name);
    if (ownId !== undefined) return { id: ownId, tenant };
    const id = this.#shared?.flagId(name);
    return id === undefined ? undefined : { id, tenant: null };
  }

  override onSwap(listener: SwapListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  override get mayBeOld(): boolean {
    return this.feed.isAway || this.#failing.size > 0;
  }

  #hear({ stream, names, news }: LayerChanges): void {
    if (stream !== SHARED_TENANT) this.#owners.add(stream);
    if (news) this.#take(stream, news);
    else if (this.#layerOf(stream) || this.#loading.has(stream)) this.#readLater(stream, names);
    else this.#tell(stream, names);
  }

  #take(stream: string, news: FlagNews): void {
    this.#loading.get(stream)?.news.push(news);
    const layer = this.#layerOf(stream);
    if (layer && !layer.apply(news)) return;
    if (layer?.isWorn) void this.#load(stream).catch(() => undefined); // It goes on as it is.
    this.#tell(stream, { flags: new Set(news.flags.keys()), segments: new Set(news.segments.keys()) });
  }

  #tell(stream: string, names: ChangedNames): void {
    const tenant = tenantFromColumn(stream);
    const swap: FlagSetSwap = { tenant, flags: [...names.flags], segments: [...names.segments] };
    for (const listener of this.#listeners) listener(swap);
  }

  #readLater(stream: string, { flags, segments }: ChangedNames): void {
    const unread = this.#unread.get(stream) ?? { flags: new Set(), segments: new Set() };
    for (const name of flags) unread.flags.add(name);
    for (const name of segments) unread.segments.add(name);
    this.#unread.set(stream, unread);
    if (!this.#reading.has(stream)) this.#reading.set(stream, this.#readUnread(stream));
  }

  /** One read after the other, until nothing of the stream is unread; while the database is away it tries again and again. */
  async #readUnread(stream: string): Promise<void> {
    let failures = 0;
    for (;;) {
      const names = this.#unread.get(stream);
      if (!names || this.#isStopped) {
        this.#reading.delete(stream); // In the same breath, so that a change that comes now begins another read.
        return;
      }
      try {
        this.#unread.delete(stream);
        this.#take(stream, await this.rows.named(stream, names));
        this.#failing.delete(stream);
        failures = 0;
      } catch (error) {
        this.#unread.set(stream, union(names, this.#unread.get(stream)));
        if (!this.#failing.has(stream))
          this.#logger.warn(`Changed flags cannot be read now: ${String(error)}`);
        this.#failing.add(stream);
        failures += 1;
        await retryPause(failures);
      }
    }
  }

  async #startUntilDone(): Promise<void> {
    for (let failures = 1; !this.#shared && !this.#isStopped; failures += 1) {
      await retryPause(failures);
      await this.#start().catch(() => undefined); // It was said once.
    }
  }

  #start(): Promise<void> {
    this.#starting ??= this.#startOnce().finally(() => (this.#starting = null));
    return this.#starting;
  }

  async #startOnce(): Promise<void> {
    const startedAt = performance.now();
    // Before the shared flags: with these there, whoever is no owner is answered.
    for (const tenant of await this.rows.owners()) this.#owners.add(tenant);
    const shared = await this.#load(SHARED_TENANT);
    shared.over(undefined); // Compiled here, and not by the first who asks.
    this.#loadSeconds = (performance.now() - startedAt) / MILLISECONDS;
  }

  async #layer(tenant: string): Promise<FlagLayer> {
    return this.#own.get(tenant) ?? this.#load(tenantColumn(tenant));
  }

  #load(stream: string): Promise<FlagLayer> {
    const running = this.#loading.get(stream);
    if (running) return running.layer;
    const news: FlagNews[] = [];
    const layer = this.#loadOnce(stream, news).finally(() => this.#loading.delete(stream));
    this.#loading.set(stream, { layer, news });
    return layer;
  }

  async #loadOnce(stream: string, news: readonly FlagNews[]): Promise<FlagLayer> {
    const layer = FlagLayer.of(await this.rows.all(stream));
    for (const each of news) layer.apply(each);
    if (stream === SHARED_TENANT) this.#shared = layer;
    else this.#own.set(stream, layer);
    return layer;
  }

  #layerOf(stream: string): FlagLayer | undefined {
    return stream === SHARED_TENANT ? (this.#shared ?? undefined) : this.#own.peek(stream);
  }

  #health(): { status: 'ok' | 'degraded' | 'down'; detail?: string } {
    if (!this.#shared) return { status: 'down', detail: 'The flags are not loaded yet.' };
    if (this.#failing.size === 0) return { status: 'ok' };
    return { status: 'degraded', detail: 'Changed flags cannot be read; the last known ones are served.' };
  }
}

const union = (
  one: ChangedNames,
  other: ChangedNames | undefined,
): { flags: Set<string>; segments: Set<string> } => ({
  flags: new Set([...one.flags, ...(other?.flags ?? [])]),
  segments: new Set([...one.segments, ...(other?.segments ?? [])]),
});

/** Ever longer, and never the same, so that replicas do not come back all at once. */
const retryPause = (failures: number): Promise<void> =>
  pause(Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** failures) * (0.5 + Math.random() / 2), undefined, {
    ref: false,
  });
