import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { Clock } from '#shared-kernel';
import { CallContext, readTenant, writeTenant } from '#platform/context';
import { Endpoint } from '#platform/http';
import { FlagTransferService } from '../application/flag-transfer.service.js';
import type { ImportedOutcome } from '../application/flag-transfer.service.js';
import { LiveFlagSets } from '../application/live-flag-sets.js';
import { toFlagd } from './flagd/flagd-export.js';
import { FlagdDocuments } from './flagd/flagd-import.js';
import { DOCUMENT_FORMAT, FlagDocuments, toDocumentFlag, toDocumentSegment } from './flag-document.js';
import { FlagExportQuery, FlagImportQuery, FlagImportResponse } from './flag-transfer.dto.js';

@ApiTags('Feature flags')
@Controller({ path: 'feature-flags', version: '1' })
export class FlagTransferController {
  constructor(
    private readonly transfer: FlagTransferService,
    private readonly documents: FlagDocuments,
    private readonly flagdDocuments: FlagdDocuments,
    private readonly sets: LiveFlagSets,
    private readonly clock: Clock,
    private readonly context: CallContext,
  ) {}

  @Get('export')
  @Endpoint({
    name: 'exportFeatureFlags',
    summary: 'Export flags and segments',
    description:
      'metastore: everything that is the tenant’s own, or shared where no tenant is named: `{format, tenant_id, flags, segments}`. Salts and ranges of buckets are in it, so that an import moves nobody. flagd: what the tenant evaluates in the environment, for SDKs of flagd; flags that flagd would evaluate otherwise are named under `omitted`, with the reason.',
    allow: 'flags:read',
    produces: 'application/json',
  })
  export(@Query() query: FlagExportQuery): Promise<object> {
    return query.format === 'flagd' ? this.#toFlagd(query) : this.#toDocument(query);
  }

  @Post('import')
  @ApiBody({ schema: { type: 'object', additionalProperties: true } })
  @Endpoint({
    name: 'importFeatureFlags',
    summary: 'Import flags and segments',
    description:
      'A document as the export gives it, of at most 1 MiB. Makes each flag and segment, by its name, what the document says; others are left alone. All or nothing: every mistake is told at its place. Repeating an import changes nothing. flagd: state, variants, defaultVariant, and targeting as far as it can be said in rules.',
    allow: 'flags:write',
    returns: FlagImportResponse,
    refuses: ['too-large', 'unsupported', 'unprocessable'],
  })
  async import(@Query() query: FlagImportQuery, @Body() body: unknown): Promise<FlagImportResponse> {
    const tenant = writeTenant(this.context.current.caller, query.tenant_id);
    const reader = query.format === 'flagd' ? this.flagdDocuments : this.documents;
    const document = await reader.read(body, tenant);
    const isDryRun = query.dry_run === true;
    const outcomes = await (isDryRun ? this.transfer.rehearse(document) : this.transfer.import(document));
    return toImportResponse(outcomes, isDryRun ? 'rehearsed' : 'stored');
  }

  async #toDocument({ tenant_id }: FlagExportQuery): Promise<object> {
    const tenant = writeTenant(this.context.current.caller, tenant_id);
    const { flags, segments } = await this.transfer.contentOf(tenant);
    return {
      format: DOCUMENT_FORMAT,
      tenant_id: tenant,
      segments: segments.map(toDocumentSegment),
      flags: flags.map(toDocumentFlag),
    };
  }

  async #toFlagd({ tenant_id, environment }: FlagExportQuery): Promise<object> {
    const tenant = readTenant(this.context.current.caller, tenant_id);
    await this.sets.load(tenant);
    const content = this.sets.contentOf(tenant);
    if (!content) throw new Error('The flags were loaded and are not there.');
    return toFlagd(content, { tenant, environment: environment ?? null, now: this.clock.now().getTime() });
  }
}

function toImportResponse(
  outcomes: readonly ImportedOutcome[],
  how: 'rehearsed' | 'stored',
): FlagImportResponse {
  const count = (outcome: ImportedOutcome['outcome']): number =>
    outcomes.filter((item) => item.outcome === outcome).length;
  return {
    dry_run: how === 'rehearsed',
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    items: outcomes.map(({ kind, name, outcome }) => ({ type: kind, name, outcome })),
  };
}
