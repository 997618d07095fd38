import { Injectable, Logger } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { Clock } from '#shared-kernel';
import { ChangeBus, EventsQueries } from '#platform/change-log';
import type { LoggedEvent } from '#platform/change-log';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import { Courier } from '#platform/deliveries';
import { EventPresenters, toCloudEvent } from '#platform/events';
import { stringifyExact } from '#platform/http';
import { Jobs } from '#platform/jobs';
import { SinkLost, Sinks } from '#platform/sinks';
import type { HeldSink, SinkKind, SinkRun } from '#platform/sinks';
import { WebhookService } from '../application/webhook.service.js';
import { WebhookNotFound } from '../domain/errors.js';
import type { WebhookId } from '../domain/identity.js';
import type { DisabledReason } from '../domain/webhook.js';
import { Probes } from './probes.js';
import { SharedReads } from './shared-reads.js';
import { WEBHOOK_SINKS } from './sink-telling.js';
import { SqlDeliveries } from './sql-deliveries.js';
import { WebhookRun } from './webhook-run.js';
import type { RunTools } from './webhook-run.js';
import { WebhookSetups } from './webhook-setups.js';
import { WEBHOOK_TYPE } from './webhook.table.js';

const JOB = 'webhooks';
const EVERY_MS = 1_000;
const PAGE_EVENTS = 200;
const WARN_MS = 10_000;

/** Runs the webhooks that this replica holds. All of them together read each stream once, and look once a second what is due. */
@Injectable()
export class WebhookSinks implements SinkKind, OnModuleInit {
  readonly kind = WEBHOOK_SINKS;
  readonly #logger = new Logger(WebhookSinks.name);
  readonly #runs = new Map<HeldSink, WebhookRun>();
  readonly #bodies = new WeakMap<LoggedEvent, string>();
  readonly #reads: SharedReads;
  readonly #tools: RunTools;
  #warnedAt = -Infinity;

  constructor(
    private readonly sinks: Sinks,
    private readonly deliveries: SqlDeliveries,
    private readonly service: WebhookService,
    private readonly context: CallContext,
    private readonly bus: ChangeBus,
    private readonly jobs: Jobs,
    private readonly presenters: EventPresenters,
    events: EventsQueries,
    setups: WebhookSetups,
    database: Database,
    courier: Courier,
    clock: Clock,
  ) {
    this.#reads = new SharedReads((stream, after) => events.page(stream, after, {}, PAGE_EVENTS));
    this.#tools = {
      ...{ database, deliveries, courier, clock, reads: this.#reads, probes: new Probes() },
      show: (event) => this.#show(event),
      missed: (what) => this.#logger.error(`${what}: the log was compacted further than it had come.`),
      setupOf: (id) => setups.of(id),
      asSystem: (work) => this.#asSystem(work),
      giveUp: (id, why) => this.#giveUp(id, why),
    };
  }

  onModuleInit(): void {
    this.sinks.register(this);
    this.jobs.everywhere({ name: JOB, everyMs: EVERY_MS, run: () => this.#beat() });
    this.bus.listen([WEBHOOK_TYPE], (changes) => {
      for (const { aggregateId } of changes) this.#changed(aggregateId);
    });
  }

  begin(sink: HeldSink): SinkRun {
    const id = sink.name.slice(WEBHOOK_SINKS.length + 1) as WebhookId;
    const run = new WebhookRun(id, sink, this.#tools);
    this.#runs.set(sink, run);
    return {
      wake: (streams) => run.wake(streams),
      stop: async () => {
        await run.stop();
        this.#runs.delete(sink);
      },
    };
  }

  async backlog(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const counts = names.map(async (name) => {
      const id = name.slice(WEBHOOK_SINKS.length + 1) as WebhookId;
      return [name, await this.deliveries.countPending(id)] as const;
    });
    return new Map(await Promise.all(counts));
  }

  async #beat(): Promise<void> {
    this.#reads.clear();
    const runs = [...this.#runs.values()];
    if (runs.length === 0) return;
    const withDue = await this.deliveries.withDue(runs.map(({ id }) => id));
    for (const run of inTurns(runs)) if (withDue.has(run.id)) run.wakeSending();
    for (const run of runs) await run.beat();
  }

  #changed(id: string): void {
    for (const run of this.#runs.values()) if (run.id === id) run.changed();
  }

  #show(event: LoggedEvent): string {
    const known = this.#bodies.get(event);
    if (known !== undefined) return known;
    const body = stringifyExact(
      toCloudEvent(event, this.presenters.present(event.aggregateType, event.snapshot)),
    );
    this.#bodies.set(event, body);
    return body;
  }

  async #asSystem<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.context.runAsSystem(JOB, work);
    } catch (error) {
      this.#report(error);
      throw error;
    }
  }

  /** Now and then, however many webhooks have the same trouble. Who lost a sink has nothing to tell: another one has it. */
  #report(error: unknown): void {
    const now = performance.now();
    if (error instanceof SinkLost || now < this.#warnedAt + WARN_MS) return;
    this.#warnedAt = now;
    this.#logger.warn(`Webhooks cannot be told now; it is tried again: ${String(error)}`);
  }

  /** Somebody may have deleted it meanwhile. */
  async #giveUp(id: WebhookId, why: DisabledReason): Promise<void> {
    try {
      await this.service.disable({ id, ifVersion: null }, null, why);
    } catch (error) {
      if (!(error instanceof WebhookNotFound)) throw error;
    }
  }
}

/** Begins with another one each time: where there is not room for all of them, none is always the last. */
function inTurns<T>(all: readonly T[]): T[] {
  const first = Math.floor(Math.random() * all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}
