import { DomainError } from '#shared-kernel';
import type { ErrorFacts, Violation } from '#shared-kernel';

/** There is no such import, or not for this caller, or it was undone. */
export class ImportNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'import_not_found';
  constructor() {
    super('There is no such import.');
  }
}

/** Something of a file is impossible, and all of it or nothing was asked for. */
export class ItemImportRefused extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'item_import_refused';
  override readonly facts: ErrorFacts;

  constructor(violations: readonly Violation[]) {
    super('Nothing was imported: some lines are impossible.');
    this.facts = { errors: violations };
  }
}

/** Items of an import are not any more what they were when they came. */
export class ImportNotUndoable extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'import_not_undoable';
  override readonly facts: ErrorFacts;

  /** @param ids some of them, where there are very many */
  constructor(ids: { readonly reconciled: readonly string[]; readonly changed: readonly string[] }) {
    super(
      ids.reconciled.length > 0
        ? 'Items of the import were reconciled since: they do not go any more.'
        : 'Items of the import were changed since: say force=true to lose that.',
    );
    this.facts = { reconciled: ids.reconciled, changed: ids.changed };
  }
}
