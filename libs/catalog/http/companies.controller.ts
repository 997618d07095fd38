import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import { AsOfQuery, Endpoint, IfMatch, ReasonQuery, toInstant, toPageResponse } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { CompanyQueries } from '../application/company.queries.js';
import { CompanyService } from '../application/company.service.js';
import { companyId } from '../domain/identity.js';
import { CompanyBodies } from './company-bodies.js';
import {
  CompanyListQuery,
  CompanyListResponse,
  CompanyResponse,
  CreateCompanyBody,
  ReviseCompanyBody,
} from './company.dto.js';
import { toCompanyResponse, toStoredCompany } from './company.wire.js';
import type { Manner } from './label-changes.js';

const CREATED = 201;
const OK = 200;

@ApiTags('Catalog')
@Controller({ path: 'companies', version: '1' })
export class CompaniesController {
  constructor(
    private readonly service: CompanyService,
    private readonly queries: CompanyQueries,
    private readonly bodies: CompanyBodies,
    private readonly context: CallContext,
  ) {}

  @Post()
  @ApiBody({ type: CreateCompanyBody })
  @Endpoint({
    name: 'createCompany',
    summary: 'Create a company',
    description: 'Users, teams, environments and resources belong to a company, and so to its tenant.',
    allow: 'catalog:write',
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: CompanyResponse,
    refuses: ['conflict', 'too-large', 'unsupported'],
  })
  async create(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CompanyResponse> {
    const { state, outcome } = await this.service.create(await this.bodies.toNewCompany(body));
    if (outcome === 'unchanged') reply.code(OK);
    return toStoredCompany(state);
  }

  @Get()
  @Endpoint({
    name: 'listCompanies',
    summary: 'List companies',
    allow: 'catalog:read',
    returns: CompanyListResponse,
  })
  async list(@Query() query: CompanyListQuery): Promise<CompanyListResponse> {
    const { limit, cursor, sort, include_total: includeTotal, name, selector, q, updated_since } = query;
    const filter = {
      tenant: readTenant(this.context.current.caller, query.tenant_id),
      names: name,
      selector,
      q,
      updatedSince: updated_since === undefined ? undefined : toInstant(updated_since, '/updated_since'),
    };
    return toPageResponse(
      await this.queries.page(filter, { limit, cursor, sort, includeTotal }),
      toCompanyResponse,
    );
  }

  @Get(':id')
  @Endpoint({
    name: 'getCompany',
    summary: 'Get a company',
    allow: 'catalog:read',
    returns: CompanyResponse,
    refuses: ['not-found', 'gone'],
  })
  async get(@Param('id') id: string, @Query() query: AsOfQuery): Promise<CompanyResponse> {
    const company =
      query.as_of === undefined
        ? await this.queries.get(companyId(id))
        : await this.queries.asOf(companyId(id), toInstant(query.as_of, '/as_of'));
    return toCompanyResponse(company);
  }

  @Put(':id')
  @ApiBody({ type: ReviseCompanyBody })
  @Endpoint({
    name: 'updateCompany',
    summary: 'Change a company',
    description: 'What is absent stays as it is, null clears.',
    allow: 'catalog:write',
    returns: CompanyResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported'],
  })
  update(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<CompanyResponse> {
    return this.#revise({ id, ifVersion }, body, 'replace');
  }

  @Patch(':id')
  @ApiBody({ type: ReviseCompanyBody })
  @Endpoint({
    name: 'patchCompany',
    summary: 'Change a company by merge patch',
    description: 'RFC 7396 over the members of the company; labels merge by key.',
    allow: 'catalog:write',
    returns: CompanyResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported'],
  })
  patch(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<CompanyResponse> {
    return this.#revise({ id, ifVersion }, body, 'merge');
  }

  @Delete(':id')
  @Endpoint({
    name: 'deleteCompany',
    summary: 'Delete a company that nothing belongs to; its history stays',
    allow: 'catalog:write',
    status: 204,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async delete(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    await this.service.delete({ id: companyId(id), ifVersion }, query.change_reason ?? null);
  }

  async #revise(
    { id, ifVersion }: { id: string; ifVersion: ExpectedVersion },
    body: unknown,
    manner: Manner,
  ): Promise<CompanyResponse> {
    const { asked, reason } = await this.bodies.toRevision(body, manner);
    return toStoredCompany(await this.service.revise({ id: companyId(id), ifVersion }, asked, reason));
  }
}
