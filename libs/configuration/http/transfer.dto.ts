import {
  Choice,
  FreeObject,
  Instant,
  ListOf,
  PatchOperation,
  REASON,
  TenantQuery,
  Text,
  TextList,
  Uuid,
  Whole,
  YesNo,
} from '#platform/http';
import { ENVIRONMENT, ENVIRONMENT_LENGTH_MAX, NAME, NAME_LENGTH_MAX } from '../domain/identity.js';
import { AFFECTED, AffectedResponse, MORE_AFFECTED } from './dry-run.dto.js';

export const FORMATS = ['json', 'yaml', 'dotenv', 'properties'] as const;
export type Format = (typeof FORMATS)[number];

const NAMES_MAX = 1_000;
const SERVICE = { pattern: NAME, min: 1, max: NAME_LENGTH_MAX, example: 'order-service' } as const;
const DOCUMENT = { pattern: NAME, min: 1, max: NAME_LENGTH_MAX, example: 'database' } as const;
const PLACE = { pattern: ENVIRONMENT, min: 1, max: ENVIRONMENT_LENGTH_MAX } as const;
const VARIABLES = {
  optional: true,
  description:
    'For dotenv. upper (unless said): `pool.max_size` is `POOL__MAX_SIZE`, and back. keep: names keep their case.',
} as const;
const DRY_RUN = { optional: true, description: 'Say what would happen, and store nothing.' } as const;
const DIFF = {
  description: 'From what the configuration was to what it is; null where there is none.',
} as const;

export class CompareQuery extends TenantQuery {
  @Text({ ...SERVICE, description: 'The service whose documents are compared.' })
  readonly service_id!: string;

  @Text({ ...PLACE, description: '`base` is what lies under all environments.', example: 'staging' })
  readonly left!: string;

  @Text({ ...PLACE, description: 'The environment to which the patches lead.', example: 'production' })
  readonly right!: string;
}

/** How two environments differ. */
export class ComparisonResponse {
  @Text({ example: 'order-service' })
  readonly service_id!: string;

  @Text({ example: 'staging' })
  readonly left!: string;

  @Text({ example: 'production' })
  readonly right!: string;

  @Text({ nullable: true, example: 'acme' })
  readonly tenant_id!: string | null;

  @FreeObject({
    description:
      'By name of the document: the JSON Patch (RFC 6902) from the left one to the right one. A document that one side has not is null there.',
    example: { database: [{ op: 'replace', path: '/pool_size', value: 50 }] },
  })
  readonly names!: Readonly<Record<string, readonly object[]>>;

  @TextList({ maxItems: NAMES_MAX, description: 'Documents that are the same on both sides.' })
  readonly same!: readonly string[];
}

export class PromoteQuery {
  @YesNo(DRY_RUN)
  readonly dry_run?: boolean;
}

export class PromoteBody {
  @Text(SERVICE)
  readonly service_id!: string;

  @Text({ ...PLACE, example: 'staging' })
  readonly from!: string;

  @Text({ ...PLACE, example: 'production' })
  readonly to!: string;

  @TextList({
    optional: true,
    nullable: true,
    maxItems: NAMES_MAX,
    description: 'Which documents; absent or null is all.',
    example: ['database'],
  })
  readonly names?: readonly string[] | null;

  @Text({
    optional: true,
    nullable: true,
    max: 63,
    description: 'Whose; null is what is shared. Absent: the tenant of the credential.',
  })
  readonly tenant_id?: string | null;

  @YesNo(DRY_RUN)
  readonly dry_run?: boolean;

  @Text(REASON)
  readonly change_reason?: string | null;
}

/** A configuration that was promoted. */
export class PromotedItem {
  @Text({ example: 'database' })
  readonly name!: string;

  @Choice(['created', 'updated', 'unchanged'])
  readonly status!: string;

  @Uuid({
    nullable: true,
    description: 'In the other environment; null in a dry run for one that is not there.',
  })
  readonly id!: string | null;

  @Whole({ nullable: true, min: 1, description: 'Null in a dry run for one that would change.' })
  readonly version!: number | null;

  @ListOf(() => PatchOperation, DIFF)
  readonly diff!: readonly PatchOperation[];
}

/** A temporary configuration that stayed where it is. */
export class SkippedItem {
  @Text({ example: 'database' })
  readonly name!: string;

  @Uuid()
  readonly id!: string;

  @Instant({ nullable: true })
  readonly effective_from!: string | null;

  @Instant({ nullable: true })
  readonly effective_until!: string | null;
}

/** What a promotion did, or would do. */
export class PromotionResponse {
  @YesNo()
  readonly dry_run!: boolean;

  @ListOf(() => PromotedItem)
  readonly items!: readonly PromotedItem[];

  @ListOf(() => SkippedItem, { description: 'Temporary configurations; they are not promoted.' })
  readonly skipped!: readonly SkippedItem[];

  @ListOf(() => AffectedResponse, AFFECTED)
  readonly affected!: readonly AffectedResponse[];

  @YesNo(MORE_AFFECTED)
  readonly affected_has_more?: boolean;
}

/** Which of the owner’s configurations, and as what. */
abstract class TransferQuery extends TenantQuery {
  @Text({ ...SERVICE, optional: true, description: 'Of this service alone.' })
  readonly service_id?: string;

  @Text({ ...DOCUMENT, optional: true, description: 'Documents of this name alone.' })
  readonly name?: string;

  @Text({ ...PLACE, optional: true, description: 'Of this environment alone.', example: 'production' })
  readonly environment?: string;

  @Choice(['upper', 'keep'], VARIABLES)
  readonly names?: 'upper' | 'keep';
}

export class ExportConfigurationsQuery extends TransferQuery {
  @Choice(FORMATS, {
    optional: true,
    default: 'json',
    description:
      'json and yaml: everything that is asked for, to be imported again. dotenv and properties: the values of the one active configuration without a window that service_id, name and environment name.',
  })
  readonly format: Format = 'json';
}

export class ImportConfigurationsQuery extends TransferQuery {
  @Choice(FORMATS, {
    optional: true,
    description: 'Absent: as the media type says. text/plain needs it.',
  })
  readonly format?: Format;

  @Choice(['merge', 'replace'], {
    optional: true,
    default: 'merge',
    description:
      'replace also deletes what the owner has of the services in the document, within service_id, name and environment, and the document has not.',
  })
  readonly mode: 'merge' | 'replace' = 'merge';

  @Choice(['infer', 'text'], {
    optional: true,
    description:
      'For dotenv and properties. infer (unless said): what looks exactly like a number, true, false, null, {} or [] as JSON writes them, and is neither quoted nor escaped, is that. text: everything is a text.',
  })
  readonly types?: 'infer' | 'text';

  @YesNo(DRY_RUN)
  readonly dry_run?: boolean;

  @Text({ optional: true, max: 500, description: 'Why; kept in the history.' })
  readonly change_reason?: string;
}

/** What became of a configuration. */
export class ImportedConfiguration {
  @Text({ example: 'order-service' })
  readonly service_id!: string;

  @Text({ example: 'database' })
  readonly name!: string;

  @Text({ example: 'production' })
  readonly environment!: string;

  @Instant({ nullable: true })
  readonly effective_from!: string | null;

  @Instant({ nullable: true })
  readonly effective_until!: string | null;

  @Choice(['created', 'updated', 'unchanged', 'deleted'])
  readonly status!: string;

  @Uuid({ nullable: true, description: 'Null in a dry run for one that is not there.' })
  readonly id!: string | null;

  @ListOf(() => PatchOperation, { optional: true, description: `${DIFF.description} Only in a dry run.` })
  readonly diff?: readonly PatchOperation[];
}

/** What an import did, or would do. */
export class ConfigurationImportResponse {
  @YesNo()
  readonly dry_run!: boolean;

  @Whole({ min: 0 })
  readonly created!: number;

  @Whole({ min: 0 })
  readonly updated!: number;

  @Whole({ min: 0 })
  readonly unchanged!: number;

  @Whole({ min: 0, description: 'Only with mode=replace.' })
  readonly deleted!: number;

  @ListOf(() => ImportedConfiguration, { description: 'As in the document; then those that were deleted.' })
  readonly items!: readonly ImportedConfiguration[];

  @ListOf(() => AffectedResponse, {
    optional: true,
    description: `${AFFECTED.description} Only in a dry run.`,
  })
  readonly affected?: readonly AffectedResponse[];

  @YesNo(MORE_AFFECTED)
  readonly affected_has_more?: boolean;
}
