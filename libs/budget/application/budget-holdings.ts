import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import { inPortions, TeamHoldings } from '#catalog';
import type { Holding } from '#catalog';
import { BudgetNotFound } from '../domain/budget-errors.js';
import { BudgetRepository } from '../domain/budget.repository.js';
import type { BudgetId } from '../domain/identity.js';
import { BudgetService } from './budget.service.js';

/** The budgets of teams, as the catalog sees them. */
@Injectable()
export class BudgetHoldings implements Holding, OnModuleInit {
  readonly kind = 'budgets';

  constructor(
    private readonly budgets: BudgetRepository,
    private readonly service: BudgetService,
    private readonly unitOfWork: UnitOfWork,
    private readonly holdings: TeamHoldings,
  ) {}

  onModuleInit(): void {
    this.holdings.register(this);
  }

  count(teamId: string): Promise<number> {
    return this.budgets.countOfTeam(teamId);
  }

  /** Each with its entry in the change log. */
  async handOver(teamId: string, heirId: string, reason: string | null): Promise<void> {
    await inPortions<BudgetId>(
      this.unitOfWork,
      (after) => this.budgets.someOfTeam(teamId, after),
      (id) => this.#handOver(id, [teamId, heirId], reason),
    );
  }

  /** One that was taken away meanwhile is nobody's, and one that has another owner by now stays with it. */
  async #handOver(id: BudgetId, [from, to]: readonly [string, string], reason: string | null): Promise<void> {
    try {
      await this.service.revise(
        { id, ifVersion: null },
        ({ ownerTeamId }) => (ownerTeamId === from ? { ownerTeamId: to } : {}),
        reason,
      );
    } catch (error) {
      if (!(error instanceof BudgetNotFound)) throw error;
    }
  }
}
