import { Injectable } from '@nestjs/common';
import { SecretProbe } from '../../application/secret-probe.js';
import type { ProbeResult } from '../../application/secret-probe.js';
import { SecretProviderNotFound } from '../../domain/secret-errors.js';
import type { ProviderAlias } from '../../domain/secret-provider.js';
import { ProviderDirectory } from './provider-directory.js';
import { failureOf, inTime } from './secret-source.js';
import { FETCH_MS_MAX, SecretSources } from './secret-sources.js';

@Injectable()
export class SourceProbe extends SecretProbe {
  constructor(
    private readonly directory: ProviderDirectory,
    private readonly sources: SecretSources,
  ) {
    super();
  }

  override async probe(tenant: string | null, alias: ProviderAlias): Promise<ProbeResult> {
    const provider = (await this.directory.of([tenant])).find(tenant, { provider: alias });
    if (!provider) throw new SecretProviderNotFound();
    const source = await this.sources.of(provider);
    const signal = AbortSignal.timeout(FETCH_MS_MAX);
    const start = performance.now();
    const elapsed = (): number => Math.round(performance.now() - start);
    try {
      return { isOk: true, detail: await inTime(source.probe(signal), signal), latencyMs: elapsed() };
    } catch (error) {
      const { why, message } = failureOf(error, signal);
      return { isOk: false, detail: `${why}: ${message}`, latencyMs: elapsed() };
    }
  }
}
