import { Choice, ListOf, TenantQuery, Text, Whole, YesNo } from '#platform/http';

export const TRANSFER_FORMATS = ['metastore', 'flagd'] as const;
type TransferFormat = (typeof TRANSFER_FORMATS)[number];

const FORMAT = {
  optional: true,
  default: 'metastore',
  description:
    'metastore: everything, to be imported again. flagd: https://flagd.dev/reference/flag-definitions.',
} as const;

export class FlagExportQuery extends TenantQuery {
  @Choice(TRANSFER_FORMATS, FORMAT)
  readonly format: TransferFormat = 'metastore';

  @Text({
    optional: true,
    min: 1,
    max: 63,
    description: 'For flagd: the environment whose overrides hold. Absent: none.',
  })
  readonly environment?: string;
}

export class FlagImportQuery extends TenantQuery {
  @Choice(TRANSFER_FORMATS, FORMAT)
  readonly format: TransferFormat = 'metastore';

  @YesNo({ optional: true, default: false, description: 'Say what would happen, and store nothing.' })
  readonly dry_run?: boolean;
}

/** What became of a flag or a segment. */
export class ImportedFlag {
  @Choice(['flag', 'segment'])
  readonly type!: string;

  @Text({ example: 'new-checkout-flow' })
  readonly name!: string;

  @Choice(['created', 'updated', 'unchanged'])
  readonly outcome!: string;
}

/** What an import did, or would do. */
export class FlagImportResponse {
  @YesNo()
  readonly dry_run!: boolean;

  @Whole({ min: 0 })
  readonly created!: number;

  @Whole({ min: 0 })
  readonly updated!: number;

  @Whole({ min: 0 })
  readonly unchanged!: number;

  @ListOf(() => ImportedFlag)
  readonly items!: readonly ImportedFlag[];
}
