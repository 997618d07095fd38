import { historyController } from '#platform/http';
import { CategoryQueries } from '../application/category.queries.js';
import { CategoryService } from '../application/category.service.js';
import { categoryId } from '../domain/identity.js';
import { CategoryResponse } from './category.dto.js';
import { toCategoryResponse, toStoredCategory } from './category.wire.js';

export const CategoryHistoryController = historyController({
  path: 'budget/categories/:id',
  tag: 'Budget',
  name: 'BudgetCategory',
  noun: 'a category',
  read: 'budget:read',
  write: 'budget:write',
  rollbackNote: 'Its place in the tree, too, as long as it is free and the category above is there.',
  rollbackRefuses: ['conflict', 'unprocessable'],
  returns: CategoryResponse,
  queries: CategoryQueries,
  service: CategoryService,
  idOf: categoryId,
  toResponse: toCategoryResponse,
  toStored: toStoredCategory,
});
