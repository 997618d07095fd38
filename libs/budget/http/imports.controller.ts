import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant, writeTenant } from '#platform/context';
import { AsOfQuery, Endpoint, IfMatch, toInstant, toPageResponse } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { ImportQueries } from '../application/import.queries.js';
import { ImportService } from '../application/import.service.js';
import { ImportUndo } from '../application/import-undo.js';
import { importId } from '../domain/identity.js';
import { readFile, toImportOrder } from './import-files.js';
import {
  ImportItemsQuery,
  ImportListQuery,
  BudgetImportListResponse,
  BudgetImportResponse,
  ItemImportResponse,
  UndoImportQuery,
} from './import.dto.js';
import { toImportReport, toImportResponse } from './import.wire.js';

const CREATED = 201;
const OK = 200;
const FILE_BYTES_MAX = 5_242_880;

@ApiTags('Budget')
@Controller({ path: 'budget/imports', version: '1' })
export class ImportsController {
  constructor(
    private readonly imports: ImportService,
    private readonly undoing: ImportUndo,
    private readonly queries: ImportQueries,
    private readonly context: CallContext,
  ) {}

  @Post()
  @Endpoint({
    name: 'importBudgetItems',
    summary: 'Import items',
    description:
      'The body is the file: CSV with a header, as the export has it or as banks do; OFX 1.x or 2.x; or QIF. At most 5 MiB and 50,000 records. What had come before adds nothing, two equal payments of one file stay two, and nothing is merged by similarity.',
    allow: 'budget:write',
    status: CREATED,
    also: {
      [OK]: 'No item came of it: it was a dry run, all of it had come before, or nothing could be taken.',
    },
    returns: ItemImportResponse,
    file: {
      types: [
        ...(['text/csv', 'text/plain', 'application/octet-stream', 'application/ofx'] as const),
        ...(['application/x-ofx', 'application/vnd.intu.qfx', 'application/xml', 'text/xml'] as const),
        ...(['application/qif', 'application/x-qif'] as const),
      ],
      bytesMax: FILE_BYTES_MAX,
    },
    refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable'],
  })
  async import(
    @Query() query: ImportItemsQuery,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemImportResponse> {
    const order = toImportOrder(query, writeTenant(this.context.current.caller, query.tenant_id));
    const report = await this.imports.run(await readFile(body, query), order);
    const answer = toImportReport(report, order);
    if (answer.id === null) reply.code(OK);
    else reply.header('Location', `/api/v1/budget/imports/${answer.id}`);
    return answer;
  }

  @Get()
  @Endpoint({
    name: 'listBudgetImports',
    summary: 'List imports',
    description: 'Those that items came of and that were not undone; the newest first unless said otherwise.',
    allow: 'budget:read',
    returns: BudgetImportListResponse,
  })
  async list(@Query() query: ImportListQuery): Promise<BudgetImportListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const filter = {
      tenant: readTenant(this.context.current.caller, query.tenant_id),
      formats: query.format,
    };
    const page = await this.queries.page(filter, { limit, cursor, sort, includeTotal });
    return toPageResponse(page, toImportResponse);
  }

  @Get(':id')
  @Endpoint({
    name: 'getBudgetImport',
    summary: 'Get an import',
    allow: 'budget:read',
    returns: BudgetImportResponse,
    refuses: ['not-found', 'gone'],
  })
  async get(@Param('id') text: string, @Query() { as_of: at }: AsOfQuery): Promise<BudgetImportResponse> {
    const id = importId(text);
    return toImportResponse(
      at === undefined ? await this.queries.get(id) : await this.queries.asOf(id, toInstant(at, '/as_of')),
    );
  }

  @Delete(':id')
  @Endpoint({
    name: 'undoBudgetImport',
    summary: 'Undo an import',
    description:
      'Its items go, each with its entry in the history, and so do the payees that were made for them and are of no other items. Refused where one was reconciled since, and without `force` where one was changed.',
    allow: 'budget:write',
    status: 204,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async undo(
    @Param('id') text: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: UndoImportQuery,
  ): Promise<void> {
    const target = { id: importId(text), ifVersion, isForced: query.force ?? false };
    await this.undoing.undo(target, query.change_reason ?? null);
  }
}
