import { resourceControllers } from '#platform/http';
import { ItemQueries } from '../application/item.queries.js';
import { ItemService } from '../application/item.service.js';
import { itemId } from '../domain/identity.js';
import { ItemBodies } from './item-bodies.js';
import { toItemFilter } from './item-filters.js';
import { CreateItemBody, ItemListResponse, ItemResponse, PatchItemBody, ReviseItemBody } from './item.dto.js';
import { ItemListQuery } from './item.queries.dto.js';
import { toItemResponse, toStoredItem } from './item.wire.js';

export const itemControllers = resourceControllers({
  path: 'budget/items',
  tag: 'Budget',
  name: 'BudgetItem',
  names: 'BudgetItems',
  noun: 'an item',
  nouns: 'items',
  read: 'budget:read',
  write: 'budget:write',
  returns: ItemResponse,
  queries: ItemQueries,
  service: ItemService,
  bodies: ItemBodies,
  idOf: itemId,
  toResponse: toItemResponse,
  toStored: toStoredItem,
  create: {
    takes: CreateItemBody,
    note: 'Payor and payee by id, or by name: then the one payee with this name is meant, and one is made where there is none.',
    refuses: ['conflict', 'unprocessable'],
  },
  list: {
    takes: ItemListQuery,
    returns: ItemListResponse,
    note: 'Sorted by transaction_date, item, updated_at or, where one currency is asked for, amount; the newest day first unless said otherwise.',
    filter: toItemFilter,
  },
  update: {
    takes: ReviseItemBody,
    note: 'What is absent stays as it is, null clears. Of a reconciled item only notes and labels may change.',
    refuses: ['conflict', 'unprocessable'],
  },
  patch: {
    takes: PatchItemBody,
    note: 'RFC 7396 over the members of the item; labels merge by key.',
    refuses: ['conflict', 'unprocessable'],
  },
  delete: {
    summary: 'Delete an item that is not reconciled; its history stays',
    refuses: ['conflict'],
  },
});
