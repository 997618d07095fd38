import { Injectable } from '@nestjs/common';
import type { Violation } from '#shared-kernel';
import { CatalogReferences, CatalogReferenceUnknown } from '#catalog';
import type { References } from '#catalog';
import type { BudgetContent, BudgetState } from '../domain/budget.js';
import { CategoryUnknown } from '../domain/item-errors.js';
import { ItemReferences } from './item-references.js';

/** What a budget refers to is there. */
@Injectable()
export class BudgetChecks {
  constructor(
    private readonly references: ItemReferences,
    private readonly catalog: CatalogReferences,
  ) {}

  /**
   * Looks at what the change brings anew: what is stored stays editable, whatever became of what it refers to. All that is
   * not there is told together.
   * @throws CategoryUnknown, CatalogReferenceUnknown
   */
  async expectKnown(before: BudgetContent | null, after: BudgetState): Promise<void> {
    const categories = await this.#unknownCategories(before, after);
    const others = await this.#unknownInCatalog(before, after);
    if (categories.length > 0) throw new CategoryUnknown([...categories, ...others]);
    if (others.length > 0) throw new CatalogReferenceUnknown(others);
  }

  async #unknownCategories(before: BudgetContent | null, after: BudgetState): Promise<readonly Violation[]> {
    const { tenant, scope } = after;
    const named = [...scope.categoryIds.entries()].filter(
      ([, id]) => !before?.scope.categoryIds.includes(id),
    );
    if (named.length === 0) return [];
    const known = await this.references.known(tenant, {
      payees: [],
      categories: named.map(([, id]) => id),
    });
    return named
      .filter(([, id]) => !known.has(id))
      .map(([index]) => ({
        pointer: `/scope/category_ids/${index}`,
        code: 'category_unknown',
        detail: 'There is no such category.',
      }));
  }

  async #unknownInCatalog(before: BudgetContent | null, after: BudgetState): Promise<readonly Violation[]> {
    const { ownerTeamId, scope } = after;
    const named = (value: string | null, known: string | null | undefined, pointer: string) =>
      value === null || value === known ? [] : [{ value, pointer }];
    const references: References = {
      environments: named(scope.environment, before?.scope.environment, '/scope/environment'),
      teams: [
        ...named(ownerTeamId, before?.ownerTeamId, '/owner_team_id'),
        ...named(scope.teamId, before?.scope.teamId, '/scope/team_id'),
      ],
    };
    try {
      await this.catalog.expectKnown(after.tenant, references);
      return [];
    } catch (error) {
      if (error instanceof CatalogReferenceUnknown) return error.violations;
      throw error;
    }
  }
}
