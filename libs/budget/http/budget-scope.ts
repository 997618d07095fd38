import { isMembers } from '#platform/http';
import type { Manner } from '#platform/http';
import type { CategoryId } from '../domain/identity.js';
import type { BudgetScope } from '../domain/scope.js';

const ALL: BudgetScope = { teamId: null, environment: null, categoryIds: [], selector: null };

/** What a body says of a scope: of all of it, or of some of its members. What is wrong by its kind is left out. */
export function readScope(sent: unknown, current: BudgetScope, manner: Manner): BudgetScope {
  if (!isMembers(sent)) return ALL;
  const before = manner === 'merge' ? current : ALL;
  const { team_id: teamId, environment, category_ids: categoryIds, selector } = sent;
  return {
    teamId: said(teamId, before.teamId)?.toLowerCase() ?? null,
    environment: said(environment, before.environment),
    categoryIds: categoryIds === undefined ? before.categoryIds : idsIn(categoryIds),
    selector: said(selector, before.selector),
  };
}

const said = (sent: unknown, before: string | null): string | null => {
  if (sent === undefined) return before;
  return typeof sent === 'string' ? sent : null;
};

const idsIn = (sent: unknown): readonly CategoryId[] =>
  Array.isArray(sent) ? sent.map((id) => String(id).toLowerCase() as CategoryId) : [];
