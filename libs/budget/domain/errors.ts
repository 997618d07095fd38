import { DomainError } from '#shared-kernel';
import type { ErrorFacts, Fact, Violation } from '#shared-kernel';
import type { CategoryId } from './identity.js';

/** There is no such payee, or not for this caller. */
export class PayeeNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'payee_not_found';
  constructor() {
    super('There is no such payee.');
  }
}

/** A payee is to go that items are of. */
export class PayeeInUse extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'payee_in_use';
  override readonly facts: ErrorFacts;

  /** The number of items where it is known. */
  constructor(items: number | null) {
    super('Items are between this payee and others: name another one with merge_into, or delete them first.');
    this.facts = items === null ? {} : { items };
  }
}

/** One of several payees that could be meant. */
interface Candidate {
  readonly id: string;
  readonly tenant: string | null;
  readonly name: string;
  readonly email: string | null;
}

/** A name that several payees have, and where it was given. */
export interface AmbiguousName {
  readonly name: string;
  readonly pointer: string;
  readonly candidates: readonly Candidate[];
}

const CANDIDATES_MAX = 100;

/** Several payees have a name that was given instead of an id. */
export class PayeeAmbiguous extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'payee_ambiguous';
  override readonly facts: ErrorFacts;
  readonly violations: readonly Violation[];

  constructor(names: readonly AmbiguousName[]) {
    super(`Several payees have the same name: ${names.map(({ name }) => `"${name}"`).join(', ')}.`);
    const detail = 'Several payees are called so: send an id.';
    this.violations = names.map(({ pointer }) => ({ pointer, code: 'payee_ambiguous', detail }));
    const candidates = new Map(names.flatMap((name) => name.candidates).map((one) => [one.id, one]));
    this.facts = {
      errors: this.violations,
      candidates: [...candidates.values()].slice(0, CANDIDATES_MAX).map(toFact),
    };
  }
}

const toFact = ({ id, tenant, name, email }: Candidate): Fact => ({ id, tenant_id: tenant, name, email });

/** Two payees are to become one that would pay itself. */
export class MergeConflict extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'merge_conflict';
  override readonly facts: ErrorFacts;

  /** @param itemIds some of them, where there are very many */
  constructor(itemIds: readonly string[]) {
    super('Items are between the two: delete them first, or give them other parties.');
    this.facts = { items: itemIds.map((id) => ({ id })) };
  }
}

/** A payee has more items than can become another one's in one transaction. */
export class MergeTooLarge extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'merge_too_large';
  override readonly facts: ErrorFacts;

  constructor(items: number) {
    super('The payee has too many items to be merged at once: merge the other one into it.');
    this.facts = { items };
  }
}

/** There is no such category, or not for this caller. */
export class CategoryNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'category_not_found';
  constructor() {
    super('There is no such category.');
  }
}

/** Another category at the same place in the tree has this name, whatever the case. */
export class CategoryNameTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'category_name_taken';
  override readonly facts: ErrorFacts;

  /** The holder's id, once it is known. */
  constructor(
    readonly tenant: string | null,
    readonly place: { readonly name: string; readonly parentId: CategoryId | null },
    conflictingId: string | null,
  ) {
    super(`The name "${place.name}" is taken at this place.`);
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}

/** A category is to go that others stand below, or that items are of. */
export class CategoryInUse extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'category_in_use';
  override readonly facts: ErrorFacts;

  constructor(uses: { readonly items: number; readonly categories: number } | null) {
    super('Items are of this category, or other categories stand below it.');
    this.facts = { ...uses };
  }
}

/** A category would stand below itself. */
export class CategoryCycle extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'category_cycle';
  override readonly facts: ErrorFacts;

  constructor(pointer: string) {
    const detail = 'A category does not stand below itself.';
    super(detail);
    this.facts = { errors: [{ pointer, code: 'category_cycle', detail }] };
  }
}

/** The tree of categories would be too deep. */
export class CategoryTooDeep extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'category_too_deep';
  override readonly facts: ErrorFacts;

  constructor(depth: number, depthMax: number, pointer: string) {
    const detail = `There are at most ${depthMax} levels.`;
    super(`The tree would have ${depth} levels, and ${depthMax} are the most.`);
    this.facts = { errors: [{ pointer, code: 'category_too_deep', detail }], depth, depth_max: depthMax };
  }
}
