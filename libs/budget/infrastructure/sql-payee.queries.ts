import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SHARED_TENANT } from '#platform/context';
import { Conditions, containsPattern, whereLabelRowsMatch } from '#platform/database';
import { PayeeQueries } from '../application/payee.queries.js';
import type { PayeeFilter, PayeeView } from '../application/payee.queries.js';
import { PayeeNotFound } from '../domain/errors.js';
import type { PayeeId } from '../domain/identity.js';
import { nameKey } from '../domain/names.js';
import { emailKey, PAYEE_COLUMNS, PAYEE_TYPE, toPayeeView } from './payee.table.js';
import type { PayeeRecord } from './payee.table.js';

const LABELS = { table: 'budget.payee_label', owner: 'payee_id' } as const;

@Injectable()
export class SqlPayeeQueries extends PayeeQueries {
  readonly #views: StoredViews<PayeeRecord, PayeeView>;

  constructor(views: StoredViewFactory) {
    super();
    this.#views = views.of<PayeeRecord, PayeeView>({
      aggregateType: PAYEE_TYPE,
      list: {
        name: 'budget-payees',
        table: 'budget.payee',
        columns: PAYEE_COLUMNS,
        sorts: {
          name: { column: 'name', type: 'text' },
          created_at: { column: 'created_at', type: 'timestamptz' },
          updated_at: { column: 'updated_at', type: 'timestamptz' },
        },
        defaultSort: 'name',
      },
      toView: toPayeeView,
      notFound: () => new PayeeNotFound(),
    });
  }

  override get(id: PayeeId): Promise<PayeeView> {
    return this.#views.get(id);
  }

  override asOf(id: PayeeId, at: Date): Promise<PayeeView> {
    return this.#views.asOf(id, at);
  }

  override page(filter: PayeeFilter, request: PageRequest): Promise<Page<PayeeView>> {
    return this.#views.page(filter.tenant, wherePayee(filter), request);
  }

  override versions(id: PayeeId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: PayeeId, version: number): Promise<PastStateOf<PayeeView>> {
    return this.#views.version(id, version);
  }
}

function wherePayee({ tenant, names, emails, selector, q }: PayeeFilter): Conditions {
  const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
  return new Conditions()
    .when(names, (where, any) => where.isOneOf('t.name_key', any.map(nameKey)))
    .when(emails, (where, any) => where.isOneOf('t.email_key', any.map(emailKey)))
    .when(selector, (where, wanted) => whereLabelRowsMatch(where, wanted, LABELS))
    .when(q, (where, text) =>
      where.and('t.id in (select budget.search_payee(?, ?))', tenants, containsPattern(text)),
    );
}
