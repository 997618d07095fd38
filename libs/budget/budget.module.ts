import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { EventPresenters } from '#platform/events';
import { SupervisorRequestsModule } from '#supervisor-requests';
import { AlertOpening } from './application/alert-opening.js';
import { BudgetTotals } from './application/budget-totals.js';
import { CategoryQueries } from './application/category.queries.js';
import { CategoryService } from './application/category.service.js';
import { ExportQueries } from './application/export.queries.js';
import { ReportQueries } from './application/report.queries.js';
import { ImportParties } from './application/import-parties.js';
import { ImportPlaces } from './application/import-places.js';
import { ImportSieve } from './application/import-sieve.js';
import { ImportTraces } from './application/import-traces.js';
import { ImportUndo } from './application/import-undo.js';
import { ImportQueries } from './application/import.queries.js';
import { ImportService } from './application/import.service.js';
import { ItemChecks } from './application/item-checks.js';
import { ItemHoldings } from './application/item-holdings.js';
import { ItemMoves } from './application/item-moves.js';
import { ItemReferences } from './application/item-references.js';
import { ItemQueries } from './application/item.queries.js';
import { ItemService } from './application/item.service.js';
import { Ledgers } from './application/ledgers.js';
import { PayeeMerger } from './application/payee-merger.js';
import { PayeeNames } from './application/payee-names.js';
import { PayeeNaming } from './application/payee-naming.js';
import { PayeeQueries } from './application/payee.queries.js';
import { PayeeService } from './application/payee.service.js';
import { CategoryTree } from './domain/category-tree.js';
import { CategoryRepository } from './domain/category.repository.js';
import { ImportRepository } from './domain/import.repository.js';
import { ItemRepository } from './domain/item.repository.js';
import { PayeeRepository } from './domain/payee.repository.js';
import { categoryControllers } from './http/categories.controller.js';
import { CategoryBodies } from './http/category-bodies.js';
import { CategoryHistoryController } from './http/category-history.controller.js';
import { toCategoryResponse } from './http/category.wire.js';
import { ExportController } from './http/export.controller.js';
import { ReportsController } from './http/reports.controller.js';
import { toImportResponse } from './http/import.wire.js';
import { ImportsController } from './http/imports.controller.js';
import { ItemBatchController } from './http/item-batch.controller.js';
import { ItemBatch } from './http/item-batch.js';
import { ItemBodies } from './http/item-bodies.js';
import { ItemHistoryController } from './http/item-history.controller.js';
import { toItemResponse } from './http/item.wire.js';
import { itemControllers } from './http/items.controller.js';
import { PayeeBatch } from './http/payee-batch.js';
import { PayeeBodies } from './http/payee-bodies.js';
import { PayeeHistoryController } from './http/payee-history.controller.js';
import { toPayeeResponse } from './http/payee.wire.js';
import { PayeesController } from './http/payees.controller.js';
import { AlertOpener } from './infrastructure/alert-opener.js';
import { CATEGORY_TYPE, toCategoryView } from './infrastructure/category.table.js';
import type { CategoryRecord } from './infrastructure/category.table.js';
import { IMPORT_TYPE, toImportView } from './infrastructure/import.table.js';
import type { ImportRowRecord } from './infrastructure/import.table.js';
import { BUDGET_ITEM_TYPE, toItemView } from './infrastructure/item.table.js';
import type { BudgetItemRecord } from './infrastructure/item.table.js';
import { PAYEE_TYPE, toPayeeView } from './infrastructure/payee.table.js';
import type { PayeeRecord } from './infrastructure/payee.table.js';
import { SqlAlerts } from './infrastructure/sql-alerts.js';
import { SqlBudgetTotals } from './infrastructure/sql-budget-totals.js';
import { SqlCategoryTree } from './infrastructure/sql-category-tree.js';
import { SqlCategoryQueries } from './infrastructure/sql-category.queries.js';
import { SqlExportQueries } from './infrastructure/sql-export.queries.js';
import { SqlReportQueries } from './infrastructure/sql-report.queries.js';
import { SqlImportTraces } from './infrastructure/sql-import-traces.js';
import { SqlImportQueries } from './infrastructure/sql-import.queries.js';
import { SqlItemReferences } from './infrastructure/sql-item-references.js';
import { SqlItemQueries } from './infrastructure/sql-item.queries.js';
import { SqlLedgers } from './infrastructure/sql-ledgers.js';
import { SqlPayeeQueries } from './infrastructure/sql-payee.queries.js';
import { TypeOrmCategoryRepository } from './infrastructure/typeorm-category.repository.js';
import { TypeOrmImportRepository } from './infrastructure/typeorm-import.repository.js';
import { TypeOrmItemRepository } from './infrastructure/typeorm-item.repository.js';
import { TypeOrmPayeeRepository } from './infrastructure/typeorm-payee.repository.js';
import { AlertQueries } from './application/alert.queries.js';
import { BudgetChecks } from './application/budget-checks.js';
import { BudgetHoldings } from './application/budget-holdings.js';
import { BudgetQueries } from './application/budget.queries.js';
import { BudgetService } from './application/budget.service.js';
import { BudgetRepository } from './domain/budget.repository.js';
import { BudgetBodies } from './http/budget-bodies.js';
import { BudgetHistoryController } from './http/budget-history.controller.js';
import { BudgetSpendingController } from './http/budget-spending.controller.js';
import { presentThreshold, toBudgetResponse } from './http/budget.wire.js';
import { budgetControllers } from './http/budgets.controller.js';
import { crossedIn } from './infrastructure/budget-acts.js';
import { SqlAlertQueries } from './infrastructure/sql-alert.queries.js';
import { SqlBudgetQueries } from './infrastructure/sql-budget.queries.js';
import { TypeOrmBudgetRepository } from './infrastructure/typeorm-budget.repository.js';
import { BUDGET_TYPE, toBudgetView } from './infrastructure/budget.table.js';
import type { BudgetRecord } from './infrastructure/budget.table.js';

/** The budget, wired: ports to adapters, and what runs by itself. */
@Module({
  imports: [CatalogModule, SupervisorRequestsModule],
  controllers: [
    ...budgetControllers,
    BudgetHistoryController,
    BudgetSpendingController,
    PayeesController,
    PayeeHistoryController,
    ...categoryControllers,
    CategoryHistoryController,
    ...itemControllers,
    ItemBatchController,
    ItemHistoryController,
    ExportController,
    ReportsController,
    ImportsController,
  ],
  providers: [
    SqlAlerts,
    { provide: AlertOpening, useClass: AlertOpener },
    { provide: AlertQueries, useClass: SqlAlertQueries },
    { provide: BudgetQueries, useClass: SqlBudgetQueries },
    { provide: BudgetRepository, useClass: TypeOrmBudgetRepository },
    { provide: BudgetTotals, useClass: SqlBudgetTotals },
    { provide: Ledgers, useClass: SqlLedgers },
    BudgetBodies,
    BudgetChecks,
    BudgetHoldings,
    BudgetService,
    PayeeService,
    PayeeMerger,
    PayeeBodies,
    PayeeBatch,
    { provide: PayeeNames, useClass: PayeeNaming },
    { provide: PayeeRepository, useClass: TypeOrmPayeeRepository },
    { provide: PayeeQueries, useClass: SqlPayeeQueries },
    CategoryService,
    CategoryBodies,
    { provide: CategoryTree, useClass: SqlCategoryTree },
    { provide: CategoryRepository, useClass: TypeOrmCategoryRepository },
    { provide: CategoryQueries, useClass: SqlCategoryQueries },
    ItemService,
    ItemChecks,
    ItemMoves,
    ItemHoldings,
    ItemBodies,
    ItemBatch,
    { provide: ItemReferences, useClass: SqlItemReferences },
    { provide: ItemRepository, useClass: TypeOrmItemRepository },
    { provide: ItemQueries, useClass: SqlItemQueries },
    ImportService,
    ImportUndo,
    ImportSieve,
    ImportPlaces,
    ImportParties,
    { provide: ImportTraces, useClass: SqlImportTraces },
    { provide: ImportRepository, useClass: TypeOrmImportRepository },
    { provide: ImportQueries, useClass: SqlImportQueries },
    { provide: ExportQueries, useClass: SqlExportQueries },
    { provide: ReportQueries, useClass: SqlReportQueries },
  ],
})
export class BudgetModule implements OnApplicationBootstrap {
  constructor(private readonly presenters: EventPresenters) {}

  onApplicationBootstrap(): void {
    this.presenters.register(BUDGET_TYPE, (row) => {
      const crossed = crossedIn(row);
      if (crossed) return presentThreshold(crossed);
      return toBudgetResponse(toBudgetView(row as unknown as BudgetRecord));
    });
    this.presenters.register(PAYEE_TYPE, (row) =>
      toPayeeResponse(toPayeeView(row as unknown as PayeeRecord)),
    );
    this.presenters.register(CATEGORY_TYPE, (row) =>
      toCategoryResponse(toCategoryView(row as unknown as CategoryRecord)),
    );
    this.presenters.register(IMPORT_TYPE, (row) =>
      toImportResponse(toImportView(row as unknown as ImportRowRecord)),
    );
    this.presenters.register(BUDGET_ITEM_TYPE, (row) =>
      toItemResponse(toItemView(row as unknown as BudgetItemRecord)),
    );
  }
}
