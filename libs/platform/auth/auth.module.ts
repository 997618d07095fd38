import { Global, Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#platform/database';
import { Jobs } from '#platform/jobs';
import { Admission } from './admission.js';
import { ApiKeys } from './api-keys.js';
import { Authenticator } from './authenticator.js';
import { SignedUrls } from './signed-urls.js';
import { SignedUrlsController } from './signed-urls.controller.js';
import { SecurityAudit } from './security-audit.js';

const LAST_USED_MS = 60_000;
const AUDIT_MS = 60_000;

/** Who calls and what they may do, everywhere. */
@Global()
@Module({
  controllers: [SignedUrlsController],
  providers: [Admission, ApiKeys, Authenticator, SecurityAudit, SignedUrls],
  exports: [Admission, ApiKeys, SecurityAudit],
})
export class AuthModule implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly authenticator: Authenticator,
    private readonly audit: SecurityAudit,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.everywhere({
      name: 'api-keys-last-used',
      everyMs: LAST_USED_MS,
      run: () => this.#noteLastUsed(),
    });
    this.jobs.everywhere({ name: 'security-audit', everyMs: AUDIT_MS, run: () => this.audit.flush() });
  }

  /** Not a change of the key: it has no version and no place in the log. */
  async #noteLastUsed(): Promise<void> {
    const used = [...this.authenticator.takeLastUsed()];
    if (used.length === 0) return;
    await this.database.run(() =>
      this.database.transaction.query({
        name: 'api_keys_last_used',
        text: `update platform.api_key k set last_used_at = greatest(k.last_used_at, u.at)
               from unnest($1::text[], $2::timestamptz[]) as u(token_id, at) where k.token_id = u.token_id`,
        values: [used.map(([tokenId]) => tokenId), used.map(([, at]) => new Date(at).toISOString())],
      }),
    );
  }
}
