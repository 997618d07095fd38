import { Injectable } from '@nestjs/common';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { ItemReferences } from '../application/item-references.js';
import type { CategoryId, PayeeId } from '../domain/identity.js';

@Injectable()
export class SqlItemReferences extends ItemReferences {
  constructor(private readonly database: Database) {
    super();
  }

  override async known(
    tenant: string | null,
    {
      payees,
      categories,
    }: { readonly payees: readonly PayeeId[]; readonly categories: readonly CategoryId[] },
  ): Promise<ReadonlySet<PayeeId | CategoryId>> {
    const rows = await this.database.read<{ id: PayeeId | CategoryId }>({
      name: 'item_references',
      text: `select id from budget.payee where id = any ($1::uuid[]) and tenant = any ($3)
             union all select id from budget.category where id = any ($2::uuid[]) and tenant = any ($3)`,
      values: [payees, categories, [tenantColumn(tenant), SHARED_TENANT]],
    });
    return new Set(rows.map(({ id }) => id));
  }
}
