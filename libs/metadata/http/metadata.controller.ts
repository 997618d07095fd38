import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { together } from '#shared-kernel';
import type { ExpectedVersion, UpsertOptions } from '#shared-kernel';
import { CallContext, readTenant, writeTenant } from '#platform/context';
import {
  BatchResponse,
  Endpoint,
  IfMatch,
  ReasonQuery,
  TenantQuery,
  toInstant,
  toPageResponse,
  UpsertConditions,
} from '#platform/http';
import { MetadataQueries } from '../application/metadata.queries.js';
import { MetadataService } from '../application/metadata.service.js';
import type { Revise } from '../application/metadata.service.js';
import { contentType, YamlSyntax } from '../domain/content.js';
import { entryId } from '../domain/identity.js';
import { normalTag } from '../domain/tags.js';
import {
  CountListResponse,
  CreateEntryBody,
  EntryBatchBody,
  EntryListResponse,
  EntryResponse,
  ReviseEntryBody,
  UpsertEntryBody,
} from './entry.dto.js';
import { EntryListQuery, GetEntryQuery, NamespaceQuery } from './entry.queries.dto.js';
import { EntryBatch } from './entry-batch.js';
import { Reveal } from './reveal.js';
import { toNewEntry, toResponse, toRevision, toStoredResponse } from './entry.wire.js';

const CREATED = 201;
const OK = 200;

@ApiTags('Metadata')
@Controller({ path: 'metadata', version: '1' })
export class MetadataController {
  constructor(
    private readonly service: MetadataService,
    private readonly queries: MetadataQueries,
    private readonly yaml: YamlSyntax,
    private readonly context: CallContext,
    private readonly batches: EntryBatch,
    private readonly reveal: Reveal,
  ) {}

  @Post()
  @Endpoint({
    name: 'createMetadataEntry',
    summary: 'Create an entry',
    allow: 'metadata:write',
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: EntryResponse,
    exact: ['/value'],
    refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable'],
  })
  async create(
    @Body() body: CreateEntryBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EntryResponse> {
    const { caller } = this.context.current;
    const { tenant, entry } = together({
      tenant: () => writeTenant(caller, body.tenant_id),
      entry: () => toNewEntry(body, null, this.yaml),
    });
    const { state, outcome } = await this.service.create({ ...entry, tenant });
    if (outcome === 'unchanged') reply.code(OK);
    return toStoredResponse(state);
  }

  @Get()
  @Endpoint({
    name: 'listMetadataEntries',
    summary: 'List entries',
    allow: 'metadata:read',
    returns: EntryListResponse,
  })
  async list(@Query() query: EntryListQuery): Promise<EntryListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const filter = {
      tenant: readTenant(this.context.current.caller, query.tenant_id),
      namespaces: query.namespace,
      prefix: query.prefix,
      tags: query.tags?.map(normalTag),
      allTags: query.all_tags?.map(normalTag),
      contentTypes: query.content_type?.map(contentType),
      q: query.q,
      updatedSince:
        query.updated_since === undefined ? undefined : toInstant(query.updated_since, '/updated_since'),
    };
    return toPageResponse(await this.queries.page(filter, { limit, cursor, sort, includeTotal }), toResponse);
  }

  @Get('tags')
  @Endpoint({
    name: 'listMetadataTags',
    summary: 'List tags with their counts',
    allow: 'metadata:read',
    returns: CountListResponse,
  })
  async tags(@Query() query: NamespaceQuery): Promise<CountListResponse> {
    const tenant = readTenant(this.context.current.caller, query.tenant_id);
    return { items: await this.queries.tags(tenant, query.namespace ?? null) };
  }

  @Get('namespaces')
  @Endpoint({
    name: 'listMetadataNamespaces',
    summary: 'List namespaces with their counts',
    allow: 'metadata:read',
    returns: CountListResponse,
  })
  async namespaces(@Query() query: TenantQuery): Promise<CountListResponse> {
    return { items: await this.queries.namespaces(readTenant(this.context.current.caller, query.tenant_id)) };
  }

  @Post('batch')
  @Endpoint({
    name: 'batchMetadataEntries',
    summary: 'Create, update and delete several entries',
    description: 'atomic: all or nothing. partial: each by itself; the status is then 207.',
    allow: 'metadata:write',
    also: { 207: 'Some may have failed; the results tell.' },
    returns: BatchResponse,
    exact: ['/operations/*/value'],
    refuses: ['too-large', 'unsupported', 'unprocessable'],
  })
  async batch(
    @Body() body: EntryBatchBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchResponse> {
    if (body.mode === 'partial') reply.code(207);
    return this.batches.run(body);
  }

  @Put('key/:key')
  @ApiParam({ name: 'key', description: 'The key of the entry.', schema: { type: 'string', maxLength: 255 } })
  @Endpoint({
    name: 'putMetadataEntryByKey',
    summary: 'Create or replace an entry by its key',
    description: 'What is absent gets its default. `If-None-Match: *` creates only.',
    allow: 'metadata:write',
    also: { [CREATED]: 'It was not there.' },
    returns: EntryResponse,
    exact: ['/value'],
    refuses: ['conflict', 'stale', 'too-large', 'unsupported'],
  })
  async upsert(
    @Param('key') key: string,
    @Query() query: NamespaceQuery,
    @Body() body: UpsertEntryBody,
    @UpsertConditions() conditions: UpsertOptions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EntryResponse> {
    const { caller } = this.context.current;
    const named = { ...body, key, ...(query.namespace !== undefined && { namespace: query.namespace }) };
    const { tenant, entry } = together({
      tenant: () => writeTenant(caller, query.tenant_id),
      entry: () => toNewEntry(named, null, this.yaml),
    });
    const { state, outcome } = await this.service.upsert({ ...entry, tenant }, conditions);
    if (outcome === 'created') reply.code(CREATED).header('Location', `/api/v1/metadata/${state.id}`);
    return toStoredResponse(state);
  }

  @Get(':id')
  @Endpoint({
    name: 'getMetadataEntry',
    summary: 'Get an entry',
    allow: 'metadata:read',
    returns: EntryResponse,
    refuses: ['not-found', 'gone'],
  })
  async get(
    @Param('id') id: string,
    @Query() query: GetEntryQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EntryResponse> {
    const showing = this.reveal.showing(query.reveal, reply);
    const entry =
      query.as_of === undefined
        ? await this.queries.get(entryId(id), showing)
        : await this.queries.asOf(entryId(id), toInstant(query.as_of, '/as_of'), showing);
    return toResponse(entry);
  }

  @Put(':id')
  @Endpoint({
    name: 'updateMetadataEntry',
    summary: 'Change an entry',
    description: 'What is absent stays as it is, null clears.',
    allow: 'metadata:write',
    returns: EntryResponse,
    exact: ['/value'],
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported'],
  })
  async update(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: ReviseEntryBody,
  ): Promise<EntryResponse> {
    const revise: Revise = (current) => toRevision(body, this.yaml, current.definition.content);
    return toStoredResponse(
      await this.service.revise({ id: entryId(id), ifVersion }, revise, body.change_reason ?? null),
    );
  }

  @Patch(':id')
  @Endpoint({
    name: 'patchMetadataEntry',
    summary: 'Change an entry by merge patch',
    description: 'RFC 7396 over the members of the entry; `value` is one member and is replaced whole.',
    allow: 'metadata:write',
    returns: EntryResponse,
    exact: ['/value'],
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported'],
  })
  patch(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: ReviseEntryBody,
  ): Promise<EntryResponse> {
    return this.update(id, ifVersion, body);
  }

  @Delete(':id')
  @Endpoint({
    name: 'deleteMetadataEntry',
    summary: 'Delete an entry; its history stays',
    allow: 'metadata:write',
    status: 204,
    refuses: ['not-found', 'stale'],
  })
  async delete(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    await this.service.delete({ id: entryId(id), ifVersion }, query.change_reason ?? null);
  }
}
