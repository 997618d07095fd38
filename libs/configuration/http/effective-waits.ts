import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { noneMatchHits, WaitingRoom } from '#platform/http';
import type { Waiting } from '#platform/http';
import { Metrics } from '#platform/observability';
import type { EffectiveQuestion } from '../application/effective.queries.js';
import { LiveEffective } from '../application/live-effective.js';
import { ServiceNotConfigured } from '../domain/service-not-configured.js';
import { EffectiveAnswers, keyOf } from './effective-answers.js';
import type { EffectiveAnswer } from './effective-answers.js';

/** After this long a look that failed is tried again. */
const RETRY_MS = 1_000;

interface Watched {
  readonly question: EffectiveQuestion;
  readonly room: WaitingRoom<EffectiveAnswer>;
  /** Undefined while nobody looks; true when it has to be looked at once more. */
  isNewsToLookAt: boolean | undefined;
}

/** Readers who wait until their documents are others. Documents are looked at when a layer of theirs changes, and when time changes them. */
@Injectable()
export class EffectiveWaits implements OnModuleInit, BeforeApplicationShutdown {
  readonly #watched = new Map<string, Watched>();
  readonly #byService = new Map<string, Set<Watched>>();
  #isStopping = false;

  constructor(
    private readonly live: LiveEffective,
    private readonly answers: EffectiveAnswers,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'metastore_configuration_waiting',
      'Readers that wait for their effective configuration to change.',
      () => [...this.#watched.values()].reduce((sum, { room }) => sum + room.size, 0),
    );
  }

  onModuleInit(): void {
    this.live.onChange((service, tenant) => {
      for (const watched of this.#byService.get(service) ?? [])
        if (tenant === null || tenant === watched.question.tenant) this.#look(watched);
    });
  }

  beforeApplicationShutdown(): void {
    this.#isStopping = true;
    for (const { room } of this.#watched.values()) room.end();
    this.#watched.clear();
    this.#byService.clear();
  }

  /**
   * Waits until the answer is none of those that the reader has (`If-None-Match`). Null when there is nothing to wait for
   * any more, because the service stops.
   */
  enter(question: EffectiveQuestion, known: string, seconds: number): Waiting<EffectiveAnswer> | null {
    if (this.#isStopping) return null;
    const watched = this.#watch(question);
    const { state, leave } = watched.room.enter(seconds, ({ etag }) => !noneMatchHits(known, etag));
    const answer = this.answers.peek(question);
    // The first has to learn when time changes it; for others, too, it may be another one since it was answered.
    if (watched.room.size === 1 || !answer || !noneMatchHits(known, answer.etag)) this.#look(watched);
    return { state: state.finally(() => this.#forgetUnlessWaited(watched)), leave };
  }

  #watch(question: EffectiveQuestion): Watched {
    const key = keyOf(question);
    const known = this.#watched.get(key);
    if (known) return known;
    const watched: Watched = {
      question,
      room: new WaitingRoom(() => this.#look(watched)),
      isNewsToLookAt: undefined,
    };
    this.#watched.set(key, watched);
    const ofService = this.#byService.get(question.service) ?? new Set();
    this.#byService.set(question.service, ofService.add(watched));
    return watched;
  }

  #forgetUnlessWaited(watched: Watched): void {
    const { question, room } = watched;
    if (room.size > 0 || this.#watched.get(keyOf(question)) !== watched) return;
    this.#watched.delete(keyOf(question));
    const ofService = this.#byService.get(question.service);
    ofService?.delete(watched);
    if (ofService?.size === 0) this.#byService.delete(question.service);
  }

  /** One look at a time; whatever changes meanwhile is looked at after it. */
  #look(watched: Watched): void {
    const ready = watched.isNewsToLookAt === undefined && this.answers.peek(watched.question);
    if (ready) this.#tell(watched, ready);
    else if (watched.isNewsToLookAt === undefined) void this.#lookUntilDone(watched);
    else watched.isNewsToLookAt = true;
  }

  async #lookUntilDone(watched: Watched): Promise<void> {
    do {
      watched.isNewsToLookAt = false;
      try {
        this.#tell(watched, await this.answers.get(watched.question));
      } catch (error) {
        if (error instanceof ServiceNotConfigured) watched.room.refuse(error);
        else watched.room.lookIn(RETRY_MS); // The database is away.
      }
    } while (watched.isNewsToLookAt);
    watched.isNewsToLookAt = undefined;
  }

  #tell({ room }: Watched, answer: EffectiveAnswer): void {
    room.tell(answer, answer.validUntil === null ? null : answer.validUntil - this.live.nowMs());
  }
}
