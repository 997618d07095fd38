import { Injectable } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Recall } from './fast-lane.js';
import type {} from './route-config.js';
import type { Respond, WholeAnswer } from './whole-request.js';
import { hasUnreadBody } from './unread-body.js';

const FIRST_REFUSAL = 400;

/** A JSON schema, compiled once when the route is registered. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A route that is called far more often than any other, registered straight on Fastify. */
export interface HotRoute {
  readonly method: 'GET' | 'POST';
  /** With `:name` for a part of the path. */
  readonly url: string;
  readonly allow: string;
  /** The operationId. */
  readonly name: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: JsonSchema;
  readonly query?: JsonSchema;
  readonly body?: JsonSchema;
  /** Headers that it heeds, for the document alone. */
  readonly headers?: JsonSchema;
  /** Of the answer 200: a class, the name of a schema that is in the document already, or a media type without one. */
  readonly returns: { readonly model: Type } | { readonly schema: string } | { readonly mediaType: string };
  /** 304 and the status codes of refusals, besides those that follow from what the route is; see openapi-rules.ts. */
  readonly refuses: readonly number[];
  /**
   * Gives the answer, or a promise of it. No context is open here: who leaves memory opens it with `CallContext.run(request.call, …)`.
   * What is thrown becomes a problem as everywhere.
   */
  handle(request: FastifyRequest, reply: FastifyReply): unknown;
  /** How the URL of this request, once answered, is answered again from memory alone; null when it never is. */
  recall?(request: FastifyRequest): Recall | null;
  /** Not in the document: nobody makes up its URL, it is given to whoever may use it. */
  readonly isUnlisted?: true;
}

/**
 * A route to which small questions are posted far more often than to any other, in the words of a protocol that is not
 * ours: it reads the bytes itself, and has its own shape of refusals.
 */
export interface QuestionRoute {
  /** With `:name` for a part of the path. */
  readonly url: string;
  readonly allow: string;
  /** Its place in the document, all but the path and the credential; null where it stands there under another URL. */
  readonly operation: Readonly<Record<string, unknown>> | null;
  /** Nothing is known of the body but its media type. No context is open here. */
  readonly respond: Respond;
  /** Says in the protocol's words what kept a request from getting so far. */
  refuse(error: unknown, request: FastifyRequest): WholeAnswer;
}

/**
 * Registers hot routes. They pass the same hooks as every route (authentication, permission, request id, metrics, log)
 * and the same filter, and stand in the same document; they skip Nest's pipes, guards and interceptors.
 */
@Injectable()
export class HotRoutes {
  readonly #routes: HotRoute[] = [];
  readonly #questions: QuestionRoute[] = [];

  constructor(private readonly host: HttpAdapterHost) {}

  add(route: HotRoute): void {
    this.#routes.push(route);
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.route({
      method: route.method,
      url: route.url,
      config: { allow: route.allow, hot: true, audience: 'hot' },
      schema: {
        ...(route.params && { params: route.params }),
        ...(route.query && { querystring: route.query }),
        ...(route.body && { body: route.body }),
      },
      handler: (request, reply) => {
        const answer = route.handle(request, reply);
        fastify.fastLane.remember(request.raw.url ?? '', () => {
          const recall = route.recall?.(request);
          return recall ? { route: route.url, allow: route.allow, recall } : null;
        });
        if (answer instanceof Promise) return answer;
        return reply.send(answer);
      },
    });
  }

  addQuestion(route: QuestionRoute): void {
    this.#questions.push(route);
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.route({
      method: 'POST',
      url: route.url,
      config: { allow: route.allow, hot: true, audience: 'hot', bytes: true },
      handler: (request, reply) => {
        const { headers, call } = request;
        const params = request.params as Record<string, string>;
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const answer = route.respond({ caller: call.caller, headers, params, body });
        const give = (whole: WholeAnswer): FastifyReply => {
          if (whole.status < FIRST_REFUSAL) {
            const known = { route: route.url, allow: route.allow, params, respond: route.respond };
            fastify.fastLane.rememberQuestion(request.raw.url ?? '', () => known);
          }
          return sendWhole(reply, whole);
        };
        return answer instanceof Promise ? answer.then(give) : give(answer);
      },
      errorHandler: (error, request, reply) => {
        if (hasUnreadBody(request.raw)) reply.header('connection', 'close');
        void sendWhole(reply, route.refuse(error, request));
      },
    });
  }

  /** All of them, for the OpenAPI document. */
  get all(): readonly HotRoute[] {
    return this.#routes;
  }

  /** These, too. */
  get questions(): readonly QuestionRoute[] {
    return this.#questions;
  }
}

function sendWhole(reply: FastifyReply, { status, headers, body }: WholeAnswer): FastifyReply {
  for (let at = 0; at < headers.length; at += 2) reply.header(headers[at] ?? '', headers[at + 1]);
  return reply.code(status).send(body === '' ? undefined : body);
}
