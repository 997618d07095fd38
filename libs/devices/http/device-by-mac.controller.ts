import { Body, Controller, Get, Param, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import { Endpoint, TenantQuery, UpsertConditions } from '#platform/http';
import type { UpsertOptions } from '#shared-kernel';
import { DeviceQueries } from '../application/device.queries.js';
import { DeviceService } from '../application/device.service.js';
import { MAC_LENGTH_MAX, macAddress } from '../domain/mac-address.js';
import { DeviceAnswers } from './device-answers.js';
import { DeviceBodies } from './device-bodies.js';
import { DeviceResponse, RegisterDeviceBody } from './device.dto.js';
import { toDeviceResponse } from './device.wire.js';

const CREATED = 201;
const OK = 200;
const MAC_PARAM = {
  name: 'mac',
  description: 'The address, in any spelling.',
  schema: { type: 'string', maxLength: MAC_LENGTH_MAX },
} as const;

@ApiTags('Devices')
@Controller({ path: 'devices/by-mac', version: '1' })
export class DeviceByMacController {
  constructor(
    private readonly service: DeviceService,
    private readonly queries: DeviceQueries,
    private readonly bodies: DeviceBodies,
    private readonly answers: DeviceAnswers,
    private readonly context: CallContext,
  ) {}

  @Get(':mac')
  @ApiParam(MAC_PARAM)
  @Endpoint({
    name: 'getDeviceByMac',
    summary: 'Get a device in short by its address',
    description: 'The tenant’s own, else the shared one.',
    allow: 'devices:read',
    returns: DeviceResponse,
    refuses: ['not-found'],
  })
  async get(@Param('mac') mac: string, @Query() query: TenantQuery): Promise<DeviceResponse> {
    const tenant = readTenant(this.context.current.caller, query.tenant_id);
    return toDeviceResponse(await this.queries.byMac(tenant, macAddress(mac, '/mac')));
  }

  @Put(':mac')
  @ApiParam(MAC_PARAM)
  @ApiBody({ type: RegisterDeviceBody })
  @Endpoint({
    name: 'registerDeviceByMac',
    summary: 'Register the device of an address, or replace its registration',
    description:
      'Of a device that is there already, what is absent is cleared; id, history, registration date, attributes and what is desired stay unless they are said.',
    allow: 'devices:write',
    returns: DeviceResponse,
    also: { [CREATED]: 'It was not there before.' },
    refuses: ['conflict', 'stale', 'too-large', 'unsupported', 'unprocessable', 'limit', 'unavailable'],
  })
  async register(
    @Param('mac') text: string,
    @UpsertConditions() conditions: UpsertOptions,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeviceResponse> {
    const mac = macAddress(text, '/mac');
    const request = { id: null, mac, ...conditions, ...(await this.bodies.toRegistration(body, mac)) };
    return this.answers.of(async () => {
      const { state, outcome } = await this.service.upsert(request);
      reply.code(outcome === 'created' ? CREATED : OK);
      return state;
    });
  }
}
