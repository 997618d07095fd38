import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallContext } from '#platform/context';
import type { ErrorKind, ExpectedVersion, Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { Endpoint } from './endpoint.js';
import type { EndpointOptions } from './endpoint.js';
import {
  PatchOperation,
  ReasonBody,
  toVersion,
  VersionListResponse,
  VersionNumber,
  VersionResponse,
  VersionsQuery,
} from './history.dto.js';
import { IfMatch } from './if-match.js';
import { jsonPatch } from './json/json-patch.js';
import { toPageResponse } from './list-query.js';
import { comparable } from './resource-response.js';
import type { ResourceResponse } from './resource-response.js';

/** What is read of the past of a kind of resource. */
interface ReadsHistory<Id, View> {
  versions(id: Id, request: PageRequest): Promise<Page<PastVersion>>;
  version(id: Id, version: number): Promise<PastStateOf<View>>;
}

interface RollsBack<Id, State> {
  rollBack(
    target: { readonly id: Id; readonly ifVersion: ExpectedVersion },
    version: number,
    reason: string | null,
  ): Promise<State>;
}

type Token<T> = abstract new (...args: never[]) => T;

/** What the routes of the past need to know of a kind of resource. */
export interface HistoryRoutes<Id, View, State, Shown extends ResourceResponse> {
  /** Where one of them lies, for example `teams/:id`. */
  readonly path: string;
  readonly tag: string;
  /** As in operationIds, for example `Team`: listTeamVersions, getTeamVersion, diffTeamVersions, rollBackTeam. */
  readonly name: string;
  /** With its article, for example `a team`. */
  readonly noun: string;
  readonly read: string;
  readonly write: string;
  /** What a rollback leaves as it is, and whatever else is to know about it. */
  readonly rollbackNote?: string;
  /** How a rollback may be refused besides by `not-found` and `stale`. */
  readonly rollbackRefuses?: readonly ErrorKind[];
  readonly returns: Type<Shown>;
  readonly queries: Token<ReadsHistory<Id, View>>;
  readonly service: Token<RollsBack<Id, State>>;
  /** @throws InvalidInput */
  readonly idOf: (text: string) => Id;
  /** As somebody of this tenant sees it; null: who is of none. */
  readonly toResponse: (view: View, tenant: string | null) => Shown;
  readonly toStored: (state: State, tenant: string | null) => Shown;
  /** Does the rollback, and tells its refusals at the places of the wire where the domain has others. */
  readonly tell?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The controller of versions, diff and rollback of one kind of resource: alike for all of them. */
export function historyController<Id, View, State, Shown extends ResourceResponse>(
  routes: HistoryRoutes<Id, View, State, Shown>,
): Type {
  const { idOf, tell = atItsPlaces } = routes;
  const endpoints = endpointsOf(routes);

  @ApiTags(routes.tag)
  @Controller({ path: routes.path, version: '1' })
  class HistoryController {
    constructor(
      @Inject(routes.queries) private readonly queries: ReadsHistory<Id, View>,
      @Inject(routes.service) private readonly service: RollsBack<Id, State>,
      @Inject(CallContext) private readonly context: CallContext,
    ) {}

    @Get('versions')
    @Endpoint(endpoints.versions)
    async versions(@Param('id') id: string, @Query() query: VersionsQuery): Promise<VersionListResponse> {
      return toPageResponse(await this.queries.versions(idOf(id), query), toVersion);
    }

    @Get('versions/:version')
    @Endpoint(endpoints.version)
    async version(
      @Param('id') id: string,
      @VersionNumber('version') version: number,
    ): Promise<VersionResponse> {
      const past = await this.queries.version(idOf(id), version);
      return { ...toVersion(past), state: past.state && this.#show(past.state) };
    }

    @Get('versions/:a/diff/:b')
    @Endpoint(endpoints.diff)
    async diff(
      @Param('id') id: string,
      @VersionNumber('a') a: number,
      @VersionNumber('b') b: number,
    ): Promise<PatchOperation[]> {
      const before = (await this.queries.version(idOf(id), a)).state;
      const after = (await this.queries.version(idOf(id), b)).state;
      return jsonPatch(before && comparable(this.#show(before)), after && comparable(this.#show(after)));
    }

    @Post('rollback/:version')
    @Endpoint(endpoints.rollBack)
    async rollBack(
      @Param('id') id: string,
      @VersionNumber('version') version: number,
      @IfMatch() ifVersion: ExpectedVersion,
      @Body() body: ReasonBody,
    ): Promise<Shown> {
      const target = { id: idOf(id), ifVersion };
      const reason = body?.change_reason ?? null;
      const state = await tell(() => this.service.rollBack(target, version, reason));
      return routes.toStored(state, this.context.current.caller.tenant);
    }

    #show(view: View): Shown {
      return routes.toResponse(view, this.context.current.caller.tenant);
    }
  }
  return HistoryController;
}

const atItsPlaces = <T>(work: () => Promise<T>): Promise<T> => work();

type Declared = Pick<
  HistoryRoutes<never, never, never, ResourceResponse>,
  'name' | 'noun' | 'read' | 'write' | 'returns' | 'rollbackNote' | 'rollbackRefuses'
>;

function endpointsOf({ name, noun, read, write, returns, rollbackNote, rollbackRefuses = [] }: Declared) {
  const reading = { allow: read, refuses: ['not-found'] } as const;
  const readingOne = { allow: read, refuses: ['not-found', 'gone'] } as const;
  return {
    versions: {
      ...reading,
      name: `list${name}Versions`,
      summary: `List the versions of ${noun}, newest first`,
      description: 'Also of one that was deleted.',
      returns: VersionListResponse,
    },
    version: {
      ...readingOne,
      name: `get${name}Version`,
      summary: `Get ${noun} as it was in a version`,
      returns: VersionResponse,
    },
    diff: {
      ...readingOne,
      name: `diff${name}Versions`,
      summary: `Get what changed between two versions of ${noun}`,
      description: 'A JSON Patch (RFC 6902) that makes the second out of the first.',
      returns: PatchOperation,
      returnsList: true,
    },
    rollBack: {
      name: `rollBack${name}`,
      summary: `Bring back the state of a version of ${noun}, as a new one`,
      ...(rollbackNote !== undefined && { description: rollbackNote }),
      allow: write,
      returns,
      refuses: ['not-found', 'gone', 'stale', ...rollbackRefuses],
    },
  } satisfies Record<string, EndpointOptions>;
}
