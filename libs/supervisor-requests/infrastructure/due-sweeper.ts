import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#platform/database';
import { Jobs } from '#platform/jobs';
import { SqlSettling, TIMEOUTS_JOB } from './sql-settling.js';

/** Within this time of its instant something that is due has happened, when anybody runs. */
const EVERY_MS = 200;
/** Requests in one transaction: few enough that whoever waits for one of them hardly does. */
const AT_ONCE = 500;

/**
 * Settles what nobody looks at. Every replica looks whether anything is due, which costs next to nothing; one at a time then
 * does it, until nothing is left.
 */
@Injectable()
export class DueSweeper implements OnApplicationBootstrap {
  constructor(
    private readonly settling: SqlSettling,
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.everywhere({ name: TIMEOUTS_JOB, everyMs: EVERY_MS, run: () => this.#sweep() });
  }

  async #sweep(): Promise<void> {
    if (!(await this.settling.isAnythingDue())) return;
    await this.database.exclusively(`job:${TIMEOUTS_JOB}`, async () => {
      while ((await this.settling.sweep(AT_ONCE)) === AT_ONCE);
    });
  }
}
