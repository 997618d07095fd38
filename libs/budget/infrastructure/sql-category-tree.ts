import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';
import type { Statement } from '#platform/database';
import { CATEGORY_DEPTH_MAX, CategoryTree } from '../domain/category-tree.js';
import type { CategoryId } from '../domain/identity.js';

@Injectable()
export class SqlCategoryTree extends CategoryTree {
  constructor(private readonly database: Database) {
    super();
  }

  override async hold(tenant: string | null): Promise<void> {
    await this.database.transaction.query(holding(tenant));
  }

  override async pathOf(id: CategoryId): Promise<readonly CategoryId[]> {
    const rows = await this.database.read<{ id: CategoryId }>({
      name: 'category_path',
      text: `with recursive above (id, parent_id, level) as (
               select id, parent_id, 1 from budget.category where id = $1
               union all
               select c.id, c.parent_id, a.level + 1 from above a join budget.category c on c.id = a.parent_id
               where a.level <= ${CATEGORY_DEPTH_MAX}
             )
             select id from above order by level`,
      values: [id],
    });
    return rows.map((row) => row.id);
  }

  override async heightOf(id: CategoryId): Promise<number> {
    const [row] = await this.database.read<{ height: number }>({
      name: 'category_height',
      text: `with recursive below (id, level) as (
               select $1::uuid, 1
               union all
               select c.id, b.level + 1 from below b join budget.category c on c.parent_id = b.id
               where b.level <= ${CATEGORY_DEPTH_MAX}
             )
             select max(level) as height from below`,
      values: [id],
    });
    return row?.height ?? 1;
  }
}

/** A tenant's own stand below shared ones: who moves a shared one waits for all, and all wait for it. */
const holding = (tenant: string | null): Statement =>
  tenant === null
    ? {
        name: 'hold_all_categories',
        text: `select pg_advisory_xact_lock(hashtextextended('budget.categories', 0))`,
      }
    : {
        name: 'hold_categories',
        text: `select pg_advisory_xact_lock_shared(hashtextextended('budget.categories', 0)),
                 pg_advisory_xact_lock(hashtextextended('budget.categories/' || $1, 0))`,
        values: [tenant],
      };
