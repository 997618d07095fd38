import { setTimeout as pause } from 'node:timers/promises';
import type { HeldSink, SinkRun } from '#platform/sinks';
import type { WebhookId } from '../domain/identity.js';
import { Gathered } from './gathered.js';
import { Intake } from './intake.js';
import type { IntakeTools } from './intake.js';
import { Sending } from './sending.js';
import type { SendingTools } from './sending.js';
import type { Closing } from './sql-deliveries.js';
import type { WebhookSetup } from './webhook-setups.js';

/** What is under way when a replica ends has so long to end, too. */
const STOP_MS = 5_000;

/** What a run needs besides what it is about. */
export interface RunTools extends IntakeTools, Omit<SendingTools, 'ended'> {
  readonly setupOf: (id: WebhookId) => Promise<WebhookSetup | null>;
  /** Runs work in the name of the system. */
  readonly asSystem: <T>(work: () => Promise<T>) => Promise<T>;
}

/** One webhook while this replica tells it: what comes in, and what goes out. */
export class WebhookRun implements SinkRun {
  readonly #intake: Intake;
  readonly #sending: Sending;
  readonly #reading: Gathered;
  readonly #filling: Gathered;
  #setup: WebhookSetup | null = null;
  #isSetupOld = true;
  #isStopping = false;
  /** The last look at the log failed. */
  #isBehind = false;

  constructor(
    readonly id: WebhookId,
    private readonly sink: HeldSink,
    private readonly tools: RunTools,
  ) {
    this.#intake = new Intake(sink, tools);
    this.#sending = new Sending(sink, { ...tools, ended: (status) => this.#ended(status) });
    this.#reading = new Gathered(() => tools.asSystem(() => this.#readOn()));
    this.#filling = new Gathered(() => tools.asSystem(() => this.#fill()));
    this.#reading.ask();
    this.#filling.ask();
  }

  wake(streams: readonly string[] | null): void {
    const isOurs =
      streams === null || !this.#setup || streams.some((one) => this.#setup?.streams.includes(one));
    if (isOurs) this.#reading.ask();
  }

  /** Something may be due. */
  wakeSending(): void {
    this.#filling.ask();
  }

  /** The webhook was changed. */
  changed(): void {
    this.#isSetupOld = true;
    this.#reading.ask();
    this.#filling.ask();
  }

  /** Called now and then: notes how far it has come, and reads again where that failed. */
  async beat(): Promise<void> {
    if (this.#isStopping) return;
    if (this.#isBehind) this.#reading.ask();
    await this.#intake.note();
  }

  /** Whatever takes longer is sent once more by whoever holds it next, under the same id. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const limit = new AbortController();
    const late = pause(STOP_MS, undefined, { signal: limit.signal, ref: false }).catch(() => undefined);
    await Promise.race([late, this.#settled()]);
    limit.abort();
    this.#sending.abandon();
    await this.tools.asSystem(() => this.#intake.note()).catch(() => undefined); // The next one reads it once more.
  }

  async #settled(): Promise<void> {
    await Promise.all([this.#reading.settled(), this.#filling.settled()]);
    await this.#sending.settled();
  }

  async #readOn(): Promise<void> {
    this.#isBehind = true;
    const setup = await this.#current();
    if (setup && (await this.#intake.readOn(setup))) this.#filling.ask();
    this.#isBehind = false;
  }

  async #fill(): Promise<void> {
    const setup = await this.#current();
    if (setup) await this.#sending.fill(setup);
  }

  /** Null where nothing is to be done. */
  async #current(): Promise<WebhookSetup | null> {
    if (this.#isStopping || !this.sink.isHeld) return null;
    const until = this.#setup?.signing.until;
    if (this.#isSetupOld || (until && until <= this.tools.clock.now())) {
      this.#isSetupOld = false; // Before it is read: what changes meanwhile makes it old again.
      try {
        this.#setup = await this.tools.setupOf(this.id);
      } catch (error) {
        this.#isSetupOld = true;
        throw error;
      }
    }
    return this.#setup?.isEnabled ? this.#setup : null;
  }

  #ended(status: Closing['status']): void {
    if (status !== 'pending' && this.#intake.over()) this.#reading.ask();
    this.#filling.ask();
  }
}
