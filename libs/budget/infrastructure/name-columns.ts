import { CATEGORY_DEPTH_MAX } from '../domain/category-tree.js';

/** SQL that gives the name of the payee with this id. */
export const payeeNameOf = (id: string): string => `(select p.name from budget.payee p where p.id = ${id})`;

/** SQL that gives the names from the root to the category with this id, as JSON; null where there is none. */
export const categoryPathOf = (id: string): string =>
  `(with recursive above (name, parent_id, level) as (
      select c.name, c.parent_id, 1 from budget.category c where c.id = ${id}
      union all
      select c.name, c.parent_id, a.level + 1 from above a join budget.category c on c.id = a.parent_id
      where a.level < ${CATEGORY_DEPTH_MAX}
    )
    select json_agg(name order by level desc) from above)`;
