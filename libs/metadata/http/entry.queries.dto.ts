import { AnyOf, Choice, Instant, ListQuery, Text, YesNo } from '#platform/http';
import { CONTENT_TYPES_IN } from './entry.dto.js';

const TENANT = 'The tenant to act for. Absent: the one of the credential, else the shared rows.';

export class EntryListQuery extends ListQuery {
  @AnyOf({ description: 'Any of these namespaces.' })
  readonly namespace?: string[];

  @Text({ optional: true, max: 255, description: 'Beginning of the key.' })
  readonly prefix?: string;

  @AnyOf({ description: 'Entries with any of these tags.' })
  readonly tags?: string[];

  @AnyOf({ description: 'Entries with all of these tags.' })
  readonly all_tags?: string[];

  @AnyOf({ choices: CONTENT_TYPES_IN, description: 'Any of these content types.' })
  readonly content_type?: string[];

  @Text({
    optional: true,
    min: 1,
    max: 255,
    description: 'Anywhere in key or description, whatever the case.',
  })
  readonly q?: string;

  @Instant({ optional: true, description: 'Changed at this instant or after it.' })
  readonly updated_since?: string;
}

export class RevealQuery {
  @YesNo({
    optional: true,
    default: false,
    description: 'Show the value of a secret; needs secrets:read, and is written down.',
  })
  readonly reveal?: boolean;
}

export class GetEntryQuery extends RevealQuery {
  @Instant({ optional: true, description: 'As it was at this instant.' })
  readonly as_of?: string;
}

export class NamespaceQuery {
  @Text({ optional: true, max: 255, description: 'The namespace; absent: see the operation.' })
  readonly namespace?: string;

  @Text({ optional: true, max: 63, description: TENANT })
  readonly tenant_id?: string;
}

export class ExportQuery extends NamespaceQuery {
  @YesNo({
    optional: true,
    default: false,
    description: 'Show secrets; needs secrets:read, and each is written down.',
  })
  readonly reveal?: boolean;
}

export class ImportQuery extends NamespaceQuery {
  @Choice(['merge', 'replace'], {
    optional: true,
    default: 'merge',
    description: 'replace also deletes the entries of the namespace that the import does not name.',
  })
  readonly mode: 'merge' | 'replace' = 'merge';

  @YesNo({ optional: true, default: false, description: 'Say what would happen, and do nothing.' })
  readonly dry_run?: boolean;
}
