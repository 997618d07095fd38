import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { InvalidInput, pointerToken } from '#shared-kernel';

type Handler = ReturnType<ExecutionContext['getHandler']>;

/**
 * Refuses query parameters where a handler reads none: those of the others are checked against their classes. Probes and
 * scrapers may say more than is read, and so may whoever opens a page.
 */
@Injectable()
export class KnownQueryGuard implements CanActivate {
  readonly #readsQuery = new WeakMap<Handler, boolean>();

  /** @throws InvalidInput */
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const names = Object.keys(request.query as object);
    if (names.length === 0 || request.routeOptions.config.allow === 'public' || this.#reads(context))
      return true;
    throw new InvalidInput(
      names.map((name) => ({
        pointer: `/${pointerToken(name)}`,
        code: 'unknown_property',
        detail: 'There is no such property.',
      })),
    );
  }

  #reads(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    const known = this.#readsQuery.get(handler);
    if (known !== undefined) return known;
    const parameters: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler.name);
    const reads = Object.keys(parameters ?? {}).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`));
    this.#readsQuery.set(handler, reads);
    return reads;
  }
}
