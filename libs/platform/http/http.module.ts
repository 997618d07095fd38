import { Global, Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Database } from '#platform/database';
import { Jobs } from '#platform/jobs';
import { Batches } from './batch.js';
import { HotRoutes } from './hot-routes.js';
import { IDEMPOTENCY_LIFETIME, IdempotencyInterceptor } from './idempotency.js';
import { KnownQueryGuard } from './known-query.guard.js';
import { SpoolInterceptor } from './spool.interceptor.js';

const FORGET_MS = 60 * 60 * 1_000;

/** What every controller uses. */
@Global()
@Module({
  providers: [
    { provide: APP_GUARD, useClass: KnownQueryGuard },
    Batches,
    HotRoutes,
    IdempotencyInterceptor,
    SpoolInterceptor,
  ],
  exports: [Batches, HotRoutes, IdempotencyInterceptor, SpoolInterceptor],
})
export class HttpModule implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: Jobs,
    private readonly database: Database,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.onOneReplica({
      name: 'idempotency-forget',
      everyMs: FORGET_MS,
      run: () => this.#forgetResponses(),
    });
  }

  async #forgetResponses(): Promise<void> {
    const text = `delete from platform.idempotency where created_at < statement_timestamp() - interval '${IDEMPOTENCY_LIFETIME}'`;
    await this.database.run(() => this.database.transaction.query({ text }));
  }
}
