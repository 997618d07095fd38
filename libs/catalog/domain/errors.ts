import { DomainError } from '#shared-kernel';
import type { ErrorFacts, Violation } from '#shared-kernel';

/** What is named is not in the catalog, or not for this owner: a company, a team, an environment. */
export class CatalogReferenceUnknown extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'catalog_reference_unknown';
  override readonly facts: ErrorFacts;

  constructor(readonly violations: readonly Violation[]) {
    super(violations.map(({ detail }) => detail).join(' '));
    this.facts = { errors: violations };
  }
}

/** No team of this id is in the company of what it is to own. */
export const ownerUnknown = (): CatalogReferenceUnknown =>
  new CatalogReferenceUnknown([
    {
      pointer: '/owner_team_id',
      code: 'catalog_reference_unknown',
      detail: 'There is no such team in the company.',
    },
  ]);

/** No company of this id is in the tenant, or none that the caller sees. */
export const companyUnknown = (): CatalogReferenceUnknown =>
  new CatalogReferenceUnknown([
    {
      pointer: '/company_id',
      code: 'catalog_reference_unknown',
      detail: 'There is no such company in this tenant.',
    },
  ]);
