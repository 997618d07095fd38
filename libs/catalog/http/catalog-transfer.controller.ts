import { Readable } from 'node:stream';
import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { Breather, InvalidInput } from '#shared-kernel';
import { CallContext } from '#platform/context';
import { Endpoint, TextBody } from '#platform/http';
import { writeYaml } from '#platform/yaml';
import { CatalogExportQueries } from '../application/catalog-export.queries.js';
import type { CatalogImport, ImportOutcome, ImportRemark } from '../application/catalog-import.js';
import { CatalogImportService } from '../application/catalog-import.service.js';
import { CompanyOf } from '../application/company-of.js';
import type { AskedHome } from '../application/company-of.js';
import type { Entity } from '../domain/backstage/entity.js';
import { companyId } from '../domain/identity.js';
import { CatalogImportResponse, ExportCatalogQuery, ImportCatalogQuery } from './catalog-import.dto.js';
import type { ImportRemarkResponse } from './catalog-import.dto.js';
import { EXPORT_FORMAT, readCatalog } from './catalog-import.reading.js';

const YAML = 'application/yaml';

const saysNothing = ({ entities, errors }: Pick<CatalogImport, 'entities' | 'errors'>): boolean =>
  entities.length + errors.length === 0;

/** A file that was cut to nothing must not delete everything; an empty list of JSON is meant. */
const emptyText = (): InvalidInput =>
  InvalidInput.at(
    '',
    'required',
    'There is no document in it: nothing is deleted for that. To mean it, send [] as JSON.',
  );
const JSON_TYPE = 'application/json';

@ApiTags('Catalog')
@Controller({ path: 'catalog', version: '1' })
export class CatalogTransferController {
  constructor(
    private readonly imports: CatalogImportService,
    private readonly exports: CatalogExportQueries,
    private readonly companyOf: CompanyOf,
    private readonly context: CallContext,
  ) {}

  @Post('import')
  @ApiBody({ schema: { type: 'object', additionalProperties: true } })
  @Endpoint({
    name: 'importCatalog',
    summary: 'Import a catalog',
    description:
      'Descriptors of Backstage (`catalog-info.yaml`, any number of documents), or JSON: one entity, a list, or `{items}`. Each entity goes in by itself: a broken one stays as it was, and is told in `errors`. What the source said before and says no more becomes an orphan. Repeating an import changes nothing.',
    allow: 'catalog:write',
    returns: CatalogImportResponse,
    texts: ['application/yaml', 'application/x-yaml', 'text/yaml'],
    lists: true,
    refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable'],
  })
  async import(@Query() query: ImportCatalogQuery, @Body() body: unknown): Promise<CatalogImportResponse> {
    const { source, prune = 'none', change_reason: reason = null, dry_run: isRehearsal = false } = query;
    const read = await readCatalog(body);
    if (prune === 'orphans' && body instanceof TextBody && saysNothing(read)) throw emptyText();
    const asked = {
      ...read,
      ...{ source, prune, reason, home: homeOf(query), newCompanyId: companyId(uuidv7()) },
    };
    const outcome = isRehearsal ? await this.imports.rehearse(asked) : await this.imports.import(asked);
    return { dry_run: isRehearsal, source, ...toOutcome(outcome) };
  }

  @Get('export')
  @Endpoint({
    name: 'exportCatalog',
    summary: 'Export a catalog',
    description:
      'What a company has, as descriptors of Backstage: what an import said word for word, where nothing changed it since; what a descriptor has no member for in annotations that begin with `metastore.io/`. The import reads both forms back to the same.',
    allow: 'catalog:read',
    produces: [YAML, JSON_TYPE],
    refuses: ['unprocessable'],
  })
  async export(
    @Query() query: ExportCatalogQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const { companyId: company } = await this.companyOf.seenOrNone(homeOf(query));
    const part = company === null ? null : { companyId: company, source: query.source ?? null };
    const entities = part ? this.exports.entities(part) : nothing();
    const isJson = query.format === 'json';
    reply.type(`${isJson ? JSON_TYPE : YAML}; charset=utf-8`);
    return Readable.from(this.context.inCall(isJson ? writeJson(entities) : writeDocuments(entities)));
  }
}

const homeOf = ({ company_id, tenant_id }: ExportCatalogQuery | ImportCatalogQuery): AskedHome => ({
  companyId: company_id === undefined ? undefined : companyId(company_id),
  tenant: tenant_id,
});

async function* nothing(): AsyncGenerator<Entity> {}

/** Piece by piece, so that never more than some of the entities are in memory, and nobody waits for them all. */
async function* writeDocuments(entities: AsyncIterable<Entity>): AsyncGenerator<string> {
  const breather = new Breather();
  for await (const entity of entities) {
    await breather.pause();
    yield `---\n${writeYaml(entity)}`;
  }
}

async function* writeJson(entities: AsyncIterable<Entity>): AsyncGenerator<string> {
  yield `{"format":${JSON.stringify(EXPORT_FORMAT)},"items":[`;
  let separator = '\n';
  const breather = new Breather();
  for await (const entity of entities) {
    await breather.pause();
    yield `${separator}${JSON.stringify(entity)}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

const toOutcome = ({
  errors,
  warnings,
  ...counts
}: ImportOutcome): Omit<CatalogImportResponse, 'dry_run' | 'source'> => ({
  ...counts,
  errors: errors.map(toRemark),
  warnings: warnings.map(toRemark),
});

const toRemark = ({ line, entity, pointer, code, detail }: ImportRemark): ImportRemarkResponse => ({
  ...{ line: line ?? null, entity, pointer, code, detail },
});
