import { v5 as uuidv5 } from 'uuid';
import { fitsFilter, RevisionCompacted } from '#platform/change-log';
import type { EventPage, LoggedEvent } from '#platform/change-log';
import type { Database } from '#platform/database';
import type { HeldSink } from '#platform/sinks';
import type { SharedReads } from './shared-reads.js';
import type { NewDelivery, SqlDeliveries } from './sql-deliveries.js';
import type { WebhookSetup } from './webhook-setups.js';

/** So many wait at most; everything after them stays in the log, where it lies anyway. */
export const PENDING_MAX = 10_000;

/** What all webhooks of a replica take in with. */
export interface IntakeTools {
  readonly database: Database;
  readonly deliveries: SqlDeliveries;
  readonly reads: SharedReads;
  /** The event as it is sent. */
  readonly show: (event: LoggedEvent) => string;
  /** Tells people of what a webhook will never be told. */
  readonly missed: (what: string) => void;
}

/** Turns the log after the checkpoint of one webhook into deliveries; both move on together, or neither. */
export class Intake {
  #positions: Map<string, number> | null = null;
  #noted: ReadonlyMap<string, number> = new Map();
  #pending = 0;

  constructor(
    private readonly sink: HeldSink,
    private readonly tools: IntakeTools,
  ) {}

  /** One that was pending is over, so that there is room for another. True where there was none. */
  over(): boolean {
    this.#pending = Math.max(0, this.#pending - 1);
    return this.#pending === PENDING_MAX - 1;
  }

  /** True when something became a delivery. Begins where others may have got to, once it failed. */
  async readOn(setup: WebhookSetup): Promise<boolean> {
    try {
      this.#positions ??= await this.#begin(setup);
      let isNew = false;
      for (const stream of setup.streams)
        while (this.sink.isHeld && this.#pending < PENDING_MAX) {
          const page = await this.#pageOf(stream);
          if (page.next === this.#at(stream)) break;
          const fitting = page.events.filter((event) => fitsFilter(event, setup.filter));
          if (fitting.length > 0) await this.#take(setup, fitting, [stream, page.next]);
          this.#positions.set(stream, page.next);
          isNew ||= fitting.length > 0;
        }
      return isNew;
    } catch (error) {
      this.#positions = null;
      throw error;
    }
  }

  /** What did not fit is passed over now and then, and not page by page. */
  async note(): Promise<void> {
    const positions = this.#positions;
    if (!positions || !this.sink.isHeld) return;
    const moved = new Map([...positions].filter(([stream, at]) => this.#noted.get(stream) !== at));
    if (moved.size === 0) return;
    await this.sink.advance(moved);
    this.#noted = new Map([...this.#noted, ...moved]);
  }

  /** What is not kept any more is passed over: it cannot be told, and what came after it can. */
  async #pageOf(stream: string): Promise<EventPage> {
    const after = this.#at(stream);
    try {
      return await this.tools.reads.page(stream, after);
    } catch (error) {
      if (!(error instanceof RevisionCompacted)) throw error;
      this.tools.missed(
        `${this.sink.name} is not told of revisions ${after + 1} to ${error.compacted} of ${stream}`,
      );
      this.sink.failed(
        `Revisions ${after + 1} to ${error.compacted} of ${stream} were removed before they were told.`,
      );
      return { events: [], next: error.compacted };
    }
  }

  async #begin({ id }: WebhookSetup): Promise<Map<string, number>> {
    this.#noted = await this.sink.checkpoints();
    this.#pending = await this.tools.deliveries.countPending(id);
    return new Map(this.#noted);
  }

  #at(stream: string): number {
    return this.#positions?.get(stream) ?? 0;
  }

  async #take(
    { id, tenant }: WebhookSetup,
    events: readonly LoggedEvent[],
    [stream, next]: readonly [string, number],
  ): Promise<void> {
    const noted = events.map((event) => this.#toDelivery(id, event));
    const to = new Map([[stream, next]]);
    const added = await this.tools.database.run(async () => {
      await this.tools.deliveries.holdLightly(id);
      const count = await this.tools.deliveries.add(id, tenant, noted);
      await this.sink.advance(to);
      return count;
    });
    this.#noted = new Map([...this.#noted, ...to]);
    this.#pending += added;
  }

  #toDelivery(webhookId: string, event: LoggedEvent): NewDelivery {
    const { tenant: stream, revision, sub } = event;
    return {
      id: uuidv5(`${stream}-${revision}-${sub}`, webhookId),
      ...{ stream, revision, sub },
      event_type: `${event.aggregateType}.${event.type}`,
      aggregate_id: event.aggregateId,
      subject: event.subject,
      body: this.tools.show(event),
    };
  }
}
