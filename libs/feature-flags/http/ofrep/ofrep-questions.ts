import { hash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { FlagSet } from '#flag-evaluator';
import type { Caller } from '#platform/context';
import { DatabaseClock } from '#platform/database';
import { noneMatchHits } from '#platform/http';
import type { WholeAnswer, WholeRequest } from '#platform/http';
import { FlagUsage } from '../../application/flag-usage.js';
import { LiveFlagSets } from '../../application/live-flag-sets.js';
import { SetAnswers } from './flag-answers.js';
import type { Sight } from './flag-answers.js';
import { failureOf, JSON_HEADERS, OfrepFailure } from './ofrep-failure.js';
import { readQuestion } from './ofrep-question.js';
import type { OfrepQuestion } from './ofrep-question.js';
import { dayOf, StreamTokens } from './stream-token.js';

/** A question, and who asks it. */
interface Asked extends OfrepQuestion {
  readonly caller: Caller;
  readonly sight: Sight;
  readonly now: number;
}

const OK = 200;
const NOT_MODIFIED = 304;
const INTERNAL_ERROR = 500;
const TAILS_MAX = 10_000;

/** What the protocol asks, answered from memory. */
@Injectable()
export class OfrepQuestions {
  readonly #logger = new Logger('Ofrep');
  readonly #answers = new SetAnswers();
  readonly #tails = new LRUCache<string, string>({ max: TAILS_MAX });

  constructor(
    private readonly sets: LiveFlagSets,
    private readonly usage: FlagUsage,
    private readonly tokens: StreamTokens,
    private readonly clock: DatabaseClock,
  ) {}

  /** One flag. Never throws and never rejects. */
  one(request: WholeRequest): WholeAnswer | Promise<WholeAnswer> {
    const key = request.params['key'] ?? '';
    return this.#answer(request, key, (set, asked) => this.#oneOf(set, key, asked));
  }

  /** All flags; streams are offered below the path `base`. Never throws and never rejects. */
  all(request: WholeRequest, base: string): WholeAnswer | Promise<WholeAnswer> {
    return this.#answer(request, null, (set, asked) => this.#allOf(set, asked, { request, base }));
  }

  /** A refusal in the words of the protocol; what is none of ours is a bug, and is written down. */
  refusal(error: unknown, key: string | null): WholeAnswer {
    const answer = failureOf(error, key);
    if (answer.status === INTERNAL_ERROR) this.#logger.error({ err: error }, 'A request failed.');
    return answer;
  }

  #answer(
    request: WholeRequest,
    key: string | null,
    give: (set: FlagSet, asked: Asked) => WholeAnswer,
  ): WholeAnswer | Promise<WholeAnswer> {
    try {
      const { caller, body } = request;
      const sight = caller.permissions.has('flags:evaluate') ? 'all' : 'client';
      const asked = { ...readQuestion(body, caller), caller, sight, now: this.clock.nowMs() } as const;
      const set = this.sets.of(asked.tenant);
      if (set) return give(set, asked);
      return this.sets
        .load(asked.tenant)
        .then((loaded) => give(loaded, asked))
        .catch((error: unknown) => this.refusal(error, key));
    } catch (error) {
      return this.refusal(error, key);
    }
  }

  #oneOf(set: FlagSet, key: string, asked: Asked): WholeAnswer {
    const answers = this.#answers.find(set, key, asked.sight);
    const evaluation = answers && set.evaluate(key, asked.context, asked);
    if (!evaluation) throw new OfrepFailure('FLAG_NOT_FOUND', `There is no flag "${key}".`);
    this.usage.count(evaluation, asked.tenant, key, asked.now);
    const { status, text } = answers.of(evaluation);
    return { status, headers: this.#headers(), body: text };
  }

  #allOf(
    set: FlagSet,
    asked: Asked,
    { request, base }: { request: WholeRequest; base: string },
  ): WholeAnswer {
    const tail = this.#tailFor(asked, base);
    const etag = this.#etagOf(set, asked, { tail, body: request.body });
    if (noneMatchHits(request.headers['if-none-match'], etag))
      return { status: NOT_MODIFIED, headers: ['etag', etag], body: '' };
    let flags = '';
    for (const answers of this.#answers.list(set, asked.sight)) {
      const evaluation = set.evaluate(answers.name, asked.context, asked);
      if (evaluation === undefined) continue;
      this.usage.count(evaluation, asked.tenant, answers.name, asked.now);
      flags += flags === '' ? answers.of(evaluation).text : `,${answers.of(evaluation).text}`;
    }
    return { status: OK, headers: this.#headers(['etag', etag]), body: `{"flags":[${flags}${tail}` };
  }

  /**
   * Of all that an answer depends on: the flags, who asks, the very bytes of the context, and the stretch of time in which the
   * flags mean the same. The day's stream is in it too: who keeps what it has must not keep a stream that is over.
   */
  #etagOf(set: FlagSet, asked: Asked, { tail, body }: { tail: string; body: Buffer }): string {
    const { caller, sight, tenant, now } = asked;
    const state = this.sets.stateOf(tenant) ?? '';
    const parts = `${state}\n${caller.actor}\n${sight}\n${set.nextBoundary(now)}\n${tail}\n`;
    return `"${hash('sha256', parts + body.toString('latin1'), 'base64url')}"`;
  }

  /** What follows the flags, from the end of their list on. */
  #tailFor({ tenant, environment, sight, now }: Asked, base: string): string {
    const key = `${dayOf(now)} ${sight} ${base} ${tenant ?? ''} ${environment ?? ''}`;
    let tail = this.#tails.get(key);
    if (tail === undefined) {
      const metadata = {
        ...(tenant !== null && { tenant_id: tenant }),
        ...(environment !== null && { environment }),
      };
      const requestUri = `${base}/stream?token=${this.tokens.sign({ tenant, environment, sight }, now)}`;
      const eventStreams = [{ type: 'sse', endpoint: { requestUri } }];
      tail = `],${JSON.stringify({ metadata, eventStreams }).slice(1)}`;
      this.#tails.set(key, tail);
    }
    return tail;
  }

  #headers(more: readonly string[] = []): readonly string[] {
    if (more.length === 0 && !this.sets.mayBeOld) return JSON_HEADERS;
    return [...JSON_HEADERS, ...more, ...(this.sets.mayBeOld ? ['x-metastore-stale', 'true'] : [])];
  }
}
