import { historyController } from '#platform/http';
import { BudgetQueries } from '../application/budget.queries.js';
import { BudgetService } from '../application/budget.service.js';
import { budgetId } from '../domain/identity.js';
import { BudgetResponse } from './budget.dto.js';
import { toBudgetResponse, toStoredBudget } from './budget.wire.js';

export const BudgetHistoryController = historyController({
  path: 'budget/budgets/:id',
  tag: 'Budget',
  name: 'Budget',
  noun: 'a budget',
  read: 'budget:read',
  write: 'budget:write',
  rollbackNote: 'What is spent is counted anew where the budget counts others than before.',
  rollbackRefuses: ['conflict', 'unprocessable'],
  returns: BudgetResponse,
  queries: BudgetQueries,
  service: BudgetService,
  idOf: budgetId,
  toResponse: toBudgetResponse,
  toStored: toStoredBudget,
});
