import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallContext, readTenant, SHARED_TENANT, tenantColumn } from '#platform/context';
import { LiveEvents, wantedBy } from '#platform/events';
import type { EventResponse } from '#platform/events';
import { answersHead, Endpoint, EVENT_STREAM_TYPE, lastEventIdOf } from '#platform/http';
import { SupervisorRequestQueries } from '../application/supervisor-request.queries.js';
import { supervisorRequestId } from '../domain/identity.js';
import { checkedStoreId } from '../domain/store-id.js';
import { RequestEventsQuery, StoreEventsQuery } from './request-events.dto.js';
import type { SupervisorRequestResponse } from './supervisor-request.dto.js';
import { toSupervisorRequestResponse } from './supervisor-request.wire.js';
import { StoreIdParam } from './store-id.param.js';

/** As in the types of its events. */
const AGGREGATE_TYPE = 'supervisor.request';
const DELETED = 'io.metastore.supervisor.request.deleted.v1';
const NOTHING_MORE = 204;
const RESUMING = {
  name: 'Last-Event-ID',
  required: false,
  description: 'The `id` of the last event that was heard: everything after it is told, once.',
  schema: { type: 'string', examples: ['42'] } as never,
};
const MANNER = [
  'Server-sent events. `event` is the type of a CloudEvent and `data` the CloudEvent, as `GET /events` has it; `id` is where to go on after it.',
  'Every 15 seconds comes a comment, or a `bookmark` with a newer `id`. A client that does not keep up is cut off, and goes on by `Last-Event-ID`.',
].join(' ');

/** Server-sent events of what becomes of supervisor requests. */
@ApiTags('Supervisor requests')
@Controller({ version: '1' })
export class RequestEventsController {
  constructor(
    private readonly live: LiveEvents,
    private readonly queries: SupervisorRequestQueries,
    private readonly context: CallContext,
  ) {}

  @Get('stores/:store_id/supervisor-requests/events')
  @StoreIdParam()
  @ApiHeader(RESUMING)
  @Endpoint({
    name: 'streamStoreSupervisorRequests',
    summary: 'Follow the supervisor requests of a store',
    description: `From now on, or from a position. ${MANNER}`,
    allow: 'supervisor:read',
    produces: EVENT_STREAM_TYPE,
    signable: true,
  })
  async ofStore(
    @Param('store_id') storeId: string,
    @Query() { after, tenant_id }: StoreEventsQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const subject = checkedStoreId(storeId);
    const tenant = readTenant(this.context.current.caller, tenant_id);
    const streams = tenant === null ? [SHARED_TENANT] : [tenantColumn(tenant), SHARED_TENANT];
    const asked = await this.live.placeIn(streams, { lastHeard: lastEventIdOf(request), after });
    const wanted = wantedBy({ aggregateTypes: [AGGREGATE_TYPE], subjects: [subject] });
    if (answersHead(request, reply)) return;
    await this.live.follow({ streams, wanted, ...(asked ?? (await this.live.present(streams))) }, reply);
  }

  @Get('supervisor-requests/:id/events')
  @ApiHeader(RESUMING)
  @ApiResponse({ status: NOTHING_MORE, description: 'Everything was heard, and nothing will come.' })
  @Endpoint({
    name: 'streamSupervisorRequest',
    summary: 'Follow a supervisor request until its end',
    description: [
      'First its newest change as the event `snapshot`, or what came after a position. When nothing can come any more the stream',
      `ends, and who comes back for more is answered 204, after which an EventSource stays away. ${MANNER}`,
    ].join(' '),
    allow: 'supervisor:read',
    produces: EVENT_STREAM_TYPE,
    signable: true,
    refuses: ['not-found'],
  })
  async ofOne(
    @Param('id') id: string,
    @Query() { after }: RequestEventsQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const requestId = supervisorRequestId(id);
    const view = await this.queries.get(requestId);
    const stream = tenantColumn(view.tenant);
    const asked = await this.live.placeIn([stream], { lastHeard: lastEventIdOf(request), after });
    if (answersHead(request, reply)) return;
    const wanted = wantedBy({ aggregateTypes: [AGGREGATE_TYPE], aggregateIds: [requestId] });
    const about = { streams: [stream], wanted, ends: isLast };
    if (asked === null || asked.opening) {
      // What it is now says more than that something is not told any more.
      await this.live.follow(
        { ...about, ...(await this.live.newest(stream, AGGREGATE_TYPE, requestId)) },
        reply,
      );
      return;
    }
    const followed = { ...about, ...asked };
    const isOver = isEnd(toSupervisorRequestResponse(view));
    if (isOver && !(await this.live.hasMissed(followed))) reply.code(NOTHING_MORE).send();
    else await this.live.follow(followed, reply);
  }
}

const isLast = ({ type, data }: EventResponse): boolean =>
  type === DELETED || (data.state !== null && isEnd(data.state as SupervisorRequestResponse));

/** After a timeout a late response may come, once. */
function isEnd({ status, status_code, allow_late_response, response }: SupervisorRequestResponse): boolean {
  if (status === 'pending') return false;
  return !(status_code === 'timeout' && allow_late_response) || response?.late === true;
}
