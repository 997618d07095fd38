import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Recall } from './fast-lane.js';
import type {} from './route-config.js';

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
  /** Of the answer 200: the name of a schema of the document, or a media type without one. */
  readonly returns: { readonly schema: string } | { readonly mediaType: string };
  /** 304 and the status codes of refusals, besides those that follow from what the route is; see openapi-rules.ts. */
  readonly refuses: readonly number[];
  /**
   * Gives the answer, or a promise of it. No context is open here: who leaves memory opens it with `CallContext.run(request.call, …)`.
   * What is thrown becomes a problem as everywhere.
   */
  handle(request: FastifyRequest, reply: FastifyReply): unknown;
  /** How the URL of this request, once answered, is answered again from memory alone; null when it never is. */
  recall?(request: FastifyRequest): Recall | null;
}

/**
 * Registers hot routes. They pass the same hooks as every route (authentication, permission, request id, metrics, log)
 * and the same filter, and stand in the same document; they skip Nest's pipes, guards and interceptors.
 */
@Injectable()
export class HotRoutes {
  readonly #routes: HotRoute[] = [];

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

  /** All of them, for the OpenAPI document. */
  get all(): readonly HotRoute[] {
    return this.#routes;
  }
}
