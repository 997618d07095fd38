import { Injectable } from '@nestjs/common';
import { parseSelector } from '#shared-kernel';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SHARED_TENANT } from '#platform/context';
import { Conditions, containsPattern, whereLabelsMatch } from '#platform/database';
import { CompanyQueries } from '../application/company.queries.js';
import type { CompanyFilter, CompanyView } from '../application/company.queries.js';
import { CompanyNotFound } from '../domain/company-errors.js';
import type { CompanyId } from '../domain/identity.js';
import { COMPANY_COLUMNS, COMPANY_TYPE, toCompanyView } from './company.table.js';
import type { CompanyRecord } from './company.table.js';

@Injectable()
export class SqlCompanyQueries extends CompanyQueries {
  readonly #views: StoredViews<CompanyRecord, CompanyView>;

  constructor(views: StoredViewFactory) {
    super();
    this.#views = views.of<CompanyRecord, CompanyView>({
      aggregateType: COMPANY_TYPE,
      list: {
        name: 'catalog-companies',
        table: 'catalog.company',
        columns: COMPANY_COLUMNS,
        sorts: {
          name: { column: 'name', type: 'text' },
          created_at: { column: 'created_at', type: 'timestamptz' },
          updated_at: { column: 'updated_at', type: 'timestamptz' },
        },
        defaultSort: 'name',
      },
      toView: toCompanyView,
      notFound: () => new CompanyNotFound(),
    });
  }

  override get(id: CompanyId): Promise<CompanyView> {
    return this.#views.get(id);
  }

  override asOf(id: CompanyId, at: Date): Promise<CompanyView> {
    return this.#views.asOf(id, at);
  }

  override page(filter: CompanyFilter, request: PageRequest): Promise<Page<CompanyView>> {
    const { tenant, names, selector, q, updatedSince } = filter;
    const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
    const where = new Conditions()
      .when(names, (conditions, any) => conditions.and('t.name = any (?)', any))
      .when(selector, (conditions, text) => whereLabelsMatch(conditions, parseSelector(text)))
      .when(updatedSince, (conditions, since) => conditions.and('t.updated_at >= ?', since))
      .when(q, (conditions, text) =>
        conditions.and('t.id in (select catalog.search_company(?, ?))', tenants, containsPattern(text)),
      );
    return this.#views.page(tenant, where, request);
  }

  override versions(id: CompanyId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: CompanyId, version: number): Promise<PastStateOf<CompanyView>> {
    return this.#views.version(id, version);
  }
}
