import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { CallContext } from '#platform/context';
import { noneMatchHits, WaitingRoom } from '#platform/http';
import type { Waiting } from '#platform/http';
import { Metrics } from '#platform/observability';
import { DiscoveryNews } from '../application/discovery-news.js';
import type { DiscoveryQuestion } from '../application/discovery.queries.js';
import { DiscoveryAnswers } from './discovery-answers.js';
import type { DiscoveryAnswer } from './discovery-answers.js';

/** After this long a look that failed is tried again. */
const RETRY_MS = 1_000;

interface Watched {
  readonly key: string;
  readonly question: DiscoveryQuestion;
  readonly room: WaitingRoom<DiscoveryAnswer>;
  latest: DiscoveryAnswer | null;
  /** Undefined while nobody looks; true when it has to be looked at once more. */
  isNewsToLookAt: boolean | undefined;
}

/** A question by which all who ask the same are one. */
export interface KeyedQuestion {
  readonly key: string;
  readonly question: DiscoveryQuestion;
}

/**
 * Readers who wait until an answer is another one. However many ask the same, a change costs one look, and what changes
 * by time alone one timer.
 */
@Injectable()
export class DiscoveryWaits implements OnModuleInit, BeforeApplicationShutdown {
  readonly #watched = new Map<string, Watched>();
  readonly #byName = new Map<string, Set<Watched>>();
  #isStopping = false;

  constructor(
    private readonly answers: DiscoveryAnswers,
    private readonly news: DiscoveryNews,
    private readonly context: CallContext,
    metrics: Metrics,
  ) {
    metrics.gauge('metastore_discovery_waiting', 'Readers that wait for what they discover to change.', () =>
      [...this.#watched.values()].reduce((sum, { room }) => sum + room.size, 0),
    );
  }

  onModuleInit(): void {
    this.news.listen((name, tenant) => {
      for (const watched of this.#byName.get(name) ?? [])
        if (tenant === null || tenant === watched.question.tenant) this.#look(watched);
    });
  }

  beforeApplicationShutdown(): void {
    this.#isStopping = true;
    for (const { room } of this.#watched.values()) room.end();
    this.#watched.clear();
    this.#byName.clear();
  }

  /**
   * Waits until the answer is none of those that the reader has (`If-None-Match`). Null when there is nothing to wait for
   * any more, because the service stops.
   */
  enter(asked: KeyedQuestion, known: string, seconds: number): Waiting<DiscoveryAnswer> | null {
    if (this.#isStopping) return null;
    const watched = this.#watch(asked);
    const { state, leave } = watched.room.enter(seconds, ({ etag }) => !noneMatchHits(known, etag));
    // The first has to learn of what happened since it was answered; of the others, who has something else than the rest.
    if (!watched.latest || !noneMatchHits(known, watched.latest.etag)) this.#look(watched);
    return { state: state.finally(() => this.#forgetUnlessWaited(watched)), leave };
  }

  #watch({ key, question }: KeyedQuestion): Watched {
    const known = this.#watched.get(key);
    if (known) return known;
    const watched: Watched = {
      key,
      question,
      room: new WaitingRoom(() => this.#look(watched)),
      latest: null,
      isNewsToLookAt: undefined,
    };
    this.#watched.set(key, watched);
    const ofName = this.#byName.get(question.name) ?? new Set();
    this.#byName.set(question.name, ofName.add(watched));
    return watched;
  }

  #forgetUnlessWaited(watched: Watched): void {
    const { key, question, room } = watched;
    if (room.size > 0 || this.#watched.get(key) !== watched) return;
    this.#watched.delete(key);
    const ofName = this.#byName.get(question.name);
    ofName?.delete(watched);
    if (ofName?.size === 0) this.#byName.delete(question.name);
  }

  /** One look at a time; whatever changes meanwhile is looked at after it. */
  #look(watched: Watched): void {
    if (watched.isNewsToLookAt === undefined) void this.#lookUntilDone(watched);
    else watched.isNewsToLookAt = true;
  }

  async #lookUntilDone(watched: Watched): Promise<void> {
    do {
      watched.isNewsToLookAt = false;
      try {
        watched.latest = await this.#read(watched.question);
        watched.room.tell(watched.latest, watched.latest.holdsForMs);
      } catch {
        watched.room.lookIn(RETRY_MS); // The database is away.
      }
    } while (watched.isNewsToLookAt);
    watched.isNewsToLookAt = undefined;
  }

  /** In nobody's name: whoever waits may read what is asked, and the question names the tenant. */
  #read(question: DiscoveryQuestion): Promise<DiscoveryAnswer> {
    return this.context.runAsSystem('discovery', () => this.answers.get(question));
  }
}
