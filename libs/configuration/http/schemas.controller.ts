import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import { Endpoint, IfMatch, ReasonQuery, toPageResponse } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { SchemaQueries } from '../application/schema.queries.js';
import { SchemaService } from '../application/schema.service.js';
import type { StoredSchema } from '../application/schema.service.js';
import { SchemaTrials } from '../application/schema-trials.js';
import { isSchemaName } from '../domain/config-schema.js';
import { schemaId } from '../domain/identity.js';
import type { JsonValue } from '../domain/json.js';
import { SchemaNotFound } from '../domain/schema-errors.js';
import { SchemaBodies } from './schema-bodies.js';
import {
  AddSchemaVersionBody,
  CheckCompatibilityBody,
  CheckedDocumentsResponse,
  CompatibilityResponse,
  CreateSchemaBody,
  SchemaListQuery,
  SchemaListResponse,
  SchemaResponse,
  ValidateDocumentBody,
  ValidationResponse,
} from './schema.dto.js';
import { toCompatibility, toSchemaResponse, toStoredSchema } from './schema.wire.js';

const CREATED = 201;
const OK = 200;
const PATH = '/api/v1/configurations/schemas';
/** A schema never changes. */
const ETAG = '"1"';
const NAME = {
  name: 'name',
  description: 'The name of the schema.',
  schema: { type: 'string', maxLength: 100 },
} as const;
const REFUSED_WRITES = [
  'conflict',
  'too-large',
  'unsupported',
  'unprocessable',
  'limit',
  'unavailable',
] as const;
const REFUSED_CHECKS = [
  'not-found',
  'too-large',
  'unsupported',
  'unprocessable',
  'limit',
  'unavailable',
] as const;

@ApiTags('Configuration')
@Controller({ path: 'configurations/schemas', version: '1' })
export class SchemasController {
  constructor(
    private readonly service: SchemaService,
    private readonly trials: SchemaTrials,
    private readonly queries: SchemaQueries,
    private readonly bodies: SchemaBodies,
    private readonly context: CallContext,
  ) {}

  @Post()
  @ApiBody({ type: CreateSchemaBody })
  @Endpoint({
    name: 'createSchema',
    summary: 'Register a schema',
    description:
      'Where versions of the name are there and the newest promises something, this one keeps the promise.',
    allow: 'configurations:write',
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: SchemaResponse,
    refuses: REFUSED_WRITES,
  })
  async create(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SchemaResponse> {
    return answer(await this.service.create(await this.bodies.toNew(body)), reply);
  }

  @Get()
  @Endpoint({
    name: 'listSchemas',
    summary: 'List schemas, every version by itself',
    allow: 'configurations:read',
    returns: SchemaListResponse,
  })
  async list(@Query() query: SchemaListQuery): Promise<SchemaListResponse> {
    const { limit, cursor, sort, include_total: includeTotal, q, name: names } = query;
    const filter = { tenant: readTenant(this.context.current.caller, query.tenant_id), q, names };
    return toPageResponse(
      await this.queries.page(filter, { limit, cursor, sort, includeTotal }),
      toSchemaResponse,
    );
  }

  @Get(':id')
  @Endpoint({
    name: 'getSchema',
    summary: 'Get a version of a schema',
    allow: 'configurations:read',
    returns: SchemaResponse,
    refuses: ['not-found'],
  })
  async get(
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SchemaResponse> {
    reply.header('etag', ETAG);
    return toSchemaResponse(await this.queries.get(schemaId(id)));
  }

  @Delete(':id')
  @Endpoint({
    name: 'deleteSchema',
    summary: 'Delete a version of a schema that nothing uses; its history stays',
    allow: 'configurations:write',
    status: 204,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async delete(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    await this.service.delete(schemaId(id), ifVersion, query.change_reason ?? null);
  }

  @Post(':id/validate')
  @ApiBody({ type: ValidateDocumentBody })
  @Endpoint({
    name: 'validateAgainstSchema',
    summary: 'Hold a document against a schema',
    allow: 'configurations:read',
    returns: ValidationResponse,
    refuses: REFUSED_CHECKS,
  })
  async validate(@Param('id') id: string, @Body() body: ValidateDocumentBody): Promise<ValidationResponse> {
    const errors = await this.trials.validate(
      this.context.current.caller.tenant,
      schemaId(id),
      body.document as JsonValue,
    );
    return { valid: errors.length === 0, errors };
  }

  @Post(':name/versions')
  @ApiParam(NAME)
  @ApiBody({ type: AddSchemaVersionBody })
  @Endpoint({
    name: 'addSchemaVersion',
    summary: 'Register the next version of a schema',
    description: 'It comes after the newest one, and keeps what that one promises unless it says otherwise.',
    allow: 'configurations:write',
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: SchemaResponse,
    refuses: ['not-found', ...REFUSED_WRITES],
  })
  async addVersion(
    @Param('name') name: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SchemaResponse> {
    if (!isSchemaName(name)) throw new SchemaNotFound();
    return answer(await this.service.addVersion(await this.bodies.toNextVersion(name, body)), reply);
  }

  @Post(':name/check-compatibility')
  @ApiParam(NAME)
  @ApiBody({ type: CheckCompatibilityBody })
  @ApiExtraModels(CheckedDocumentsResponse)
  @Endpoint({
    name: 'checkSchemaCompatibility',
    summary: 'Ask what a schema would break as the next version',
    description:
      'The schemas are compared, and the effective documents of now in which layers with any version of the schema take part are held against it. Nothing is stored.',
    allow: 'configurations:read',
    returns: CompatibilityResponse,
    refuses: REFUSED_CHECKS,
  })
  async checkCompatibility(
    @Param('name') name: string,
    @Body() body: unknown,
  ): Promise<CompatibilityResponse> {
    if (!isSchemaName(name)) throw new SchemaNotFound();
    const { report, usage } = await this.trials.compare(await this.bodies.toComparison(name, body));
    return toCompatibility(report, usage);
  }
}

function answer({ state, outcome }: StoredSchema, reply: FastifyReply): SchemaResponse {
  reply.header('etag', ETAG);
  if (outcome === 'unchanged') reply.code(OK);
  else reply.header('location', `${PATH}/${state.id}`);
  return toStoredSchema(state);
}
