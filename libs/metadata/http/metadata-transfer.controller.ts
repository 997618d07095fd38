import { Readable } from 'node:stream';
import { Controller, Get, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, writeTenant } from '#platform/context';
import { bodyLines, BodyStream, Endpoint, stringifyExact } from '#platform/http';
import type { SpooledBody } from '#platform/http';
import { MetadataQueries } from '../application/metadata.queries.js';
import type { EntryView } from '../application/metadata.queries.js';
import { ExportQuery, ImportQuery } from './entry.queries.dto.js';
import { EntryImport } from './entry-import.js';
import { ImportResponse } from './import.dto.js';
import { Reveal } from './reveal.js';
import { toResponse } from './entry.wire.js';

const JSON_LINES = 'application/x-ndjson';

@ApiTags('Metadata')
@Controller({ path: 'metadata', version: '1' })
export class MetadataTransferController {
  constructor(
    private readonly queries: MetadataQueries,
    private readonly imports: EntryImport,
    private readonly context: CallContext,
    private readonly reveal: Reveal,
  ) {}

  @Get('export')
  @Endpoint({
    name: 'exportMetadataEntries',
    summary: 'Export the entries of a tenant as JSON Lines',
    description:
      'The tenant’s own entries, by namespace and key; the shared ones are exported where no tenant is named. Secrets are redacted unless revealed; an import leaves a redacted secret as it is.',
    allow: 'metadata:read',
    produces: JSON_LINES,
  })
  export(@Query() query: ExportQuery, @Res({ passthrough: true }) reply: FastifyReply): Readable {
    const tenant = writeTenant(this.context.current.caller, query.tenant_id);
    const showing = this.reveal.showing(query.reveal, reply);
    reply.type(JSON_LINES);
    const entries = this.queries.all(tenant, query.namespace ?? null, showing);
    return Readable.from(this.context.inCall(linesOf(entries)));
  }

  @Post('import')
  @Endpoint({
    name: 'importMetadataEntries',
    summary: 'Import entries as JSON Lines',
    description:
      'One entry a line, as the export gives them. Each line makes the entry of its key what the line says. A line with a mistake is reported and does not stop the others; with mistakes nothing is deleted. A line that names another tenant, or another namespace, than the import is for is a mistake. Nothing begins before the whole body is there. Repeating an import changes nothing.',
    allow: 'metadata:write',
    returns: ImportResponse,
    streamed: JSON_LINES,
    refuses: ['too-large', 'unsupported'],
  })
  import(@Query() query: ImportQuery, @BodyStream() body: SpooledBody): Promise<ImportResponse> {
    const tenant = writeTenant(this.context.current.caller, query.tenant_id);
    return this.imports.run(bodyLines(body), {
      tenant,
      namespace: query.namespace ?? null,
      mode: query.mode,
      isDryRun: query.dry_run === true,
    });
  }
}

async function* linesOf(entries: AsyncIterable<EntryView>): AsyncGenerator<string> {
  // Outside of strings JSON may have line breaks, and a line has none.
  for await (const entry of entries)
    yield `${stringifyExact(toResponse(entry)).replaceAll(/[\r\n]/g, ' ')}\n`;
}
