import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { ChangeBus } from '#platform/change-log';
import { LeasedSink } from './leased-sink.js';
import type { SinkCounts } from './leased-sink.js';
import type { SinkKind } from './sink.js';
import { SinkStore } from './sink-store.js';
import type { KindLeases, Lease, StandingLease } from './sink-store.js';

const BEAT_MS = 1_000;
/** While there is no sink at all, and nobody writes anything that could make one. */
const IDLE_BEAT_MS = 5_000;
/** By the clock of the database; five renewals may fail. */
const LEASE_SECONDS = 5;
/** So much earlier nothing is sent any more: what was sent is then over before another replica begins. */
const MARGIN_MS = 500;
/** A replica whose beat was not heard of for longer has no share. */
const ALIVE_SECONDS = 5;
const IDLE_ALIVE_SECONDS = 12;

/**
 * Which sinks this replica runs. One statement each second says that it is there, renews its leases, and takes what nobody
 * runs up to its fair share; what is above its share it gives back.
 */
@Injectable()
export class SinkLeases implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(SinkLeases.name);
  readonly #kinds = new Map<string, SinkKind>();
  readonly #counts = new Map<string, SinkCounts>();
  readonly #held = new Map<string, LeasedSink>();
  /** Runs that are coming to their end, by name: nobody begins the same anew before that. */
  readonly #ending = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<void> | null = null;
  #isBeatWanted = false;
  #lastBeatMs = -Infinity;
  #areThereSinks = false;
  /** Something was written since the last beat, here or elsewhere. */
  #hasHeard = false;
  #isAway = false;
  #isStopping = false;

  constructor(
    private readonly store: SinkStore,
    private readonly bus: ChangeBus,
  ) {}

  register(kind: SinkKind): void {
    this.#kinds.set(kind.kind, kind);
    this.#counts.set(kind.kind, { delivered: 0, failed: 0, parked: 0 });
    if (this.#timer) this.beat();
  }

  get kinds(): ReadonlyMap<string, SinkKind> {
    return this.#kinds;
  }

  /** Since the start of this process, by kind. */
  get counts(): ReadonlyMap<string, Readonly<SinkCounts>> {
    return this.#counts;
  }

  /** As the last beat saw it. */
  get areThereSinks(): boolean {
    return this.#areThereSinks;
  }

  onApplicationBootstrap(): void {
    this.bus.listenToStreams(({ tenant }) => this.#wake(tenant));
    this.#timer = setInterval(() => this.#tick(), BEAT_MS);
    this.#timer.unref();
    this.beat();
  }

  /** What is under way is finished while the leases still stand; then others may go on at once. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    await Promise.all([...this.#held.values()].map((sink) => this.#end(sink)));
    await Promise.all(this.#ending.values());
    if (this.#timer) clearInterval(this.#timer);
    await this.#beating;
    await this.store.leave().catch(() => undefined); // It is not heard of any more, which says the same a little later.
  }

  /** Looks at once, or again once a look that is under way is over. */
  beat(): void {
    this.#isBeatWanted = true;
    this.#beating ??= this.#beatAll().finally(() => {
      this.#beating = null;
    });
  }

  /** It is no more, or is another one now: this replica does not run it until it took it anew. */
  drop(name: string): void {
    const sink = this.#held.get(name);
    if (!sink) return;
    sink.lose();
    void this.#end(sink);
  }

  /** Heard when there may be something in any stream, for example what somebody wants to be tried again. */
  wakeAll(name: string): void {
    this.#held.get(name)?.wake(null);
  }

  #tick(): void {
    for (const sink of this.#held.values()) if (!sink.isHeld) this.drop(sink.name);
    const everyMs = this.#areThereSinks || this.#hasHeard ? BEAT_MS : IDLE_BEAT_MS;
    if (performance.now() - this.#lastBeatMs >= everyMs * 0.9) this.beat();
  }

  async #beatAll(): Promise<void> {
    while (this.#isBeatWanted && this.#kinds.size > 0) {
      this.#isBeatWanted = false;
      try {
        await this.#beatOnce();
        if (this.#isAway) this.#logger.log('The leases of sinks can be renewed again.');
        this.#isAway = false;
      } catch (error) {
        if (!this.#isAway) this.#logger.warn(`The leases of sinks cannot be renewed now: ${String(error)}`);
        this.#isAway = true;
      }
    }
  }

  async #beatOnce(): Promise<void> {
    const sentMs = performance.now();
    this.#lastBeatMs = sentMs;
    this.#hasHeard = false;
    const leases = await this.store.beat({
      kinds: [...this.#kinds.keys()],
      aliveSeconds: this.#areThereSinks ? ALIVE_SECONDS : IDLE_ALIVE_SECONDS,
      leaseSeconds: LEASE_SECONDS,
      takes: !this.#isStopping,
    });
    this.#areThereSinks = leases.length > 0 || this.#isStopping;
    this.#loseOthers(leases);
    for (const each of leases) this.#hold(each, sentMs + LEASE_SECONDS * 1_000 - MARGIN_MS);
    await this.#report();
  }

  #loseOthers(leases: readonly KindLeases[]): void {
    const terms = new Map(leases.flatMap(({ known }) => known.map(({ name, term }) => [name, term])));
    for (const { name, lease } of this.#held.values()) if (terms.get(name) !== lease.term) this.drop(name);
  }

  #hold({ kind, share, held }: KindLeases, untilMs: number): void {
    const running: LeasedSink[] = [];
    for (const lease of held) {
      const known = this.#held.get(lease.name);
      if (!known) this.#begin(kind, lease, untilMs);
      else if (known.lease.term !== lease.term)
        this.drop(lease.name); // It lost it meanwhile, and has it anew.
      else {
        known.renew(untilMs);
        if (!this.#ending.has(lease.name)) running.push(known);
      }
    }
    const surplus = running.slice(share); // Only of those that ran before: no more is taken than the share.
    for (const sink of surplus) void this.#end(sink);
  }

  #begin(kind: string, lease: StandingLease, untilMs: number): void {
    const known = this.#kinds.get(kind);
    const counts = this.#counts.get(kind);
    if (this.#isStopping || this.#ending.has(lease.name) || !known || !counts) {
      void this.#giveBack(lease);
      return;
    }
    const sink = new LeasedSink(lease, { store: this.store, counts, untilMs, streams: lease.streams });
    this.#held.set(lease.name, sink);
    sink.begin((held) => known.begin(held));
  }

  /** Its lease is renewed no more, and is given back once the run is over. */
  #end(sink: LeasedSink): Promise<void> {
    const ending = this.#ending.get(sink.name) ?? this.#endOnce(sink);
    this.#ending.set(sink.name, ending);
    return ending;
  }

  async #endOnce(sink: LeasedSink): Promise<void> {
    try {
      await sink.stop();
    } catch (error) {
      this.#logger.warn(`The sink ${sink.name} did not come to an end: ${String(error)}`);
    }
    sink.lose();
    this.#held.delete(sink.name);
    await this.#giveBack(sink.lease);
    this.#ending.delete(sink.name);
    if (!this.#isStopping) this.beat(); // It may be there to be run anew, as another one.
  }

  async #giveBack(lease: Lease): Promise<void> {
    await this.store.giveBack([lease]).catch(() => undefined); // It ends by itself.
  }

  async #report(): Promise<void> {
    const news = [...this.#held.values()].flatMap((sink) => sink.takeNews() ?? []);
    if (news.length > 0) await this.store.report(news);
  }

  #wake(moved: string): void {
    this.#hasHeard = true;
    for (const sink of this.#held.values())
      if (sink.streams === null || sink.streams.includes(moved)) sink.wake([moved]);
  }
}
