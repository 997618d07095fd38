import { Injectable } from '@nestjs/common';
import { Batches, performOperation } from '#platform/http';
import type { BatchResponse } from '#platform/http';
import { ItemService } from '../application/item.service.js';
import { itemId } from '../domain/identity.js';
import { ItemBodies } from './item-bodies.js';
import { ItemOperation } from './item.dto.js';
import type { ItemBatchBody } from './item.dto.js';

/** Several items in one request. */
@Injectable()
export class ItemBatch {
  constructor(
    private readonly batches: Batches,
    private readonly service: ItemService,
    private readonly bodies: ItemBodies,
  ) {}

  /** @throws BatchRefused in atomic mode, with the mistakes of all operations; then nothing was written. */
  run(batch: ItemBatchBody): Promise<BatchResponse> {
    const { service, bodies } = this;
    const parts = { noun: 'the item', service, bodies, idOf: itemId };
    return this.batches.run(batch, ItemOperation, (operation) => performOperation(operation, parts));
  }
}
