import { Choice, ListOf, Text, Uuid, Whole, YesNo } from '#platform/http';

const SOURCE = /^[A-Za-z0-9](?:[A-Za-z0-9._:/@-]*[A-Za-z0-9])?$/;

const COMPANY = {
  optional: true,
  description:
    'Absent: the only one of the tenant; an import makes one called `default` where there is none.',
} as const;
const TENANT = {
  optional: true,
  max: 63,
  description: 'Whose catalog. Absent: that of the company, else of the credential, else the shared one.',
} as const;

/** How a catalog is imported. */
export class ImportCatalogQuery {
  @Text({
    min: 1,
    max: 100,
    pattern: SOURCE,
    description: 'Who says all this: what the same source said before and says no more becomes an orphan.',
    example: 'github.com/acme/catalog',
  })
  readonly source!: string;

  @Uuid(COMPANY)
  readonly company_id?: string;

  @Text(TENANT)
  readonly tenant_id?: string;

  @YesNo({ optional: true, default: false, description: 'Say what would happen, and store nothing.' })
  readonly dry_run?: boolean;

  @Choice(['none', 'orphans'], {
    optional: true,
    default: 'none',
    description:
      'orphans: delete the resources of the source that the import has not. A text without a document is refused then.',
  })
  readonly prune?: 'none' | 'orphans';

  @Text({ optional: true, max: 500, description: 'Why; kept in the history.' })
  readonly change_reason?: string;
}

/** Which catalog is exported, and how. */
export class ExportCatalogQuery {
  @Choice(['backstage', 'json'], {
    optional: true,
    default: 'backstage',
    description: 'backstage: YAML, a document each. json: the same entities as a list of JSON.',
  })
  readonly format?: 'backstage' | 'json';

  @Uuid({ optional: true, description: 'Absent: the only one of the tenant.' })
  readonly company_id?: string;

  @Text(TENANT)
  readonly tenant_id?: string;

  @Text({ optional: true, min: 1, max: 100, description: 'Only what this source speaks for.' })
  readonly source?: string;
}

/** Something about one entity. */
export class ImportRemarkResponse {
  @Whole({ nullable: true, min: 1, description: 'In a body of YAML; else null.' })
  readonly line!: number | null;

  @Text({ nullable: true, example: 'component:default/orders' })
  readonly entity!: string | null;

  @Text({ description: 'Within the entity; in JSON with its place before it.', example: '/spec/type' })
  readonly pointer!: string;

  @Text({ example: 'required' })
  readonly code!: string;

  @Text({ example: 'It is required.' })
  readonly detail!: string;
}

/** What an import did, or would do. */
export class CatalogImportResponse {
  @YesNo()
  readonly dry_run!: boolean;

  @Text({ example: 'github.com/acme/catalog' })
  readonly source!: string;

  @Whole({ min: 0 })
  readonly created!: number;

  @Whole({ min: 0 })
  readonly updated!: number;

  @Whole({ min: 0 })
  readonly unchanged!: number;

  @Whole({ min: 0, description: 'Resources that became orphans by this import.' })
  readonly orphaned!: number;

  @Whole({ min: 0 })
  readonly deleted!: number;

  @ListOf(() => ImportRemarkResponse, { description: 'Entities that stayed as they are, and why.' })
  readonly errors!: readonly ImportRemarkResponse[];

  @ListOf(() => ImportRemarkResponse, {
    description: 'References that lead nowhere; the entity went in without them.',
  })
  readonly warnings!: readonly ImportRemarkResponse[];
}
