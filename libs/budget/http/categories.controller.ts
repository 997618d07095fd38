import { expectNone, QueryReading, resourceControllers } from '#platform/http';
import { CategoryQueries } from '../application/category.queries.js';
import { CategoryService } from '../application/category.service.js';
import { categoryId } from '../domain/identity.js';
import { CategoryBodies } from './category-bodies.js';
import {
  CategoryListQuery,
  CategoryListResponse,
  CategoryResponse,
  CreateCategoryBody,
  ReviseCategoryBody,
} from './category.dto.js';
import { toCategoryResponse, toStoredCategory } from './category.wire.js';

export const categoryControllers = resourceControllers({
  path: 'budget/categories',
  tag: 'Budget',
  name: 'BudgetCategory',
  names: 'BudgetCategories',
  noun: 'a category',
  nouns: 'categories',
  read: 'budget:read',
  write: 'budget:write',
  returns: CategoryResponse,
  idOf: categoryId,
  queries: CategoryQueries,
  service: CategoryService,
  bodies: CategoryBodies,
  toResponse: toCategoryResponse,
  toStored: toStoredCategory,
  create: {
    takes: CreateCategoryBody,
    note: 'Categories form a tree of at most 10 levels; a tenant’s own may stand below shared ones.',
    refuses: ['conflict', 'unprocessable'],
  },
  list: {
    takes: CategoryListQuery,
    returns: CategoryListResponse,
    note: 'Sorted by name, created_at or updated_at; by name unless said otherwise.',
    filter: (query, tenant) => {
      const reading = new QueryReading();
      const filter = {
        ...{ tenant, isRoot: query.root, q: query.q },
        parentIds: reading.each(query.parent_id, '/parent_id', categoryId),
        names: reading.few(query.name, '/name'),
      };
      expectNone(reading.violations);
      return filter;
    },
  },
  update: {
    takes: ReviseCategoryBody,
    note: 'Another `parent_id` moves it with everything below it: what was spent of budgets that count by categories is counted anew.',
    refuses: ['conflict', 'unprocessable'],
  },
  patch: {
    takes: ReviseCategoryBody,
    note: 'RFC 7396 over the members of the category; `parent_id` null makes it a root.',
    refuses: ['conflict', 'unprocessable'],
  },
  delete: {
    summary: 'Delete a category that has no items and none below it; its history stays',
    refuses: ['conflict'],
  },
});
