import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import { checkedReport } from '../domain/health.js';
import type { EndpointHealth, HealthReport } from '../domain/health.js';
import type { ResourceId } from '../domain/identity.js';
import { ResourceRepository } from '../domain/resource.repository.js';
import { ResourceObservations } from './resource-observations.js';

/** Everything that is reported of resources; it moves no version. */
@Injectable()
export class ResourceHealthService {
  constructor(
    private readonly resources: ResourceRepository,
    private readonly observations: ResourceObservations,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws ResourceNotFound, EndpointNotFound, InvalidInput */
  report(id: ResourceId, endpoint: string, report: HealthReport): Promise<EndpointHealth> {
    return this.unitOfWork.run(async () => {
      const resource = await this.resources.get(id);
      resource.expectEndpoint(endpoint);
      return this.observations.report(resource.snapshot, endpoint, checkedReport(report));
    });
  }

  /** @throws ResourceNotFound */
  heartbeat(id: ResourceId): Promise<void> {
    return this.unitOfWork.run(async () => {
      await this.observations.hear((await this.resources.get(id)).snapshot);
    });
  }
}
