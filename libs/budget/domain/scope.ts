import { parseSelector } from '#shared-kernel';
import type { Selector } from '#shared-kernel';
import type { CategoryId } from './identity.js';
import type { ItemState } from './item.js';
import type { CurrencyCode } from './money.js';

export const SCOPE_CATEGORIES_MAX = 100;

/** Which items a budget is about: those that fit all of it. */
export interface BudgetScope {
  /** A team of the catalog. */
  readonly teamId: string | null;
  /** A key of an environment of the catalog. */
  readonly environment: string | null;
  /** What is of one of them, or of one below; none: whatever the category. */
  readonly categoryIds: readonly CategoryId[];
  /** What labels of items are to be like; null: whatever the labels. */
  readonly selector: string | null;
}

/** What of a budget tells whether an item counts. */
export interface ScopeOfBudget {
  readonly scope: BudgetScope;
  readonly currency: CurrencyCode;
}

/** A category with all that it stands below, itself included. */
export type CategoryLines = ReadonlyMap<string, readonly string[]>;

/** The status of items that are counted: what is only planned is not spent. */
export const COUNTED_STATUSES: readonly string[] = ['pending', 'cleared', 'reconciled'];

/**
 * What the item adds to what is spent, in minor units; null: it is none of the budget's. What flows in is a refund where
 * the budget is one of categories; elsewhere it is income, and no budget's.
 */
export function spentBy(item: ItemState, budget: ScopeOfBudget, lines: CategoryLines): bigint | null {
  const { scope, currency } = budget;
  if (item.currency !== currency || !COUNTED_STATUSES.includes(item.status)) return null;
  if (scope.teamId !== null && item.teamId !== scope.teamId) return null;
  if (scope.environment !== null && item.environment !== scope.environment) return null;
  if (!isInCategories(item, scope, lines)) return null;
  if (scope.selector !== null && !selectorOf(scope.selector).matches(item.labels)) return null;
  if (item.flow === 'outflow') return item.amount;
  return countsRefunds(scope) ? -item.amount : null;
}

export const countsRefunds = ({ categoryIds }: BudgetScope): boolean => categoryIds.length > 0;

function isInCategories(item: ItemState, { categoryIds }: BudgetScope, lines: CategoryLines): boolean {
  if (categoryIds.length === 0) return true;
  if (item.categoryId === null) return false;
  const line = lines.get(item.categoryId) ?? [item.categoryId];
  return line.some((id) => categoryIds.includes(id as CategoryId));
}

const SELECTORS_MAX = 1_000;
const selectors = new Map<string, Selector>();

/** A budget's selector is read for every item that comes: once is enough. */
function selectorOf(text: string): Selector {
  const known = selectors.get(text);
  if (known) return known;
  if (selectors.size >= SELECTORS_MAX) selectors.clear();
  const selector = parseSelector(text);
  selectors.set(text, selector);
  return selector;
}
