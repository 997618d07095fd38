import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AsOfQuery, Endpoint, toInstant, toPageResponse } from '#platform/http';
import { DeviceHistoryQueries } from '../application/device-history.queries.js';
import { deviceId } from '../domain/identity.js';
import { DeviceDetailsResponse } from './device-details.dto.js';
import { toDetailsResponse } from './device-details.wire.js';
import { DeviceHistoryListResponse, DeviceHistoryQuery } from './device-history.dto.js';
import { toHistoryItem } from './report.wire.js';

@ApiTags('Devices')
@Controller({ path: 'devices', version: '1' })
export class DevicePastController {
  constructor(private readonly queries: DeviceHistoryQueries) {}

  @Get(':id/details')
  @Endpoint({
    name: 'getDeviceDetails',
    summary: 'Get a device with its documents and its status',
    description:
      'At an instant in the past: registration, attributes and what is desired as they were recorded by then; status and reported as they were observed by then, however late that was told.',
    allow: 'devices:read',
    returns: DeviceDetailsResponse,
    refuses: ['not-found', 'gone'],
  })
  async details(@Param('id') id: string, @Query() query: AsOfQuery): Promise<DeviceDetailsResponse> {
    const details =
      query.as_of === undefined
        ? await this.queries.details(deviceId(id))
        : await this.queries.detailsAsOf(deviceId(id), toInstant(query.as_of, '/as_of'));
    return toDetailsResponse(details);
  }

  @Get(':id/history')
  @Endpoint({
    name: 'listDeviceHistory',
    summary: 'List what a device was and said, newest recorded first',
    allow: 'devices:read',
    returns: DeviceHistoryListResponse,
    refuses: ['not-found'],
  })
  async history(
    @Param('id') id: string,
    @Query() query: DeviceHistoryQuery,
  ): Promise<DeviceHistoryListResponse> {
    const { limit, cursor, kind: kinds } = query;
    const from = query.from === undefined ? undefined : toInstant(query.from, '/from');
    const until = query.until === undefined ? undefined : toInstant(query.until, '/until');
    const page = await this.queries.page(deviceId(id), { kinds, from, until }, { limit, cursor });
    return toPageResponse(page, toHistoryItem);
  }
}
