import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { ChangeBus } from '#platform/change-log';
import { Database } from '#platform/database';
import { Jobs } from '#platform/jobs';
import type { Job } from '#platform/jobs';
import { SUPERVISOR_REQUEST_TYPE } from './supervisor-request.table.js';
import { SqlSettling, TIMEOUTS_JOB } from './sql-settling.js';

/** Should a change not be heard of, or the lock be taken by somebody who goes away with it. */
const EVERY_MS = 5_000;
/** What somebody makes due sooner than what was known of is looked at within this time. */
const NEWS_MS = 200;
/** Requests in one transaction: few enough that whoever waits for one of them hardly does. */
const AT_ONCE = 200;

/**
 * Settles what nobody looks at. Every replica looks whether anything is due when a request has changed, and again at the very
 * instant at which something will be; one at a time then does it, until nothing is left.
 */
@Injectable()
export class DueSweeper implements OnApplicationBootstrap {
  #nextInMs: number | null = null;
  #hasNews = false;

  constructor(
    private readonly settling: SqlSettling,
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly bus: ChangeBus,
  ) {}

  onApplicationBootstrap(): void {
    const job: Job = {
      ...{ name: TIMEOUTS_JOB, everyMs: EVERY_MS, run: () => this.#sweep() },
      sooner: () => (this.#hasNews ? Math.min(NEWS_MS, this.#nextInMs ?? NEWS_MS) : this.#nextInMs),
    };
    this.jobs.everywhere(job);
    this.bus.listen([SUPERVISOR_REQUEST_TYPE], () => {
      if (this.#hasNews) return;
      this.#hasNews = true;
      this.jobs.hasten(job, NEWS_MS);
    });
  }

  /** What is due still, after all, somebody else is at work on: that is looked at a little later. */
  async #sweep(): Promise<void> {
    this.#nextInMs = null;
    this.#hasNews = false;
    let dueInMs = await this.settling.dueInMs();
    if (dueInMs === 0) {
      await this.database.exclusively(`job:${TIMEOUTS_JOB}`, async () => {
        while ((await this.settling.sweep(AT_ONCE)) > 0);
      });
      dueInMs = await this.settling.dueInMs();
    }
    this.#nextInMs = dueInMs === 0 ? NEWS_MS : dueInMs;
  }
}
