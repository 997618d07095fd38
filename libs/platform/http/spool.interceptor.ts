import type { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import { SpooledBody, SpoolUnavailable } from './spooled-body.js';

/**
 * Takes the body of a route that declares `streamed` in before anything else begins: a client that sends slowly holds
 * neither a transaction nor a connection to the database, and whoever has to begin again finds the whole body.
 */
@Injectable()
export class SpoolInterceptor implements NestInterceptor {
  readonly #logger = new Logger('Http');

  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    if (request.routeOptions.config.streamed === undefined || !request.body) return next.handle();
    return from(this.#withWhole(request, next));
  }

  async #withWhole(request: FastifyRequest, next: CallHandler): Promise<unknown> {
    const body = await this.#take(request);
    request.body = body;
    try {
      return await lastValueFrom(next.handle(), { defaultValue: undefined });
    } finally {
      await body.close();
    }
  }

  async #take(request: FastifyRequest): Promise<SpooledBody> {
    try {
      return await SpooledBody.take(request.body as Readable);
    } catch (error) {
      if (error instanceof SpoolUnavailable)
        this.#logger.error({ err: error, requestId: request.id }, 'The disk takes no body.');
      throw error;
    }
  }
}
