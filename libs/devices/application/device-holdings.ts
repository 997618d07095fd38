import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import { inPortions, TeamHoldings } from '#catalog';
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

  /** Each with its entry in the change log. */
  async handOver(teamId: string, heirId: string, reason: string | null): Promise<void> {
    await inPortions<DeviceId>(
      this.unitOfWork,
      (after) => this.devices.someOfTeam(teamId, after),
      (id) => this.#handOver(id, [teamId, heirId], reason),
    );
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
