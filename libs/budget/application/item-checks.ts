import { Injectable } from '@nestjs/common';
import type { Violation } from '#shared-kernel';
import { CatalogReferences, CatalogReferenceUnknown } from '#catalog';
import { CategoryUnknown, PayeeUnknown } from '../domain/item-errors.js';
import type { ItemContent, ItemState } from '../domain/item.js';
import { ItemReferences } from './item-references.js';

type Named = Pick<ItemContent, 'payorId' | 'payeeId' | 'categoryId' | 'teamId' | 'environment'>;

/** What an item refers to is there. */
@Injectable()
export class ItemChecks {
  constructor(
    private readonly references: ItemReferences,
    private readonly catalog: CatalogReferences,
  ) {}

  /**
   * Looks at what the change brings anew: what is stored stays editable, whatever became of what it refers to. All that is
   * not there is told together.
   * @throws PayeeUnknown, CategoryUnknown, CatalogReferenceUnknown
   */
  async expectKnown(before: Named | null, after: ItemState): Promise<void> {
    const { tenant } = after;
    const fresh = <Name extends keyof Named>(name: Name): Named[Name] | null =>
      after[name] === before?.[name] ? null : after[name];
    const parties = [
      { id: fresh('payorId'), pointer: '/payor_id' },
      { id: fresh('payeeId'), pointer: '/payee_id' },
    ].flatMap(({ id, pointer }) => (id === null ? [] : [{ id, pointer }]));
    const categoryId = fresh('categoryId');
    const asked = {
      payees: parties.map(({ id }) => id),
      categories: categoryId === null ? [] : [categoryId],
    };
    const isAsked = asked.payees.length + asked.categories.length > 0;
    const known = isAsked ? await this.references.known(tenant, asked) : new Set();
    const payees = parties
      .filter(({ id }) => !known.has(id))
      .map(({ pointer }): Violation => ({
        pointer,
        code: 'payee_unknown',
        detail: 'There is no such payee.',
      }));
    const isCategoryUnknown = categoryId !== null && !known.has(categoryId);
    const categories = isCategoryUnknown ? [CATEGORY_UNKNOWN] : [];
    const others = await this.#unknownInCatalog(tenant, fresh('environment'), fresh('teamId'));
    if (payees.length > 0) throw new PayeeUnknown([...payees, ...categories, ...others]);
    if (categories.length > 0) throw new CategoryUnknown([...categories, ...others]);
    if (others.length > 0) throw new CatalogReferenceUnknown(others);
  }

  async #unknownInCatalog(
    tenant: string | null,
    environment: string | null,
    teamId: string | null,
  ): Promise<readonly Violation[]> {
    if (environment === null && teamId === null) return [];
    try {
      await this.catalog.expectKnown(tenant, {
        environments: environment === null ? [] : [{ value: environment, pointer: '/environment' }],
        teams: teamId === null ? [] : [{ value: teamId, pointer: '/team_id' }],
      });
      return [];
    } catch (error) {
      if (error instanceof CatalogReferenceUnknown) return error.violations;
      throw error;
    }
  }
}

const CATEGORY_UNKNOWN: Violation = {
  pointer: '/category_id',
  code: 'category_unknown',
  detail: 'There is no such category.',
};
