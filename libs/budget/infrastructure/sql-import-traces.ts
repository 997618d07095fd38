import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { SHARED_TENANT, tenantColumn, tenantFromColumn } from '#platform/context';
import { Database } from '#platform/database';
import { ImportTraces } from '../application/import-traces.js';
import type { NamedCategory, PossibleDuplicate, TouchedItems } from '../application/import-traces.js';
import type { CategoryId, ImportId, ItemId, PayeeId } from '../domain/identity.js';

const TWINS_TOLD = 1_000;
const TOUCHED_TOLD = 100;

@Injectable()
export class SqlImportTraces extends ImportTraces {
  constructor(private readonly database: Database) {
    super();
  }

  override async hold(tenant: string | null): Promise<void> {
    await this.database.transaction.query({
      name: 'hold_imports',
      text: `select pg_advisory_xact_lock(hashtextextended('budget.imports/' || $1, 0))`,
      values: [tenantColumn(tenant)],
    });
  }

  override newId(): string {
    return uuidv7();
  }

  override keyOf(text: string): string {
    return createHash('sha256').update(text).digest('base64url');
  }

  override async knownKeys(tenant: string | null, keys: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.read<{ import_key: string }>({
      name: 'import_keys_known',
      text: `select wanted.import_key from unnest($2::text[]) as wanted (import_key)
             where exists (select from budget.item i where i.tenant = $1 and i.import_key = wanted.import_key)`,
      values: [tenantColumn(tenant), [...keys]],
    });
    return new Set(rows.map(({ import_key: key }) => key));
  }

  override async knownIds(
    tenant: string | null,
    ids: readonly string[],
  ): Promise<{ readonly items: ReadonlySet<string>; readonly used: ReadonlySet<string> }> {
    const [items, used] = [
      await this.database.read<{ id: string }>({
        name: 'import_items_known',
        text: `select wanted.id from unnest($2::uuid[]) as wanted (id)
               where exists (select from budget.item i where i.id = wanted.id and i.tenant = $1)`,
        values: [tenantColumn(tenant), [...ids]],
      }),
      await this.database.read<{ id: string }>({
        name: 'import_ids_used',
        text: `select wanted.id from unnest($1::uuid[]) as wanted (id)
               where exists (select from platform.change_log l where l.aggregate_id = wanted.id)`,
        values: [[...ids]],
      }),
    ];
    return { items: idsOf(items), used: idsOf(used) };
  }

  override async categories(tenant: string | null): Promise<readonly NamedCategory[]> {
    const rows = await this.database.read<{ id: CategoryId; tenant: string; names: string[] }>({
      name: 'import_categories',
      text: `with recursive down as (
               select id, tenant, array[name] as names from budget.category
               where tenant = any ($1) and parent_id is null
               union all
               select c.id, c.tenant, d.names || c.name from down d join budget.category c on c.parent_id = d.id
               where c.tenant = any ($1))
             select id, tenant, names from down order by id`,
      values: [[tenantColumn(tenant), SHARED_TENANT]],
    });
    return rows.map(({ id, names, tenant: owner }) => ({
      id,
      names,
      isOwn: tenantFromColumn(owner) === tenant,
    }));
  }

  override async made(importId: ImportId, payees: readonly PayeeId[]): Promise<void> {
    if (payees.length === 0) return;
    await this.database.transaction.query({
      name: 'import_payees_made',
      text: `insert into budget.import_payee (tenant, import_id, payee_id)
             select i.tenant, i.id, p.id from budget.import i cross join unnest($2::uuid[]) as p (id) where i.id = $1`,
      values: [importId, [...payees]],
    });
  }

  override async twins(importId: ImportId): Promise<readonly PossibleDuplicate[]> {
    const rows = await this.database.read<{ item: ItemId; existing: ItemId }>({
      name: 'import_twins',
      text: `select n.id as item, e.id as existing from budget.item n
             join budget.item e on e.payor_id = n.payor_id and e.tenant = n.tenant
               and e.transaction_date = n.transaction_date and e.payee_id = n.payee_id
               and e.amount = n.amount and e.currency = n.currency
             where n.import_id = $1 and e.import_id is distinct from n.import_id
             order by n.id, e.id limit ${TWINS_TOLD}`,
      values: [importId],
    });
    return rows.map(({ item, existing }) => ({ itemId: item, existingId: existing }));
  }

  override async touched(importId: ImportId): Promise<TouchedItems> {
    await this.database.transaction.query({
      name: 'import_items_keep',
      text: `select count(*) from (select from budget.item where import_id = $1 order by id for update) as kept`,
      values: [importId],
    });
    const rows = await this.database.read<{ id: ItemId; status: string }>({
      name: 'import_items_touched',
      text: `select id, status from budget.item where import_id = $1 and version > 1
             order by status <> 'reconciled', id limit ${TOUCHED_TOLD}`,
      values: [importId],
    });
    const idsOfThose = (isReconciled: (status: string) => boolean): ItemId[] =>
      rows.filter(({ status }) => isReconciled(status)).map(({ id }) => id);
    return {
      reconciled: idsOfThose((status) => status === 'reconciled'),
      changed: idsOfThose((status) => status !== 'reconciled'),
    };
  }

  /** Kept first: an item that comes to one of them meanwhile is seen by the second look, or waits. */
  override async unusedPayees(importId: ImportId): Promise<readonly PayeeId[]> {
    await this.database.transaction.query({
      name: 'import_payees_keep',
      text: `select count(*) from (
               select from budget.payee where id in (select payee_id from budget.import_payee where import_id = $1)
               order by id for update) as kept`,
      values: [importId],
    });
    const rows = await this.database.read<{ id: PayeeId }>({
      name: 'import_payees_unused',
      text: `select p.id from budget.import_payee m join budget.payee p on p.id = m.payee_id and p.version = 1
             where m.import_id = $1
               and not exists (select from budget.item i where i.payor_id = p.id)
               and not exists (select from budget.item i where i.payee_id = p.id)
             order by p.id`,
      values: [importId],
    });
    return rows.map(({ id }) => id);
  }
}

const idsOf = (rows: readonly { readonly id: string }[]): Set<string> => new Set(rows.map(({ id }) => id));
