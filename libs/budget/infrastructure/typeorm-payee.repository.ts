import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { BulkStore, HistoryQueries, VersionedStore, VersionNotFound } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn, tenantFromColumn } from '#platform/context';
import { Database, isForeignKeyViolation, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { PayeeInUse, PayeeNotFound } from '../domain/errors.js';
import { payeeId } from '../domain/identity.js';
import type { PayeeId } from '../domain/identity.js';
import { Payee } from '../domain/payee.js';
import type { PayeeContent, PayeeState } from '../domain/payee.js';
import { PayeeRepository } from '../domain/payee.repository.js';
import type { CalledPayee } from '../domain/payee.repository.js';
import { PAYEE_MAPPING, PAYEE_TYPE, PayeeTable, toPayeeContent, toPayeeState } from './payee.table.js';
import type { PayeeRecord, PayeeRow } from './payee.table.js';

/** What refers to a payee, so that it does not go. */
const BELONGS = ['item_payor', 'item_payee'];
/** Of the same name: more than anybody chooses from. */
const CALLED_MAX = 100;

type CalledRow = Omit<CalledPayee, 'tenant'> & { readonly tenant: string };

@Injectable()
export class TypeOrmPayeeRepository extends PayeeRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly bulk: BulkStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override newId(): PayeeId {
    return payeeId(uuidv7());
  }

  override async get(id: PayeeId): Promise<Payee> {
    const row = await this.store.lock(PayeeTable, { id });
    if (!row) throw new PayeeNotFound();
    return this.#restore(row);
  }

  override async findOwn(tenant: string | null, id: PayeeId): Promise<Payee | null> {
    const row = await this.database.manager.findOne(PayeeTable, {
      where: { tenant: tenantColumn(tenant), id },
      lock: { mode: 'pessimistic_write' },
    });
    return row && this.#restore(row);
  }

  override async find(id: PayeeId): Promise<PayeeState | null> {
    const row = await this.database.manager.findOne(PayeeTable, { where: { id } });
    return row && toPayeeState(row);
  }

  override async contentAt(id: PayeeId, version: number): Promise<PayeeContent> {
    const { row } = await this.history.version({ aggregateType: PAYEE_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return toPayeeContent(row as unknown as PayeeRecord);
  }

  override isIdUsed(id: PayeeId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async called(tenant: string | null, keys: readonly string[]): Promise<readonly CalledPayee[]> {
    const rows = await this.database.read<CalledRow>({
      name: 'payees_called',
      text: `select called.* from unnest($1::text[]) as owner (tenant) cross join unnest($2::text[]) as wanted (key)
             cross join lateral (
               select t.id, t.tenant, t.name_key as key, t.name, t.email from budget.payee t
               where t.tenant = owner.tenant and t.name_key = wanted.key order by t.id limit ${CALLED_MAX}
             ) as called`,
      values: [[...new Set([tenantColumn(tenant), SHARED_TENANT])], [...keys]],
    });
    return rows.map((row) => ({ ...row, tenant: tenantFromColumn(row.tenant) }));
  }

  /** In so many drawers and not name by name, or a file of many names would need more locks than there are. */
  override async holdNames(tenant: string | null, keys: readonly string[]): Promise<void> {
    await this.database.transaction.query({
      name: 'hold_payee_names',
      text: `select pg_advisory_xact_lock(hashtextextended('budget.payee_names/' || $1 || '/' || drawer, 0))
             from (select distinct hashtext(key) & 63 as drawer from unnest($2::text[]) as k (key) order by drawer offset 0) d`,
      values: [tenantColumn(tenant), [...keys]],
    });
  }

  override save(payee: Payee): Promise<void> {
    return telling([payee], () => this.store.save(payee, PAYEE_MAPPING));
  }

  override saveAll(payees: readonly Payee[]): Promise<void> {
    return telling(payees, () => this.bulk.saveAll(payees, PAYEE_MAPPING));
  }

  #restore(row: PayeeRow): Payee {
    return this.store.watch(Payee.restore(toPayeeState(row)), PAYEE_MAPPING);
  }
}

/** What the database refuses, in our words. */
async function telling(payees: readonly Payee[], write: () => Promise<void>): Promise<void> {
  const isAnyGoing = payees.some(({ change }) => change?.removes);
  try {
    await write();
  } catch (error) {
    if (isUniqueViolation(error, 'payee_pkey')) throw new IdConflict();
    if (isAnyGoing && BELONGS.some((constraint) => isForeignKeyViolation(error, constraint)))
      throw new PayeeInUse(null);
    throw error;
  }
}
