import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#platform/database';
import { Jobs } from '#platform/jobs';
import { SqlSettling, TIMEOUTS_JOB } from './sql-settling.js';

/** What somebody makes due sooner than what was known of is found within this time. */
const EVERY_MS = 200;
/** Requests in one transaction: few enough that whoever waits for one of them hardly does. */
const AT_ONCE = 200;

/**
 * Settles what nobody looks at. Every replica looks whether anything is due, which costs next to nothing, and again at the very
 * instant at which something will be; one at a time then does it, until nothing is left.
 */
@Injectable()
export class DueSweeper implements OnApplicationBootstrap {
  #nextInMs: number | null = null;

  constructor(
    private readonly settling: SqlSettling,
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  onApplicationBootstrap(): void {
    const run = (): Promise<void> => this.#sweep();
    this.jobs.everywhere({ name: TIMEOUTS_JOB, everyMs: EVERY_MS, run, sooner: () => this.#nextInMs });
  }

  /** What is due still, after all, somebody else is at work on: that is looked at in its turn. */
  async #sweep(): Promise<void> {
    this.#nextInMs = null;
    let dueInMs = await this.settling.dueInMs();
    if (dueInMs === 0) {
      await this.database.exclusively(`job:${TIMEOUTS_JOB}`, async () => {
        while ((await this.settling.sweep(AT_ONCE)) > 0);
      });
      dueInMs = await this.settling.dueInMs();
    }
    this.#nextInMs = dueInMs === 0 ? null : dueInMs;
  }
}
