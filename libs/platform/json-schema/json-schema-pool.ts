import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Piscina } from 'piscina';
import type { Violation } from '#shared-kernel';
import { AppSettings } from '#platform/config';
import { SchemaTooExpensive, ValidationBusy, ValidationUnavailable } from './errors.js';
import { FairQueue } from './fair-queue.js';
import { portionAt } from './document-portions.js';
import type { Candidate, DocumentText, DocumentViolation, Outcome, SchemaBundle, Task } from './messages.js';
import { SCHEMA_WORKER } from './schema-worker-file.js';

const JOB_MEGABYTES_MAX = 64;
/** Of one tenant; those beyond are refused. */
export const WAITING_MAX = 32;
const WORKERS_MIN = 2;
const WORKERS_MAX = 4;
const IDLE_MILLISECONDS = 10_000;
/** A worker that has not begun by then never will. */
const START_MILLISECONDS_MAX = 30_000;

/**
 * Works with schemas that nobody vouches for, in threads of their own: each job has its time, 250 ms unless set otherwise, and 64 MB,
 * and is ended hard beyond them, and no tenant ever has all of the workers. They start when they are needed, and go away at rest.
 */
@Injectable()
export class JsonSchemaPool implements OnApplicationShutdown {
  readonly #workers = Math.min(Math.max(availableParallelism(), WORKERS_MIN), WORKERS_MAX);
  readonly #turns = new FairQueue({
    running: this.#workers,
    runningOfOne: this.#workers - 1,
    waitingOfOne: WAITING_MAX,
  });
  #threads: Promise<Piscina<unknown, Outcome>> | null = null;
  #isClosed = false;

  constructor(private readonly settings: AppSettings) {}

  /**
   * What is wrong with a linted schema: that its metaschema does not allow it, and patterns that are not of linear time.
   * @throws SchemaTooExpensive, ValidationBusy, ValidationUnavailable
   */
  async admit(tenant: string | null, candidate: Candidate): Promise<readonly Violation[]> {
    const outcome = await this.#perform(tenant, { kind: 'admit', ...candidate });
    if (outcome.kind !== 'admitted') throw new SchemaTooExpensive();
    return outcome.violations;
  }

  /**
   * What each document breaks, in their order; many are split into several jobs.
   * @throws SchemaTooExpensive, ValidationBusy, ValidationUnavailable
   */
  async check(
    tenant: string | null,
    bundle: SchemaBundle,
    documents: readonly DocumentText[],
  ): Promise<readonly (readonly DocumentViolation[])[]> {
    const results: (readonly DocumentViolation[])[] = [];
    while (results.length < documents.length) {
      const some = portionAt(documents, results.length);
      const outcome = await this.#perform(tenant, { kind: 'check', bundle, documents: some });
      if (outcome.kind !== 'checked') throw new SchemaTooExpensive();
      results.push(...outcome.results);
    }
    return results;
  }

  async onApplicationShutdown(): Promise<void> {
    this.#isClosed = true;
    await (await this.#threads)?.destroy();
  }

  #perform(tenant: string | null, task: Task): Promise<Outcome> {
    const refuse = (): Error => new ValidationBusy();
    return this.#turns.run(tenant ?? '', () => this.#runTwiceAtMost(task), refuse);
  }

  /** The room of a worker may have been taken by jobs before: in a new one the job has all of it. */
  async #runTwiceAtMost(task: Task): Promise<Outcome> {
    try {
      return await this.#run(task);
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
    }
    try {
      return await this.#run(task);
    } catch (error) {
      throw isOutOfMemory(error) ? new SchemaTooExpensive() : error;
    }
  }

  async #run(task: Task): Promise<Outcome> {
    const threads = await this.#open();
    const limit = new Limit(this.settings.schemaJobMs);
    try {
      const { port1, port2 } = new MessageChannel();
      port1.once('message', () => limit.begin());
      const job = { task, begun: port2 };
      return await threads.run(job, { signal: limit.signal, transferList: [port2] });
    } catch (error) {
      throw limit.reason ?? error;
    } finally {
      limit.end();
    }
  }

  async #open(): Promise<Piscina<unknown, Outcome>> {
    if (this.#isClosed) throw new ValidationUnavailable();
    this.#threads ??= this.#start();
    return this.#threads;
  }

  /** The library is loaded with the first schema: most processes never see one. */
  async #start(): Promise<Piscina<unknown, Outcome>> {
    const { default: library } = await import('piscina');
    const threads = new library.Piscina<unknown, Outcome>({
      filename: SCHEMA_WORKER.filename,
      execArgv: [...SCHEMA_WORKER.execArgv],
      name: 'run',
      env: {}, // What the process was given is none of their concern.
      minThreads: 0,
      maxThreads: this.#workers,
      idleTimeout: IDLE_MILLISECONDS,
      resourceLimits: { maxOldGenerationSizeMb: JOB_MEGABYTES_MAX },
    });
    threads.on('error', () => undefined); // Of a worker at rest: the next job starts another one.
    return threads;
  }
}

/** Ends a job that takes too long, and remembers why. */
class Limit {
  readonly #abort = new AbortController();
  #timer = setTimeout(() => this.#stop(new ValidationUnavailable()), START_MILLISECONDS_MAX);
  #isOver = false;
  reason: Error | null = null;

  constructor(private readonly milliseconds: number) {}

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** From when a job begins to run in its worker. */
  begin(): void {
    if (this.#isOver) return;
    clearTimeout(this.#timer);
    // What has come in the meantime counts: this thread may have been busy itself.
    this.#timer = setTimeout(
      () => setImmediate(() => this.#stop(new SchemaTooExpensive())),
      this.milliseconds,
    );
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #stop(reason: Error): void {
    if (this.#isOver) return;
    this.reason = reason;
    this.#abort.abort();
  }
}

const isOutOfMemory = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
