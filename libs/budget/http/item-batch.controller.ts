import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { BatchResponse, Endpoint } from '#platform/http';
import { ItemBatch } from './item-batch.js';
import { ItemBatchBody } from './item.dto.js';

const EACH_BY_ITSELF = 207;

@ApiTags('Budget')
@Controller({ path: 'budget/items/batch', version: '1' })
export class ItemBatchController {
  constructor(private readonly batches: ItemBatch) {}

  @Post()
  @Endpoint({
    name: 'batchBudgetItems',
    summary: 'Create, change and delete several items',
    description: 'atomic: all or nothing. partial: each by itself; the status is then 207.',
    allow: 'budget:write',
    also: { [EACH_BY_ITSELF]: 'Some may have failed; the results tell.' },
    returns: BatchResponse,
    refuses: ['too-large', 'unsupported', 'unprocessable'],
  })
  async batch(
    @Body() body: ItemBatchBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchResponse> {
    if (body.mode === 'partial') reply.code(EACH_BY_ITSELF);
    return this.batches.run(body);
  }
}
