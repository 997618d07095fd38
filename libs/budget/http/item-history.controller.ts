import { historyController } from '#platform/http';
import { ItemQueries } from '../application/item.queries.js';
import { ItemService } from '../application/item.service.js';
import { itemId } from '../domain/identity.js';
import { ItemResponse } from './item.dto.js';
import { toItemResponse, toStoredItem } from './item.wire.js';

export const ItemHistoryController = historyController({
  path: 'budget/items/:id',
  tag: 'Budget',
  name: 'BudgetItem',
  noun: 'an item',
  read: 'budget:read',
  write: 'budget:write',
  rollbackNote: 'Of a reconciled item only notes and labels may come back.',
  rollbackRefuses: ['conflict', 'unprocessable'],
  returns: ItemResponse,
  queries: ItemQueries,
  service: ItemService,
  idOf: itemId,
  toResponse: toItemResponse,
  toStored: toStoredItem,
});
