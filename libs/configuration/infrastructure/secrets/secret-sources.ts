import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '#shared-kernel';
import { environmentVariable } from '#platform/config';
import { Jobs } from '#platform/jobs';
import { SecretSurroundings } from '../../application/secret-surroundings.js';
import { SecretProviderCodec } from '../secret-provider.table.js';
import { AwsSource } from './aws-source.js';
import { EnvSource } from './env-source.js';
import { FileSource } from './file-source.js';
import { LastKnownSecrets } from './last-known-secrets.js';
import { ProviderDirectory } from './provider-directory.js';
import type { ListedProvider } from './provider-directory.js';
import { readWithin } from './safe-file.js';
import { SecretFailure } from './secret-source.js';
import type { SecretSource } from './secret-source.js';
import { VaultSource } from './vault-source.js';

const SOURCES_MAX = 1_000;
const KEEP_ALIVE_MS = 15_000;
/** How long one secret is waited for. */
export const FETCH_MS_MAX = 5_000;

interface KnownSource {
  readonly version: number;
  readonly source: Promise<SecretSource>;
}

/** The providers that were asked for, each with its log-in, as long as they stay as they are registered. */
@Injectable()
export class SecretSources implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #known = new LRUCache<string, KnownSource>({
    max: SOURCES_MAX,
    dispose: ({ source }) => void closed(source),
  });

  constructor(
    private readonly directory: ProviderDirectory,
    private readonly codec: SecretProviderCodec,
    private readonly surroundings: SecretSurroundings,
    private readonly lastKnown: LastKnownSecrets,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
  ) {}

  onApplicationBootstrap(): void {
    const run = (): Promise<void> => {
      this.lastKnown.forgetOld();
      return this.keepAlive();
    };
    this.jobs.everywhere({ name: 'secret-leases', everyMs: KEEP_ALIVE_MS, run });
  }

  onApplicationShutdown(): void {
    this.#known.clear();
  }

  /** Those who come at the same time share one, and with it its log-in. */
  of(provider: ListedProvider): Promise<SecretSource> {
    const { id, version } = provider;
    const known = this.#known.get(id);
    if (known?.version === version) return known.source;
    const source = this.#open(provider);
    if (version < (known?.version ?? 0)) return source; // Somebody else has read a newer one meanwhile.
    this.#known.set(id, { version, source });
    source.catch(() => this.#known.peek(id)?.source === source && this.#known.delete(id));
    return source;
  }

  /** Renews what runs out soon, and forgets the log-ins of providers that are not what they were. */
  async keepAlive(): Promise<void> {
    if (this.#known.size === 0) return;
    const versions = await this.directory.versionsOf([...this.#known.keys()]);
    for (const [id, { version }] of [...this.#known.entries()])
      if (versions.get(id) !== version) this.#known.delete(id);
    const sources = [...this.#known.values()].map(({ source }) => source);
    await Promise.allSettled(sources.map(async (source) => (await source).keepAlive?.()));
  }

  async #open(provider: ListedProvider): Promise<SecretSource> {
    const { surroundings, clock } = this;
    const { settings } = provider;
    const credentials = await this.codec.credentialsOf(provider);
    switch (settings.kind) {
      case 'vault':
        return new VaultSource(settings, {
          credentials,
          clock,
          timeoutMs: FETCH_MS_MAX,
          readJwt: async (path) => (await jwtAt(path, surroundings.fileRoots)).text,
        });
      case 'aws-secrets-manager':
        return new AwsSource(settings, credentials);
      case 'file':
        return new FileSource(settings, surroundings.fileRoots);
      case 'env':
        return new EnvSource(settings, { surroundings, read: environmentVariable });
    }
  }
}

async function closed(source: Promise<SecretSource>): Promise<void> {
  const opened = await source.catch(() => null); // Whoever asked for it has heard of it.
  opened?.close?.();
}

/** Without it there is no log-in, whatever the reason. */
async function jwtAt(path: string, roots: readonly string[]): Promise<{ text: string }> {
  try {
    return await readWithin(roots, path);
  } catch (error) {
    if (!(error instanceof SecretFailure)) throw error;
    throw new SecretFailure('login_failed', 'The file of the service account’s token cannot be read.');
  }
}
