import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { Conditions } from '#platform/database';
import { ImportQueries } from '../application/import.queries.js';
import type { ImportFilter, ImportView } from '../application/import.queries.js';
import type { ImportId } from '../domain/identity.js';
import { ImportNotFound } from '../domain/import-errors.js';
import { IMPORT_COLUMNS, IMPORT_TYPE, toImportView } from './import.table.js';
import type { ImportRowRecord } from './import.table.js';

@Injectable()
export class SqlImportQueries extends ImportQueries {
  readonly #views: StoredViews<ImportRowRecord, ImportView>;

  constructor(views: StoredViewFactory) {
    super();
    this.#views = views.of<ImportRowRecord, ImportView>({
      aggregateType: IMPORT_TYPE,
      list: {
        name: 'budget-imports',
        table: 'budget.import',
        columns: IMPORT_COLUMNS,
        sorts: { created_at: { column: 'created_at', type: 'timestamptz' } },
        defaultSort: '-created_at',
      },
      toView: toImportView,
      notFound: () => new ImportNotFound(),
    });
  }

  override get(id: ImportId): Promise<ImportView> {
    return this.#views.get(id);
  }

  override asOf(id: ImportId, at: Date): Promise<ImportView> {
    return this.#views.asOf(id, at);
  }

  override page({ tenant, formats }: ImportFilter, request: PageRequest): Promise<Page<ImportView>> {
    const where = new Conditions().when(formats, (conditions, any) => conditions.isOneOf('t.format', any));
    return this.#views.page(tenant, where, request);
  }
}
