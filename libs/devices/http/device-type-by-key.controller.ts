import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { CallContext, readTenant } from '#platform/context';
import { Endpoint, TenantQuery } from '#platform/http';
import { DeviceTypeQueries } from '../application/device-type.queries.js';
import { DeviceTypeNotFound } from '../domain/device-errors.js';
import { TYPE_KEY } from '../domain/device-type.js';
import { DeviceTypeResponse } from './device-type.dto.js';
import { toDeviceTypeResponse } from './device-type.wire.js';

@ApiTags('Devices')
@Controller({ path: 'device-types/by-key', version: '1' })
export class DeviceTypeByKeyController {
  constructor(
    private readonly queries: DeviceTypeQueries,
    private readonly context: CallContext,
  ) {}

  @Get(':key')
  @ApiParam({
    name: 'key',
    description: 'The key of the device type.',
    schema: { type: 'string', maxLength: 63 },
  })
  @Endpoint({
    name: 'getDeviceTypeByKey',
    summary: 'Get a device type by its key',
    description: 'The tenant’s own, else the shared one: the one that devices of this key follow.',
    allow: 'devices:read',
    returns: DeviceTypeResponse,
    refuses: ['not-found'],
  })
  async get(@Param('key') key: string, @Query() query: TenantQuery): Promise<DeviceTypeResponse> {
    const tenant = readTenant(this.context.current.caller, query.tenant_id);
    if (!TYPE_KEY.test(key)) throw new DeviceTypeNotFound();
    return toDeviceTypeResponse(await this.queries.byKey(tenant, key));
  }
}
