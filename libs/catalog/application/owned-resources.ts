import { Injectable } from '@nestjs/common';
import type { TeamId } from '../domain/identity.js';
import { ResourceRepository } from '../domain/resource.repository.js';
import { OwnedKinds } from './owned-things.js';
import type { OwnedThings } from './owned-things.js';

/** The resources that teams own. */
@Injectable()
export class OwnedResources implements OwnedThings {
  readonly kind = 'resources';

  constructor(
    private readonly resources: ResourceRepository,
    kinds: OwnedKinds,
  ) {
    kinds.register(this);
  }

  count(teamId: TeamId): Promise<number> {
    return this.resources.countOfTeam(teamId);
  }

  async handOver(teamId: TeamId, heirId: TeamId, reason: string | null): Promise<void> {
    for (const resource of await this.resources.ofTeam(teamId)) {
      resource.handOverTo(heirId, reason);
      await this.resources.save(resource);
    }
  }
}
