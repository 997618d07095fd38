import { expectNone, isUuid, QueryReading, resourceControllers } from '#platform/http';
import { InvalidInput } from '#shared-kernel';
import { BudgetQueries } from '../application/budget.queries.js';
import type { BudgetFilter } from '../application/budget.queries.js';
import { BudgetService } from '../application/budget.service.js';
import { budgetId } from '../domain/identity.js';
import { currencyCode } from '../domain/money.js';
import { BudgetBodies } from './budget-bodies.js';
import {
  BudgetListQuery,
  BudgetListResponse,
  BudgetResponse,
  CreateBudgetBody,
  PatchBudgetBody,
  ReviseBudgetBody,
} from './budget.dto.js';
import { toBudgetResponse, toStoredBudget } from './budget.wire.js';

const COUNTED =
  'Where it counts other items than before, or in other periods, they are counted anew: thresholds that the present period has met are told, those of the past are not.';

export const budgetControllers = resourceControllers({
  path: 'budget/budgets',
  tag: 'Budget',
  name: 'Budget',
  names: 'Budgets',
  noun: 'a budget',
  nouns: 'budgets',
  read: 'budget:read',
  write: 'budget:write',
  returns: BudgetResponse,
  queries: BudgetQueries,
  service: BudgetService,
  bodies: BudgetBodies,
  idOf: budgetId,
  toResponse: toBudgetResponse,
  toStored: toStoredBudget,
  create: {
    takes: CreateBudgetBody,
    note: 'Items that are there already count, too. A budget of a tenant counts items of the tenant, a shared one shared items.',
    refuses: ['conflict', 'unprocessable'],
  },
  list: { takes: BudgetListQuery, returns: BudgetListResponse, filter: toFilter },
  update: {
    takes: ReviseBudgetBody,
    note: `What is absent stays as it is, null clears. ${COUNTED}`,
    refuses: ['conflict', 'unprocessable'],
  },
  patch: {
    takes: PatchBudgetBody,
    note: `RFC 7396 over the members of the budget and of its scope; thresholds are replaced whole. ${COUNTED}`,
    refuses: ['conflict', 'unprocessable'],
  },
  delete: { summary: 'Delete a budget with its alerts; its history stays, and so do the items' },
});

/** @throws InvalidInput */
function toFilter({ owner_team_id, currency, q }: BudgetListQuery, tenant: string | null): BudgetFilter {
  const reading = new QueryReading();
  const ownerTeamIds = reading.each(owner_team_id, '/owner_team_id', idAsked);
  const currencies = reading.each(currency, '/currency', currencyCode);
  expectNone(reading.violations);
  return { tenant, ownerTeamIds, currencies, q };
}

function idAsked(text: string, pointer: string): string {
  if (isUuid(text)) return text.toLowerCase();
  throw InvalidInput.at(pointer, 'pattern', 'An id is a UUID.');
}
