import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { CallContext, readTenant } from '#platform/context';
import { Endpoint, TenantQuery } from '#platform/http';
import { SegmentQueries } from '../application/segment.queries.js';
import { SegmentNotFound } from '../domain/errors.js';
import { isName } from '../domain/identity.js';
import { SegmentResponse } from './segment.dto.js';
import { toSegmentResponse } from './segment.wire.js';

@ApiTags('Feature flags')
@Controller({ path: 'feature-flags/segments/name', version: '1' })
export class SegmentByNameController {
  constructor(
    private readonly queries: SegmentQueries,
    private readonly context: CallContext,
  ) {}

  @Get(':name')
  @ApiParam({
    name: 'name',
    description: 'The name of the segment.',
    schema: { type: 'string', maxLength: 255 },
  })
  @Endpoint({
    name: 'getSegmentByName',
    summary: 'Get a segment by its name',
    description: 'The tenant’s own, else the shared one.',
    allow: 'flags:read',
    returns: SegmentResponse,
    refuses: ['not-found'],
  })
  async get(@Param('name') name: string, @Query() query: TenantQuery): Promise<SegmentResponse> {
    const tenant = readTenant(this.context.current.caller, query.tenant_id);
    if (!isName(name)) throw new SegmentNotFound();
    return toSegmentResponse(await this.queries.byName(tenant, name));
  }
}
