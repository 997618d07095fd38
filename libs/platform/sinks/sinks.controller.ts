import { Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { checkedUuid } from '#shared-kernel';
import { CallContext, readTenant, tenantFromColumn } from '#platform/context';
import { toCloudEvent } from '#platform/events';
import { Endpoint, toPageResponse } from '#platform/http';
import { SinkCare } from './sink-care.js';
import { SinkLeases } from './sink-leases.js';
import { SinkQueries } from './sink.queries.js';
import type { ParkedView, SinkView } from './sink-views.js';
import {
  ParkedEventListResponse,
  SinkListResponse,
  SinkPageQuery,
  SinkResponse,
  SinksQuery,
} from './sinks.dto.js';
import type { ParkedEventResponse } from './sinks.dto.js';
import { INSTALLATION } from './sql-sinks.js';

const NO_CONTENT = 204;
const OfSink = (): MethodDecorator =>
  ApiParam({ name: 'name', description: 'The sink, as the list names it.', example: 'kinesis' });
const OfParked = (): MethodDecorator =>
  ApiParam({ name: 'id', description: 'The event that is put aside, as the list of them says.' });

@ApiTags('Sinks')
@Controller({ path: 'admin/sinks', version: '1' })
export class SinksController {
  constructor(
    private readonly queries: SinkQueries,
    private readonly care: SinkCare,
    private readonly leases: SinkLeases,
    private readonly context: CallContext,
  ) {}

  @Get()
  @Endpoint({
    name: 'listSinks',
    summary: 'List sinks and how far each is',
    description: 'By name. A credential that is bound to a tenant sees that tenant’s sinks alone.',
    allow: 'events:read',
    returns: SinkListResponse,
  })
  async list(@Query() query: SinksQuery): Promise<SinkListResponse> {
    const tenant = readTenant(this.context.current.caller, query.tenant_id);
    const filter = { kinds: query.kind, tenant: tenant ?? undefined };
    const page = await this.queries.page(filter, toRequest(query));
    const backlogs = await this.#backlogs(page.items);
    return toPageResponse(page, (sink) => toResponse(sink, backlogs));
  }

  @Get(':name')
  @OfSink()
  @Endpoint({
    name: 'getSink',
    summary: 'Tell how far a sink is',
    allow: 'events:read',
    returns: SinkResponse,
    refuses: ['not-found'],
  })
  async get(@Param('name') name: string): Promise<SinkResponse> {
    const sink = await this.queries.get(name);
    return toResponse(sink, await this.#backlogs([sink]));
  }

  @Delete(':name')
  @OfSink()
  @Endpoint({
    name: 'removeSink',
    summary: 'Remove a sink that is not set any more',
    description:
      'The log is kept for what a sink has not delivered: one that never comes back has to be removed.',
    allow: 'events:write',
    status: NO_CONTENT,
    refuses: ['not-found', 'conflict'],
  })
  async remove(@Param('name') name: string): Promise<void> {
    await this.care.remove(name);
  }

  @Get(':name/parked')
  @OfSink()
  @Endpoint({
    name: 'listParkedEvents',
    summary: 'List what a sink put aside',
    description: 'Oldest first.',
    allow: 'events:read',
    returns: ParkedEventListResponse,
    refuses: ['not-found'],
  })
  async parked(@Param('name') name: string, @Query() query: SinkPageQuery): Promise<ParkedEventListResponse> {
    return toPageResponse(await this.queries.parked(name, toRequest(query)), toParked);
  }

  @Post(':name/parked/:id/retry')
  @OfSink()
  @OfParked()
  @Endpoint({
    name: 'retryParkedEvent',
    summary: 'Deliver now what was put aside',
    description:
      'After what followed it: its reader has to look at `sequence`. Once it was taken it is put aside no more.',
    allow: 'events:write',
    status: NO_CONTENT,
    refuses: ['invalid', 'not-found', 'conflict', 'gone', 'bad-gateway'],
  })
  async retry(@Param('name') name: string, @Param('id') id: string): Promise<void> {
    await this.care.retry(name, checkedUuid(id, '/id'));
  }

  @Delete(':name/parked/:id')
  @OfSink()
  @OfParked()
  @Endpoint({
    name: 'forgetParkedEvent',
    summary: 'Give up delivering what was put aside',
    allow: 'events:write',
    status: NO_CONTENT,
    refuses: ['invalid', 'not-found'],
  })
  async forget(@Param('name') name: string, @Param('id') id: string): Promise<void> {
    await this.care.forget(name, checkedUuid(id, '/id'));
  }

  /** What kinds say of those of theirs. */
  async #backlogs(sinks: readonly SinkView[]): Promise<ReadonlyMap<string, number>> {
    const all = new Map<string, number>();
    for (const [kind, known] of this.leases.kinds) {
      const names = sinks.filter((sink) => sink.kind === kind).map(({ name }) => name);
      if (names.length === 0 || !known.backlog) continue;
      const counts = await known.backlog(names);
      for (const name of names) all.set(name, counts.get(name) ?? 0);
    }
    return all;
  }
}

const toRequest = ({ limit, cursor, include_total }: SinkPageQuery) => ({
  limit,
  cursor,
  includeTotal: include_total,
});

function toResponse(sink: SinkView, backlogs: ReadonlyMap<string, number>): SinkResponse {
  const { lastError: reason, lastErrorAt: at } = sink;
  return {
    name: sink.name,
    kind: sink.kind,
    tenant_id: sink.tenant === INSTALLATION ? null : sink.tenant,
    streams: sink.streams.map(({ stream, checkpoint, head, oldestAt }) => ({
      tenant_id: tenantFromColumn(stream),
      checkpoint,
      head,
      lag_revisions: Math.max(0, head - checkpoint),
      oldest_at: oldestAt?.toISOString() ?? null,
    })),
    stream_count: sink.streamCount,
    lag_revisions: sink.lagRevisions,
    lag_seconds: Math.floor(sink.lagSeconds),
    pending: backlogs.get(sink.name) ?? null,
    held_by: sink.holder,
    held_until: sink.heldUntil?.toISOString() ?? null,
    last_error: reason !== null && at !== null ? { at: at.toISOString(), reason } : null,
    last_success_at: sink.lastSuccessAt?.toISOString() ?? null,
    parked: { count: sink.parked },
  };
}

function toParked(parked: ParkedView): ParkedEventResponse {
  const told = { aggregateVersion: 0, snapshot: null, actor: '', requestId: null, traceId: null };
  const event = toCloudEvent({ ...parked, ...told, rolledBackFrom: null }, null);
  return {
    id: parked.id,
    tenant_id: tenantFromColumn(parked.tenant),
    event_id: event.id,
    type: event.type,
    partitionkey: event.partitionkey,
    subject: parked.subject,
    time: event.time,
    reason: parked.reason,
    parked_at: parked.parkedAt.toISOString(),
  };
}
