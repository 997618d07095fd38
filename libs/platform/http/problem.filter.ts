import { Catch, HttpException, Logger } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, refusalOf } from './problem.js';
import { MethodNotAllowed } from './route-table.js';
import type { RouteTable } from './route-table.js';
import { hasUnreadBody } from './unread-body.js';

/** The only place where something thrown becomes an answer, whichever way the request came in. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger('Http');

  constructor(private readonly routes: RouteTable) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = this.#explain(thrown, request);
    const { problem, headers } = refusalOf(error, request.id);
    if (problem.status === 500)
      this.#logger.error({ err: error, requestId: request.id }, 'A request failed.');
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy(); // A stream broke in the middle: cutting it is the only way left to say so.
      return;
    }
    for (const name of ['etag', 'location', 'cache-control']) reply.removeHeader(name);
    if (hasUnreadBody(request.raw)) reply.header('Connection', 'close');
    void reply.code(problem.status).headers(headers).type(PROBLEM_TYPE).send(JSON.stringify(problem));
  }

  /** A path that exists under another method is told apart from one that does not exist. */
  #explain(error: unknown, request: FastifyRequest): unknown {
    if (!(error instanceof HttpException) || error.getStatus() !== 404) return error;
    const methods = this.routes.methodsOf(request.url.split('?', 1)[0] ?? '');
    return methods.length > 0 ? new MethodNotAllowed(methods) : error;
  }
}
