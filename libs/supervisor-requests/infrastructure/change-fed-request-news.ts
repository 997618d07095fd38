import { Injectable } from '@nestjs/common';
import { ChangeBus } from '#platform/change-log';
import { RequestNews } from '../application/request-news.js';
import type { SupervisorRequestId } from '../domain/identity.js';
import { SUPERVISOR_REQUEST_TYPE } from './supervisor-request.table.js';

@Injectable()
export class ChangeFedRequestNews extends RequestNews {
  constructor(private readonly bus: ChangeBus) {
    super();
  }

  override listen(listener: (id: SupervisorRequestId) => void): void {
    this.bus.listen([SUPERVISOR_REQUEST_TYPE], (changes) => {
      for (const { aggregateId } of changes) listener(aggregateId as SupervisorRequestId);
    });
  }
}
