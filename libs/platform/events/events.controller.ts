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
    const isAlone = query.include_shared !== true || own === SHARED_TENANT;
    const streams = isAlone ? [own] : [own, SHARED_TENANT];
    const after = parsePosition(query.after, streams);
    const filter = filterOf(query);
    const pages: EventPage[] = [];
    let left = query.limit;
    for (const [index, stream] of streams.entries()) {
      const page = await this.events.page(stream, after[index] ?? 0, filter, left); // Also for 0: its position is checked.
      left = Math.max(0, left - page.events.length);
      pages.push(page);
    }
    return this.#respond(pages);
  }

  #respond(pages: readonly EventPage[]): EventPageResponse {
    const events = pages.flatMap((page) => page.events);
    return {
      items: events.map((event) =>
        toCloudEvent(event, this.presenters.present(event.aggregateType, event.snapshot)),
      ),
      next: pages.map((page) => page.next).join('.'),
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
