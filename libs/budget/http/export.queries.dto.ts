import { Choice } from '#platform/http';
import { WholeItemsQuery } from './whole-items.query.dto.js';

const EXPORT_FORMATS = ['csv', 'hledger'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export class ExportItemsQuery extends WholeItemsQuery {
  @Choice(EXPORT_FORMATS, {
    optional: true,
    default: 'csv',
    description: 'A table as the import takes it, or a journal of hledger.',
  })
  readonly format: ExportFormat = 'csv';
}
