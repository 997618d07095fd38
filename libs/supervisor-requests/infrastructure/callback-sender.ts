import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { ChangeBus, EventsQueries } from '#platform/change-log';
import { CallContext } from '#platform/context';
import { Courier, pauseAfter } from '#platform/deliveries';
import type { Outcome } from '#platform/deliveries';
import { EventPresenters, toCloudEvent } from '#platform/events';
import { stringifyExact } from '#platform/http';
import { Jobs } from '#platform/jobs';
import { SqlCallbacks } from './sql-callbacks.js';
import type { AttemptEnd, TakenCallback } from './sql-callbacks.js';
import { SUPERVISOR_REQUEST_TYPE } from './supervisor-request.table.js';

const JOB = 'supervisor-callbacks';
const EVERY_MS = 1_000;
/** At once, by this process. */
const UNDER_WAY_MAX = 32;
const UNDER_WAY_MAX_PER_RECEIVER = 4;
const ENDS: ReadonlySet<string> = new Set(['responded', 'responded_late', 'timed_out', 'cancelled']);

/**
 * Calls back those who asked for it. Whatever is due is taken by one replica at a time, for as long as a try may take, so that a
 * process that ends in the middle loses nothing: the same is sent again, under the same id.
 */
@Injectable()
export class CallbackSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(CallbackSender.name);
  readonly #underWay = new Set<Promise<void>>();
  readonly #busy = new Map<string, number>();
  #taking: Promise<void> | null = null;
  #isMoreDue = false;
  #isStopping = false;

  constructor(
    private readonly callbacks: SqlCallbacks,
    private readonly courier: Courier,
    private readonly events: EventsQueries,
    private readonly presenters: EventPresenters,
    private readonly bus: ChangeBus,
    private readonly context: CallContext,
    private readonly jobs: Jobs,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.everywhere({ name: JOB, everyMs: EVERY_MS, run: () => this.#look() });
    this.bus.listen([SUPERVISOR_REQUEST_TYPE], (changes, origin) => {
      const isEnd = changes.some(({ type }) => ENDS.has(type));
      if (origin === 'here' && isEnd) this.#lookSoon();
    });
  }

  /** What is under way is waited for: a try has a limit. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    await this.#taking?.catch(() => undefined);
    await Promise.all(this.#underWay);
  }

  #lookSoon(): void {
    this.context.runAsSystem(JOB, () => this.#look()).catch(() => undefined); // The database is away; the job looks again.
  }

  /** One look at a time; what comes meanwhile is looked at after it. */
  #look(): Promise<void> {
    this.#isMoreDue = true;
    this.#taking ??= this.#takeAll().finally(() => {
      this.#taking = null;
    });
    return this.#taking;
  }

  async #takeAll(): Promise<void> {
    while (this.#isMoreDue && !this.#isStopping) {
      this.#isMoreDue = false;
      const free = UNDER_WAY_MAX - this.#underWay.size;
      if (free === 0) return; // Whichever ends first looks again.
      const capacity = { free, perReceiver: UNDER_WAY_MAX_PER_RECEIVER, busy: this.#busy };
      const taken = await this.callbacks.take(capacity);
      for (const callback of taken) this.#begin(callback);
      if (taken.length > 0) this.#isMoreDue = true;
    }
  }

  #begin(callback: TakenCallback): void {
    const { receiver } = callback;
    this.#busy.set(receiver, (this.#busy.get(receiver) ?? 0) + 1);
    const sent = this.#send(callback)
      .catch((error: unknown) => this.#logger.warn(`A callback will be tried again: ${String(error)}`))
      .finally(() => {
        this.#underWay.delete(sent);
        const left = (this.#busy.get(receiver) ?? 1) - 1;
        if (left === 0) this.#busy.delete(receiver);
        else this.#busy.set(receiver, left);
        if (!this.#isStopping) this.#lookSoon();
      });
    this.#underWay.add(sent);
  }

  async #send(callback: TakenCallback): Promise<void> {
    const { id, tenant, requestId, requestVersion, requestTimestamp, url, takenAt } = callback;
    const event = await this.events.ofVersion(SUPERVISOR_REQUEST_TYPE, requestId, requestVersion);
    if (!event) {
      await this.callbacks.close(callback, { error: 'history_removed', retryInSeconds: null });
      return;
    }
    const body = stringifyExact(
      toCloudEvent(event, this.presenters.present(event.aggregateType, event.snapshot)),
    );
    const secret = this.callbacks.secretOf({ id: requestId, tenant, requestTimestamp });
    const mediaType = 'application/json; charset=utf-8';
    const message = { id, url, body, mediaType, secrets: [secret], sentAt: takenAt };
    const outcome = await this.courier.deliver(message);
    await this.callbacks.close(callback, endOf(outcome, callback.attempts));
  }
}

function endOf(outcome: Outcome, attempts: number): AttemptEnd {
  if (outcome.kind === 'taken') return { error: null, retryInSeconds: null };
  const isOver = outcome.kind === 'refused';
  return { error: outcome.reason, retryInSeconds: isOver ? null : pauseAfter(attempts, Math.random()) };
}
