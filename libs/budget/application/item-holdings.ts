import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { TeamHoldings } from '#catalog';
import type { Holding } from '#catalog';
import { ItemRepository } from '../domain/item.repository.js';
import { ItemMoves } from './item-moves.js';

/** The items of teams, as the catalog sees them. */
@Injectable()
export class ItemHoldings implements Holding, OnModuleInit {
  readonly kind = 'budget_items';

  constructor(
    private readonly items: ItemRepository,
    private readonly moves: ItemMoves,
    private readonly holdings: TeamHoldings,
  ) {}

  onModuleInit(): void {
    this.holdings.register(this);
  }

  count(teamId: string): Promise<number> {
    return this.items.count({ teamId });
  }

  /** Some in one transaction, each with its entry in the change log. */
  async handOver(teamId: string, heirId: string, reason: string | null): Promise<void> {
    await this.moves.handOverTeam(teamId, heirId, reason);
  }
}
