import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import { TeamHoldings } from '#catalog';
import type { Holding } from '#catalog';
import { DeviceNotFound } from '../domain/device-errors.js';
import { DeviceRepository } from '../domain/device.repository.js';
import type { DeviceId } from '../domain/identity.js';
import { DeviceService } from './device.service.js';

/** The devices of teams, as the catalog sees them. */
@Injectable()
export class DeviceHoldings implements Holding, OnModuleInit {
  readonly kind = 'devices';

  constructor(
    private readonly devices: DeviceRepository,
    private readonly service: DeviceService,
    private readonly unitOfWork: UnitOfWork,
    private readonly holdings: TeamHoldings,
  ) {}

  onModuleInit(): void {
    this.holdings.register(this);
  }

  count(teamId: string): Promise<number> {
    return this.devices.countOfTeam(teamId);
  }

  /** Some in one transaction, each with its entry in the change log. */
  async handOver(teamId: string, heirId: string, reason: string | null): Promise<void> {
    let ids = await this.devices.someOfTeam(teamId, null);
    while (ids.length > 0) {
      const some = ids;
      await this.unitOfWork.run(async () => {
        for (const id of some) await this.#handOver(id, [teamId, heirId], reason);
      });
      ids = await this.devices.someOfTeam(teamId, some.at(-1) ?? null);
    }
  }

  /** One that was taken away meanwhile is nobody's, and one that has another owner by now stays with it. */
  async #handOver(id: DeviceId, [from, to]: readonly [string, string], reason: string | null): Promise<void> {
    try {
      await this.service.revise(
        { id, ifVersion: null },
        ({ ownerTeamId }) => (ownerTeamId === from ? { ownerTeamId: to } : {}),
        reason,
      );
    } catch (error) {
      if (!(error instanceof DeviceNotFound)) throw error;
    }
  }
}
