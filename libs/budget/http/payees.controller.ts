import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import { AsOfQuery, BatchResponse, Endpoint, IfMatch, toInstant, toPageResponse } from '#platform/http';
import type { Manner } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { PayeeMerger } from '../application/payee-merger.js';
import { PayeeQueries } from '../application/payee.queries.js';
import { PayeeService } from '../application/payee.service.js';
import { payeeId } from '../domain/identity.js';
import { PayeeBatch } from './payee-batch.js';
import { PayeeBodies } from './payee-bodies.js';
import { toPayeeFilter } from './payee-filters.js';
import {
  CreatePayeeBody,
  DeletePayeeQuery,
  MergePayeeBody,
  PatchPayeeBody,
  PayeeBatchBody,
  PayeeListQuery,
  PayeeListResponse,
  PayeeResponse,
  RevisePayeeBody,
} from './payee.dto.js';
import { toPayeeResponse, toStoredPayee } from './payee.wire.js';

const CREATED = 201;
const OK = 200;
const PARTIAL = 207;

@ApiTags('Budget')
@Controller({ path: 'budget/payees', version: '1' })
export class PayeesController {
  constructor(
    private readonly service: PayeeService,
    private readonly merger: PayeeMerger,
    private readonly queries: PayeeQueries,
    private readonly bodies: PayeeBodies,
    private readonly batches: PayeeBatch,
    private readonly context: CallContext,
  ) {}

  @Post()
  @ApiBody({ type: CreatePayeeBody })
  @Endpoint({
    name: 'createPayee',
    summary: 'Create a payee',
    description: 'Somebody who pays or is paid. Names are not of their own: look whether it is there.',
    allow: 'budget:write',
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: PayeeResponse,
    refuses: ['conflict', 'too-large', 'unsupported'],
  })
  async create(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PayeeResponse> {
    const { state, outcome } = await this.service.create(await this.bodies.toNew(body));
    if (outcome === 'unchanged') reply.code(OK);
    return toStoredPayee(state);
  }

  @Get()
  @Endpoint({
    name: 'listPayees',
    summary: 'List payees',
    description: 'Sorted by name, created_at or updated_at; by name unless said otherwise.',
    allow: 'budget:read',
    returns: PayeeListResponse,
  })
  async list(@Query() query: PayeeListQuery): Promise<PayeeListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const filter = toPayeeFilter(query, readTenant(this.context.current.caller, query.tenant_id));
    const page = await this.queries.page(filter, { limit, cursor, sort, includeTotal });
    return toPageResponse(page, toPayeeResponse);
  }

  @Post('batch')
  @Endpoint({
    name: 'batchPayees',
    summary: 'Create, change and delete several payees',
    description: 'atomic: all or nothing. partial: each by itself; the status is then 207.',
    allow: 'budget:write',
    also: { [PARTIAL]: 'Some may have failed; the results tell.' },
    returns: BatchResponse,
    refuses: ['too-large', 'unsupported', 'unprocessable'],
  })
  async batch(
    @Body() body: PayeeBatchBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchResponse> {
    if (body.mode === 'partial') reply.code(PARTIAL);
    return this.batches.run(body);
  }

  @Get(':id')
  @Endpoint({
    name: 'getPayee',
    summary: 'Get a payee',
    allow: 'budget:read',
    returns: PayeeResponse,
    refuses: ['not-found', 'gone'],
  })
  async get(@Param('id') text: string, @Query() { as_of: at }: AsOfQuery): Promise<PayeeResponse> {
    const id = payeeId(text);
    return toPayeeResponse(
      at === undefined ? await this.queries.get(id) : await this.queries.asOf(id, toInstant(at, '/as_of')),
    );
  }

  @Put(':id')
  @ApiBody({ type: RevisePayeeBody })
  @Endpoint({
    name: 'updatePayee',
    summary: 'Change a payee',
    description: 'What is absent stays as it is, null clears.',
    allow: 'budget:write',
    returns: PayeeResponse,
    refuses: ['not-found', 'stale', 'too-large', 'unsupported'],
  })
  update(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<PayeeResponse> {
    return this.#revise({ id, ifVersion }, body, 'replace');
  }

  @Patch(':id')
  @ApiBody({ type: PatchPayeeBody })
  @Endpoint({
    name: 'patchPayee',
    summary: 'Change a payee by merge patch',
    description: 'RFC 7396 over the members of the payee; labels merge by key.',
    allow: 'budget:write',
    returns: PayeeResponse,
    refuses: ['not-found', 'stale', 'too-large', 'unsupported'],
  })
  patch(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<PayeeResponse> {
    return this.#revise({ id, ifVersion }, body, 'merge');
  }

  @Delete(':id')
  @Endpoint({
    name: 'deletePayee',
    summary: 'Delete a payee; its history stays',
    description:
      'As long as it is the payor or the payee of an item it goes only where `merge_into` names another payee, as `mergePayee` does it.',
    allow: 'budget:write',
    status: 204,
    refuses: ['not-found', 'conflict', 'stale', 'unprocessable'],
  })
  async delete(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: DeletePayeeQuery,
  ): Promise<void> {
    const target = { id: payeeId(id), ifVersion };
    const { merge_into: into, change_reason: reason = null } = query;
    if (into === undefined) return this.service.delete(target, reason);
    await this.merger.merge(target, { id: payeeId(into), pointer: '/merge_into' }, reason);
  }

  @Post(':id/merge')
  @Endpoint({
    name: 'mergePayee',
    summary: 'Merge a payee into another one',
    description:
      'The items of this payee become those of the other one, reconciled ones too, each with a version of its own; this payee is gone then, and its history stays. All of it, or nothing. The answer is the payee that stays.',
    allow: 'budget:write',
    returns: PayeeResponse,
    refuses: ['not-found', 'conflict', 'stale', 'unprocessable'],
  })
  async merge(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() { into, change_reason: reason = null }: MergePayeeBody,
  ): Promise<PayeeResponse> {
    const target = { id: payeeId(id), ifVersion };
    return toStoredPayee(await this.merger.merge(target, { id: payeeId(into), pointer: '/into' }, reason));
  }

  async #revise(
    { id, ifVersion }: { readonly id: string; readonly ifVersion: ExpectedVersion },
    body: unknown,
    manner: Manner,
  ): Promise<PayeeResponse> {
    const { asked, reason } = await this.bodies.toRevision(body, manner);
    return toStoredPayee(await this.service.revise({ id: payeeId(id), ifVersion }, asked, reason));
  }
}
