import { isUtf8 } from 'node:buffer';
import { InvalidInput } from '#shared-kernel';
import { decodeUtf8, isUuid } from '#platform/http';
import { IMPORT_RECORDS_MAX } from '../application/import.service.js';
import type { ImportOrder } from '../application/import.service.js';
import { categoryId, payeeId } from '../domain/identity.js';
import type { FileOptions, ImportedFile, ImportFormat, RecordParty } from '../domain/import-record.js';
import { currencyCode } from '../domain/money.js';
import { checkedName } from '../domain/names.js';
import { readQifItems } from '../domain/qif-items.js';
import { readCsvItems } from './csv-imports.js';
import type { ImportItemsQuery } from './import.dto.js';
import { readOfxItems } from './ofx-imports.js';

/** What a file says. @throws InvalidInput where it is not of its format, or says too little */
export async function readFile(bytes: unknown, query: ImportItemsQuery): Promise<ImportedFile> {
  if (!Buffer.isBuffer(bytes) || bytes.length === 0)
    throw InvalidInput.at('', 'required', 'The body is the file, and it is empty.');
  const options: FileOptions = {
    currency: query.currency === undefined ? null : currencyCode(query.currency),
    dateFormat: query.date_format ?? null,
    status: query.status ?? null,
  };
  const text = textOf(bytes, query.format);
  if (query.format === 'csv') return readCsvItems(text, options, IMPORT_RECORDS_MAX);
  return query.format === 'ofx' ? readOfxItems(text, options) : readQifItems(text, options);
}

/** How the caller wants it done. @throws InvalidInput */
export const toImportOrder = (query: ImportItemsQuery, tenant: string | null): ImportOrder => ({
  tenant,
  format: query.format,
  mode: query.mode,
  isDryRun: query.dry_run ?? false,
  account: query.account === undefined ? null : accountOf(query.account),
  unknownCategory: query.unknown_categories,
  defaults: {
    categoryId: query.category_id === undefined ? null : categoryId(query.category_id, '/category_id'),
    teamId: query.team_id?.toLowerCase() ?? null,
    environment: query.environment ?? null,
  },
  reason: query.change_reason ?? null,
});

const accountOf = (text: string): RecordParty =>
  isUuid(text)
    ? { id: payeeId(text, '/account'), name: null }
    : { id: null, name: checkedName(text, '/account') };

/**
 * A table is in UTF-8. Programs of banks write UTF-8 or, whatever their headers say, Windows-1252, in which every text is
 * something: one that is in UTF-8 by chance there is none.
 */
function textOf(bytes: Buffer, format: ImportFormat): string {
  if (format === 'csv' || isUtf8(bytes)) return decodeUtf8(bytes);
  return new TextDecoder('windows-1252').decode(bytes);
}
