import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { InvalidInput } from '#shared-kernel';
import { EventsQueries } from '#platform/change-log';
import type { EventFilter, EventPage } from '#platform/change-log';
import { CallContext, readTenant, SHARED_TENANT, tenantColumn } from '#platform/context';
import { Endpoint, isUuid } from '#platform/http';
import { fromEventType, toCloudEvent } from './cloud-event.js';
import { EventPageResponse, EventsQuery, parsePosition } from './event.dto.js';
import { EventPresenters } from './event-presenters.js';

@ApiTags('Events')
@Controller({ path: 'events', version: '1' })
export class EventsController {
  constructor(
    private readonly events: EventsQueries,
    private readonly presenters: EventPresenters,
    private readonly context: CallContext,
  ) {}

  @Get()
  @Endpoint({
    name: 'listEvents',
    summary: 'Read the change log',
    description:
      'Every change of every context, in the order in which it was committed. Remember `next`, ask again with it, and nothing is missed.',
    allow: 'events:read',
    returns: EventPageResponse,
  })
  async list(@Query() query: EventsQuery): Promise<EventPageResponse> {
    const own = tenantColumn(readTenant(this.context.current.caller, query.tenant_id));
    const after = parsePosition(query.after);
    const filter = filterOf(query);
    const page = await this.events.page(own, after.own, filter, query.limit);
    if (query.include_shared !== true || own === SHARED_TENANT)
      return this.#respond([page], String(page.next));
    const left = query.limit - page.events.length;
    const shared: EventPage =
      left > 0
        ? await this.events.page(SHARED_TENANT, after.shared, filter, left)
        : { events: [], next: after.shared };
    return this.#respond([page, shared], `${page.next}.${shared.next}`);
  }

  #respond(pages: readonly EventPage[], next: string): EventPageResponse {
    const events = pages.flatMap((page) => page.events);
    return {
      items: events.map((event) =>
        toCloudEvent(event, this.presenters.present(event.aggregateType, event.snapshot)),
      ),
      next,
    };
  }
}

function filterOf({ types, aggregate_type, aggregate_id, prefix }: EventsQuery): EventFilter {
  if (aggregate_id?.some((id) => !isUuid(id))) {
    throw InvalidInput.at('/aggregate_id', 'pattern', 'It must be a UUID.');
  }
  return {
    types: types?.map(fromEventType),
    aggregateTypes: aggregate_type,
    aggregateIds: aggregate_id,
    prefix,
  };
}
