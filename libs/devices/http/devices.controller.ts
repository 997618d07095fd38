import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import {
  AsOfQuery,
  BatchResponse,
  Endpoint,
  IfMatch,
  ReasonQuery,
  toInstant,
  toPageResponse,
} from '#platform/http';
import type { Manner } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { DeviceQueries } from '../application/device.queries.js';
import { DeviceService } from '../application/device.service.js';
import { deviceId } from '../domain/identity.js';
import { DeviceAnswers } from './device-answers.js';
import { DeviceBatch } from './device-batch.js';
import { DeviceBodies } from './device-bodies.js';
import {
  CreateDeviceBody,
  DeviceBatchBody,
  DeviceListResponse,
  DeviceResponse,
  ReviseDeviceBody,
} from './device.dto.js';
import { toFilter } from './device-filters.js';
import { DeviceListQuery } from './device.queries.dto.js';
import { toDeviceResponse, toPastDeviceResponse } from './device.wire.js';

const CREATED = 201;
const OK = 200;

@ApiTags('Devices')
@Controller({ path: 'devices', version: '1' })
export class DevicesController {
  constructor(
    private readonly service: DeviceService,
    private readonly queries: DeviceQueries,
    private readonly bodies: DeviceBodies,
    private readonly answers: DeviceAnswers,
    private readonly batches: DeviceBatch,
    private readonly context: CallContext,
  ) {}

  @Post()
  @ApiBody({ type: CreateDeviceBody })
  @Endpoint({
    name: 'registerDevice',
    summary: 'Register a device',
    description: 'The answer is the device in short; its details tell everything.',
    allow: 'devices:write',
    status: CREATED,
    also: { [OK]: 'It is there already, with this id and this content.' },
    returns: DeviceResponse,
    refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable', 'limit', 'unavailable'],
  })
  async create(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeviceResponse> {
    const request = await this.bodies.toNew(body);
    return this.answers.of(async () => {
      const { state, outcome } = await this.service.create(request);
      reply.code(outcome === 'unchanged' ? OK : CREATED);
      return state;
    });
  }

  @Get()
  @Endpoint({
    name: 'listDevices',
    summary: 'List devices in short',
    description:
      'Sorted by registration_date, name, last_seen_at, device_type or ip_address; the newest first unless said otherwise.',
    allow: 'devices:read',
    returns: DeviceListResponse,
  })
  async list(@Query() query: DeviceListQuery): Promise<DeviceListResponse> {
    const { limit, cursor, sort, include_total: includeTotal } = query;
    const filter = toFilter(readTenant(this.context.current.caller, query.tenant_id), query);
    return toPageResponse(
      await this.queries.page(filter, { limit, cursor, sort, includeTotal }),
      toDeviceResponse,
    );
  }

  @Post('batch')
  @Endpoint({
    name: 'batchDevices',
    summary: 'Register, change and delete several devices',
    description: 'atomic: all or nothing. partial: each by itself; the status is then 207.',
    allow: 'devices:write',
    also: { 207: 'Some may have failed; the results tell.' },
    returns: BatchResponse,
    refuses: ['too-large', 'unsupported', 'unprocessable', 'limit', 'unavailable'],
  })
  async batch(
    @Body() body: DeviceBatchBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchResponse> {
    if (body.mode === 'partial') reply.code(207);
    return this.batches.run(body);
  }

  @Get(':id')
  @Endpoint({
    name: 'getDevice',
    summary: 'Get a device in short',
    description: 'The ETag is of what is said of it: connectivity and last_seen_at change without it.',
    allow: 'devices:read',
    returns: DeviceResponse,
    refuses: ['not-found', 'gone'],
  })
  async get(@Param('id') id: string, @Query() query: AsOfQuery): Promise<DeviceResponse> {
    if (query.as_of === undefined) return toDeviceResponse(await this.queries.get(deviceId(id)));
    return toPastDeviceResponse(await this.queries.asOf(deviceId(id), toInstant(query.as_of, '/as_of')));
  }

  @Put(':id')
  @ApiBody({ type: ReviseDeviceBody })
  @Endpoint({
    name: 'updateDevice',
    summary: 'Change a device',
    description: 'What is absent stays as it is, null clears.',
    allow: 'devices:write',
    returns: DeviceResponse,
    refuses: [
      ...(['not-found', 'conflict', 'stale', 'too-large', 'unsupported'] as const),
      ...(['unprocessable', 'limit', 'unavailable'] as const),
    ],
  })
  update(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<DeviceResponse> {
    return this.#revise(id, ifVersion, { body, manner: 'replace' });
  }

  @Patch(':id')
  @ApiBody({ type: ReviseDeviceBody })
  @Endpoint({
    name: 'patchDevice',
    summary: 'Change a device by merge patch',
    description: 'RFC 7396: labels and attributes are merged, null removes.',
    allow: 'devices:write',
    returns: DeviceResponse,
    refuses: [
      ...(['not-found', 'conflict', 'stale', 'too-large', 'unsupported'] as const),
      ...(['unprocessable', 'limit', 'unavailable'] as const),
    ],
  })
  patch(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<DeviceResponse> {
    return this.#revise(id, ifVersion, { body, manner: 'merge' });
  }

  @Delete(':id')
  @Endpoint({
    name: 'deleteDevice',
    summary: 'Delete a device, with what it reported',
    description: 'What was said of it stays in the change log.',
    allow: 'devices:write',
    status: 204,
    refuses: ['not-found', 'stale'],
  })
  async delete(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    await this.service.delete({ id: deviceId(id), ifVersion }, query.change_reason ?? null);
  }

  async #revise(
    id: string,
    ifVersion: ExpectedVersion,
    { body, manner }: { readonly body: unknown; readonly manner: Manner },
  ): Promise<DeviceResponse> {
    const { asked, reason } = await this.bodies.toRevision(body, manner);
    const target = { id: deviceId(id), ifVersion };
    return this.answers.of(() => this.service.revise(target, asked, reason));
  }
}
