import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant, TenantForbidden } from '#platform/context';
import { Endpoint, IfMatch, REASON, TenantQuery, Text, toPageResponse } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { SecretProbe } from '../application/secret-probe.js';
import { SecretProviderQueries } from '../application/secret-provider.queries.js';
import { SecretProviderService } from '../application/secret-provider.service.js';
import type { ProviderAt } from '../application/secret-provider.service.js';
import { SecretProviderNotFound } from '../domain/secret-errors.js';
import { ALIAS, ALIAS_LENGTH_MAX, isAlias } from '../domain/secret-provider.js';
import type { ProviderAlias } from '../domain/secret-provider.js';
import { SecretProviderBodies } from './secret-provider-bodies.js';
import {
  CreateSecretProviderBody,
  ProviderTestResponse,
  ReviseSecretProviderBody,
  SecretProviderListQuery,
  SecretProviderListResponse,
  SecretProviderResponse,
} from './secret-provider.dto.js';
import { toProviderResponse, toStoredProvider } from './secret-provider.wire.js';

const CREATED = 201;
const OK = 200;
const ALLOW = 'secrets:admin';
const PATH = '/api/v1/configurations/secret-providers';
const ALIAS_PARAM = {
  name: 'alias',
  description: 'The alias of the provider.',
  schema: { type: 'string', maxLength: ALIAS_LENGTH_MAX, pattern: ALIAS.source },
} as const;

/** Whose provider is deleted, and why. */
class DeleteProviderQuery extends TenantQuery {
  @Text(REASON)
  readonly change_reason?: string;
}

/** Where secrets come from is the installation's affair, also where one tenant alone uses it. */
@ApiTags('Secret providers')
@Controller({ path: 'configurations/secret-providers', version: '1' })
export class SecretProvidersController {
  constructor(
    private readonly service: SecretProviderService,
    private readonly queries: SecretProviderQueries,
    private readonly probe: SecretProbe,
    private readonly bodies: SecretProviderBodies,
    private readonly context: CallContext,
  ) {}

  @Post()
  @ApiBody({ type: CreateSecretProviderBody })
  @Endpoint({
    name: 'createSecretProvider',
    summary: 'Register a secret provider',
    description: 'Only by platform-wide credentials, as everything about secret providers.',
    allow: ALLOW,
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: SecretProviderResponse,
    refuses: ['conflict', 'too-large', 'unsupported'],
  })
  async create(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SecretProviderResponse> {
    this.#expectPlatformWide();
    const { state, outcome } = await this.service.register(await this.bodies.toNew(body));
    const tenant = state.tenant === null ? '' : `?tenant_id=${state.tenant}`;
    if (outcome === 'unchanged') reply.code(OK);
    else reply.header('location', `${PATH}/${state.alias}${tenant}`);
    return toStoredProvider(state);
  }

  @Get()
  @Endpoint({
    name: 'listSecretProviders',
    summary: 'List secret providers',
    allow: ALLOW,
    returns: SecretProviderListResponse,
  })
  async list(@Query() query: SecretProviderListQuery): Promise<SecretProviderListResponse> {
    this.#expectPlatformWide();
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const page = this.queries.page(this.#tenant(query), { limit, cursor, sort, includeTotal });
    return toPageResponse(await page, toProviderResponse);
  }

  @Get(':alias')
  @ApiParam(ALIAS_PARAM)
  @Endpoint({
    name: 'getSecretProvider',
    summary: 'Get a secret provider',
    description: 'The tenant’s own, else the shared one.',
    allow: ALLOW,
    returns: SecretProviderResponse,
    refuses: ['not-found'],
  })
  async get(@Param('alias') alias: string, @Query() query: TenantQuery): Promise<SecretProviderResponse> {
    this.#expectPlatformWide();
    return toProviderResponse(await this.queries.byAlias(this.#tenant(query), known(alias)));
  }

  @Put(':alias')
  @ApiParam(ALIAS_PARAM)
  @ApiBody({ type: ReviseSecretProviderBody })
  @Endpoint({
    name: 'updateSecretProvider',
    summary: 'Change a secret provider',
    description:
      'That of `tenant_id`, or the shared one. What is absent stays as it is; settings are replaced whole.',
    allow: ALLOW,
    returns: SecretProviderResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported'],
  })
  async update(
    @Param('alias') alias: string,
    @Query() query: TenantQuery,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<SecretProviderResponse> {
    const target = this.#target(alias, query, ifVersion);
    const { asked, reason } = await this.bodies.toRevision(body, 'replace');
    return toStoredProvider(await this.service.revise(target, asked, reason));
  }

  @Patch(':alias')
  @ApiParam(ALIAS_PARAM)
  @ApiBody({ type: ReviseSecretProviderBody })
  @Endpoint({
    name: 'patchSecretProvider',
    summary: 'Change a secret provider by merge patch',
    description: 'RFC 7396 over its members and settings; another `method` replaces `auth` whole.',
    allow: ALLOW,
    returns: SecretProviderResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported'],
  })
  async patch(
    @Param('alias') alias: string,
    @Query() query: TenantQuery,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<SecretProviderResponse> {
    const target = this.#target(alias, query, ifVersion);
    const { asked, reason } = await this.bodies.toRevision(body, 'merge');
    return toStoredProvider(await this.service.revise(target, asked, reason));
  }

  @Delete(':alias')
  @ApiParam(ALIAS_PARAM)
  @Endpoint({
    name: 'deleteSecretProvider',
    summary: 'Delete a secret provider that no configuration refers to',
    description: 'That of `tenant_id`, or the shared one.',
    allow: ALLOW,
    status: 204,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async delete(
    @Param('alias') alias: string,
    @Query() query: DeleteProviderQuery,
    @IfMatch() ifVersion: ExpectedVersion,
  ): Promise<void> {
    await this.service.delete(this.#target(alias, query, ifVersion), query.change_reason ?? null);
  }

  @Post(':alias/test')
  @ApiParam(ALIAS_PARAM)
  @Endpoint({
    name: 'testSecretProvider',
    summary: 'Try whether a secret provider can be reached and lets the service in',
    description: 'No secret is fetched. The tenant’s own provider, else the shared one.',
    allow: ALLOW,
    returns: ProviderTestResponse,
    refuses: ['not-found'],
  })
  async test(@Param('alias') alias: string, @Query() query: TenantQuery): Promise<ProviderTestResponse> {
    this.#expectPlatformWide();
    const { isOk, detail, latencyMs } = await this.probe.probe(this.#tenant(query), known(alias));
    return { ok: isOk, detail, latency_ms: latencyMs };
  }

  #target(alias: string, query: TenantQuery, ifVersion: ExpectedVersion): ProviderAt {
    this.#expectPlatformWide();
    return { tenant: this.#tenant(query), alias: known(alias), ifVersion };
  }

  #tenant({ tenant_id }: { readonly tenant_id?: string }): string | null {
    return readTenant(this.context.current.caller, tenant_id);
  }

  /** @throws TenantForbidden */
  #expectPlatformWide(): void {
    if (this.context.current.caller.tenant !== null) throw new TenantForbidden();
  }
}

/** What cannot be an alias is none that is there. @throws SecretProviderNotFound */
function known(alias: string): ProviderAlias {
  if (!isAlias(alias)) throw new SecretProviderNotFound();
  return alias as ProviderAlias;
}
