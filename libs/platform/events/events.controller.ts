import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallContext } from '#platform/context';
import {
  answersHead,
  Endpoint,
  EVENT_STREAM_TYPE,
  lastEventIdOf,
  preferenceApplied,
  waitSecondsOf,
} from '#platform/http';
import { EventPageResponse, EventsQuery, EventStreamQuery } from './event.dto.js';
import { EventWaits } from './event-waits.js';
import type { SelectedPage } from './event-waits.js';
import { LiveEvents } from './live-events.js';
import { selectionOf } from './selection.js';
import { ShownEvents } from './shown-events.js';
import { StreamMarks } from './stream-marks.js';
import { formatPositions, parsePositions } from './stream-position.js';
import type { StreamPosition } from './stream-position.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const WAITING = {
  name: 'Prefer',
  required: false,
  description: '`wait=N`: where there is nothing to read, wait up to N seconds (at most 55) until there is.',
  schema: { type: 'string', examples: ['wait=30'] } as never,
};
const RESUMING = {
  name: 'Last-Event-ID',
  required: false,
  description: 'The `id` of the last event that was heard: everything after it is told, once.',
  schema: { type: 'string', examples: ['42'] } as never,
};
const STREAMING = [
  'Server-sent events, from now on or after a position. `event` is the type of a CloudEvent and `data` the CloudEvent, as',
  '`GET /events` has it; `id` is where to go on after it, here and there. A client that reconnects with `Last-Event-ID` hears each',
  'event once, and in order. Every 15 seconds comes a comment, or a `bookmark` with a newer `id`. A client that does not keep up is cut off.',
  'Where the position lies before what is kept, a `reset` comes first: read anew what you need; what follows is what comes from now on.',
  'After 30 minutes, or when the credential ends, so does the stream. A browser opens it by a signed URL.',
].join(' ');

@ApiTags('Events')
@Controller({ path: 'events', version: '1' })
export class EventsController {
  constructor(
    private readonly waits: EventWaits,
    private readonly live: LiveEvents,
    private readonly marks: StreamMarks,
    private readonly shown: ShownEvents,
    private readonly context: CallContext,
  ) {}

  @Get()
  @ApiHeader(WAITING)
  @Endpoint({
    name: 'listEvents',
    summary: 'Read the change log',
    description:
      'Every change of every context, in the order in which it was committed. Remember `next`, ask again with it, and nothing is missed.',
    allow: 'events:read',
    returns: EventPageResponse,
    refuses: ['gone'],
  })
  async list(
    @Query() query: EventsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const selection = selectionOf(query, this.context.current.caller);
    const from = await this.#placesOf(query.after, selection.streams);
    const seconds = waitSecondsOf(request.headers);
    if (seconds !== null) reply.header('Preference-Applied', preferenceApplied(seconds));
    const asked = { ...selection, from, limit: query.limit };
    reply.type(JSON_TYPE);
    return this.#toText(
      await (seconds ? this.waits.page(asked, seconds, reply.raw) : this.waits.read(asked)),
    );
  }

  @Get('stream')
  @ApiHeader(RESUMING)
  @Endpoint({
    name: 'streamEvents',
    summary: 'Follow the change log',
    description: STREAMING,
    allow: 'events:read',
    produces: EVENT_STREAM_TYPE,
    signable: true,
  })
  async stream(
    @Query() query: EventStreamQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const selection = selectionOf(query, this.context.current.caller);
    const asked = { lastHeard: lastEventIdOf(request), after: query.after };
    const beginning = await this.live.placeIn(selection.streams, asked);
    if (answersHead(request, reply)) return;
    await this.live.follow(
      { ...selection, ...(beginning ?? (await this.live.present(selection.streams))) },
      reply,
    );
  }

  /** Who names no position begins where the streams begin to be whole. @throws InvalidInput */
  async #placesOf(after: string | undefined, streams: readonly string[]): Promise<readonly StreamPosition[]> {
    if (after !== undefined) return parsePositions(after, streams.length, '/after');
    const marks = await this.marks.of(streams);
    return marks.map(({ compacted }) => ({ revision: compacted, sub: null }));
  }

  #toText({ events, next }: SelectedPage): string {
    const items = events.map((event) => this.shown.show(event).data).join(',');
    return `{"items":[${items}],"next":${JSON.stringify(formatPositions(next))}}`;
  }
}
