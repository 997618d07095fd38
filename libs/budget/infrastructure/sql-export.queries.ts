import { Injectable } from '@nestjs/common';
import type { Page } from '#shared-kernel';
import { tenantColumn } from '#platform/context';
import { KeysetLists } from '#platform/database';
import type { ListDefinition } from '#platform/database';
import { ExportQueries } from '../application/export.queries.js';
import type { ItemFilter } from '../application/item.queries.js';
import type { ItemId } from '../domain/identity.js';
import type { NamedItem } from '../domain/named-item.js';
import { conditionsOf, itemsOf } from './item-conditions.js';
import { BUDGET_ITEM_COLUMNS, toItemContent } from './item.table.js';
import type { BudgetItemRecord } from './item.table.js';
import { categoryPathOf, payeeNameOf } from './name-columns.js';

const AT_ONCE = 1_000;
const COLUMNS = `${BUDGET_ITEM_COLUMNS}, ${payeeNameOf('t.payor_id')} as payor, ${payeeNameOf('t.payee_id')} as payee,
  ${categoryPathOf('t.category_id')} as category`;

type ExportedRecord = BudgetItemRecord & Pick<NamedItem, 'payor' | 'payee' | 'category'>;

@Injectable()
export class SqlExportQueries extends ExportQueries {
  constructor(private readonly lists: KeysetLists) {
    super();
  }

  override async *pages(filter: ItemFilter): AsyncGenerator<readonly NamedItem[]> {
    const request = { ...conditionsOf(filter), tenants: [tenantColumn(filter.tenant)], limit: AT_ONCE };
    const list: ListDefinition = {
      name: 'budget-export',
      table: itemsOf(filter),
      columns: COLUMNS,
      sorts: { transaction_date: { column: 'transaction_date', type: 'date' } },
      defaultSort: 'transaction_date',
    };
    let cursor: string | undefined;
    do {
      const page: Page<ExportedRecord> = await this.lists.page<ExportedRecord>(list, { ...request, cursor });
      yield page.items.map(toNamedItem);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }
}

const toNamedItem = (record: ExportedRecord): NamedItem => ({
  ...toItemContent(record),
  id: record.id as ItemId,
  payor: record.payor,
  payee: record.payee,
  category: record.category,
});
