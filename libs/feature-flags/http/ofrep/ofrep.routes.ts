import type { OutgoingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseClock } from '#platform/database';
import { HotRoutes } from '#platform/http';
import { failureText } from './ofrep-failure.js';
import { FlagStreams } from './flag-streams.js';
import { EVALUATE_FLAG, EVALUATE_FLAGS } from './ofrep.openapi.js';
import { OfrepQuestions } from './ofrep-questions.js';
import { StreamTokens } from './stream-token.js';

/** Where clients look for it, and where everything else of ours is, for gateways that let through nothing else. */
const BASES = ['/ofrep/v1', '/api/v1/ofrep/v1'];
const UNAUTHENTICATED = 401;
const NOTHING_MORE = 204;

/** The OpenFeature Remote Evaluation Protocol (OFREP) 0.3. */
@Injectable()
export class OfrepRoutes implements OnModuleInit {
  constructor(
    private readonly routes: HotRoutes,
    private readonly questions: OfrepQuestions,
    private readonly tokens: StreamTokens,
    private readonly streams: FlagStreams,
    private readonly clock: DatabaseClock,
  ) {}

  onModuleInit(): void {
    for (const base of BASES) this.#addBelow(base);
  }

  #addBelow(base: string): void {
    const isFirst = base === BASES[0];
    const allow = 'flags:evaluate_client';
    this.routes.addQuestion({
      url: `${base}/evaluate/flags/:key`,
      allow,
      operation: isFirst ? EVALUATE_FLAG : null,
      respond: (request) => this.questions.one(request),
      refuse: (error, { params }) => this.questions.refusal(error, (params as { key?: string }).key ?? null),
    });
    this.routes.addQuestion({
      url: `${base}/evaluate/flags`,
      allow,
      operation: isFirst ? EVALUATE_FLAGS : null,
      respond: (request) => this.questions.all(request, base),
      refuse: (error) => this.questions.refusal(error, null),
    });
    this.routes.add({
      method: 'GET',
      url: `${base}/stream`,
      allow: 'public', // The token in the URL is the credential.
      name: 'streamFlagChanges',
      tag: 'Feature flags',
      summary: 'Hear when flags have to be asked for again',
      returns: { mediaType: 'text/event-stream' },
      refuses: [],
      isUnlisted: true,
      handle: (request, reply) => this.#stream(request, reply),
    });
  }

  async #stream(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { token } = request.query as { token?: unknown };
    const scope = typeof token === 'string' ? this.tokens.verify(token, this.clock.nowMs()) : null;
    if (scope === null) {
      const details =
        'The token of the stream is not valid, or over: ask for the flags again to get the present one.';
      const body = failureText(null, 'GENERAL', details);
      return reply.code(UNAUTHENTICATED).type('application/json; charset=utf-8').send(body);
    }
    if (request.method === 'HEAD') return reply.code(NOTHING_MORE).send();
    await this.streams.prepare(scope);
    reply.hijack();
    const headers = reply.getHeaders() as OutgoingHttpHeaders;
    reply.raw.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no', // nginx would keep back what is too short for a block.
    });
    const lastHeard = request.headers['last-event-id'];
    this.streams.open(scope, reply.raw, typeof lastHeard === 'string' ? lastHeard : undefined);
    return reply;
  }
}
