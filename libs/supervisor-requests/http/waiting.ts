import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '#shared-kernel';
import { CallContext } from '#platform/context';
import { DatabaseClock } from '#platform/database';
import { noneMatchHits, preferenceApplied, WaitingRoom, waitSecondsOf } from '#platform/http';
import { Metrics } from '#platform/observability';
import { RequestNews } from '../application/request-news.js';
import { SupervisorRequestQueries } from '../application/supervisor-request.queries.js';
import type { SupervisorRequestView } from '../application/supervisor-request.queries.js';
import { nextDue } from '../domain/falling-due.js';
import type { SupervisorRequestId } from '../domain/identity.js';

/** After this long a look that failed is tried again. */
const RETRY_MS = 1_000;

type Room = WaitingRoom<SupervisorRequestView>;

export const WAITING = {
  name: 'Prefer',
  required: false,
  description:
    '`wait=N`: wait up to N seconds (at most 55) until it is not pending, with `If-None-Match` until it is another version.',
  schema: { type: 'string', examples: ['wait=30'] } as never,
};

interface Watched {
  readonly room: Room;
  /** What was last seen of it: whoever has the same has missed nothing. */
  latest: number | null;
  /** Undefined while nobody looks; true when it has to be looked at once more. */
  isNewsToLookAt: boolean | undefined;
}

/**
 * Readers of one request who wait: for its end, or with `If-None-Match` for any change. However many wait for the same one, a
 * change costs one look. What falls due is settled by the one who looks, so that nobody waits for a sweeper.
 */
@Injectable()
export class RequestWaits implements OnModuleInit, BeforeApplicationShutdown {
  readonly #watched = new Map<SupervisorRequestId, Watched>();
  #isStopping = false;

  constructor(
    private readonly queries: SupervisorRequestQueries,
    private readonly news: RequestNews,
    private readonly clock: DatabaseClock,
    private readonly context: CallContext,
    metrics: Metrics,
  ) {
    metrics.gauge('metastore_supervisor_waiting', 'Readers that wait for a supervisor.', () =>
      [...this.#watched.values()].reduce((sum, { room }) => sum + room.size, 0),
    );
  }

  onModuleInit(): void {
    this.news.listen((id) => {
      const watched = this.#watched.get(id);
      if (watched) this.#look(id, watched);
    });
  }

  /** They get the present state. */
  beforeApplicationShutdown(): void {
    this.#isStopping = true;
    for (const { room } of this.#watched.values()) room.end();
    this.#watched.clear();
  }

  /**
   * The request as it is, or with `Prefer: wait=N` as soon as it is what this reader waits for.
   * @throws SupervisorRequestNotFound
   */
  async read(
    id: SupervisorRequestId,
    { headers }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<SupervisorRequestView> {
    const present = await this.queries.get(id);
    const seconds = waitSecondsOf(headers);
    if (seconds === null) return present;
    reply.header('Preference-Applied', preferenceApplied(seconds));
    const known = headers['if-none-match'];
    const isNews = ({ statusCode, version }: SupervisorRequestView): boolean =>
      known === undefined ? statusCode !== 'pending_response' : !noneMatchHits(known, `"${version}"`);
    if (seconds === 0 || this.#isStopping || isNews(present)) return present;
    const watched = this.#watch(id);
    const { state, leave } = watched.room.enter(seconds, isNews);
    reply.raw.once('close', leave);
    if (watched.latest !== present.version) this.#look(id, watched); // Something may have happened since it was read.
    try {
      return (await state) ?? (await this.queries.get(id));
    } finally {
      this.#forgetUnlessWaited(id, watched);
    }
  }

  #watch(id: SupervisorRequestId): Watched {
    const known = this.#watched.get(id);
    if (known) return known;
    const watched: Watched = {
      room: new WaitingRoom(() => this.#look(id, watched)),
      latest: null,
      isNewsToLookAt: undefined,
    };
    this.#watched.set(id, watched);
    return watched;
  }

  #forgetUnlessWaited(id: SupervisorRequestId, watched: Watched): void {
    if (watched.room.size === 0 && this.#watched.get(id) === watched) this.#watched.delete(id);
  }

  /** One look at a time; whatever changes meanwhile is looked at after it. */
  #look(id: SupervisorRequestId, watched: Watched): void {
    if (watched.isNewsToLookAt === undefined) void this.#lookUntilDone(id, watched);
    else watched.isNewsToLookAt = true;
  }

  async #lookUntilDone(id: SupervisorRequestId, watched: Watched): Promise<void> {
    do {
      watched.isNewsToLookAt = false;
      try {
        const view = await this.context.runAsSystem('supervisor-waiting', () => this.queries.get(id));
        watched.latest = view.version;
        watched.room.tell(view, this.#holdsForMs(view));
      } catch (error) {
        if (error instanceof DomainError && error.kind === 'not-found') watched.room.refuse(error);
        else watched.room.lookIn(RETRY_MS); // The database is away.
      }
    } while (watched.isNewsToLookAt);
    watched.isNewsToLookAt = undefined;
  }

  /** What happens by itself is settled by whoever looks then; everything else comes as news. */
  #holdsForMs(view: SupervisorRequestView): number | null {
    const due = nextDue(view);
    return due && Math.max(1, due.getTime() - this.clock.nowMs());
  }
}
