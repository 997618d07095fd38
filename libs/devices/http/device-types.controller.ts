import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import {
  AsOfQuery,
  Endpoint,
  IfMatch,
  ReasonQuery,
  TenantQuery,
  toInstant,
  toPageResponse,
} from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { DeviceTypeQueries } from '../application/device-type.queries.js';
import { DeviceTypeService } from '../application/device-type.service.js';
import { DeviceTypeNotFound } from '../domain/device-errors.js';
import { TYPE_KEY } from '../domain/device-type.js';
import { deviceTypeId } from '../domain/identity.js';
import { DeviceTypeBodies } from './device-type-bodies.js';
import {
  CreateDeviceTypeBody,
  DeviceTypeListQuery,
  DeviceTypeListResponse,
  DeviceTypeResponse,
  ReviseDeviceTypeBody,
} from './device-type.dto.js';
import { toDeviceTypeResponse, toStoredDeviceType } from './device-type.wire.js';

const CREATED = 201;
const OK = 200;

@ApiTags('Devices')
@Controller({ path: 'device-types', version: '1' })
export class DeviceTypesController {
  constructor(
    private readonly service: DeviceTypeService,
    private readonly queries: DeviceTypeQueries,
    private readonly bodies: DeviceTypeBodies,
    private readonly context: CallContext,
  ) {}

  @Post()
  @ApiBody({ type: CreateDeviceTypeBody })
  @Endpoint({
    name: 'createDeviceType',
    summary: 'Create a device type',
    description: 'A tenant’s own comes before a shared one of the same key.',
    allow: 'devices:write',
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: DeviceTypeResponse,
    refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable', 'limit', 'unavailable'],
  })
  async create(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeviceTypeResponse> {
    const { state, outcome } = await this.service.create(await this.bodies.toNew(body));
    if (outcome === 'unchanged') reply.code(OK);
    return toStoredDeviceType(state);
  }

  @Get()
  @Endpoint({
    name: 'listDeviceTypes',
    summary: 'List device types',
    allow: 'devices:read',
    returns: DeviceTypeListResponse,
  })
  async list(@Query() query: DeviceTypeListQuery): Promise<DeviceTypeListResponse> {
    const { limit, cursor, sort, include_total: includeTotal, q } = query;
    const filter = { tenant: readTenant(this.context.current.caller, query.tenant_id), q };
    return toPageResponse(
      await this.queries.page(filter, { limit, cursor, sort, includeTotal }),
      toDeviceTypeResponse,
    );
  }

  @Get('by-key/:key')
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
  async byKey(@Param('key') key: string, @Query() query: TenantQuery): Promise<DeviceTypeResponse> {
    const tenant = readTenant(this.context.current.caller, query.tenant_id);
    if (!TYPE_KEY.test(key)) throw new DeviceTypeNotFound();
    return toDeviceTypeResponse(await this.queries.byKey(tenant, key));
  }

  @Get(':id')
  @Endpoint({
    name: 'getDeviceType',
    summary: 'Get a device type',
    allow: 'devices:read',
    returns: DeviceTypeResponse,
    refuses: ['not-found', 'gone'],
  })
  async get(@Param('id') id: string, @Query() query: AsOfQuery): Promise<DeviceTypeResponse> {
    const type =
      query.as_of === undefined
        ? await this.queries.get(deviceTypeId(id))
        : await this.queries.asOf(deviceTypeId(id), toInstant(query.as_of, '/as_of'));
    return toDeviceTypeResponse(type);
  }

  @Put(':id')
  @ApiBody({ type: ReviseDeviceTypeBody })
  @Endpoint({
    name: 'updateDeviceType',
    summary: 'Change a device type',
    description:
      'What is absent stays as it is, null clears. Devices that are there stay as they are; whatever is written of them from now on follows the new rules.',
    allow: 'devices:write',
    returns: DeviceTypeResponse,
    refuses: ['not-found', 'stale', 'too-large', 'unsupported', 'unprocessable', 'limit', 'unavailable'],
  })
  async update(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<DeviceTypeResponse> {
    const { revision, reason } = await this.bodies.toRevision(body);
    return toStoredDeviceType(
      await this.service.revise({ id: deviceTypeId(id), ifVersion }, revision, reason),
    );
  }

  @Patch(':id')
  @ApiBody({ type: ReviseDeviceTypeBody })
  @Endpoint({
    name: 'patchDeviceType',
    summary: 'Change a device type by merge patch',
    description: 'RFC 7396 over the members of the device type; a schema is replaced whole.',
    allow: 'devices:write',
    returns: DeviceTypeResponse,
    refuses: ['not-found', 'stale', 'too-large', 'unsupported', 'unprocessable', 'limit', 'unavailable'],
  })
  patch(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<DeviceTypeResponse> {
    return this.update(id, ifVersion, body);
  }

  @Delete(':id')
  @Endpoint({
    name: 'deleteDeviceType',
    summary: 'Delete a device type that no device is of; its history stays',
    allow: 'devices:write',
    status: 204,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async delete(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    await this.service.delete({ id: deviceTypeId(id), ifVersion }, query.change_reason ?? null);
  }
}
