import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '#shared-kernel';
import { pauseAfter } from '#platform/deliveries';
import type { Courier, Outcome } from '#platform/deliveries';
import type { HeldSink } from '#platform/sinks';
import type { DisabledReason } from '../domain/webhook.js';
import type { WebhookId } from '../domain/identity.js';
import { Pace } from './pace.js';
import type { Leave, Probes } from './probes.js';
import type { Closing, DueDelivery, SqlDeliveries } from './sql-deliveries.js';
import type { WebhookSetup } from './webhook-setups.js';

/** CloudEvents, structured content mode over HTTP. */
export const MEDIA_TYPE = 'application/cloudevents+json; charset=utf-8';
/** A receiver that takes nothing for so long is told nothing more. */
const FAILING_SECONDS_MAX = 3 * 24 * 60 * 60;
/** A receiver may ask for some more time, and not for ever. */
const ASKED_SECONDS_MAX = 86_400;
/** What cannot be noted is not sent again at once. */
const DATABASE_AWAY_MS = 1_000;
/** Who does well shares room with nobody. */
const OWN_ROOM: Leave = () => undefined;

/** What all webhooks of a replica send with. */
export interface SendingTools {
  readonly deliveries: SqlDeliveries;
  readonly courier: Courier;
  readonly clock: Clock;
  readonly probes: Probes;
  readonly giveUp: (id: WebhookId, why: DisabledReason) => Promise<void>;
  /** An attempt ended, and this is what the delivery is by now. */
  readonly ended: (status: Closing['status']) => void;
}

/**
 * Sends what is due of one webhook: of an aggregate one at a time, of different ones several. Knows nothing that is lost when
 * the process ends but how the receiver has been doing.
 */
export class Sending {
  readonly #pace = new Pace();
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #abort = new AbortController();
  /** It may be noted that nothing is taken: by this run, or by whoever told the webhook before. */
  #isNotedFailing = true;
  /** Something, by this run. */
  #hasTaken = false;
  #isOutageOver = false;

  constructor(
    private readonly sink: HeldSink,
    private readonly tools: SendingTools,
  ) {}

  /** Begins with what is due, as far as there is room; whatever ends asks for more. */
  async fill(setup: WebhookSetup): Promise<void> {
    while (this.sink.isHeld) {
      const room = this.#pace.room(performance.now(), this.#underWay.size);
      if (room === 0) return;
      const leave = this.#pace.isFailing ? this.tools.probes.enter() : OWN_ROOM;
      if (!leave) return;
      const due = await this.#due(setup.id, room, leave);
      if (!this.sink.isHeld) return leave(); // Another replica may have begun meanwhile.
      for (const delivery of due) this.#begin(setup, delivery, leave);
      if (due.length < room) return;
    }
  }

  /** When what is under way has ended: each attempt has a limit. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  /** Nothing is waited for any more: what is under way counts as never sent, and nothing of it is noted. */
  abandon(): void {
    this.#abort.abort();
  }

  async #due(id: WebhookId, room: number, leave: Leave): Promise<readonly DueDelivery[]> {
    let due: readonly DueDelivery[] = [];
    try {
      due = await this.tools.deliveries.due(id, room, [...this.#underWay.keys()]);
    } finally {
      if (due.length === 0) leave();
    }
    return due;
  }

  #begin(setup: WebhookSetup, delivery: DueDelivery, leave: Leave): void {
    const sent = this.#send(setup, delivery)
      .catch(() => pause(DATABASE_AWAY_MS, 'pending' as const))
      .then((status) => {
        this.#underWay.delete(delivery.id);
        leave();
        this.tools.ended(status);
      });
    this.#underWay.set(delivery.id, sent);
  }

  /** Gives what the delivery is by then. */
  async #send(setup: WebhookSetup, delivery: DueDelivery): Promise<Closing['status']> {
    const { courier, clock } = this.tools;
    const sentAt = clock.now();
    const begunAt = performance.now();
    const message = {
      ...{ id: delivery.id, url: setup.url, body: delivery.body },
      ...{ mediaType: MEDIA_TYPE, secrets: setup.signing.secrets, sentAt },
    };
    const outcome = await courier.deliver(message, this.#abort.signal);
    if (outcome.kind !== 'taken' && this.#abort.signal.aborted) return 'pending';
    const now = performance.now();
    this.#learn(outcome, begunAt, now);
    const closing = closingOf(outcome, delivery, { at: sentAt, durationMs: Math.round(now - begunAt) });
    await this.tools.deliveries.close(setup.id, delivery, closing);
    if (outcome.kind === 'taken') await this.#took(setup.id);
    else await this.#failed(setup.id, outcome);
    return closing.status;
  }

  #learn(outcome: Outcome, begunAt: number, now: number): void {
    if (outcome.kind === 'taken') {
      this.#isOutageOver ||= this.#pace.succeeded();
      this.sink.succeeded();
    } else {
      const { retryAfterSeconds, reason } = outcome;
      this.#pace.failed({ begunAt, now, retryAfterSeconds, chance: Math.random() });
      this.sink.failed(reason);
    }
  }

  /** What was noted of failures is looked up once at first, and then after each one. */
  async #took(id: WebhookId): Promise<void> {
    if (this.#isNotedFailing) {
      const wasFailing = await this.tools.deliveries.noteTaking(id);
      this.#isOutageOver ||= wasFailing && !this.#hasTaken; // Whoever told it before knew of the outage.
      this.#isNotedFailing = false;
    }
    this.#hasTaken = true;
    if (!this.#isOutageOver) return;
    await this.tools.deliveries.hasten(id);
    this.#isOutageOver = false;
  }

  async #failed(id: WebhookId, outcome: Outcome): Promise<void> {
    if (outcome.kind === 'refused') return this.tools.giveUp(id, 'gone');
    this.#isNotedFailing = true;
    const seconds = await this.tools.deliveries.noteFailing(id);
    if (seconds >= FAILING_SECONDS_MAX) await this.tools.giveUp(id, 'failing');
  }
}

/** What becomes of a delivery. One whose receiver is gone waits, in case the webhook is enabled again. */
function closingOf(
  outcome: Outcome,
  { tries }: DueDelivery,
  { at, durationMs }: { readonly at: Date; readonly durationMs: number },
): Closing {
  const attempt = { at: at.toISOString(), status: outcome.status, duration_ms: durationMs };
  if (outcome.kind === 'taken')
    return { status: 'delivered', retryInSeconds: null, attempt: { ...attempt, reason: null } };
  const told = { ...attempt, reason: outcome.reason };
  if (outcome.kind === 'refused') return { status: 'pending', retryInSeconds: 0, attempt: told };
  const wait = pauseAfter(tries + 1, Math.random());
  if (wait === null) return { status: 'failed', retryInSeconds: null, attempt: told };
  const asked = Math.min(ASKED_SECONDS_MAX, outcome.retryAfterSeconds ?? 0);
  return { status: 'pending', retryInSeconds: Math.max(wait, asked), attempt: told };
}
