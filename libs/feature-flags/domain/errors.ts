import { DomainError, InvalidInput } from '#shared-kernel';
import type { ErrorFacts, Violation } from '#shared-kernel';
import type { Reference } from '#flag-evaluator';
import type { User } from './reference-graph.js';

/** There is no such flag, or not for this caller. */
export class FlagNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'flag_not_found';
  constructor() {
    super('There is no such flag.');
  }
}

/** There is no such segment, or not for this caller. */
export class SegmentNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'segment_not_found';
  constructor() {
    super('There is no such segment.');
  }
}

/** The flag has no rule of this id. */
export class FlagRuleNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'flag_rule_not_found';
  constructor() {
    super('The flag has no such rule.');
  }
}

/** The flag has no override for this tenant or environment. */
export class FlagOverrideNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'flag_override_not_found';
  constructor() {
    super('The flag has no such override.');
  }
}

/** Another flag of the same tenant has this name. */
export class FlagNameTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'flag_name_taken';
  override readonly facts: ErrorFacts;

  constructor(
    readonly tenant: string | null,
    readonly flag: string,
    conflictingId: string | null,
  ) {
    super(`The name "${flag}" is taken.`);
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}

/** Another segment of the same tenant has this name. */
export class SegmentNameTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'segment_name_taken';
  override readonly facts: ErrorFacts;

  constructor(
    readonly tenant: string | null,
    readonly segment: string,
    conflictingId: string | null,
  ) {
    super(`The name "${segment}" is taken.`);
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}

/** An archived flag does not change until it is restored. */
export class FlagArchived extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'flag_archived';
  constructor(name: string) {
    super(`The flag "${name}" is archived: restore it first.`);
  }
}

/** Other flags or segments refer to the flag by its name. */
export class FlagInUse extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'flag_in_use';
  override readonly facts: ErrorFacts;

  constructor(name: string, users: readonly User[]) {
    super(`The flag "${name}" is used by ${namesOf(users)}; it can be archived.`);
    this.facts = { used_by: users.map(toFact) };
  }
}

/** Flags or other segments refer to the segment by its name. */
export class SegmentInUse extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'segment_in_use';
  override readonly facts: ErrorFacts;

  constructor(name: string, users: readonly User[]) {
    super(`The segment "${name}" is used by ${namesOf(users)}.`);
    this.facts = { used_by: users.map(toFact) };
  }
}

/** What is wrong with a definition; the pointers are in the names of `FlagDefinition`, and http puts them into the wire's. */
export class InvalidDefinition extends InvalidInput {
  override readonly code = 'invalid_input';
}

/** A definition refers to flags or segments that are not there; pointers as in InvalidDefinition. */
export class FlagReferenceUnknown extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'flag_reference_unknown';
  override readonly facts: ErrorFacts;

  constructor(readonly violations: readonly Violation[]) {
    super(violations.map(({ detail }) => detail).join(' '));
    this.facts = { errors: violations };
  }
}

/** Flags and segments would refer to each other in a circle. */
export class FlagCycle extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'flag_cycle';
  override readonly facts: ErrorFacts;

  constructor(path: readonly Reference[]) {
    super(`These depend on each other in a circle: ${path.map(({ name }) => name).join(' → ')}.`);
    this.facts = { path: path.map(({ kind, name }) => ({ type: kind, name })) };
  }
}

/** An import that cannot be stored as a whole is not stored at all. */
export class FlagImportRefused extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'flag_import_refused';
  override readonly facts: ErrorFacts;

  constructor(readonly violations: readonly Violation[]) {
    super(violations.map(({ detail }) => detail).join(' '));
    this.facts = { errors: violations };
  }
}

const namesOf = (users: readonly User[]): string =>
  users.map(({ kind, name }) => `${kind} "${name}"`).join(', ');

const toFact = ({ kind, name, tenant }: User): Record<string, string | null> => ({
  type: kind,
  name,
  tenant_id: tenant,
});
