import {
  AlwaysDescribed,
  batchBody,
  Choice,
  Described,
  LABELS,
  LABELS_PATCH,
  listResponse,
  REASON,
  ResourceResponse,
  TENANT,
  Text,
  Uuid,
  Whole,
} from '#platform/http';
import {
  FLOWS,
  ITEM_ENVIRONMENT_LENGTH_MAX,
  ITEM_LENGTH_MAX,
  ITEM_STATUSES,
  NOTES_LENGTH_MAX,
} from '../domain/item.js';
import { NAME_LENGTH_MAX } from '../domain/names.js';

const ITEM = { min: 1, max: ITEM_LENGTH_MAX, example: 'Coffee beans' } as const;
const AMOUNT = {
  type: 'string',
  pattern: '^(0|[1-9][0-9]*)([.][0-9]+)?$',
  description: 'Above zero, with exactly the decimals of the currency; flow gives the sign.',
  example: '12.34',
} as const;
const CURRENCY = { type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217.', example: 'USD' } as const;
const DOLLARS = {
  type: 'integer',
  minimum: 0,
  description: 'Instead of amount, with cents: whole units of a currency with two decimals.',
} as const;
const CENTS = { type: 'integer', minimum: 0, maximum: 99, description: 'Absent: none.' } as const;
const DATE = {
  type: 'string',
  format: 'date',
  description: 'A day of the years 0001 to 9999: no time, no zone.',
  example: '2026-05-01',
} as const;
const SIDE = 'The tenant’s own or a shared one.';
const NAMED =
  'Instead of the id: the one with this name, whatever the case, is meant; where there is none, one is made.';
const NAME = { optional: true, min: 1, max: NAME_LENGTH_MAX, description: NAMED } as const;
const CATEGORY = { nullable: true, description: SIDE } as const;
const TEAM = { nullable: true, description: 'A team of the catalog.' } as const;
const ENVIRONMENT = {
  nullable: true,
  min: 1,
  max: ITEM_ENVIRONMENT_LENGTH_MAX,
  description: 'The key of an environment.',
  example: 'production',
} as const;
const NOTES = { nullable: true, min: 1, max: NOTES_LENGTH_MAX } as const;

/** How the sign may be said besides. */
export const SIGNS = ['+', '-'] as const;
const FLOW_WORDS = [...FLOWS, ...SIGNS];
const STATUS =
  'All but planned ones count for budgets; of a reconciled one only notes and labels may change.';

/** What may be said of an item besides what it is called and which way its money goes. */
abstract class ItemProperties {
  @Described(AMOUNT)
  readonly amount?: string;

  @Described(DOLLARS)
  readonly dollars?: number;

  @Described(CENTS)
  readonly cents?: number;

  @Uuid({ optional: true, description: `Who pays: this or payor. ${SIDE}` })
  readonly payor_id?: string;

  @Text({ ...NAME, example: 'Household' })
  readonly payor?: string;

  @Uuid({ optional: true, description: `Who is paid: this or payee. ${SIDE}` })
  readonly payee_id?: string;

  @Text({ ...NAME, example: 'The roastery' })
  readonly payee?: string;

  @Uuid({ optional: true, ...CATEGORY })
  readonly category_id?: string | null;

  @Uuid({ optional: true, ...TEAM })
  readonly team_id?: string | null;

  @Text({ optional: true, ...ENVIRONMENT })
  readonly environment?: string | null;

  @Text({ optional: true, ...NOTES })
  readonly notes?: string | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateItemBody extends ItemProperties {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text(TENANT)
  readonly tenant_id?: string | null;

  @Text(ITEM)
  readonly item!: string;

  @AlwaysDescribed(CURRENCY)
  readonly currency!: string;

  @Choice(FLOW_WORDS, { description: '+ is inflow, - is outflow.', example: 'outflow' })
  readonly flow!: string;

  @Described({ ...DATE, description: `${DATE.description} Absent: today (UTC).` })
  readonly transaction_date?: string;

  @Choice(ITEM_STATUSES, { optional: true, default: 'pending', description: STATUS })
  readonly status?: string;

  @Described({ ...LABELS, nullable: true })
  readonly labels?: object | null;
}

/** What may be changed; the parts of an amount go together. */
abstract class ItemChangeProperties extends ItemProperties {
  @Text({ ...ITEM, optional: true })
  readonly item?: string;

  @Described({ ...CURRENCY, description: 'Another one with other decimals wants the amount said anew.' })
  readonly currency?: string;

  @Choice(FLOW_WORDS, { optional: true, description: '+ is inflow, - is outflow.' })
  readonly flow?: string;

  @Described({ ...DATE, description: `${DATE.description} It stays what it is unless it is sent.` })
  readonly transaction_date?: string;

  @Choice(ITEM_STATUSES, { optional: true, description: STATUS })
  readonly status?: string;
}

export class ReviseItemBody extends ItemChangeProperties {
  @Described({ ...LABELS, nullable: true })
  readonly labels?: object | null;
}

export class PatchItemBody extends ItemChangeProperties {
  @Described({ ...LABELS_PATCH, nullable: true })
  readonly labels?: object | null;
}

/** One operation of a batch: the members that the operation takes, and `op`. */
export class ItemOperation extends ReviseItemBody {
  @Choice(['create', 'update', 'delete'])
  readonly op!: string;

  @Uuid({
    optional: true,
    description: 'Which item to update or delete; for create, the id of the caller’s choice.',
  })
  readonly id?: string;

  @Text(TENANT)
  readonly tenant_id?: string | null;

  @Whole({ optional: true, min: 1, description: 'The version that the operation was decided on.' })
  readonly if_version?: number;
}

export class ItemBatchBody extends batchBody(() => ItemOperation) {}

/** Something that was paid, or is to be. The names of the parties are theirs: they change without the item. */
export class ItemResponse extends ResourceResponse {
  @Text(ITEM)
  readonly item!: string;

  @AlwaysDescribed(AMOUNT)
  readonly amount!: string;

  @AlwaysDescribed(CURRENCY)
  readonly currency!: string;

  @Choice(FLOWS)
  readonly flow!: string;

  @Uuid({ description: 'Who pays.' })
  readonly payor_id!: string;

  @Uuid({ description: 'Who is paid.' })
  readonly payee_id!: string;

  @Uuid(CATEGORY)
  readonly category_id!: string | null;

  @AlwaysDescribed(DATE)
  readonly transaction_date!: string;

  @Choice(ITEM_STATUSES, { description: STATUS })
  readonly status!: string;

  @Uuid(TEAM)
  readonly team_id!: string | null;

  @Text(ENVIRONMENT)
  readonly environment!: string | null;

  @Text(NOTES)
  readonly notes!: string | null;

  @AlwaysDescribed(LABELS)
  readonly labels!: object;

  @Uuid({ nullable: true, description: 'The import that it came with; null: it was entered by itself.' })
  readonly import_id!: string | null;
}

export class ItemListResponse extends listResponse(() => ItemResponse) {}
