import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import type { ExpectedVersion } from '#shared-kernel';
import { Endpoint } from './endpoint.js';
import { AsOfQuery, ReasonQuery } from './history.dto.js';
import { IfMatch } from './if-match.js';
import { toInstant } from './instant.js';
import { toPageResponse } from './list-query.js';
import type { ListQuery, PageResponse } from './list-query.js';
import { collectionEndpoints, itemEndpoints, UNCHANGED } from './resource-endpoints.js';
import type { ResourceResponse } from './resource-response.js';
import type {
  Changes,
  CollectionRoutes,
  ItemRoutes,
  Lists,
  Makes,
  Manner,
  ReadsChanges,
  ReadsNew,
  ResourceKind,
  Shows,
  Target,
} from './resource-routes.js';

/** What the routes of the present need to know of a kind of resource. */
export type ResourceRoutes<Id, View, State, Shown extends ResourceResponse, New, Change, Sought extends ListQuery, Filter> =
  ResourceKind<View, State, Shown> & CollectionRoutes<View, State, New, Sought, Filter> & ItemRoutes<Id, View, State, Change>; // prettier-ignore

/**
 * The controllers that create, list, show, change and delete one kind of resource, alike for all kinds: that of the
 * collection, and that of what lies in it. What a kind has besides stands in controllers of its own.
 */
export function resourceControllers<
  Id,
  View,
  State,
  Shown extends ResourceResponse,
  New,
  Change,
  Sought extends ListQuery,
  Filter,
>(routes: ResourceRoutes<Id, View, State, Shown, New, Change, Sought, Filter>): readonly Type[] {
  return [collectionController(routes), itemController(routes)];
}

function collectionController<View, State, Shown extends ResourceResponse, New, Sought extends ListQuery, F>(
  routes: ResourceKind<View, State, Shown> & CollectionRoutes<View, State, New, Sought, F>,
): Type {
  const { create, list, tell = atItsPlaces } = routes;
  const endpoints = collectionEndpoints(routes);

  @ApiTags(routes.tag)
  @Controller({ path: routes.path, version: '1' })
  class CollectionController {
    constructor(
      @Inject(routes.service) private readonly service: Makes<State, New>,
      @Inject(routes.queries) private readonly queries: Lists<View, F>,
      @Inject(routes.bodies) private readonly bodies: ReadsNew<New>,
      @Inject(CallContext) private readonly context: CallContext,
    ) {}

    @Post()
    @ApiBody({ type: create.takes })
    @Endpoint(endpoints.create)
    async create(@Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<Shown> {
      const asked = await this.bodies.toNew(body);
      const { state, outcome } = await tell(() => this.service.create(asked));
      if (outcome === 'unchanged') reply.code(UNCHANGED);
      if (create.tellsSecret) reply.header('Cache-Control', 'no-store');
      return routes.toStored(state, this.context.current.caller.tenant);
    }

    @Get()
    @Endpoint(endpoints.list)
    @QueryOf(list.takes)
    async list(@Query() query: Sought): Promise<PageResponse<Shown>> {
      const { limit, cursor, sort, include_total: includeTotal } = query;
      const { caller } = this.context.current;
      const filter = list.filter(query, readTenant(caller, query.tenant_id));
      const page = await this.queries.page(filter, { limit, cursor, sort, includeTotal });
      return toPageResponse(page, (view) => routes.toResponse(view, caller.tenant));
    }
  }
  return CollectionController;
}

function itemController<Id, View, State, Shown extends ResourceResponse, Change>(
  routes: ResourceKind<View, State, Shown> & ItemRoutes<Id, View, State, Change>,
): Type {
  const { idOf, update, patch, tell = atItsPlaces } = routes;
  const endpoints = itemEndpoints(routes);

  @ApiTags(routes.tag)
  @Controller({ path: `${routes.path}/:id`, version: '1' })
  class ItemController {
    constructor(
      @Inject(routes.service) private readonly service: Changes<Id, State, Change>,
      @Inject(routes.queries) private readonly queries: Shows<Id, View>,
      @Inject(routes.bodies) private readonly bodies: ReadsChanges<Change>,
      @Inject(CallContext) private readonly context: CallContext,
    ) {}

    @Get()
    @Endpoint(endpoints.get)
    async get(@Param('id') text: string, @Query() { as_of: at }: AsOfQuery): Promise<Shown> {
      const id = idOf(text);
      const view = await (at === undefined
        ? this.queries.get(id)
        : this.queries.asOf(id, toInstant(at, '/as_of')));
      return routes.toResponse(view, this.context.current.caller.tenant);
    }

    @Put()
    @ApiBody({ type: update.takes })
    @Endpoint(endpoints.update)
    update(@Param('id') id: string, @IfMatch() ifVersion: ExpectedVersion, @Body() body: unknown) {
      return this.#revise({ id, ifVersion }, body, 'replace');
    }

    @Patch()
    @ApiBody({ type: patch.takes })
    @Endpoint(endpoints.patch)
    patch(@Param('id') id: string, @IfMatch() ifVersion: ExpectedVersion, @Body() body: unknown) {
      return this.#revise({ id, ifVersion }, body, 'merge');
    }

    @Delete()
    @Endpoint(endpoints.delete)
    async delete(
      @Param('id') id: string,
      @IfMatch() ifVersion: ExpectedVersion,
      @Query() query: ReasonQuery,
    ): Promise<void> {
      const target = { id: idOf(id), ifVersion };
      await tell(() => this.service.delete(target, query.change_reason ?? null));
    }

    async #revise({ id, ifVersion }: Target<string>, body: unknown, manner: Manner): Promise<Shown> {
      const { asked, reason } = await this.bodies.toRevision(body, manner);
      const target = { id: idOf(id), ifVersion };
      const state = await tell(() => this.service.revise(target, asked, reason));
      return routes.toStored(state, this.context.current.caller.tenant);
    }
  }
  return ItemController;
}

const atItsPlaces = <T>(work: () => Promise<T>): Promise<T> => work();

/** Says of which class the only parameter is, where that is known no sooner than the controller is made. */
const QueryOf =
  (type: Type): MethodDecorator =>
  (target, method) =>
    Reflect.defineMetadata('design:paramtypes', [type], target, method);
