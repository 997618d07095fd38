import { Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { ChangeBus, ChangeFeed } from '#platform/change-log';
import { AppSettings } from '#platform/config';
import { ServerSecrets } from '#platform/database';
import { HotCache } from './hot-cache.js';
import type { HotSource } from './hot-cache.js';
import { RemoteTier } from './remote-tier.js';

const BYTES_MAX = 256 * 1024 * 1024;
const NAME_BYTES = 12;
/** The version of what was done and changed nothing. */
const ACT = 0;

/** Makes caches that follow the change log. */
@Injectable()
export class HotCaches implements OnApplicationShutdown {
  readonly #caches = new Map<string, Pick<HotCache<never>, 'counts'>>();
  readonly #remote: RemoteTier[] = [];

  constructor(
    private readonly settings: AppSettings,
    private readonly bus: ChangeBus,
    private readonly feed: ChangeFeed,
    private readonly secrets: ServerSecrets,
  ) {}

  /** A cache of one kind of aggregate, by the name that its subject gives; without `nameOf` that is the subject itself. */
  create<T>(
    aggregateType: string,
    source: HotSource<T>,
    nameOf: (subject: string) => string = (subject) => subject,
  ): HotCache<T> {
    const { redisUrl, cacheEntriesMax } = this.settings;
    const remote =
      redisUrl === null ? null : new RemoteTier(redisUrl, () => `${this.#installation}:${aggregateType}`);
    if (remote) this.#remote.push(remote);
    const cache = new HotCache(source, { entriesMax: cacheEntriesMax, bytesMax: BYTES_MAX }, remote);
    this.feed.onStart((tenant, revision) => cache.startAt(tenant, revision));
    this.bus.listen([aggregateType], (changes) => {
      for (const change of changes) {
        if (change.aggregateVersion === ACT) continue;
        cache.changed(change.tenant, nameOf(change.subject), change.revision);
        if (change.previousSubject !== null)
          cache.changed(change.tenant, nameOf(change.previousSubject), change.revision);
      }
    });
    this.#caches.set(aggregateType, cache);
    return cache;
  }

  /** Installations that share a Redis do not share what is in it. */
  get #installation(): string {
    return `metastore:${this.secrets.of('cache').subarray(0, NAME_BYTES).toString('base64url')}`;
  }

  /** What each did, for metrics. */
  get counts(): Readonly<Record<string, { hits: number; misses: number }>> {
    return Object.fromEntries([...this.#caches].map(([name, cache]) => [name, cache.counts]));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#remote.map((remote) => remote.close()));
  }
}
