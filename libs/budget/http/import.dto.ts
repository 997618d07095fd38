import {
  AnyOf,
  Choice,
  ListOf,
  listResponse,
  ListQuery,
  ReasonQuery,
  ResourceResponse,
  Text,
  Uuid,
  Whole,
  YesNo,
} from '#platform/http';
import { DATE_FORMATS, IMPORT_FORMATS } from '../domain/import-record.js';
import type { DateFormat, ImportFormat } from '../domain/import-record.js';
import { ITEM_ENVIRONMENT_LENGTH_MAX, ITEM_STATUSES } from '../domain/item.js';
import type { ItemStatus } from '../domain/item.js';
import { NAME_LENGTH_MAX } from '../domain/names.js';

export const IMPORT_MODES = ['partial', 'atomic'] as const;
export const UNKNOWN_CATEGORIES = ['refuse', 'leave_out'] as const;
const FALLBACK = 'Of records that do not say it.';

export class ImportItemsQuery extends ReasonQuery {
  @Choice(IMPORT_FORMATS, { description: 'What the file is.' })
  readonly format!: ImportFormat;

  @Text({
    optional: true,
    max: 63,
    description: 'Whose items they are. Absent: those of the tenant of the credential, else of all.',
  })
  readonly tenant_id?: string;

  @Choice(IMPORT_MODES, {
    optional: true,
    default: 'partial',
    description: 'partial takes what it can and tells the rest, atomic takes all or nothing.',
  })
  readonly mode: 'partial' | 'atomic' = 'partial';

  @YesNo({ optional: true, default: false, description: 'Say what would happen, and store nothing.' })
  readonly dry_run?: boolean;

  @Text({
    optional: true,
    min: 1,
    max: NAME_LENGTH_MAX,
    description:
      'Whose file it is: the id or the name of the payee who pays what flows out and is paid what flows in. Absent: as the file calls its account.',
    example: 'Checking',
  })
  readonly account?: string;

  @Text({ optional: true, pattern: /^[A-Z]{3}$/, description: FALLBACK, example: 'USD' })
  readonly currency?: string;

  @Choice(DATE_FORMATS, {
    optional: true,
    description: 'How days are written. QIF does not tell; absent, the file is looked at.',
  })
  readonly date_format?: DateFormat;

  @Choice(ITEM_STATUSES, {
    optional: true,
    description: `${FALLBACK} Absent: cleared, of CSV pending.`,
  })
  readonly status?: ItemStatus;

  @Uuid({ optional: true, description: FALLBACK })
  readonly category_id?: string;

  @Choice(UNKNOWN_CATEGORIES, {
    optional: true,
    default: 'refuse',
    description: 'What to do with a record of a category that there is not: refuse it, or take it without.',
  })
  readonly unknown_categories: 'refuse' | 'leave_out' = 'refuse';

  @Uuid({ optional: true, description: FALLBACK })
  readonly team_id?: string;

  @Text({ optional: true, min: 1, max: ITEM_ENVIRONMENT_LENGTH_MAX, description: FALLBACK })
  readonly environment?: string;
}

export class ImportListQuery extends ListQuery {
  @AnyOf({ description: 'Any of these.', choices: IMPORT_FORMATS })
  readonly format?: string[];
}

export class UndoImportQuery extends ReasonQuery {
  @YesNo({
    optional: true,
    default: false,
    description: 'Also where items of it were changed since; what was changed is lost.',
  })
  readonly force?: boolean;
}

/** Something that is wrong with a record. */
export class ItemImportMistake {
  @Whole({ min: 1, description: 'The line of the file in which the record begins.' })
  readonly line!: number;

  @Text({ description: 'JSON Pointer into the item.', example: '/amount' })
  readonly pointer!: string;

  @Text({ example: 'too_many_decimals' })
  readonly code!: string;

  @Text()
  readonly detail!: string;
}

/** An item that came with the file, and one of the same day, amount, currency and parties that came another way. */
export class PossibleDuplicateResponse {
  @Whole({ min: 1, description: 'The line of the file.' })
  readonly line!: number;

  @Uuid({ nullable: true, description: 'The item that was made; null in a dry run.' })
  readonly item_id!: string | null;

  @Uuid({ description: 'The item that was there.' })
  readonly existing_id!: string;
}

/** What an import did, or would do. */
export class ItemImportResponse {
  @Uuid({ nullable: true, description: 'To look at it and to undo it; null where no item came of it.' })
  readonly id!: string | null;

  @YesNo()
  readonly dry_run!: boolean;

  @Choice(IMPORT_MODES)
  readonly mode!: string;

  @Choice(IMPORT_FORMATS)
  readonly format!: string;

  @Whole({ min: 0, description: 'Records of the file; of a payment that is split, its parts.' })
  readonly total!: number;

  @Whole({ min: 0 })
  readonly created!: number;

  @Whole({ min: 0, description: 'Records that had come before.' })
  readonly unchanged!: number;

  @Whole({ min: 0, description: 'Records that could not be taken.' })
  readonly failed!: number;

  @ListOf(() => ItemImportMistake, { description: 'At most the first 1,000.' })
  readonly errors!: readonly ItemImportMistake[];

  @ListOf(() => PossibleDuplicateResponse, { description: 'At most 1,000; nothing was merged.' })
  readonly possible_duplicates!: readonly PossibleDuplicateResponse[];
}

/** A file that was read. */
export class BudgetImportResponse extends ResourceResponse {
  @Choice(IMPORT_FORMATS)
  readonly format!: string;

  @Whole({ min: 0, description: 'Records of the file.' })
  readonly total!: number;

  @Whole({ min: 1, description: 'Items that came of it.' })
  readonly created!: number;

  @Whole({ min: 0, description: 'Records that had come before.' })
  readonly unchanged!: number;

  @Whole({ min: 0, description: 'Records that could not be taken.' })
  readonly failed!: number;
}

export class BudgetImportListResponse extends listResponse(() => BudgetImportResponse) {}
