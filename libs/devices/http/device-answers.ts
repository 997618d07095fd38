import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import { DeviceQueries } from '../application/device.queries.js';
import type { DeviceState } from '../domain/device.js';
import type { DeviceResponse } from './device.dto.js';
import { toDeviceResponse } from './device.wire.js';

/** Shows what was just stored in short, with how it is heard of: in one transaction, so that it is that version. */
@Injectable()
export class DeviceAnswers {
  constructor(
    private readonly queries: DeviceQueries,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  of(work: () => Promise<DeviceState>): Promise<DeviceResponse> {
    return this.unitOfWork.run(async () => {
      const { id } = await work();
      return toDeviceResponse(await this.queries.get(id));
    });
  }
}
