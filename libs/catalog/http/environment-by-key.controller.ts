import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { CallContext, readTenant } from '#platform/context';
import { Endpoint, TenantQuery } from '#platform/http';
import { EnvironmentQueries } from '../application/environment.queries.js';
import { EnvironmentNotFound } from '../domain/environment-errors.js';
import { SLUG } from '../domain/identity.js';
import { EnvironmentResponse } from './environment.dto.js';
import { toEnvironmentResponse } from './environment.wire.js';

@ApiTags('Catalog')
@Controller({ path: 'environments/key', version: '1' })
export class EnvironmentByKeyController {
  constructor(
    private readonly queries: EnvironmentQueries,
    private readonly context: CallContext,
  ) {}

  @Get(':key')
  @ApiParam({
    name: 'key',
    description: 'The key of the environment.',
    schema: { type: 'string', maxLength: 63 },
  })
  @Endpoint({
    name: 'getEnvironmentByKey',
    summary: 'Get an environment by its key',
    description: 'The tenant’s own, else the shared one.',
    allow: 'catalog:read',
    returns: EnvironmentResponse,
    refuses: ['not-found'],
  })
  async get(@Param('key') key: string, @Query() query: TenantQuery): Promise<EnvironmentResponse> {
    const tenant = readTenant(this.context.current.caller, query.tenant_id);
    if (!SLUG.test(key)) throw new EnvironmentNotFound();
    return toEnvironmentResponse(await this.queries.byKey(tenant, key));
  }
}
