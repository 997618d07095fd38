import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { inPortions, TeamHoldings } from '#catalog';
import type { Holding } from '#catalog';
import { UnitOfWork } from '#shared-kernel';
import { AlreadyResolved, SupervisorRequestNotFound } from '../domain/errors.js';
import type { SupervisorRequestId } from '../domain/identity.js';
import { SupervisorRequestRepository } from '../domain/supervisor-request.repository.js';
import { SupervisorRequestService } from './supervisor-request.service.js';

/** The pending requests of teams, as the catalog sees them. What is settled names its team for good. */
@Injectable()
export class RequestHoldings implements Holding, OnModuleInit {
  readonly kind = 'supervisor_requests';

  constructor(
    private readonly requests: SupervisorRequestRepository,
    private readonly service: SupervisorRequestService,
    private readonly unitOfWork: UnitOfWork,
    private readonly holdings: TeamHoldings,
  ) {}

  onModuleInit(): void {
    this.holdings.register(this);
  }

  count(teamId: string): Promise<number> {
    return this.requests.countPendingOfTeam(teamId);
  }

  /** Each with its entry in the change log. */
  async handOver(teamId: string, heirId: string, reason: string | null): Promise<void> {
    await inPortions<SupervisorRequestId>(
      this.unitOfWork,
      (after) => this.requests.somePendingOfTeam(teamId, after),
      (id) => this.#handOver(id, [teamId, heirId], reason),
    );
  }

  /** One that was settled meanwhile is nobody's work, and one that another team has by now stays with it. */
  async #handOver(
    id: SupervisorRequestId,
    [from, to]: readonly [string, string],
    reason: string | null,
  ): Promise<void> {
    try {
      await this.service.revise(
        { id, ifVersion: null },
        ({ assigneeTeamId }) => (assigneeTeamId === from ? { assigneeTeamId: to } : {}),
        reason,
      );
    } catch (error) {
      const isSettled = error instanceof AlreadyResolved || error instanceof SupervisorRequestNotFound;
      if (!isSettled) throw error;
    }
  }
}
