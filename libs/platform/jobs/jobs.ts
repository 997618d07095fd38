import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';

/** Something that is done again and again. */
export interface Job {
  /** Unique; the actor of its changes is `system:<name>`. */
  readonly name: string;
  readonly everyMs: number;
  /** Running it once more than needed does no harm. */
  run(): Promise<void>;
  /** Asked after each run: in how many milliseconds to run again where that is sooner; null where it is not. */
  sooner?(): number | null;
}

/** Share of the interval by which a job may come earlier, so that replicas do not all come at once. */
const JITTER = 0.1;

/** Runs jobs, each once at the start for what fell due while nothing ran, and then again and again. */
@Injectable()
export class Jobs implements BeforeApplicationShutdown {
  readonly #logger = new Logger(Jobs.name);
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** By the monotonic clock, in milliseconds; none of a job that runs now. */
  readonly #nextAt = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(
    private readonly context: CallContext,
    private readonly database: Database,
  ) {}

  /** On one replica at a time; the lock is a transaction's, so that it is gone with the process that held it. */
  onOneReplica(job: Job): void {
    const run = async (): Promise<void> => {
      await this.database.exclusively(`job:${job.name}`, () => job.run());
    };
    this.#after({ ...job, run }, 0);
  }

  /** On every replica, for what each has in its own memory. */
  everywhere(job: Job): void {
    this.#after(job, 0);
  }

  /** Runs a job that waits for its turn at the latest in so many milliseconds; one that runs now is asked after it. */
  hasten(job: Job, milliseconds: number): void {
    const nextAt = this.#nextAt.get(job.name);
    if (nextAt === undefined || nextAt <= performance.now() + milliseconds) return;
    clearTimeout(this.#timers.get(job.name));
    this.#after(job, milliseconds);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.allSettled(this.#running);
  }

  #after(job: Job, milliseconds: number): void {
    if (this.#stopped) return;
    this.#nextAt.set(job.name, performance.now() + milliseconds);
    const timer = setTimeout(() => {
      this.#nextAt.delete(job.name);
      const run = this.#run(job).finally(() => {
        this.#running.delete(run);
        const pause = job.everyMs * (1 - JITTER * Math.random());
        this.#after(job, Math.min(pause, job.sooner?.() ?? pause));
      });
      this.#running.add(run);
    }, milliseconds);
    timer.unref();
    this.#timers.set(job.name, timer);
  }

  async #run(job: Job): Promise<void> {
    try {
      await this.context.runAsSystem(job.name, () => job.run());
    } catch (error) {
      this.#logger.warn(`The job ${job.name} failed and will be tried again: ${String(error)}`);
    }
  }
}
