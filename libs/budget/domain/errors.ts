import { DomainError } from '#shared-kernel';
import type { ErrorFacts } from '#shared-kernel';

/** The id belongs to something else, or to the same with other content. */
export class IdConflict extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'id_conflict';
  constructor() {
    super('This id is used already, and not for this.');
  }
}

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
export type PayeeCandidate = Readonly<Record<'id' | 'name', string>> &
  Readonly<Record<'email' | 'phone' | 'tenant_id', string | null>>;

/** Several payees have the name that was given instead of an id. */
export class PayeeAmbiguous extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'payee_ambiguous';
  override readonly facts: ErrorFacts;

  /** @param candidates some of them, where there are very many */
  constructor(name: string, pointer: string, candidates: readonly PayeeCandidate[]) {
    const detail = 'Several payees have this name: send the id of the one that is meant.';
    super(`Several payees are called "${name}".`);
    this.facts = { errors: [{ pointer, code: 'payee_ambiguous', detail }], candidates };
  }
}

/** Two payees become one, and that one would pay itself. */
export class MergeConflict extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'merge_conflict';
  override readonly facts: ErrorFacts;

  /** @param itemIds some of them, where there are very many */
  constructor(items: number, itemIds: readonly string[]) {
    super(`${items} items are between the two: delete them, or give them other parties first.`);
    this.facts = { items, conflicts: itemIds.map((id) => ({ id })) };
  }
}

/** There is no such payee to merge into. */
export class MergeTargetUnknown extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'payee_unknown';
  override readonly facts: ErrorFacts;

  constructor(detail: string, pointer: string) {
    super(detail);
    this.facts = { errors: [{ pointer, code: 'payee_unknown', detail }] };
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
    readonly category: string,
    conflictingId: string | null,
  ) {
    super(`The name "${category}" is taken at this place.`);
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
