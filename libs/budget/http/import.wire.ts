import type { ImportView } from '../application/import.queries.js';
import type { ImportOrder, ImportReport } from '../application/import.service.js';
import type { BudgetImportResponse, ItemImportResponse } from './import.dto.js';

/** As it is shown. */
export const toImportResponse = (view: ImportView): BudgetImportResponse => ({
  id: view.id,
  tenant_id: view.tenant,
  version: view.version,
  format: view.format,
  total: view.total,
  created: view.created,
  unchanged: view.unchanged,
  failed: view.failed,
  created_at: view.stamp.createdAt.toISOString(),
  updated_at: view.stamp.updatedAt.toISOString(),
  created_by: view.stamp.createdBy,
  updated_by: view.stamp.updatedBy,
});

/** What was not kept has no ids. */
export const toImportReport = (
  report: ImportReport,
  { mode, format, isDryRun }: ImportOrder,
): ItemImportResponse => ({
  id: isDryRun || report.created === 0 ? null : report.id,
  dry_run: isDryRun,
  mode,
  format,
  total: report.total,
  created: report.created,
  unchanged: report.unchanged,
  failed: report.failed,
  errors: report.mistakes.map(({ line, pointer, code, detail }) => ({ line, pointer, code, detail })),
  possible_duplicates: report.duplicates.map(({ line, itemId, existingId }) => ({
    line,
    item_id: isDryRun ? null : itemId,
    existing_id: existingId,
  })),
});
