import { tenantColumn } from '#platform/context';
import type { Statement } from '#platform/database';
import type { ItemState } from '../domain/item.js';
import { BUDGET_COLUMNS } from './budget.table.js';

/**
 * The budgets for which one of these states may count, and few others: a tenant may have a thousand of them, and most are
 * of another team, environment, category or time. Which of them it does count for, `spentBy` tells.
 * @param states at least one
 */
export const budgetsToCount = (states: readonly ItemState[]): Statement => {
  const dates = each(states, ({ transactionDate }) => transactionDate).sort();
  return {
    name: 'budgets_to_count_for',
    text: `with recursive up as (
             select unnest($7::uuid[]) as id
             union select c.parent_id from up u join budget.category c on c.id = u.id where c.parent_id is not null)
           select ${BUDGET_COLUMNS} from budget.budget t
           where t.tenant = any ($1) and t.currency = any ($2)
             and t.start_date <= $4::date and (t.end_date is null or t.end_date > $3::date)
             and (t.scope ->> 'team_id' is null or t.scope ->> 'team_id' = any ($5))
             and (t.scope ->> 'environment' is null or t.scope ->> 'environment' = any ($6))
             and (json_array_length(t.scope -> 'category_ids') = 0
               or exists (select from json_array_elements_text(t.scope -> 'category_ids') as s (id)
                          where s.id::uuid in (select id from up)))
           order by t.id`,
    values: [
      each(states, ({ tenant }) => tenantColumn(tenant)),
      each(states, ({ currency }) => currency),
      dates[0],
      dates.at(-1),
      each(states, ({ teamId }) => teamId).filter((id) => id !== null),
      each(states, ({ environment }) => environment).filter((key) => key !== null),
      each(states, ({ categoryId }) => categoryId).filter((id) => id !== null),
    ],
  };
};

const each = <T, U>(all: readonly T[], of: (one: T) => U): U[] => [...new Set(all.map(of))];
